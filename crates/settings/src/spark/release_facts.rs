//! What a Spark release can do, where one release line differs inside itself.

use model::Release;

/// Releases that are tried when none is known: each supported line, and each patch release that changed a rule inside it.
pub const CANDIDATES: [Release; 8] = [
    Release(3, 3, 4),
    Release(3, 4, 4),
    Release(3, 5, 1),
    Release(3, 5, 7),
    Release(4, 0, 1),
    Release(4, 1, 1),
    Release(4, 2, 1),
    Release(4, 3, 0),
];

/// Releases of Apache's operator that are tried when none is known: 0.8.0 began to add security properties.
pub const OPERATOR_CANDIDATES: [Release; 2] = [Release(0, 7, 0), Release(1, 0, 0)];

/// A fact that was looked up for some releases only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It is known.
    Yes(T),
    /// Nobody looked at this release.
    Unknown,
}

/// Whether the release has AES/GCM/NoPadding for network encryption. Class `GcmTransportCipher`: absent in 3.3.4, 3.5.0 and
/// 3.5.1; present from 3.4.4, 3.5.2 and 4.0.0 on.
#[must_use]
pub fn has_gcm(release: Release) -> bool {
    match release.line() {
        (3, 4) => release >= Release(3, 4, 4),
        (3, 5) => release >= Release(3, 5, 2),
        line => line >= (4, 0),
    }
}

/// Whether the release's AES/GCM/NoPadding delivers every message. SPARK-56227: before, a channel that carries several messages at
/// once loses some, without an error: a Worker of 3.5.7 never registers with its Master (seen). `GcmTransportCipher` holds the fix
/// in 3.5.9, 4.0.4, 4.1.3 and 4.2.0 and lacks it in 3.4.4, 3.5.2, 3.5.7, 3.5.8, 4.0.0 to 4.0.2 and 4.1.0 to 4.1.2 (classes looked
/// at); 4.0.3 is older than the fix. Nothing travels in clear meanwhile.
#[must_use]
pub fn gcm_delivers(release: Release) -> bool {
    match release.line() {
        (3, 5) => release >= Release(3, 5, 9),
        (4, 0) => release >= Release(4, 0, 4),
        (4, 1) => release >= Release(4, 1, 3),
        line => line >= (4, 2),
    }
}

/// Whether `spark.network.crypto.authEngineVersion` is read; its default is 1 wherever it is. Absent in 3.3.4, present in
/// 3.4.4, 3.5.7 and 4.x; the releases between were not looked at.
#[must_use]
pub fn has_auth_engine_version(release: Release) -> Known<bool> {
    match release {
        Release(3, 4, 4..) | Release(3, 5, 7..) | Release(4.., ..) => Known::Yes(true),
        Release(3, 4 | 5, _) => Known::Unknown,
        _ => Known::Yes(false),
    }
}

/// Whether `spark.ssl.rpc` exists (`TransportConf`, from 4.0).
#[must_use]
pub fn has_rpc_tls(release: Release) -> bool {
    release >= Release(4, 0, 0)
}

/// Whether a Master refuses to start with REST on and `spark.authenticate.secret` set. The guard went with SPARK-57451;
/// 4.1.2 to 4.2.0 were not looked at.
#[must_use]
pub fn guards_rest(release: Release) -> Known<bool> {
    if release <= Release(4, 1, 1) {
        Known::Yes(true)
    } else if release >= Release(4, 2, 1) {
        Known::Yes(false)
    } else {
        Known::Unknown
    }
}

/// The default of `spark.redaction.regex` by patch release.
#[must_use]
pub fn redaction_regex(release: Release) -> Known<&'static str> {
    const WITH_CREDENTIAL: &str = "(?i)secret|password|token|access[.]?key|credential";
    const WITHOUT: &str = "(?i)secret|password|token|access[.]?key";
    const STRICT_DOT: &str = "(?i)secret|password|token|access[.]key";
    Known::Yes(match release {
        Release(..=3, ..=3, _) | Release(..=2, ..) => STRICT_DOT,
        Release(3, ..) | Release(4, 0 | 1, 0..=1) => WITHOUT,
        Release(4, 0, 2..=4) | Release(4, 1, 2..=3) | Release(4, 2, 0) => return Known::Unknown,
        _ => WITH_CREDENTIAL,
    })
}

