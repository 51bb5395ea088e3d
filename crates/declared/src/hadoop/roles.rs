//! What the node is that loads a configuration.

use super::presence::{Ozone, Presence, presence};
use super::role_words::{from_path, named};
use crate::ties::HadoopTie;
use model::{Estate, Place};
use settings::hadoop::configuration::Cluster;
use settings::hadoop::resource::ResourceKind as K;
use settings::hadoop::{Configuration, Role, Roles};
use std::collections::HashSet;

/// What the roles of a configuration were concluded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The user's statement, the path, or the files.
    Plain,
    /// The files, which hold the keys of servers although the path speaks of a client: a client's copy of what the servers
    /// load, or a machine that runs them all.
    FilesAgainstPath,
}

/// Concludes the roles from the user's statement, the path, or the files and keys, in this order.
pub(super) fn conclude(
    estate: &Estate,
    ozone: &Ozone,
    configuration: &mut Configuration,
    tie: Option<&HadoopTie>,
) -> Basis {
    if let Some(tie) = tie.filter(|tie| !tie.roles.is_empty()) {
        for name in &tie.roles {
            for role in named(name) {
                configuration.roles.add(*role);
            }
        }
        configuration.roles_known = true;
        return Basis::Plain;
    }
    if configuration.roles_known {
        return Basis::Plain;
    }
    let by_path = from_path(&configuration.name);
    let against = !by_path.is_empty() && speak_against(by_path, configuration);
    if !by_path.is_empty() && !against {
        configuration.roles = by_path;
        configuration.roles_known = true;
        // Automatic failover runs beside each NameNode and reads the same files.
        if by_path.has(Role::NameNode) && sets(configuration, "dfs.ha.automatic-failover.enabled") {
            configuration.roles.add(Role::FailoverController);
        }
        return Basis::Plain;
    }
    let (roles, known) = from_files(estate, ozone, configuration);
    configuration.roles = roles;
    configuration.roles_known = known;
    if against {
        Basis::FilesAgainstPath
    } else {
        Basis::Plain
    }
}

/// Keys that only servers read: where they keep data, how they log in, where they listen.
const OF_SERVERS: [&str; 9] = [
    "dfs.namenode.name.dir",
    "dfs.datanode.data.dir",
    "dfs.namenode.keytab.file",
    "dfs.datanode.keytab.file",
    "dfs.datanode.address",
    "dfs.journalnode.edits.dir",
    "dfs.namenode.shared.edits.dir",
    "dfs.name.dir",
    "dfs.data.dir",
];

/// Keys by which servers decide for the whole cluster.
const DECIDED_BY_SERVERS: [&str; 4] = [
    "dfs.permissions.superusergroup",
    "dfs.block.access.token.enable",
    "dfs.permissions.enabled",
    "dfs.permissions",
];

/// Whether files of HDFS servers stand under a path that speaks of clients, or of a gateway whose own file is not there.
fn speak_against(by_path: Roles, configuration: &Configuration) -> bool {
    let own = [
        (Role::Kms, K::Kms),
        (Role::HttpFs, K::HttpFs),
        (Role::Router, K::Router),
    ];
    let servers = [
        Role::NameNode,
        Role::DataNode,
        Role::JournalNode,
        Role::SecondaryNameNode,
        Role::FailoverController,
        Role::NfsGateway,
        Role::ResourceManager,
        Role::NodeManager,
        Role::JobHistory,
    ];
    let has_own = own
        .iter()
        .any(|(role, file)| by_path.has(*role) && configuration.resource(*file).is_some());
    !by_path.has_any(&servers) && !has_own && OF_SERVERS.iter().any(|key| sets(configuration, key))
}

/// A client's copy gives way to the files of the servers themselves, where these were read.
pub(super) fn give_way(
    configurations: &mut [Configuration],
    clusters: &[Cluster],
    copies: &HashSet<usize>,
) {
    for copy in copies {
        let cluster = configurations
            .get(*copy)
            .and_then(|configuration| clusters.get(configuration.cluster?));
        let members = cluster.into_iter().flat_map(|cluster| &cluster.members);
        let has_server = members
            .filter(|member| !copies.contains(member))
            .any(|member| {
                configurations.get(*member).is_some_and(|other| {
                    other.roles_known && other.roles.has_any(&[Role::NameNode, Role::DataNode])
                })
            });
        if let Some(configuration) = configurations.get_mut(*copy).filter(|_| has_server) {
            configuration.roles = from_path(&configuration.name);
        }
    }
}

