//! Which of two values of a security key protects more.
//!
//! Only keys whose values have a plain order are here. For all others nothing is said: a value that differs is not weaker
//! for that.

use std::cmp::Ordering;

/// How the values of a key are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// A Boolean, and the value that protects.
    Switch(bool),
    /// Words from the weakest to the strongest, compared without regard to case.
    Words(&'static [&'static str]),
    /// A list of qualities of protection, of which the weakest counts.
    Qop,
    /// An access control list: a star admits everybody, other texts have no order.
    Acl,
    /// An octal mask: more bits take more away.
    Mask,
}

const ON: Scale = Scale::Switch(true);
const OFF: Scale = Scale::Switch(false);

/// Keys and their order, sorted by key.
const SCALES: [(&str, Scale); 58] = [
    ("dfs.block.access.token.enable", ON),
    ("dfs.client.https.need-auth", ON),
    ("dfs.client.use.legacy.blockreader.local", OFF),
    ("dfs.data.transfer.protection", Scale::Qop),
    ("dfs.encrypt.data.overwrite.downstream.derived.qop", OFF),
    ("dfs.encrypt.data.transfer", ON),
    ("dfs.ha.zkfc.client.ssl.enabled", ON),
    ("dfs.http.policy", Scale::Words(&HTTP_POLICY)),
    ("dfs.namenode.acls.enabled", ON),
    ("dfs.permissions.enabled", ON),
    ("dfs.webhdfs.rest-csrf.enabled", ON),
    ("fs.permissions.umask-mode", Scale::Mask),
    ("fs.s3a.connection.ssl.enabled", ON),
    ("hadoop.http.authentication.simple.anonymous.allowed", OFF),
    ("hadoop.http.authentication.type", Scale::Words(&LOGIN)),
    ("hadoop.kms.authentication.type", Scale::Words(&LOGIN)),
    ("hadoop.kms.key.authorization.enable", ON),
    ("hadoop.rpc.protection", Scale::Qop),
    ("hadoop.security.authentication", Scale::Words(&LOGIN)),
    ("hadoop.security.authorization", ON),
    ("hadoop.security.instrumentation.requires.admin", ON),
    ("hadoop.security.token.service.use_ip", ON),
    ("hadoop.ssl.hostname.verifier", Scale::Words(&VERIFIER)),
    ("hadoop.ssl.require.client.cert", ON),
    ("hadoop.zk.acl", Scale::Acl),
    ("ignore.secure.ports.for.testing", OFF),
    ("ipc.client.fallback-to-simple-auth-allowed", OFF),
    ("mapreduce.cluster.acls.enabled", ON),
    ("mapreduce.job.encrypted-intermediate-data", ON),
    (
        "mapreduce.jobhistory.http.policy",
        Scale::Words(&HTTP_POLICY),
    ),
    ("mapreduce.shuffle.ssl.enabled", ON),
    ("nfs.exports.allowed.hosts", Scale::Acl),
    ("spark.acls.enable", ON),
    ("spark.admin.acls", Scale::Acl),
    ("spark.authenticate", ON),
    ("spark.authenticate.enableSaslEncryption", ON),
    ("spark.history.ui.acls.enable", ON),
    ("spark.io.encryption.enabled", ON),
    ("spark.kubernetes.trust.certificates", OFF),
    ("spark.master.rest.enabled", OFF),
    ("spark.modify.acls", Scale::Acl),
    (
        "spark.network.crypto.authEngineVersion",
        Scale::Words(&["1", "2"]),
    ),
    ("spark.network.crypto.cipher", Scale::Words(&CIPHERS)),
    ("spark.network.crypto.enabled", ON),
    ("spark.network.crypto.saslFallback", OFF),
    ("spark.network.sasl.serverAlwaysEncrypt", ON),
    ("spark.ssl.enabled", ON),
    ("spark.ssl.historyServer.enabled", ON),
    ("spark.ssl.rpc.enabled", ON),
    ("spark.ssl.standalone.enabled", ON),
    ("spark.ssl.ui.enabled", ON),
    ("spark.ui.killEnabled", OFF),
    ("spark.ui.view.acls", Scale::Acl),
    ("yarn.acl.enable", ON),
    ("yarn.admin.acl", Scale::Acl),
    ("yarn.http.policy", Scale::Words(&HTTP_POLICY)),
    (
        "yarn.resourcemanager.webapp.delegation-token-auth-filter.enabled",
        ON,
    ),
    ("yarn.resourcemanager.zk-acl", Scale::Acl),
];