/// Whether the driver's file server refuses streams before authentication. Not monotonic: 4.1.4 and 4.2.1 refuse, 4.3.0 does
/// not (class `AuthCheckingStreamManager`).
#[must_use]
pub fn checks_streams(release: Release) -> Known<bool> {
    match release {
        Release(4, 1, 4) | Release(4, 2, 1) => Known::Yes(true),
        Release(3, 3, 4)
        | Release(3, 4, 4)
        | Release(3, 5, 7)
        | Release(3, 5, 9)
        | Release(4, 0, 5)
        | Release(4, 3, 0) => Known::Yes(false),
        _ => Known::Unknown,
    }
}

/// Whether the History Server can be made to run code by an event log (CVE-2025-54920, fixed in 3.5.7 and 4.0.1).
#[must_use]
pub fn trusts_event_logs(release: Release) -> bool {
    release < Release(3, 5, 7) || release == Release(4, 0, 0)
}

/// The Hadoop client that a Spark release brings along (`hadoop.version` of its build), which decides the SDK line of S3A.
#[must_use]
pub fn bundled_hadoop(release: Release) -> Release {
    match release.line() {
        (3, 4 | 5) => Release(3, 3, 4),
        (3, 3) => Release(3, 3, 2),
        (3, 2) => Release(3, 3, 1),
        line if line < (3, 2) => Release(3, 2, 0),
        (4, 0) => Release(3, 4, 1),
        _ => Release(3, 4, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spark::keys;

    #[test]
    fn patch_releases_decide() {
        assert!(
            !has_gcm(Release(3, 5, 1)) && has_gcm(Release(3, 5, 2)) && has_gcm(Release(3, 4, 4))
        );
        assert!(
            !has_gcm(Release(3, 4, 3)) && !has_gcm(Release(3, 3, 4)) && has_gcm(Release(4, 0, 0))
        );
        assert!(!gcm_delivers(Release(3, 5, 8)) && gcm_delivers(Release(3, 5, 9)));
        assert!(!gcm_delivers(Release(3, 4, 4)) && !gcm_delivers(Release(4, 1, 2)));
        assert!(gcm_delivers(Release(4, 1, 4)) && gcm_delivers(Release(4, 3, 0)));
        assert_eq!(guards_rest(Release(4, 1, 1)), Known::Yes(true));
        assert_eq!(guards_rest(Release(4, 1, 3)), Known::Unknown);
        assert_eq!(guards_rest(Release(4, 3, 0)), Known::Yes(false));
        assert!(trusts_event_logs(Release(3, 5, 6)) && !trusts_event_logs(Release(3, 5, 7)));
        assert!(trusts_event_logs(Release(4, 0, 0)) && !trusts_event_logs(Release(4, 0, 1)));
    }

    #[test]
    fn the_facts_agree_with_the_table_where_that_was_read() {
        let regex = keys::find("spark.redaction.regex").unwrap();
        let version = keys::find("spark.network.crypto.authEngineVersion").unwrap();
        for release in keys::RELEASES {
            let default = regex.default(release).unwrap();
            assert_eq!(redaction_regex(release), Known::Yes(default), "{release}");
            let read = version.listed_in(release);
            assert_eq!(
                has_auth_engine_version(release),
                Known::Yes(read),
                "{release}"
            );
        }
        assert_eq!(has_auth_engine_version(Release(3, 5, 2)), Known::Unknown);
    }

    #[test]
    fn the_redaction_default_grew_twice() {
        let of = |release| match redaction_regex(release) {
            Known::Yes(regex) => regex,
            Known::Unknown => "",
        };
        assert!(of(Release(3, 3, 4)).contains("access[.]key"));
        assert!(of(Release(3, 5, 1)).ends_with("access[.]?key"));
        assert!(of(Release(4, 1, 1)).ends_with("access[.]?key"));
        assert!(of(Release(4, 1, 4)).ends_with("credential"));
        assert_eq!(redaction_regex(Release(4, 2, 0)), Known::Unknown);
        assert!(of(Release(4, 3, 0)).ends_with("credential"));
    }
}