fn from_files(estate: &Estate, ozone: &Ozone, configuration: &Configuration) -> (Roles, bool) {
    let mut roles = Roles::default();
    let has = |kind| configuration.resource(kind).is_some();
    if has(K::Kms) || has(K::KmsAcls) {
        roles.add(Role::Kms);
    }
    if has(K::HttpFs) {
        roles.add(Role::HttpFs);
    }
    if has(K::Router) {
        roles.add(Role::Router);
    }
    if has(K::Yarn) || has(K::CapacityScheduler) {
        roles.add(Role::ResourceManager);
        roles.add(Role::NodeManager);
    }
    if has(K::Mapred) {
        roles.add(Role::JobHistory);
    }
    if !has(K::Core) && !has(K::Hdfs) {
        return (roles, !roles.is_empty());
    }
    let is_kms_directory = roles.has(Role::Kms) && !has(K::Hdfs);
    if is_kms_directory {
        return (roles, true);
    }
    let mut of_servers = OF_SERVERS.iter().chain(&DECIDED_BY_SERVERS);
    let is_server = of_servers.any(|key| sets(configuration, key));
    let in_object = configuration
        .resources
        .first()
        .is_some_and(|resource| is_embedded(estate, resource.anchor));
    match presence(estate, ozone, configuration, is_server) {
        Presence::Hdfs => roles.add(Role::Client),
        Presence::Ozone { reads_hdfs } => {
            roles.add(Role::Ozone);
            if reads_hdfs {
                roles.add(Role::Client);
            }
            return (roles, true);
        }
        Presence::Elsewhere => {
            roles.add(Role::Client);
            return (roles, true);
        }
        Presence::Nothing => return (roles, true),
    }
    if !is_server && is_of_client(configuration) {
        return (roles, true);
    }
    // A ConfigMap without a single server key is what clients mount; a directory may be anybody's.
    if is_server || !in_object {
        roles.add(Role::NameNode);
        roles.add(Role::DataNode);
        if any_value_holds(configuration, "qjournal://")
            || sets(configuration, "dfs.journalnode.edits.dir")
        {
            roles.add(Role::JournalNode);
        }
        if sets(configuration, "dfs.ha.automatic-failover.enabled") {
            roles.add(Role::FailoverController);
        }
        if sets_prefix(configuration, "nfs.") || sets_prefix(configuration, "dfs.nfs.") {
            roles.add(Role::NfsGateway);
        }
    }
    (roles, is_server || in_object)
}

/// Starts of the keys that stand in the files of clients, as Cloudera and others write them: where the NameNodes are, who
/// they are, how blocks are fetched. A server's file holds others as well: a directory, a keytab, the pair's edits.
const OF_CLIENTS: [&str; 21] = [
    "dfs.blocksize",
    "dfs.bytes-per-checksum",
    "dfs.client.",
    "dfs.data.transfer.protection",
    "dfs.datanode.hdfs-blocks-metadata.enabled",
    "dfs.datanode.kerberos.principal",
    "dfs.domain.socket.path",
    "dfs.encrypt.data.transfer",
    "dfs.ha.automatic-failover.enabled",
    "dfs.ha.namenodes",
    "dfs.https.",
    "dfs.internal.nameservices",
    "dfs.namenode.acls.enabled",
    "dfs.namenode.http-address",
    "dfs.namenode.https-address",
    "dfs.namenode.kerberos.principal",
    "dfs.namenode.rpc-address",
    "dfs.namenode.servicerpc-address",
    "dfs.nameservices",
    "dfs.replication",
    "dfs.webhdfs.enabled",
];

/// Whether hdfs-site.xml holds what clients need and nothing else: a key of theirs, or the principal of a server without
/// its keytab.
fn is_of_client(configuration: &Configuration) -> bool {
    let of_hdfs = || properties(configuration).filter(|property| property.name.starts_with("dfs."));
    let only_theirs = of_hdfs().all(|property| {
        OF_CLIENTS
            .iter()
            .any(|start| property.name.starts_with(start))
    });
    let is_theirs = of_hdfs().any(|property| {
        property.name.starts_with("dfs.client.") || property.name.ends_with(".kerberos.principal")
    });
    configuration.resource(K::Hdfs).is_some() && only_theirs && is_theirs
}

fn is_embedded(estate: &Estate, place: Place) -> bool {
    estate
        .sources
        .get(place.source)
        .is_some_and(|source| source.embedding.is_some())
}

fn properties(configuration: &Configuration) -> impl Iterator<Item = &settings::hadoop::Property> {
    configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties)
}

/// Whether a key, or a per-nameservice form of it, is written anywhere.
pub(super) fn sets(configuration: &Configuration, key: &str) -> bool {
    properties(configuration).any(|property| {
        property.value.is_some()
            && property
                .name
                .strip_prefix(key)
                .is_some_and(|suffix| suffix.is_empty() || suffix.starts_with('.'))
    })
}

fn sets_prefix(configuration: &Configuration, prefix: &str) -> bool {
    properties(configuration).any(|property| property.name.starts_with(prefix))
}

fn any_value_holds(configuration: &Configuration, needle: &str) -> bool {
    properties(configuration).any(|property| {
        property
            .value
            .as_deref()
            .is_some_and(|value| value.contains(needle))
    })
}
