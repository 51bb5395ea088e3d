//! Environment variables of containers.

use super::container::Container;
use super::template::{Form, PodTemplate};
use text::Node;

/// A variable, or all keys of an object as variables (`envFrom`).
#[derive(Clone, Debug)]
pub struct EnvironmentVariable<'o> {
    /// The variable's name; of `envFrom` the prefix, or empty.
    pub name: &'o str,
    /// What fills it.
    pub source: EnvironmentSource<'o>,
    /// The whole element.
    pub node: &'o Node,
    /// The name of its container.
    pub container: &'o str,
}

/// What fills a variable.
#[derive(Clone, Copy, Debug)]
pub enum EnvironmentSource<'o> {
    /// A value in the object. May hold `$(OTHER)`, which the kubelet replaces.
    Value(&'o Node),
    /// One key of a Secret: the Secret's name and the key.
    SecretKey(&'o Node, Option<&'o Node>),
    /// One key of a ConfigMap: its name and the key.
    ConfigMapKey(&'o Node, Option<&'o Node>),
    /// Every key of a Secret.
    Secret(&'o Node),
    /// Every key of a ConfigMap.
    ConfigMap(&'o Node),
    /// A field or a resource of the pod, a file, or nothing.
    Other,
}

impl<'o> Container<'o> {
    /// Its variables in the order given: `env`, then `envFrom`. A variable of `env` wins over one of `envFrom`, and the last
    /// of two with the same name wins.
    #[must_use]
    pub fn env(&self) -> Vec<EnvironmentVariable<'o>> {
        let container = self.name();
        let list = |field: &str| self.node.get(field).map_or(&[][..], Node::items);
        let env = list("env").iter().map(|node| EnvironmentVariable {
            name: node.get("name").and_then(Node::str).unwrap_or(""),
            source: of_variable(node),
            node,
            container,
        });
        let from = list("envFrom").iter().map(|node| EnvironmentVariable {
            name: node.get("prefix").and_then(Node::str).unwrap_or(""),
            source: of_object(node),
            node,
            container,
        });
        env.chain(from).collect()
    }
}

fn of_variable(node: &Node) -> EnvironmentSource<'_> {
    if let Some(value) = node.get("value") {
        return EnvironmentSource::Value(value);
    }
    let from = |field: &str| {
        let reference = node.at(&["valueFrom", field])?;
        Some((reference.get("name")?, reference.get("key")))
    };
    if let Some((name, key)) = from("secretKeyRef") {
        EnvironmentSource::SecretKey(name, key)
    } else if let Some((name, key)) = from("configMapKeyRef") {
        EnvironmentSource::ConfigMapKey(name, key)
    } else {
        EnvironmentSource::Other
    }
}

fn of_object(node: &Node) -> EnvironmentSource<'_> {
    if let Some(name) = node.at(&["secretRef", "name"]) {
        EnvironmentSource::Secret(name)
    } else if let Some(name) = node.at(&["configMapRef", "name"]) {
        EnvironmentSource::ConfigMap(name)
    } else {
        EnvironmentSource::Other
    }
}

impl<'o> PodTemplate<'o> {
    /// The variables of all containers.
    #[must_use]
    pub fn env(&self) -> Vec<EnvironmentVariable<'o>> {
        let mut variables: Vec<_> = self.containers().iter().flat_map(Container::env).collect();
        if self.form == Form::KubeflowSpark {
            variables.extend(self.kubeflow_maps());
        }
        variables
    }

    /// `envVars` and `envSecretKeyRefs`: older fields of the Kubeflow operator, maps from name to value or to name and key.
    fn kubeflow_maps(&self) -> impl Iterator<Item = EnvironmentVariable<'o>> + use<'o> {
        let spec = self.spec;
        let map = move |field: &str| spec.get(field).map_or(&[][..], Node::entries);
        let values = map("envVars")
            .iter()
            .map(|entry| (entry, EnvironmentSource::Value(&entry.value)));
        let secrets = map("envSecretKeyRefs").iter().map(|entry| {
            let source = match entry.value.get("name") {
                Some(name) => EnvironmentSource::SecretKey(name, entry.value.get("key")),
                None => EnvironmentSource::Other,
            };
            (entry, source)
        });
        values.chain(secrets).filter_map(|(entry, source)| {
            Some(EnvironmentVariable {
                name: entry.key.text()?,
                source,
                node: &entry.value,
                container: "",
            })
        })
    }
}
