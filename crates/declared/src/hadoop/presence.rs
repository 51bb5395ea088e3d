//! Whether a configuration without a word about daemons is one of HDFS (catalogue rule 11: a default counts only for a
//! component that exists).

use super::roles::sets;
use model::{Estate, Source};
use settings::hadoop::Configuration;
use settings::hadoop::resource::ResourceKind;
use std::collections::HashSet;

/// The directories that hold Apache Ozone's own files.
pub(super) struct Ozone(HashSet<Box<str>>);

impl Ozone {
    /// Looks for `ozone-site.xml`, its variants, and `ozone-env.sh`. O(files).
    pub(super) fn find(estate: &Estate) -> Self {
        let directories = estate.sources.iter().filter_map(|(_, source)| {
            let name = source.file_name();
            let is_own = source.embedding.is_none()
                && (name.starts_with("ozone-site") || name == "ozone-env.sh");
            is_own.then(|| source.directory().into())
        });
        Ozone(directories.collect())
    }

    /// Whether the files configure Ozone. It reads core-site.xml too, and its own DataNode reads keys of `dfs.datanode`.
    fn is_configured_by(&self, estate: &Estate, configuration: &Configuration) -> bool {
        let by_key = configuration
            .resources
            .iter()
            .flat_map(|resource| &resource.properties)
            .any(|property| {
                let value = property.value.as_deref().unwrap_or_default().trim_start();
                property.name.starts_with("ozone.")
                    || property.name.starts_with("hdds.")
                    || ["ofs://", "o3fs://"]
                        .iter()
                        .any(|scheme| value.starts_with(scheme))
            });
        by_key
            || sources(estate, configuration)
                .any(|source| source.embedding.is_none() && self.0.contains(source.directory()))
    }
}

fn sources<'e>(
    estate: &'e Estate,
    configuration: &'e Configuration,
) -> impl Iterator<Item = &'e Source> {
    configuration
        .resources
        .iter()
        .filter_map(|resource| estate.sources.get(resource.anchor.source))
}

/// Whether the variables stand in one text with those of ozone-site.xml: they are for containers of Ozone.
fn is_for_ozone_containers(estate: &Estate, configuration: &Configuration) -> bool {
    sources(estate, configuration)
        .any(|source| memchr::memmem::find(source.text.as_bytes(), b"OZONE-SITE.XML_").is_some())
}

/// What a configuration without the keys of a role is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// HDFS: its defaults count.
    Hdfs,
    /// Ozone; its files may name an HDFS to read from.
    Ozone {
        /// Whether they do.
        reads_hdfs: bool,
    },
    /// Another file system: no NameNode is to be concluded from defaults.
    Elsewhere,
    /// The files say nothing about a file system with daemons.
    Nothing,
}

/// Which product a configuration is of.
pub(super) fn presence(
    estate: &Estate,
    ozone: &Ozone,
    configuration: &Configuration,
    has_daemon_key: bool,
) -> Presence {
    let file_system = default_file_system(configuration);
    let is_hdfs = |uri: &str| uri.starts_with("hdfs:") || uri.starts_with("viewfs:");
    let reads_hdfs = file_system.is_some_and(is_hdfs);
    let names_servers = [
        "dfs.namenode",
        "dfs.nameservices",
        "dfs.ha.namenodes",
        "dfs.journalnode",
    ]
    .iter()
    .any(|key| sets(configuration, key));
    if names_servers {
        return Presence::Hdfs;
    }
    if is_for_ozone_containers(estate, configuration) {
        return Presence::Ozone { reads_hdfs };
    }
    if reads_hdfs {
        return Presence::Hdfs;
    }
    if ozone.is_configured_by(estate, configuration) {
        return Presence::Ozone { reads_hdfs };
    }
    let is_elsewhere = file_system.is_some_and(|uri| uri.contains(':') && !uri.contains("${"));
    match (has_daemon_key, is_elsewhere) {
        (false, true) => Presence::Elsewhere,
        (false, false) if is_of_object_stores(configuration) => Presence::Nothing,
        (false, false) if says_nothing(configuration) => Presence::Nothing,
        _ => Presence::Hdfs,
    }
}

fn default_file_system(configuration: &Configuration) -> Option<&str> {
    configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties)
        .rfind(|property| matches!(&*property.name, "fs.defaultFS" | "fs.default.name"))
        .and_then(|property| property.value.as_deref())
        .map(str::trim)
}

/// Keys of the connectors to object stores, and keys that say nothing about the file system in use.
const OF_OBJECT_STORES: [&str; 14] = [
    "fs.s3a.",
    "fs.s3.",
    "fs.s3n.",
    "fs.azure.",
    "fs.abfs",
    "fs.wasb",
    "fs.adl.",
    "fs.gs.",
    "google.cloud.",
    "fs.oss.",
    "fs.cosn.",
    "fs.obs.",
    "fs.AbstractFileSystem.",
    "hadoop.security.credential.provider.path",
];

/// A core-site.xml alone that speaks of nothing but object stores: what their clients keep. No HDFS has to exist for it.
fn is_of_object_stores(configuration: &Configuration) -> bool {
    let mut properties = configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties)
        .peekable();
    configuration.resource(ResourceKind::Hdfs).is_none()
        && properties.peek().is_some()
        && properties.all(|property| {
            let mut stores = OF_OBJECT_STORES.iter();
            stores.any(|start| property.name.starts_with(start))
        })
}

/// An empty core-site.xml alone, or one of Hadoop's own contract tests of file systems.
fn says_nothing(configuration: &Configuration) -> bool {
    configuration.resource(ResourceKind::Hdfs).is_none()
        && configuration
            .resources
            .iter()
            .flat_map(|resource| &resource.properties)
            .all(|property| property.name.starts_with("fs.contract."))
}
