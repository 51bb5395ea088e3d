//! The places inside Kubernetes objects where a secret may stand.

use crate::pods::{object_subject, subject};
use crate::secret_places::{Stand, Walk, named, stand_of_setting};
use crate::secret_texts::{Passage, addresses, in_arguments, named_values};
use model::{Place, Subject};
use settings::kubernetes::encryption::is_encryption_configuration;
use settings::kubernetes::object::{Object, Runs};
use settings::kubernetes::pod::{EnvironmentSource, PodTemplate, described_pods};
use settings::secret_names::{is_plain_secret_field, names_a_secret};
use text::{Node, Span};

/// Deepest nesting that is followed in a custom resource; parsers refuse deeper ones.
const DEEPEST: usize = 64;

impl<'e> Walk<'e> {
    /// An object: its own texts, its pods, its fields if it is a custom resource, its annotations.
    pub(crate) fn object(&mut self, object: &'e Object) {
        if is_encryption_configuration(object) || object.is("", "Secret") {
            return;
        }
        let own = object_subject(object);
        if object.is("", "ConfigMap") {
            for field in ["data", "binaryData"] {
                for entry in object.at(&[field]).map(Node::entries).unwrap_or_default() {
                    self.passage(
                        object,
                        &entry.value,
                        entry.key.text(),
                        Stand::ConfigMap,
                        &own,
                    );
                }
            }
        }
        // What has ended still stands in the cluster's store.
        if object.runs != Runs::ThroughOwner {
            for template in described_pods(object) {
                self.pod(&template);
            }
        }
        for (name, node) in free_fields(object) {
            self.field(object, name, node, &own, 0);
        }
        for entry in object
            .at(&["metadata", "annotations"])
            .map(Node::entries)
            .unwrap_or_default()
        {
            self.passage(
                object,
                &entry.value,
                entry.key.text(),
                Stand::Annotation,
                &own,
            );
        }
    }

    /// A scalar that is a value by itself, or a text with values in it.
    fn passage(
        &mut self,
        object: &'e Object,
        node: &'e Node,
        name: Option<&str>,
        stand: Stand,
        subject: &Subject,
    ) {
        let Some(passage) = Passage::of_scalar(self.estate, object, node) else {
            return;
        };
        if let Some(name) = name.filter(|name| names_a_secret(name)) {
            self.push(
                named(name, passage.text.trim()),
                object.place(node),
                stand_of_setting(name, stand),
                subject,
            );
            return;
        }
        for inner in named_values(&passage.text) {
            if inner.claims_a_secret() {
                let place = passage.place(inner.span);
                self.push(inner, place, stand, subject);
            }
        }
        let stand = if stand == Stand::ConfigMap {
            stand
        } else {
            Stand::Address
        };
        for inner in addresses(&passage.text) {
            let place = passage.place(inner.span);
            self.push(inner, place, stand, subject);
        }
    }

    fn pod(&mut self, template: &PodTemplate<'e>) {
        let (object, subject) = (template.object, subject(template));
        for variable in template.env() {
            match variable.source {
                EnvironmentSource::Value(node) if names_a_secret(variable.name) => {
                    let value = node.str().unwrap_or_default();
                    self.push(
                        named(variable.name, value),
                        object.place(node),
                        Stand::Environment,
                        &subject,
                    );
                }
                EnvironmentSource::Value(node) => {
                    self.passage(object, node, None, Stand::Argument, &subject)
                }
                EnvironmentSource::SecretKey(node, _) => {
                    self.push(
                        named(variable.name, ""),
                        object.place(node),
                        Stand::Environment,
                        &subject,
                    );
                }
                _ => {}
            }
        }
        for container in template.containers() {
            let nodes: Vec<&Node> = container.command_line().collect();
            let words: Vec<&str> = nodes
                .iter()
                .map(|node| node.text().unwrap_or_default())
                .collect();
            for argument in in_arguments(&words) {
                if let Some(node) = nodes.get(argument.index)
                    && names_a_secret(argument.name)
                {
                    self.push(
                        named(argument.name, argument.value),
                        self.part(object, node, argument.value),
                        Stand::Argument,
                        &subject,
                    );
                }
            }
            for node in nodes {
                self.passage(object, node, None, Stand::Argument, &subject);
            }
        }
    }

