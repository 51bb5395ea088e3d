//! How much it costs when a security key has no effect: the severity of the cause that its own control reports then.
//!
//! Source: the catalogue's rows of the controls that own the keys.

use crate::known_keys::patterns::Patterns;
use model::Severity;
use std::sync::LazyLock;

/// Keys whose loss opens the system or the keys of its data to everybody.
static CRITICAL: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::read(
        "hadoop.security.authentication\n\
         dfs.encrypt.data.transfer\n\
         hadoop.kms.authentication.type\n\
         dfs.permissions.enabled\n",
    )
});

/// Keys whose loss lets somebody read or act who should not.
static HIGH: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::read(
        "hadoop.rpc.protection\n\
         dfs.data.transfer.protection\n\
         dfs.encrypt.data.transfer.cipher.suites\n\
         dfs.encrypt.data.transfer.algorithm\n\
         dfs.block.access.token.enable\n\
         dfs.http.policy\n\
         yarn.http.policy\n\
         mapreduce.jobhistory.http.policy\n\
         hadoop.security.authorization\n\
         hadoop.http.authentication.type\n\
         hadoop.http.authentication.simple.anonymous.allowed\n\
         hadoop.http.filter.initializers\n\
         hadoop.proxyuser.**\n\
         hadoop.security.key.provider.path\n\
         dfs.encryption.key.provider.uri\n\
         ipc.client.fallback-to-simple-auth-allowed\n\
         ignore.secure.ports.for.testing\n\
         yarn.acl.enable\n\
         ha.zookeeper.acl\n\
         hadoop.zk.acl\n\
         hadoop.kms.acl.**\n\
         hadoop.kms.blacklist.**\n\
         hadoop.kms.key.authorization.enable\n\
         key.acl.**\n\
         security.**\n\
         fs.s3a.connection.ssl.enabled\n\
         spark.authenticate\n\
         spark.network.crypto.enabled\n\
         spark.authenticate.enableSaslEncryption\n\
         spark.ssl.rpc.enabled\n\
         spark.io.encryption.enabled\n\
         spark.acls.enable\n\
         spark.ui.filters\n",
    )
});

/// The severity of a security key of Hadoop or Spark without effect; medium for those that no control weighs higher.
#[must_use]
pub fn of_voided(key: &str) -> Severity {
    let key = key
        .strip_prefix("spark.hadoop.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(key);
    if CRITICAL.matches(key) {
        Severity::Critical
    } else if HIGH.matches(key) {
        Severity::High
    } else {
        Severity::Medium
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_follows_the_key() {
        assert_eq!(of_voided("dfs.encrypt.data.transfer"), Severity::Critical);
        let suites = "dfs.encrypt.data.transfer.cipher.suites";
        assert_eq!(of_voided(suites), Severity::High);
        assert_eq!(of_voided("spark.hadoop.dfs.http.policy"), Severity::High);
        assert_eq!(of_voided("hadoop.caller.context.enabled"), Severity::Medium);
    }
}
