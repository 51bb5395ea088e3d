//! Known keys and their defaults by release.
//!
//! `data/hadoop-keys.tsv` is made from the `*-default.xml` files of the releases in [`RELEASES`]: one line a key and file,
//! sorted, with runs of releases that share a default (`0-2=false` means the first three). A release that is in no run does
//! not list the key. 3.3.4 lacks the hdfs, kms, httpfs and router files and takes 3.3.0's; 2.7 has no kms-default.xml and
//! takes 3.2's, which are the constants of its code (`KMSConfiguration`).

use model::Release;

/// The releases of the table, oldest first.
pub const RELEASES: [Release; 6] = [
    Release(2, 7, 7),
    Release(3, 2, 0),
    Release(3, 3, 0),
    Release(3, 3, 4),
    Release(3, 4, 1),
    Release(3, 5, 0),
];

static TABLE: &str = include_str!("../../data/hadoop-keys.tsv");

/// A key of a `*-default.xml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Its name.
    pub name: &'static str,
    /// Which `*-default.xml` lists it: `core`, `hdfs`, `hdfs-rbf`, `yarn`, `mapred`, `kms`, `httpfs`.
    pub file: &'static str,
    runs: &'static str,
}

impl KnownKey {
    /// Its default in a release; `None` if the release does not list it. Many keys are listed with an empty default.
    #[must_use]
    pub fn default(&self, release: Release) -> Option<&'static str> {
        let index = table_index(release);
        self.runs.split('|').find_map(|run| {
            let (range, value) = run.split_once('=')?;
            let (first, last) = range.split_once('-')?;
            let holds =
                first.parse::<usize>().ok()? <= index && index <= last.parse::<usize>().ok()?;
            holds.then_some(value)
        })
    }

    /// Whether a release lists it.
    #[must_use]
    pub fn is_listed(&self, release: Release) -> bool {
        self.default(release).is_some()
    }
}

/// The table's release that speaks for a release: the newest one not newer than it, or the oldest.
fn table_index(release: Release) -> usize {
    RELEASES
        .iter()
        .rposition(|known| *known <= release)
        .unwrap_or(0)
}

/// The key of a name in one `*-default.xml`. O(log keys).
#[must_use]
pub fn find_in(name: &str, file: &str) -> Option<KnownKey> {
    find_all(name).find(|known| known.file == file)
}

/// The key of a name, in the first `*-default.xml` that lists it. O(log keys).
#[must_use]
pub fn find(name: &str) -> Option<KnownKey> {
    find_all(name).next()
}

/// Every line of a name. Bisects the table by bytes, so that nothing is built at start.
fn find_all(name: &str) -> impl Iterator<Item = KnownKey> {
    let (mut low, mut high) = (0, TABLE.len());
    while low < high {
        let line = line_start(low + (high - low) / 2);
        let text = TABLE.get(line..).unwrap_or_default();
        let key = text.split('\t').next().unwrap_or_default();
        if key < name {
            low = line + text.find('\n').map_or(text.len(), |end| end + 1);
        } else {
            high = line;
        }
    }
    let name = name.to_owned();
    let rest = TABLE.get(low..).unwrap_or_default();
    rest.lines()
        .map_while(parse)
        .take_while(move |known| known.name == name)
}

fn line_start(at: usize) -> usize {
    TABLE
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |end| end + 1)
}

fn parse(line: &'static str) -> Option<KnownKey> {
    let mut fields = line.splitn(3, '\t');
    Some(KnownKey {
        name: fields.next()?,
        file: fields.next()?,
        runs: fields.next()?,
    })
}

/// Every key of the table, sorted by name.
pub fn all() -> impl Iterator<Item = KnownKey> {
    TABLE.lines().filter_map(parse)
}