    /// The place of a part of a scalar's own text.
    fn part(&self, object: &Object, node: &Node, part: &str) -> Place {
        let text = node.text().unwrap_or_default();
        let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let span = start
            .map(|start| Span::new(start, start + part.len()))
            .filter(|span| text.get(span.range()) == Some(part));
        Passage::of_scalar(self.estate, object, node)
            .zip(span)
            .map_or_else(|| object.place(node), |(passage, span)| passage.place(span))
    }

    /// A field of a custom resource and everything below it.
    fn field(
        &mut self,
        object: &'e Object,
        name: Option<&str>,
        node: &'e Node,
        subject: &Subject,
        depth: usize,
    ) {
        if depth > DEEPEST {
            return;
        }
        for item in node.items() {
            self.field(object, None, item, subject, depth + 1);
        }
        // A list of properties: {name: x.password, value: y}.
        let listed = node
            .get("name")
            .or_else(|| node.get("key"))
            .and_then(Node::str);
        // {secretName: login, password: key}: the names of the keys in a Secret.
        let is_reference = node.get("secretName").is_some();
        for entry in node.entries() {
            if is_reference && entry.value.text().is_some() {
                continue;
            }
            let key = entry.key.text().unwrap_or_default();
            let name = if key == "value" {
                listed.unwrap_or(key)
            } else {
                key
            };
            self.field(object, Some(name), &entry.value, subject, depth + 1);
        }
        let Some(text) = node.str() else {
            return;
        };
        // Keys with dots are properties; other fields of such names are mostly names of Secrets.
        match name.filter(|name| {
            if name.contains('.') {
                names_a_secret(name)
            } else {
                is_plain_secret_field(name)
            }
        }) {
            Some(name) => {
                let stand = stand_of_setting(name, Stand::CustomResource);
                self.push(named(name, text), object.place(node), stand, subject);
            }
            None if text.contains('\n') || text.contains("://") => {
                self.passage(object, node, None, Stand::CustomResource, subject);
            }
            None => {}
        }
    }
}

/// The fields of a custom resource that may hold values. Of kinds that hold them encrypted or by reference only the parts
/// that are passed on as they stand: templates of the Secret, and a store that is made of its own values.
fn free_fields(object: &Object) -> Vec<(Option<&str>, &Node)> {
    const PLAIN: [&[&str]; 4] = [
        &["spec", "target", "template", "data"],
        &["spec", "template", "data"],
        &["spec", "template", "stringData"],
        &["spec", "provider", "fake", "data"],
    ];
    if !is_custom(object) {
        return Vec::new();
    }
    if matches!(object.group(), "bitnami.com" | "external-secrets.io") {
        return PLAIN
            .iter()
            .filter_map(|path| Some((path.last().copied(), object.at(path)?)))
            .collect();
    }
    let is_value = |name: Option<&str>| {
        !matches!(
            name,
            // What SOPS notes about its own work is no value of the object.
            Some("metadata" | "status" | "apiVersion" | "kind" | "sops")
        )
    };
    object
        .root
        .entries()
        .iter()
        .map(|entry| (entry.key.text(), &entry.value))
        .filter(|(name, _)| is_value(*name))
        .collect()
}

/// Whether an object is of a custom kind whose fields may hold values. Schemas do not.
fn is_custom(object: &Object) -> bool {
    const BUILT_IN: [&str; 6] = ["", "apps", "batch", "policy", "autoscaling", "extensions"];
    const SILENT: [&str; 2] = ["isindir.github.com", "k3s.io"];
    let group = object.group();
    let is_operators = matches!(group, "sparkoperator.k8s.io" | "kueue.x-k8s.io");
    !BUILT_IN.contains(&group)
        && !SILENT.contains(&group)
        && (is_operators || !group.ends_with(".k8s.io"))
}
