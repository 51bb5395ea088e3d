//! Defaults of the properties that controls ask for.
//!
//! Source: the `ConfigEntry` registry of 3.3.4, 3.4.4, 3.5.7, 4.0.5, 4.1.4, 4.2.1 and 4.3.0; `TransportConf` and
//! `SSLOptions` of the same releases for keys that are read as plain strings.

use super::release_facts::{self, Known};
use model::Release;

/// The default of a property in a release; `None` if it has none, or the release does not know the property.
#[must_use]
pub fn default_of(key: &str, release: Release) -> Option<&'static str> {
    Some(match key {
        "spark.authenticate"
        | "spark.authenticate.enableSaslEncryption"
        | "spark.network.crypto.enabled"
        | "spark.network.sasl.serverAlwaysEncrypt"
        | "spark.io.encryption.enabled"
        | "spark.acls.enable"
        | "spark.history.ui.acls.enable"
        | "spark.shuffle.service.enabled"
        | "spark.eventLog.enabled"
        | "spark.kubernetes.trust.certificates"
        | "spark.kubernetes.local.dirs.tmpfs" => "false",
        "spark.network.crypto.saslFallback"
        | "spark.ui.enabled"
        | "spark.ui.killEnabled"
        | "spark.ui.threadDumpsEnabled" => "true",
        "spark.network.crypto.cipher" => "AES/CTR/NoPadding",
        // The key is absent in 3.3.4, which speaks version 1 only.
        "spark.network.crypto.authEngineVersion" if release >= Release(3, 4, 0) => "1",
        "spark.io.encryption.keySizeBits" => "128",
        "spark.ui.heapHistogramEnabled" if release >= Release(3, 5, 0) => "true",
        "spark.master.rest.enabled" if release >= Release(4, 1, 0) => "true",
        "spark.master.rest.enabled" => "false",
        "spark.redaction.regex" => match release_facts::redaction_regex(release) {
            Known::Yes(regex) => regex,
            Known::Unknown => return None,
        },
        "spark.ssl.keyStoreType" | "spark.ssl.trustStoreType" => "JKS",
        _ if is_ssl_switch(key) => "false",
        _ => return None,
    })
}

/// `spark.ssl[.<namespace>].enabled` and the other Booleans of `SSLOptions`.
#[must_use]
pub fn is_ssl_switch(key: &str) -> bool {
    key.strip_prefix("spark.ssl.").is_some_and(|rest| {
        let name = rest.rsplit('.').next().unwrap_or(rest);
        matches!(
            name,
            "enabled" | "needClientAuth" | "openSslEnabled" | "trustStoreReloadingEnabled"
        )
    })
}

/// Whether only the transport layer reads a Boolean: any text but `true` then counts as false, without a word
/// (`ConfigProvider.getBoolean`). Every other Boolean with such a text stops the process.
#[must_use]
pub fn is_transport_switch(key: &str) -> bool {
    matches!(
        key,
        "spark.network.crypto.saslFallback" | "spark.network.sasl.serverAlwaysEncrypt"
    )
}
