//! Known keys and defaults by release.

use model::Release;

/// A key of a `*-default.xml`.
pub struct KnownKey {
    /// Name.
    pub name: &'static str,
    /// Which `*-default.xml`: `core`, `hdfs`, ...
    pub file: &'static str,
}

impl KnownKey {
    /// Default.
    pub fn default(&self, _release: Release) -> Option<&'static str> {
        None
    }
}

/// Finds a key.
pub fn find(_key: &str) -> Option<KnownKey> {
    None
}

/// The current name of a deprecated key.
pub fn canonical(key: &str, _release: Release) -> &str {
    key
}
