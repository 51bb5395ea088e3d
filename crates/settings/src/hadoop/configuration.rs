//! The files that one node loads, and how a key resolves over them.

use super::keys;
use super::resource::{Gap, Property, Resource, ResourceKind};
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

/// What a node can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Role {
    /// HDFS NameNode.
    NameNode,
    /// HDFS DataNode.
    DataNode,
    /// HDFS JournalNode.
    JournalNode,
    /// SecondaryNameNode.
    SecondaryNameNode,
    /// HDFS Router (federation).
    Router,
    /// ZooKeeper failover controller.
    FailoverController,
    /// NFS gateway.
    NfsGateway,
    /// HttpFS gateway.
    HttpFs,
    /// Key management server.
    Kms,
    /// YARN ResourceManager.
    ResourceManager,
    /// YARN NodeManager.
    NodeManager,
    /// MapReduce JobHistory server.
    JobHistory,
    /// A client of HDFS: a gateway host, a Spark application, a query engine.
    Client,
    /// A daemon or client of Apache Ozone, which reads Hadoop's files and has nothing of HDFS.
    Ozone,
}

impl Role {
    /// The daemon's name in Hadoop's own words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::NameNode => "NameNode",
            Role::DataNode => "DataNode",
            Role::JournalNode => "JournalNode",
            Role::SecondaryNameNode => "SecondaryNameNode",
            Role::Router => "Router",
            Role::FailoverController => "ZKFC",
            Role::NfsGateway => "NFS gateway",
            Role::HttpFs => "HttpFS",
            Role::Kms => "KMS",
            Role::ResourceManager => "ResourceManager",
            Role::NodeManager => "NodeManager",
            Role::JobHistory => "JobHistory server",
            Role::Client => "HDFS client",
            Role::Ozone => "Ozone",
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u16);

impl Roles {
    /// The set of these roles.
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        Roles(roles.iter().fold(0, |bits, role| bits | 1 << (*role as u8)))
    }

    /// Adds a role.
    pub fn add(&mut self, role: Role) {
        self.0 |= 1 << (role as u8);
    }

    /// Removes a role.
    pub fn remove(&mut self, role: Role) {
        self.0 &= !(1 << (role as u8));
    }

    /// Whether the role is among them.
    #[must_use]
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << (role as u8)) != 0
    }

    /// Whether one of the roles is among them.
    #[must_use]
    pub fn has_any(self, roles: &[Role]) -> bool {
        self.0 & Roles::of(roles).0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Who reads: decides which files count, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// HDFS daemons and clients (`HdfsConfiguration`).
    Hdfs,
    /// YARN daemons (`YarnConfiguration`).
    Yarn,
    /// MapReduce daemons and jobs (`JobConf`).
    Mapred,
    /// The KMS (`KMSConfiguration`).
    Kms,
    /// The KMS's access control lists, which are a configuration of their own.
    KmsAcls,
    /// HttpFS's own settings, which never look into core-site.
    HttpFs,
    /// Service-level authorization (`hadoop-policy.xml` over the daemon's configuration).
    Policy,
    /// The servers' key stores.
    SslServer,
    /// The clients' trust stores.
    SslClient,
    /// The capacity scheduler's file.
    CapacityScheduler,
    /// HiveServer2 and the Thrift server.
    Hive,
}

/// A step of the load order.
enum Step {
    Defaults(&'static str),
    Site(ResourceKind),
}

impl Reader {
    fn steps(self) -> &'static [Step] {
        use ResourceKind as K;
        use Step::{Defaults, Site};
        match self {
            Reader::Hdfs => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("hdfs"),
                Defaults("hdfs-rbf"),
                Site(K::Hdfs),
                Site(K::Router),
            ],
            Reader::Yarn => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("yarn"),
                Site(K::Yarn),
            ],
            Reader::Mapred => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("mapred"),
                Site(K::Mapred),
                Defaults("yarn"),
                Site(K::Yarn),
            ],
            Reader::Kms => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("kms"),
                Site(K::Kms),
            ],
            Reader::KmsAcls => &[Site(K::KmsAcls)],
            Reader::HttpFs => &[Defaults("httpfs"), Site(K::HttpFs)],
            Reader::Policy => &[Defaults("core"), Site(K::Core), Site(K::Policy)],
            Reader::SslServer => &[Site(K::SslServer)],
            Reader::SslClient => &[Site(K::SslClient)],
            Reader::CapacityScheduler => &[Site(K::CapacityScheduler)],
            Reader::Hive => &[Defaults("core"), Site(K::Core), Site(K::Hive)],
        }
    }

    /// The file that is expected to carry a key of this reader when nothing names a better one.
    fn own_file(self) -> ResourceKind {
        match self {
            Reader::Hdfs => ResourceKind::Hdfs,
            Reader::Yarn => ResourceKind::Yarn,
            Reader::Mapred => ResourceKind::Mapred,
            Reader::Kms => ResourceKind::Kms,
            Reader::KmsAcls => ResourceKind::KmsAcls,
            Reader::HttpFs => ResourceKind::HttpFs,
            Reader::Policy => ResourceKind::Policy,
            Reader::SslServer => ResourceKind::SslServer,
            Reader::SslClient => ResourceKind::SslClient,
            Reader::CapacityScheduler => ResourceKind::CapacityScheduler,
            Reader::Hive => ResourceKind::Hive,
        }
    }
}

/// The file that carries a key, by its prefix; the reader's own file for others.
fn home_of(key: &str, reader: Reader) -> ResourceKind {
    match reader {
        Reader::Hdfs | Reader::Yarn | Reader::Mapred | Reader::Hive | Reader::Kms => {
            let is_own = match reader {
                Reader::Hdfs => {
                    key.starts_with("dfs.")
                        || key.starts_with("nfs.")
                        || key.starts_with("ignore.secure.ports")
                }
                Reader::Yarn => key.starts_with("yarn."),
                Reader::Mapred => key.starts_with("mapred"),
                Reader::Kms => {
                    key.starts_with("hadoop.kms.") || key.starts_with("hadoop.security.keystore.")
                }
                _ => key.starts_with("hive."),
            };
            if is_own {
                reader.own_file()
            } else {
                ResourceKind::Core
            }
        }
        _ => reader.own_file(),
    }
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