const HTTP_POLICY: [&str; 3] = ["HTTP_ONLY", "HTTP_AND_HTTPS", "HTTPS_ONLY"];
const LOGIN: [&str; 2] = ["simple", "kerberos"];
const VERIFIER: [&str; 2] = ["ALLOW_ALL", "DEFAULT"];
const CIPHERS: [&str; 2] = ["AES/CTR/NoPadding", "AES/GCM/NoPadding"];
const QOP: [&str; 3] = ["authentication", "integrity", "privacy"];

/// Compares two values of a key by what they protect; `None` where the key, or the values, have no plain order.
#[must_use]
pub fn compare(key: &str, left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (left.trim(), right.trim());
    if left.eq_ignore_ascii_case(right) {
        return Some(Ordering::Equal);
    }
    let scale = scale(key)?;
    if scale == Scale::Mask {
        return masks(left, right);
    }
    Some(rank(scale, left)?.cmp(&rank(scale, right)?))
}

/// The value of a Boolean key that protects; `None` if the key is no Boolean with a plain order.
#[must_use]
pub fn safe_switch(key: &str) -> Option<bool> {
    match scale(key)? {
        Scale::Switch(safe) => Some(safe),
        _ => None,
    }
}

/// Whether the key's value says who is admitted, so that a star admits everybody.
#[must_use]
pub fn is_acl(key: &str) -> bool {
    scale(key) == Some(Scale::Acl)
}

fn scale(key: &str) -> Option<Scale> {
    let key = hadoop_key(key);
    if let Ok(found) = SCALES.binary_search_by_key(&key, |(name, _)| name) {
        return SCALES.get(found).map(|(_, scale)| *scale);
    }
    let is_acl = (key.starts_with("security.") && key.ends_with(".acl"))
        || key.starts_with("hadoop.kms.acl.")
        || key.starts_with("key.acl.")
        || key.starts_with("default.key.acl.")
        || key.starts_with("whitelist.key.acl.")
        || is_proxy_list(key);
    is_acl.then_some(Scale::Acl)
}

/// A key below `spark.hadoop.` is Hadoop's.
fn hadoop_key(key: &str) -> &str {
    key.strip_prefix("spark.hadoop.").unwrap_or(key)
}

fn is_proxy_list(key: &str) -> bool {
    key.starts_with("hadoop.proxyuser.")
        && [".hosts", ".groups", ".users"]
            .iter()
            .any(|end| key.ends_with(end))
}

/// The strength of one value; `None` for a text that the scale does not know.
fn rank(scale: Scale, value: &str) -> Option<usize> {
    let of = |words: &[&str], word: &str| {
        words
            .iter()
            .position(|known| known.eq_ignore_ascii_case(word))
    };
    match scale {
        Scale::Switch(safe) => {
            of(&["false", "true"], value).map(|at| usize::from((at == 1) == safe))
        }
        Scale::Words(words) => of(words, value),
        Scale::Qop => {
            let words = value
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty());
            let ranks: Option<Vec<usize>> = words.map(|word| of(&QOP, word)).collect();
            ranks?.into_iter().min()
        }
        Scale::Acl => {
            let is_star = value.split([',', ' ']).any(|item| item == "*");
            Some(usize::from(!is_star))
        }
        Scale::Mask => None,
    }
}

/// One mask is stronger if it has all bits of the other and more.
fn masks(left: &str, right: &str) -> Option<Ordering> {
    let read = |text: &str| u16::from_str_radix(text, 8).ok();
    let (left, right) = (read(left)?, read(right)?);
    match (left & right == right, left & right == left) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Greater),
        (false, true) => Some(Ordering::Less),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn keys_are_sorted() {
        assert!(SCALES.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn values_have_their_order() {
        let cases = [
            ("dfs.encrypt.data.transfer", "true", "FALSE", Some(Greater)),
            (
                "spark.network.crypto.saslFallback",
                "true",
                "false",
                Some(Less),
            ),
            (
                "hadoop.rpc.protection",
                "privacy,authentication",
                "integrity",
                Some(Less),
            ),
            ("hadoop.rpc.protection", "privacy", "Privacy", Some(Equal)),
            ("hadoop.rpc.protection", "privcy", "integrity", None),
            ("fs.permissions.umask-mode", "022", "077", Some(Less)),
            ("fs.permissions.umask-mode", "070", "007", None),
            ("security.client.protocol.acl", "*", "hdfs", Some(Less)),
            ("security.client.protocol.acl", "hive", "hdfs", Some(Equal)),
            (
                "spark.hadoop.dfs.http.policy",
                "HTTPS_ONLY",
                "HTTP_ONLY",
                Some(Greater),
            ),
            ("acme.switch", "true", "false", None),
        ];
        for (key, left, right, order) in cases {
            assert_eq!(compare(key, left, right), order, "{key} {left} {right}");
        }
    }
}
