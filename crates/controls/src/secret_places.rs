//! Every place where a secret may stand: the one walk that the controls of secrets share.

use crate::judging_kubernetes::file_of;
use crate::pods::{object_subject, subject};
use crate::secret_names::{is_plain_secret_field, names_a_secret};
use crate::secret_texts::{Named, Passage, addresses, in_arguments, named_values};
use model::{Estate, Place, SourceId, Subject};
use settings::hadoop::Configuration;
use settings::kubernetes::encryption::is_encryption_configuration;
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{EnvironmentSource, PodTemplate, pod_templates};
use settings::script::Script;
use settings::spark::PropertiesFile;
use std::collections::HashSet;
use text::{Node, Span, shell};

/// What kind of place a value stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stand {
    /// A configuration file of Hadoop or Spark.
    Configuration,
    /// A variable of a process.
    Environment,
    /// An argument of a command.
    Argument,
    /// An address with a password in it.
    Address,
    /// A field of a custom resource.
    CustomResource,
    /// An annotation.
    Annotation,
    /// A ConfigMap.
    ConfigMap,
    /// A command that makes a Kubernetes Secret.
    Generator,
}

/// A value whose name says that it is secret; it may be a placeholder.
#[derive(Clone, Debug)]
pub struct Held {
    /// The name beside it.
    pub name: String,
    /// The value; empty where it is filled in from elsewhere.
    pub value: String,
    /// Where the value stands.
    pub place: Place,
    /// In what.
    pub stand: Stand,
    /// Whose it is.
    pub subject: Subject,
}

/// Deepest nesting that is followed in a custom resource; parsers refuse deeper ones.
const DEEPEST: usize = 64;

/// Every such value of the estate but those of Kubernetes Secrets, which are secret by their kind. Each place once.
#[must_use]
pub fn held(estate: &Estate) -> Vec<Held> {
    let mut walk = Walk {
        estate,
        found: Vec::new(),
        seen: HashSet::new(),
    };
    walk.files();
    for script in estate.all::<Script>() {
        walk.script(script);
    }
    for object in estate.all::<Object>() {
        walk.object(object);
    }
    walk.found
}

/// Whether an object is a Secret whose values are encrypted in the file (SOPS).
#[must_use]
pub fn is_encrypted(object: &Object) -> bool {
    object.at(&["sops"]).is_some_and(Node::is_mapping)
}

struct Walk<'e> {
    estate: &'e Estate,
    found: Vec<Held>,
    seen: HashSet<Place>,
}

impl<'e> Walk<'e> {
    fn push(&mut self, named: Named, place: Place, stand: Stand, subject: &Subject) {
        if self.seen.insert(place) {
            self.found.push(Held {
                name: named.name,
                value: named.value,
                place,
                stand,
                subject: subject.clone(),
            });
        }
    }

    /// Files on their own; those inside ConfigMaps and Secrets are met with their object.
    fn files(&mut self) {
        for configuration in self.estate.all::<Configuration>() {
            for resource in &configuration.resources {
                for property in &resource.properties {
                    let value = property.value.as_deref().unwrap_or_default();
                    self.setting(&property.name, value, property.value_place);
                }
            }
        }
        for file in self.estate.all::<PropertiesFile>() {
            for setting in file.settings.iter().chain(&file.ignored) {
                let value = if setting.dynamic { "" } else { &*setting.value };
                self.setting(&setting.key, value, setting.place);
            }
        }
    }

    fn setting(&mut self, name: &str, value: &str, place: Place) {
        if !self.is_file(place.source) {
            return;
        }
        let subject = file_subject(self.estate, place, "File");
        if names_a_secret(name) {
            let stand = stand_of_setting(name, Stand::Configuration);
            self.push(named(name, value), place, stand, &subject);
        } else if let Some(address) = addresses(value).into_iter().next() {
            self.push(named(name, &address.value), place, Stand::Address, &subject);
        }
    }

    fn is_file(&self, source: SourceId) -> bool {
        let source = self.estate.sources.get(source);
        source.is_some_and(|source| source.embedding.is_none())
    }

