//! Every place where a secret may stand: the one walk that the controls of secrets share.

use crate::judging_kubernetes::file_of;
use crate::secret_texts::{Named, addresses, in_arguments, named_values};
use model::{Estate, Place, SourceId, Subject};
use settings::hadoop::Configuration;
use settings::kubernetes::object::{Object, Overlaid};
use settings::script::Script;
use settings::secret_names::names_a_secret;
use settings::spark::PropertiesFile;
use std::collections::HashSet;
use std::sync::Arc;
use text::{Span, shell};

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

/// Every such value of the estate but those of Kubernetes Secrets, which are secret by their kind. Each place once.
#[must_use]
pub fn held(estate: &Estate) -> Arc<Vec<Held>> {
    estate.derived(|estate| {
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
    })
}

/// The same of the objects that exist only as overlays change them. Nobody deploys these values as they stand, but whoever
/// reads the files has them.
#[must_use]
pub fn held_in_overlaid(estate: &Estate) -> Vec<Held> {
    let mut walk = Walk {
        estate,
        found: Vec::new(),
        seen: HashSet::new(),
    };
    for Overlaid(object) in estate.all::<Overlaid>() {
        walk.object(object);
    }
    walk.found
}

/// The walk so far.
pub(crate) struct Walk<'e> {
    pub(crate) estate: &'e Estate,
    found: Vec<Held>,
    seen: HashSet<Place>,
}

impl<'e> Walk<'e> {
    pub(crate) fn push(&mut self, named: Named, place: Place, stand: Stand, subject: &Subject) {
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
        let mut assigned: Vec<u32> = command
            .assignments
            .iter()
            .map(|assignment| assignment.value.span.start)
            .collect();
        assigned.sort_unstable();
        for argument in in_arguments(&words) {
            let Some(word) = command.words.get(argument.index) else {
                continue;
            };
            // `export NAME=value` is an assignment as well.
            let next = assigned.partition_point(|start| *start < word.span.start);
            let is_assignment = assigned
                .get(next)
                .is_some_and(|start| word.span.contains(*start));
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
}

/// Properties that set variables of Spark's processes.
pub(crate) fn stand_of_setting(name: &str, otherwise: Stand) -> Stand {
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

fn file_subject(estate: &Estate, place: Place, kind: &'static str) -> Subject {
    let start = Place::new(place.source, Span::at(0));
    Subject::new(kind, file_of(estate, place), Some(start))
}

pub(crate) fn named(name: &str, value: &str) -> Named {
    Named {
        name: name.to_owned(),
        value: value.to_owned(),
        span: Span::at(0),
    }
}
