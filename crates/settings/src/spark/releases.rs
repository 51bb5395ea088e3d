//! Facts that differ between patch releases of one line, where the table of defaults is too coarse.
//!
//! Each fact was read in, or run with, single releases. For the releases between them the answer is
//! [`Known::NotLookedAt`], which makes a verdict unproven.

use model::Release;

/// A fact about a release, if somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It is so.
    Is(T),
    /// Nobody looked at this release, and its neighbours differ.
    NotLookedAt,
}

impl<T> Known<T> {
    /// The fact, if it is known.
    #[must_use]
    pub fn known(self) -> Option<T> {
        match self {
            Known::Is(fact) => Some(fact),
            Known::NotLookedAt => None,
        }
    }
}

/// The default of `spark.redaction.regex`. It learnt `credential` inside the lines 4.0 and 4.1.
/// Source: registries of 3.3.4, 3.4.4, 3.5.7, 4.0.5, 4.1.4, 4.2.1, 4.3.0; sources of 4.0.1 and 4.1.1.
#[must_use]
pub fn redaction_regex(release: Release) -> Known<&'static str> {
    const OLDEST: &str = "(?i)secret|password|token|access[.]key";
    const WITHOUT_CREDENTIAL: &str = "(?i)secret|password|token|access[.]?key";
    const NEWEST: &str = "(?i)secret|password|token|access[.]?key|credential";
    match release {
        Release(3, 3, 0..=4) => Known::Is(OLDEST),
        Release(3, 4, 4..) | Release(3, 5, _) => Known::Is(WITHOUT_CREDENTIAL),
        Release(4, 0, 0 | 1) | Release(4, 1, 0 | 1) => Known::Is(WITHOUT_CREDENTIAL),
        Release(4, 0, 5..) | Release(4, 1, 4..) | Release(4, 2, 1..) => Known::Is(NEWEST),
        Release(4, 3.., _) | Release(5.., ..) => Known::Is(NEWEST),
        _ => Known::NotLookedAt,
    }
}

/// The default of `spark.master.rest.enabled`. Source: registries of 3.3.4 to 4.3.0, source of 4.1.1.
#[must_use]
pub fn rest_enabled_by_default(release: Release) -> Known<bool> {
    match release {
        Release(4, 1, 0) => Known::NotLookedAt,
        release => Known::Is(release > Release(4, 1, 0)),
    }
}

/// Whether a standalone Master refuses to start when REST is on and `spark.authenticate.secret` is set (whatever
/// `spark.authenticate` says). The guard went with SPARK-57451.
/// Source: 3.3.4, 3.5.7, 4.0.1, 4.1.1 (yes); runs of 4.2.1 and 4.3.0 (no); between them nobody looked.
#[must_use]
pub fn rest_refuses_a_secret(release: Release) -> Known<bool> {
    match release {
        Release(3, 0..=4, _) | Release(3, 5, 0..=7) => Known::Is(true),
        Release(4, 0, 0 | 1) | Release(4, 1, 0 | 1) => Known::Is(true),
        Release(4, 2, 1..) | Release(4, 3.., _) | Release(5.., ..) => Known::Is(false),
        _ => Known::NotLookedAt,
    }
}

/// Whether the driver's file server asks for the login before it answers a stream request
/// (`AbstractAuthRpcHandler$AuthCheckingStreamManager`). Later releases need not have what earlier ones have.
/// Source: runs and jars of the releases named here.
#[must_use]
pub fn file_server_asks_for_login(release: Release) -> Known<bool> {
    match release {
        Release(4, 1, 4) | Release(4, 2, 1) => Known::Is(true),
        Release(3, 3, 4) | Release(3, 4, 4) | Release(3, 5, 7 | 9) => Known::Is(false),
        Release(4, 0, 5) | Release(4, 3, 0) => Known::Is(false),
        _ => Known::NotLookedAt,
    }
}

/// Whether `spark.network.crypto.cipher` may be `AES/GCM/NoPadding`. Source: CVE-2025-55039; classes of 3.3.4, 3.4.4,
/// 3.5.7, 4.0.1, 4.0.5.
#[must_use]
pub fn has_gcm_cipher(release: Release) -> bool {
    match release.line() {
        (3, 4) => release >= Release(3, 4, 4),
        (3, 5) => release >= Release(3, 5, 2),
        line => line >= (4, 0),
    }
}

/// Whether `spark.network.crypto.authEngineVersion` is read; its default is 1 wherever it is.
/// Source: classes of 3.3.4 (absent), 3.4.4, 3.5.7 and the lines 4.x.
#[must_use]
pub fn has_auth_engine_version(release: Release) -> Known<bool> {
    match release {
        Release(3, 4, 4..) | Release(3, 5, 7..) | Release(4.., ..) => Known::Is(true),
        Release(3, 4 | 5, _) => Known::NotLookedAt,
        release => Known::Is(release > Release(3, 4, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spark::keys;

    #[test]
    fn redaction_agrees_with_the_table_where_that_was_read() {
        let key = keys::find("spark.redaction.regex").unwrap();
        for release in keys::RELEASES {
            assert_eq!(
                redaction_regex(release).known(),
                key.default(release),
                "{release}"
            );
        }
        let without = |release| {
            !redaction_regex(release)
                .known()
                .unwrap()
                .contains("credential")
        };
        assert!(without(Release(4, 0, 1)) && without(Release(4, 1, 1)));
        for release in [(4, 0, 3), (4, 1, 2), (4, 2, 0), (3, 4, 1)] {
            let release = Release(release.0, release.1, release.2);
            assert_eq!(redaction_regex(release), Known::NotLookedAt, "{release}");
        }
    }

    #[test]
    fn rest_agrees_with_the_table_and_its_guard_goes() {
        let key = keys::find("spark.master.rest.enabled").unwrap();
        for release in keys::RELEASES {
            let on = key.default(release) == Some("true");
            assert_eq!(rest_enabled_by_default(release), Known::Is(on), "{release}");
        }
        assert_eq!(rest_enabled_by_default(Release(4, 1, 1)), Known::Is(true));
        assert_eq!(rest_refuses_a_secret(Release(4, 1, 1)), Known::Is(true));
        assert_eq!(rest_refuses_a_secret(Release(4, 1, 4)), Known::NotLookedAt);
        assert_eq!(rest_refuses_a_secret(Release(4, 2, 1)), Known::Is(false));
    }

    #[test]
    fn a_newer_release_may_lack_what_an_older_one_has() {
        assert_eq!(
            file_server_asks_for_login(Release(4, 2, 1)),
            Known::Is(true)
        );
        assert_eq!(
            file_server_asks_for_login(Release(4, 3, 0)),
            Known::Is(false)
        );
        assert_eq!(
            file_server_asks_for_login(Release(4, 3, 1)),
            Known::NotLookedAt
        );
    }

    #[test]
    fn ciphers_and_engines_came_with_patch_releases() {
        let gcm = [
            (3, 3, 4),
            (3, 4, 3),
            (3, 5, 1),
            (3, 4, 4),
            (3, 5, 2),
            (4, 0, 0),
        ];
        let gcm = gcm.map(|(major, minor, patch)| has_gcm_cipher(Release(major, minor, patch)));
        assert_eq!(gcm, [false, false, false, true, true, true]);
        assert_eq!(has_auth_engine_version(Release(3, 3, 4)), Known::Is(false));
        assert_eq!(
            has_auth_engine_version(Release(3, 5, 2)),
            Known::NotLookedAt
        );
        assert_eq!(has_auth_engine_version(Release(4, 0, 1)), Known::Is(true));
    }
}