    fn script(&mut self, script: &Script) {
        if !self.is_file(script.source) {
            return;
        }
        let at = |span: Span| Place::new(script.source, span);
        let subject = file_subject(self.estate, at(Span::at(0)), "Script");
        let commands = script
            .commands
            .iter()
            .flat_map(|command| &command.assignments);
        for assignment in commands.chain(&script.assignments) {
            let value = &assignment.value;
            let place = at(value.span);
            if names_a_secret(&assignment.name) {
                let text = if value.dynamic { "" } else { &value.text };
                self.push(
                    named(&assignment.name, text),
                    place,
                    Stand::Environment,
                    &subject,
                );
            } else {
                // Options of a Java machine in a variable: -Djavax.net.ssl.keyStorePassword=x
                for inner in named_values(&value.text)
                    .into_iter()
                    .filter(|n| names_a_secret(&n.name))
                {
                    self.push(inner, place, Stand::Argument, &subject);
                }
                self.address(&assignment.name, &value.text, place, &subject);
            }
        }
        for command in &script.commands {
            self.command(script, command, &subject);
        }
    }

    fn command(&mut self, script: &Script, command: &shell::Command, subject: &Subject) {
        let words: Vec<&str> = command
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        let makes_secret = words.first().is_some_and(|name| name.ends_with("kubectl"))
            && words.contains(&"secret");
        for argument in in_arguments(&words) {
            let Some(word) = command.words.get(argument.index) else {
                continue;
            };
            // `export NAME=value` is an assignment as well.
            let is_assignment = command
                .assignments
                .iter()
                .any(|assignment| word.span.contains(assignment.value.span.start));
            if names_a_secret(argument.name) && !is_assignment {
                // A variable decides a part of the word: nothing is written out.
                let value = if word.dynamic { "" } else { argument.value };
                let stand = if makes_secret {
                    Stand::Generator
                } else {
                    Stand::Argument
                };
                self.push(
                    named(argument.name, value),
                    Place::new(script.source, word.span),
                    stand,
                    subject,
                );
            }
        }
        for word in command.words.iter().filter(|word| !word.dynamic) {
            self.address(
                "an address",
                &word.text,
                Place::new(script.source, word.span),
                subject,
            );
        }
    }

    fn address(&mut self, name: &str, text: &str, place: Place, subject: &Subject) {
        for address in addresses(text) {
            self.push(named(name, &address.value), place, Stand::Address, subject);
        }
    }

    fn object(&mut self, object: &'e Object) {
        if is_encrypted(object) || is_encryption_configuration(object) || object.is("", "Secret") {
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
        for template in pod_templates(object) {
            self.pod(&template);
        }
        if is_custom(object) {
            for entry in object.root.entries() {
                if !matches!(
                    entry.key.text(),
                    Some("metadata" | "status" | "apiVersion" | "kind")
                ) {
                    self.field(object, entry.key.text(), &entry.value, &own, 0);
                }
            }
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
                        object.place(node),
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
        for entry in node.entries() {
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

/// Properties that set variables of Spark's processes.
fn stand_of_setting(name: &str, otherwise: Stand) -> Stand {
    let is_variable = [
        "spark.executorEnv.",
        "spark.kubernetes.driverEnv.",
        "spark.yarn.appMasterEnv.",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix));
    if is_variable && otherwise != Stand::ConfigMap {
        Stand::Environment
    } else {
        otherwise
    }
}

/// Whether an object is of a custom kind whose fields may hold values. Schemas, and kinds whose values are encrypted, do not.
fn is_custom(object: &Object) -> bool {
    const BUILT_IN: [&str; 6] = ["", "apps", "batch", "policy", "autoscaling", "extensions"];
    const SILENT: [&str; 4] = [
        "bitnami.com",
        "external-secrets.io",
        "isindir.github.com",
        "k3s.io",
    ];
    let group = object.group();
    let is_operators = matches!(group, "sparkoperator.k8s.io" | "kueue.x-k8s.io");
    !BUILT_IN.contains(&group)
        && !SILENT.contains(&group)
        && (is_operators || !group.ends_with(".k8s.io"))
}

fn file_subject(estate: &Estate, place: Place, kind: &'static str) -> Subject {
    let start = Place::new(place.source, Span::at(0));
    Subject::new(kind, file_of(estate, place), Some(start))
}

fn named(name: &str, value: &str) -> Named {
    Named {
        name: name.to_owned(),
        value: value.to_owned(),
        span: Span::at(0),
    }
}
