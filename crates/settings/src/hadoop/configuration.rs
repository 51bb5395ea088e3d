//! The files that one node loads, and how a key resolves over them.

use super::keys;
use super::reader::{Reader, Step, home_of};
use super::resource::{Gap, Property, Resource, ResourceKind};
use super::role::Roles;
use super::template::is_expression;
use crate::effective::{Effective, Loser, Origin};
use model::{Fact, Place, Product, Release, Subject};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// The configuration of one node or role: a directory, a ConfigMap, or an image's environment file.
#[derive(Debug)]
pub struct Configuration {
    /// The directory or object it stands in: `hadoop/nn1`.
    pub name: Box<str>,
    /// What the node that loads it is.
    pub roles: Roles,
    /// Whether `roles` was concluded from something (a path, role keys), or every role is merely possible.
    pub roles_known: bool,
    /// The files, in no particular order; at most one of a kind.
    pub resources: Vec<Resource>,
    /// Variables exported by the environment scripts beside the files (`hadoop-env.sh`), in order.
    pub environment: Vec<Variable>,
    /// Whether an environment script was read at all: without it, an unset variable means nothing.
    pub environment_read: bool,
    /// The Hadoop release, and the text that says so.
    pub release: Option<(Release, Option<Place>)>,
    /// The HDFS cluster it belongs to: an index into the estate's [`Cluster`] facts.
    pub cluster: Option<usize>,
}

impl Fact for Configuration {}

/// An HDFS cluster: the nodes and clients that share a nameservice or NameNode address.
#[derive(Debug)]
pub struct Cluster {
    /// The nameservice or NameNode authority: `meridian`, `nn1:8020`.
    pub name: Box<str>,
    /// Indexes of its members among the estate's [`Configuration`] facts.
    pub members: Vec<usize>,
    /// Of the members whose files say the same to a node of the same roles, the first two; of all others each. Whoever
    /// compares a node with its peers looks at these: thousands of nodes with the same files are one case.
    pub compared: Vec<usize>,
}

impl Fact for Cluster {}

/// An environment variable of a daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Box<str>,
    /// Its value with quotes removed; later assignments may extend earlier ones (`"$X -Dy=z"`).
    pub value: Box<str>,
    /// Where the value stands.
    pub place: Place,
}

