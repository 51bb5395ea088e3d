//! Deprecated names. A deprecated key is stored under its new name while a file is parsed, so the last one in file order
//! wins across both spellings.
//!
//! Source: `org.apache.hadoop.conf.Configuration`'s table of deprecations and the additions of `HdfsConfiguration`,
//! `NfsConfiguration`, `S3AFileSystem` and `HttpFSServerWebApp`; 2.7.7, 3.2.0, 3.3.0, 3.4.1.

use model::Release;

/// Old name, new name, and the first release that knows the old name as deprecated.
const ALIASES: [(&str, &str, Release); 25] = [
    ("dfs.data.dir", "dfs.datanode.data.dir", ALWAYS),
    // In 2.7 the old name is the real key and the new one is ignored.
    (
        "dfs.encryption.key.provider.uri",
        "hadoop.security.key.provider.path",
        Release(2, 9, 0),
    ),
    ("dfs.federation.nameservices", "dfs.nameservices", ALWAYS),
    ("dfs.http.address", "dfs.namenode.http-address", ALWAYS),
    ("dfs.https.address", "dfs.namenode.https-address", ALWAYS),
    (
        "dfs.https.client.keystore.resource",
        "dfs.client.https.keystore.resource",
        ALWAYS,
    ),
    (
        "dfs.https.need.client.auth",
        "dfs.client.https.need-auth",
        ALWAYS,
    ),
    ("dfs.name.dir", "dfs.namenode.name.dir", ALWAYS),
    (
        "dfs.nfs.exports.allowed.hosts",
        "nfs.exports.allowed.hosts",
        ALWAYS,
    ),
    (
        "dfs.nfs.kerberos.principal",
        "nfs.kerberos.principal",
        ALWAYS,
    ),
    ("dfs.nfs.keytab.file", "nfs.keytab.file", ALWAYS),
    ("dfs.permissions", "dfs.permissions.enabled", ALWAYS),
    (
        "dfs.permissions.supergroup",
        "dfs.permissions.superusergroup",
        ALWAYS,
    ),
    (
        "dfs.secondary.http.address",
        "dfs.namenode.secondary.http-address",
        ALWAYS,
    ),
    ("dfs.umaskmode", "fs.permissions.umask-mode", ALWAYS),
    ("fs.default.name", "fs.defaultFS", ALWAYS),
    // `S3AFileSystem.addDeprecatedKeys` of 3.3.2; 3.2.4 and 3.3.1 know the old names only.
    (
        "fs.s3a.server-side-encryption-algorithm",
        "fs.s3a.encryption.algorithm",
        Release(3, 3, 2),
    ),
    (
        "fs.s3a.server-side-encryption.key",
        "fs.s3a.encryption.key",
        Release(3, 3, 2),
    ),
    // HttpFS took the common prefix in 3.3.
    (
        "httpfs.authentication.kerberos.keytab",
        "hadoop.http.authentication.kerberos.keytab",
        Release(3, 3, 0),
    ),
    (
        "httpfs.authentication.kerberos.principal",
        "hadoop.http.authentication.kerberos.principal",
        Release(3, 3, 0),
    ),
    (
        "httpfs.authentication.signature.secret.file",
        "hadoop.http.authentication.signature.secret.file",
        Release(3, 3, 0),
    ),
    (
        "httpfs.authentication.type",
        "hadoop.http.authentication.type",
        Release(3, 3, 0),
    ),
    // The code's own name; hdfs-default.xml lists the deprecated one.
    (
        "nfs.allow.insecure.ports",
        "nfs.port.monitoring.disabled",
        ALWAYS,
    ),
    (
        "yarn.resourcemanager.zk-acl",
        "hadoop.zk.acl",
        Release(3, 0, 0),
    ),
    (
        "yarn.resourcemanager.zk-auth",
        "hadoop.zk.auth",
        Release(3, 0, 0),
    ),
];

const ALWAYS: Release = Release(0, 0, 0);

/// The name under which a release stores a key.
#[must_use]
pub fn canonical(key: &str, release: Release) -> &str {
    find(key).map_or(
        key,
        |(_, new, since)| {
            if release >= since { new } else { key }
        },
    )
}

/// Whether some release stores a key under this name that is written under another.
#[must_use]
pub fn has_old_name(key: &str) -> bool {
    ALIASES.iter().any(|(_, new, _)| *new == key)
}

/// Whether some release knows the key as deprecated.
pub(super) fn is_deprecated(key: &str) -> bool {
    find(key).is_some()
}

fn find(key: &str) -> Option<(&'static str, &'static str, Release)> {
    let found = ALIASES.binary_search_by_key(&key, |(old, _, _)| old).ok()?;
    ALIASES.get(found).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hadoop::keys;

    #[test]
    fn the_table_is_sorted_and_leads_to_real_keys() {
        assert!(ALIASES.is_sorted_by(|left, right| left.0 < right.0));
        for (_, new, _) in ALIASES {
            assert!(
                keys::find(new).is_some() || keys::is_read_by_code(new),
                "{new}"
            );
        }
    }

    #[test]
    fn deprecated_names_depend_on_the_release() {
        let old = "dfs.encryption.key.provider.uri";
        assert_eq!(
            canonical("dfs.umaskmode", Release(3, 4, 1)),
            "fs.permissions.umask-mode"
        );
        assert_eq!(canonical(old, Release(2, 7, 7)), old);
        assert_eq!(
            canonical(old, Release(3, 3, 6)),
            "hadoop.security.key.provider.path"
        );
        let old = "httpfs.authentication.type";
        assert_eq!(canonical(old, Release(3, 2, 4)), old);
        assert_eq!(
            canonical(old, Release(3, 3, 0)),
            "hadoop.http.authentication.type"
        );
        assert_eq!(canonical("my.key", Release(3, 3, 0)), "my.key");
    }
}
