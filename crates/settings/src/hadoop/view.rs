//! One configuration under one assumed release: what controls ask.

use super::configuration::{Cluster, Configuration};
use super::reader::Reader;
use super::role::Role;
use crate::effective::{Effective, Flag};
use model::{Depth, Estate, Product, Release, Witness};

/// A Hadoop configuration under one release.
#[derive(Clone, Copy, Debug)]
pub struct Hadoop<'e> {
    /// The estate it belongs to.
    pub estate: &'e Estate,
    /// The files.
    pub configuration: &'e Configuration,
    /// The release: the known one, or one of those that are possible.
    pub release: Release,
}

/// Releases that are tried when none is known: the oldest supported one, and each that changed a rule after it.
pub const CANDIDATES: [Release; 6] = [
    Release(2, 7, 7),
    Release(2, 10, 2),
    Release(3, 2, 4),
    Release(3, 3, 6),
    Release(3, 4, 1),
    Release(3, 5, 0),
];

impl<'e> Hadoop<'e> {
    /// Resolves a key of core-site or hdfs-site, as HDFS daemons and clients do.
    #[must_use]
    pub fn get(&self, key: &'e str) -> Effective<'e> {
        self.configuration.get(Reader::Hdfs, key, self.release)
    }

    /// Resolves a key as `reader` does.
    #[must_use]
    pub fn read(&self, reader: Reader, key: &'e str) -> Effective<'e> {
        self.configuration.get(reader, key, self.release)
    }

    /// Reads a Boolean of core-site or hdfs-site. Any text but true and false silently means `default`, the default argument
    /// of the product's read (`Configuration.getBoolean`).
    #[must_use]
    pub fn flag(&self, key: &'e str, default: bool) -> Flag<'e> {
        self.read_flag(Reader::Hdfs, key, default)
    }

    /// Reads a Boolean as `reader` does.
    #[must_use]
    pub fn read_flag(&self, reader: Reader, key: &'e str, default: bool) -> Flag<'e> {
        let effective = self.read(reader, key);
        let (on, unreadable) = match effective.text() {
            Some(text) if text.eq_ignore_ascii_case("true") => (true, false),
            Some(text) if text.eq_ignore_ascii_case("false") => (false, false),
            Some("") | None => (default, false),
            Some(_) => (default, true),
        };
        Flag {
            on,
            unreadable,
            effective,
        }
    }

    /// Whether the node runs with Kerberos.
    ///
    /// # Errors
    /// Why its files do not tell: core-site.xml was not read, only the running node resolves the value, or it is another
    /// word, with which daemons do not start.
    pub fn kerberos(&self) -> Result<bool, String> {
        let authentication = self.get("hadoop.security.authentication");
        if authentication.is_doubtful() {
            Err(authentication.why_unknown())
        } else if authentication.is("kerberos") {
            Ok(true)
        } else if authentication.is("simple") || authentication.text().is_none() {
            Ok(false)
        } else {
            Err(format!(
                "hadoop.security.authentication is {:?}, which is neither simple nor kerberos",
                authentication.str()
            ))
        }
    }

    /// The depth of the facts.
    #[must_use]
    pub fn depth(&self) -> Depth {
        self.estate.depth
    }

    /// A value as evidence.
    #[must_use]
    pub fn witness(&self, effective: &Effective<'_>, label: impl Into<Box<str>>) -> Witness {
        effective.witness(self.estate.depth, label)
    }

    /// Whether the node has, or may have, a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.configuration.roles.has(role)
    }

    /// The other configurations of the same HDFS cluster, under the same release unless their own is known. Of those that say
    /// the same two stand for all.
    pub fn peers(&self) -> impl Iterator<Item = Hadoop<'e>> + use<'e> {
        let (estate, release, own) = (self.estate, self.release, self.configuration);
        let configurations = estate.all::<Configuration>();
        own.cluster
            .and_then(|cluster| estate.all::<Cluster>().get(cluster))
            .into_iter()
            .flat_map(|cluster| cluster.compared.iter())
            .filter_map(move |member| configurations.get(*member))
            .filter(move |other| !std::ptr::eq(*other, own))
            .map(move |configuration| Hadoop {
                estate,
                configuration,
                release: configuration
                    .release
                    .map_or(release, |(release, _)| release),
            })
    }

    /// Whether the release was read or stated, and is not one of those that are tried.
    #[must_use]
    pub fn release_is_known(&self) -> bool {
        self.configuration.release.is_some() || self.estate.releases.contains_key(&Product::Hadoop)
    }

    /// The name of its cluster.
    #[must_use]
    pub fn cluster_name(&self) -> Option<&'e str> {
        let cluster = self
            .estate
            .all::<Cluster>()
            .get(self.configuration.cluster?)?;
        Some(&cluster.name)
    }
}
