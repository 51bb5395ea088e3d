//! Volumes of a pod, and every way in which a pod refers to Secrets.

use super::environment::EnvironmentSource;
use super::template::{Form, PodTemplate};
use std::collections::HashSet;
use text::Node;

/// A volume.
#[derive(Clone, Copy, Debug)]
pub struct Volume<'o> {
    /// Its name.
    pub name: &'o str,
    /// What it holds: `secret`, `configMap`, `hostPath`, `emptyDir`, `projected`, ... Empty where nothing is given, which
    /// means `emptyDir`.
    pub source: &'o str,
    /// The fields of the source.
    pub settings: Option<&'o Node>,
    /// The whole element.
    pub node: &'o Node,
}

/// A Secret that a pod uses.
#[derive(Clone, Copy, Debug)]
pub struct SecretReference<'o> {
    /// The Secret's name.
    pub name: &'o Node,
    /// How.
    pub usage: SecretUse,
}

/// How a pod uses a Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretUse {
    /// As files.
    Volume,
    /// As environment variables.
    Environment,
    /// To pull images.
    ImagePull,
    /// A volume's driver logs in with it.
    Driver,
}

impl<'o> Volume<'o> {
    fn of(node: &'o Node) -> Option<Volume<'o>> {
        let source = node
            .entries()
            .iter()
            .find(|entry| entry.key.text() != Some("name"));
        Some(Volume {
            name: node.get("name")?.str()?,
            source: source.and_then(|entry| entry.key.text()).unwrap_or(""),
            settings: source.map(|entry| &entry.value),
            node,
        })
    }

    /// The names of Secrets whose content it shows, also projected ones.
    #[must_use]
    pub fn secrets(&self) -> Vec<&'o Node> {
        self.names("secret", "secretName")
    }

    /// The names of ConfigMaps whose content it shows, also projected ones.
    #[must_use]
    pub fn config_maps(&self) -> Vec<&'o Node> {
        self.names("configMap", "name")
    }

    /// The elements of a projected volume's `sources`.
    #[must_use]
    pub fn projections(&self) -> &'o [Node] {
        let settings = self.settings.filter(|_| self.source == "projected");
        settings
            .and_then(|projected| projected.get("sources"))
            .map_or(&[], Node::items)
    }

    /// The path on the node, of a `hostPath` volume.
    #[must_use]
    pub fn host_path(&self) -> Option<&'o Node> {
        self.settings
            .filter(|_| self.source == "hostPath")?
            .get("path")
    }

    /// A projected source names its object in `name`, a volume of its own in the field given.
    fn names(&self, source: &str, field: &str) -> Vec<&'o Node> {
        let own = self
            .settings
            .filter(|_| self.source == source)
            .and_then(|settings| settings.get(field));
        let projected = self
            .projections()
            .iter()
            .filter_map(|projection| projection.at(&[source, "name"]));
        own.into_iter().chain(projected).collect()
    }
}

impl<'o> PodTemplate<'o> {
    /// The pod's volumes. A Kubeflow SparkApplication lists them once for driver and executor: those that the role mounts.
    /// An Argo Workflow adds its own to its templates'.
    #[must_use]
    pub fn volumes(&self) -> Vec<Volume<'o>> {
        let list = |node: Option<&'o Node>| {
            node.and_then(|node| node.get("volumes"))
                .map_or(&[][..], Node::items)
        };
        let own = list(Some(self.spec)).iter().filter_map(Volume::of);
        match self.form {
            Form::PodSpec => own.collect(),
            Form::Argo => own
                .chain(list(self.enclosing).iter().filter_map(Volume::of))
                .collect(),
            Form::KubeflowSpark => {
                let mounted: HashSet<&str> = self
                    .containers()
                    .iter()
                    .flat_map(|container| container.volume_mounts())
                    .filter_map(|mount| mount.get("name")?.str())
                    .collect();
                let volumes = list(self.enclosing).iter().filter_map(Volume::of);
                volumes
                    .filter(|volume| mounted.contains(volume.name))
                    .collect()
            }
        }
    }

    /// Every Secret that the pod refers to.
    #[must_use]
    pub fn secrets(&self) -> Vec<SecretReference<'o>> {
        let mut references = Vec::new();
        let mut add = |name: &'o Node, usage: SecretUse| {
            if name.str().is_some_and(|name| !name.is_empty()) {
                references.push(SecretReference { name, usage });
            }
        };
        for volume in self.volumes() {
            for name in volume.secrets() {
                add(name, SecretUse::Volume);
            }
            // flexVolume, csi, rbd, cephfs, iscsi, scaleIO, storageos and azureFile name the driver's own Secret.
            let settings = volume.settings.filter(|_| volume.source != "secret");
            let login = settings.and_then(|settings| {
                settings
                    .at(&["nodePublishSecretRef", "name"])
                    .or_else(|| settings.at(&["secretRef", "name"]))
                    .or_else(|| settings.get("secretName"))
            });
            if let Some(name) = login {
                add(name, SecretUse::Driver);
            }
        }
        if self.form == Form::KubeflowSpark {
            let mounted = self.spec.get("secrets").map_or(&[][..], Node::items);
            for secret in mounted {
                if let Some(name) = secret.get("name") {
                    add(name, SecretUse::Volume);
                }
            }
        }
        for variable in self.env() {
            if let EnvironmentSource::SecretKey(name, _) | EnvironmentSource::Secret(name) =
                variable.source
            {
                add(name, SecretUse::Environment);
            }
        }
        let pulls = self
            .spec
            .get("imagePullSecrets")
            .or_else(|| self.enclosing.and_then(|node| node.get("imagePullSecrets")));
        for item in pulls.map_or(&[][..], Node::items) {
            // A SparkApplication lists names, a pod objects with a name.
            add(item.get("name").unwrap_or(item), SecretUse::ImagePull);
        }
        references
    }
}