impl Configuration {
    /// Whether another configuration says the same to a node of the same roles, wherever it stands.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Configuration) -> bool {
        let release = |configuration: &Configuration| configuration.release.map(|known| known.0);
        self.roles == other.roles
            && self.roles_known == other.roles_known
            && self.environment_read == other.environment_read
            && release(self) == release(other)
            && self.kinds().eq(other.kinds())
            && self.statements().eq(other.statements())
            && self.variables().eq(other.variables())
    }

    /// A hash that agrees for configurations that say the same.
    #[must_use]
    pub fn statement_hash(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        self.kinds().for_each(|kind| kind.hash(&mut hasher));
        self.statements()
            .for_each(|statement| statement.hash(&mut hasher));
        self.variables()
            .for_each(|variable| variable.hash(&mut hasher));
        hasher.finish()
    }

    /// The files, also those that set nothing: that a file was read makes its defaults evidence.
    fn kinds(&self) -> impl Iterator<Item = ResourceKind> {
        self.resources.iter().map(|resource| resource.kind)
    }

    fn statements(&self) -> impl Iterator<Item = (ResourceKind, &str, Option<&str>, bool)> {
        self.resources.iter().flat_map(|resource| {
            resource.properties.iter().map(|property| {
                (
                    resource.kind,
                    &*property.name,
                    property.value.as_deref(),
                    property.is_final,
                )
            })
        })
    }

    fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment
            .iter()
            .map(|variable| (&*variable.name, &*variable.value))
    }

    /// The file of a kind, if it was read.
    #[must_use]
    pub fn resource(&self, kind: ResourceKind) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.kind == kind)
    }

    /// The subject under which a role of this configuration is judged.
    #[must_use]
    pub fn subject(&self, kind: &'static str) -> Subject {
        let place = self.resources.first().map(|resource| resource.anchor);
        Subject::new(kind, self.name.clone(), place)
    }

    /// The last value of an exported variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.environment
            .iter()
            .rev()
            .find(|variable| &*variable.name == name)
    }

    /// Resolves a key as `reader` of release `release` does. O(number of properties).
    #[must_use]
    pub fn get<'e>(&'e self, reader: Reader, key: &'e str, release: Release) -> Effective<'e> {
        let mut effective = self.raw(reader, key, release);
        if let Some(value) = &effective.value
            && value.contains("${")
        {
            let (value, unresolved) = self.substitute(reader, key, value, release);
            effective.value = Some(Cow::Owned(value));
            effective.unresolved |= unresolved;
        }
        effective.unresolved |= effective.is_written() && is_expression(effective.str());
        effective
    }

    /// The value before variables are replaced.
    pub(super) fn raw<'e>(
        &'e self,
        reader: Reader,
        key: &'e str,
        release: Release,
    ) -> Effective<'e> {
        let canonical = keys::canonical(key, release);
        // Few keys have an old name; for the others no property's name needs to be looked up.
        let has_old_name = keys::has_old_name(canonical);
        let mut value: Option<&'e str> = None;
        let mut winner: Option<&'e Property> = None;
        let mut pinned = false;
        let mut is_conditional = false;
        let mut losers = Vec::new();
        for step in reader.steps() {
            match step {
                Step::Defaults(file) => {
                    let default =
                        keys::find_in(canonical, file).and_then(|known| known.default(release));
                    // An empty default sets nothing, so it does not displace what an earlier file set.
                    if let Some(default) = default.filter(|default| !default.is_empty() && !pinned)
                    {
                        if let Some(lost) = winner.take() {
                            losers.push(loser(lost, "a default that is loaded later replaces it"));
                        }
                        value = Some(default);
                        is_conditional = false;
                    }
                }
                Step::Site(kind) => {
                    for property in self
                        .resource(*kind)
                        .into_iter()
                        .flat_map(|resource| &resource.properties)
                    {
                        let is_meant = &*property.name == canonical
                            || &*property.name == key
                            || (has_old_name
                                && keys::canonical(&property.name, release) == canonical);
                        if !is_meant {
                            continue;
                        }
                        match &property.value {
                            _ if pinned => losers
                                .push(loser(property, "an earlier <final> pins another value")),
                            None => losers.push(loser(property, "an empty element sets nothing")),
                            Some(text) => {
                                if let Some(lost) = winner.replace(property) {
                                    losers.push(loser(lost, "a later definition replaces it"));
                                }
                                value = Some(text);
                                is_conditional = property.is_conditional;
                            }
                        }
                        pinned |= property.is_final;
                    }
                }
            }
        }
        let origin = match winner {
            Some(property) => Origin::Written {
                place: property.value_place,
                note: None,
            },
            None => self.unset(reader, canonical, release),
        };
        Effective {
            key: Cow::Borrowed(key),
            value: value.map(Cow::Borrowed),
            origin,
            losers,
            unresolved: is_conditional,
        }
    }

    /// Where a key that nobody set would stand. A default counts only if that file was read.
    fn unset(&self, reader: Reader, key: &str, release: Release) -> Origin {
        let home = home_of(key, reader);
        match self.resource(home) {
            Some(Resource { gap: Some(gap), .. }) => Origin::ReadInPart {
                file: home.file_name(),
                why: match gap {
                    Gap::Template => "is a template that is not rendered here",
                    Gap::MissingInclude => "includes a file that was not read",
                },
            },
            Some(resource) => Origin::Default {
                product: Product::Hadoop,
                release: release.to_string().into(),
                unset_in: Some(resource.anchor),
            },
            None => Origin::NotCollected {
                file: home.file_name(),
            },
        }
    }
}

fn loser(property: &Property, reason: &'static str) -> Loser {
    Loser {
        place: property.value_place,
        value: property.value.clone(),
        reason,
    }
}
