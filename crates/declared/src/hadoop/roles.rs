//! What the node is that loads a configuration.

use super::presence::{Ozone, is_without_hdfs};
use crate::ties::HadoopTie;
use model::{Estate, Place};
use settings::hadoop::resource::ResourceKind as K;
use settings::hadoop::{Configuration, Role, Roles};

/// Directory words that name a role. Digits at the end (`nn1`) are dropped before comparing.
const WORDS: [(&[&str], &[Role]); 13] = [
    (&["nn", "namenode", "namenodes"], &[Role::NameNode]),
    (&["dn", "datanode", "datanodes"], &[Role::DataNode]),
    (&["jn", "journalnode", "journalnodes"], &[Role::JournalNode]),
    (&["snn", "secondarynamenode"], &[Role::SecondaryNameNode]),
    (&["router", "rbf"], &[Role::Router]),
    (&["kms"], &[Role::Kms]),
    (&["httpfs"], &[Role::HttpFs]),
    (&["rm", "resourcemanager"], &[Role::ResourceManager]),
    (&["nm", "nodemanager", "nodemanagers"], &[Role::NodeManager]),
    (&["jhs", "jobhistory"], &[Role::JobHistory]),
    (&["nfs", "nfsgateway"], &[Role::NfsGateway]),
    (&["zkfc"], &[Role::FailoverController]),
    (
        &[
            "client",
            "clients",
            "gateway",
            "edge",
            "hms",
            "metastore",
            "hive",
            "trino",
            "presto",
            "impala",
            "livy",
            "jupyter",
            "zeppelin",
            "airflow",
        ],
        &[Role::Client],
    ),
];

/// Concludes the roles from the user's statement, the path, or the files and keys, in this order.
pub(super) fn conclude(
    estate: &Estate,
    ozone: &Ozone,
    configuration: &mut Configuration,
    tie: Option<&HadoopTie>,
) {
    if let Some(tie) = tie.filter(|tie| !tie.roles.is_empty()) {
        for name in &tie.roles {
            for role in named(name) {
                configuration.roles.add(*role);
            }
        }
        configuration.roles_known = true;
        return;
    }
    let by_path = from_path(&configuration.name);
    if !by_path.is_empty() {
        configuration.roles = by_path;
        configuration.roles_known = true;
        // Automatic failover runs beside each NameNode and reads the same files.
        if by_path.has(Role::NameNode) && sets(configuration, "dfs.ha.automatic-failover.enabled") {
            configuration.roles.add(Role::FailoverController);
        }
        return;
    }
    let (roles, known) = from_files(estate, ozone, configuration);
    configuration.roles = roles;
    configuration.roles_known = known;
}

/// The roles of a word, in any case, with or without blanks, dashes and underscores; none for a word that names no role.
pub(crate) fn named(name: &str) -> &'static [Role] {
    let name = name.to_ascii_lowercase().replace([' ', '-', '_'], "");
    WORDS
        .iter()
        .find(|(words, _)| words.contains(&name.as_str()))
        .map_or(&[], |(_, roles)| roles)
}

/// Reads the last path component that names a role: `hadoop/nn1`, `conf/datanode-group-b`, `ConfigMap hdfs/namenode-conf`.
fn from_path(name: &str) -> Roles {
    let mut roles = Roles::default();
    for component in name.rsplit('/') {
        for word in component.split(|c: char| !c.is_ascii_alphanumeric()) {
            for role in named(word.trim_end_matches(|c: char| c.is_ascii_digit())) {
                roles.add(*role);
            }
        }
        if !roles.is_empty() {
            break;
        }
    }
    roles
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
    let server = [
        "dfs.namenode.name.dir",
        "dfs.datanode.data.dir",
        "dfs.namenode.keytab.file",
        "dfs.datanode.keytab.file",
        "dfs.datanode.address",
        "dfs.journalnode.edits.dir",
        "dfs.namenode.shared.edits.dir",
        "dfs.permissions.superusergroup",
        "dfs.block.access.token.enable",
        "dfs.name.dir",
        "dfs.data.dir",
        "dfs.permissions.enabled",
        "dfs.permissions",
    ];
    let is_server = server.iter().any(|key| sets(configuration, key));
    let in_object = configuration
        .resources
        .first()
        .is_some_and(|resource| is_embedded(estate, resource.anchor));
    roles.add(Role::Client);
    if is_without_hdfs(estate, ozone, configuration, is_server) {
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