/// Deprecated names that decide about protections, and what replaces them (`Configuration`'s deprecation table and the
/// products' additions to it).
const ALIASES: [(&str, &str); 19] = [
    ("dfs.permissions", "dfs.permissions.enabled"),
    (
        "dfs.permissions.supergroup",
        "dfs.permissions.superusergroup",
    ),
    ("dfs.umaskmode", "fs.permissions.umask-mode"),
    ("fs.default.name", "fs.defaultFS"),
    ("dfs.http.address", "dfs.namenode.http-address"),
    ("dfs.https.address", "dfs.namenode.https-address"),
    (
        "dfs.secondary.http.address",
        "dfs.namenode.secondary.http-address",
    ),
    (
        "dfs.https.client.keystore.resource",
        "dfs.client.https.keystore.resource",
    ),
    ("dfs.https.need.client.auth", "dfs.client.https.need-auth"),
    ("dfs.nfs.exports.allowed.hosts", "nfs.exports.allowed.hosts"),
    ("nfs.allow.insecure.ports", "nfs.port.monitoring.disabled"),
    ("dfs.data.dir", "dfs.datanode.data.dir"),
    ("dfs.name.dir", "dfs.namenode.name.dir"),
    ("dfs.federation.nameservices", "dfs.nameservices"),
    (
        "fs.s3a.server-side-encryption-algorithm",
        "fs.s3a.encryption.algorithm",
    ),
    ("fs.s3a.server-side-encryption.key", "fs.s3a.encryption.key"),
    (
        "httpfs.authentication.type",
        "hadoop.http.authentication.type",
    ),
    (
        "httpfs.authentication.signature.secret.file",
        "hadoop.http.authentication.signature.secret.file",
    ),
    ("yarn.resourcemanager.zk-acl", "hadoop.zk.acl"),
];

/// The name under which a release stores a key: deprecated names are replaced while a file is parsed.
#[must_use]
pub fn canonical(key: &str, release: Release) -> &str {
    match key {
        // From 2.9 and 3.0 on; in 2.7 this is the real key and the new one is ignored.
        "dfs.encryption.key.provider.uri" if release >= Release(2, 9, 0) => {
            "hadoop.security.key.provider.path"
        }
        // HttpFS took the common prefix in 3.3.
        "httpfs.authentication.type" | "httpfs.authentication.signature.secret.file"
            if release < Release(3, 3, 0) =>
        {
            key
        }
        "yarn.resourcemanager.zk-acl" if release < Release(3, 0, 0) => key,
        key => ALIASES
            .iter()
            .find(|(old, _)| *old == key)
            .map_or(key, |(_, new)| new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_follow_the_release() {
        let default = |key: &str, release| find(key).and_then(|known| known.default(release));
        assert_eq!(
            default("hadoop.rpc.protection", Release(3, 3, 6)),
            Some("authentication")
        );
        assert_eq!(
            default("dfs.namenode.acls.enabled", Release(3, 2, 4)),
            Some("false")
        );
        assert_eq!(
            default("dfs.namenode.acls.enabled", Release(3, 3, 6)),
            Some("true")
        );
        assert_eq!(
            default("hadoop.ssl.enabled.protocols", Release(2, 10, 2)),
            Some("TLSv1")
        );
        assert_eq!(
            default("dfs.data.transfer.protection", Release(3, 4, 1)),
            Some("")
        );
        assert_eq!(default("no.such.key", Release(3, 4, 1)), None);
        assert_eq!(
            find_in("hadoop.http.authentication.type", "httpfs")
                .and_then(|k| k.default(Release(3, 4, 1))),
            Some("simple")
        );
    }

    #[test]
    fn the_table_is_sorted_and_complete() {
        let names: Vec<_> = all().map(|known| (known.name, known.file)).collect();
        assert!(names.is_sorted() && names.len() > 2_000);
        assert_eq!(names.len(), TABLE.lines().count());
        assert!(
            names
                .iter()
                .all(|(name, file)| find_in(name, file).is_some())
        );
    }

    #[test]
    fn deprecated_names_depend_on_the_release() {
        assert_eq!(
            canonical("dfs.umaskmode", Release(3, 4, 1)),
            "fs.permissions.umask-mode"
        );
        assert_eq!(
            canonical("dfs.encryption.key.provider.uri", Release(2, 7, 7)),
            "dfs.encryption.key.provider.uri"
        );
        assert_eq!(
            canonical("dfs.encryption.key.provider.uri", Release(3, 3, 6)),
            "hadoop.security.key.provider.path"
        );
    }
}
