//! How Spark reads the text of a Boolean. Three readers, three answers to a text such as `yes`.
//!
//! Source: `ConfigHelpers.toBoolean`, `SparkConf.getBoolean` as used by `SSLOptions`, `ConfigProvider.getBoolean` as used by
//! `TransportConf` (4.1.1; alike in 3.3.4).

use super::find;
use crate::spark::keys::RELEASES;

/// Which code reads a Boolean key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BooleanKind {
    /// A registered key: another text than true and false stops the process.
    Registered,
    /// A key of `spark.ssl` and its namespaces: another text stops the process.
    Ssl,
    /// A key of the transport: another text counts as false, without a word.
    Transport,
}

impl BooleanKind {
    /// What a text means to this reader; `None` if the process refuses to start. The texts true and false count in any
    /// case of letters.
    #[must_use]
    pub fn read(self, text: &str) -> Option<bool> {
        let text = match self {
            BooleanKind::Registered => text.trim(),
            BooleanKind::Ssl | BooleanKind::Transport => text,
        };
        if text.eq_ignore_ascii_case("true") {
            return Some(true);
        }
        let is_false = text.eq_ignore_ascii_case("false") || self == BooleanKind::Transport;
        is_false.then_some(false)
    }
}

/// Which reader a key has; `None` if it is no Boolean key that is known as one. `spark.network.crypto.enabled` has two:
/// Spark's own processes run the registered one, so that one is named; YARN's shuffle service runs the transport's alone.
#[must_use]
pub fn boolean_kind(key: &str) -> Option<BooleanKind> {
    if is_transport(key) {
        return Some(BooleanKind::Transport);
    }
    if is_ssl(key) {
        return Some(BooleanKind::Ssl);
    }
    let known = find(key).filter(|known| known.is_registered())?;
    RELEASES
        .iter()
        .any(|release| matches!(known.default(*release), Some("true" | "false")))
        .then_some(BooleanKind::Registered)
}

fn is_transport(key: &str) -> bool {
    let by_name = matches!(
        key,
        "spark.network.crypto.saslFallback" | "spark.network.sasl.serverAlwaysEncrypt"
    );
    let of_module = |end: &str| {
        key.strip_prefix("spark.")
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|module| !module.is_empty() && !module.contains('.'))
    };
    by_name || of_module(".io.lazyFD") || of_module(".io.preferDirectBufs")
}

fn is_ssl(key: &str) -> bool {
    let ends = [
        "enabled",
        "needClientAuth",
        "openSslEnabled",
        "trustStoreReloadingEnabled",
        "useNodeLocalConf",
    ];
    let last = key.rsplit('.').next().unwrap_or_default();
    key.starts_with("spark.ssl.") && ends.contains(&last) && find(key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_text_is_false_to_the_transport_only() {
        for kind in [BooleanKind::Registered, BooleanKind::Ssl] {
            assert_eq!(kind.read("TRUE"), Some(true));
            assert_eq!(kind.read("False"), Some(false));
            assert_eq!(kind.read("yes"), None);
            assert_eq!(kind.read(""), None);
        }
        assert_eq!(BooleanKind::Transport.read("True"), Some(true));
        assert_eq!(BooleanKind::Transport.read("yes"), Some(false));
        assert_eq!(BooleanKind::Registered.read(" true "), Some(true));
        assert_eq!(BooleanKind::Transport.read(" true "), Some(false));
    }

    #[test]
    fn keys_have_their_reader() {
        let kinds = [
            ("spark.authenticate", Some(BooleanKind::Registered)),
            ("spark.io.encryption.enabled", Some(BooleanKind::Registered)),
            ("spark.acls.enable", Some(BooleanKind::Registered)),
            (
                "spark.network.crypto.enabled",
                Some(BooleanKind::Registered),
            ),
            (
                "spark.network.crypto.saslFallback",
                Some(BooleanKind::Transport),
            ),
            (
                "spark.network.sasl.serverAlwaysEncrypt",
                Some(BooleanKind::Transport),
            ),
            (
                "spark.shuffle.io.preferDirectBufs",
                Some(BooleanKind::Transport),
            ),
            ("spark.ssl.enabled", Some(BooleanKind::Ssl)),
            (
                "spark.ssl.historyServer.needClientAuth",
                Some(BooleanKind::Ssl),
            ),
            ("spark.ssl.ui.keyStore", None),
            ("spark.ssl.mine.enabled", None),
            ("spark.redaction.regex", None),
        ];
        for (key, kind) in kinds {
            assert_eq!(boolean_kind(key), kind, "{key}");
        }
    }
}
