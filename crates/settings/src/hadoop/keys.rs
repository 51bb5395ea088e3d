//! Known keys and their defaults by release, keys that only code reads, deprecated names, near spellings.
//!
//! - `data/hadoop-keys.tsv`: every key of the `*-default.xml` files of [`RELEASES`], made by `cargo xtask key-tables`.
//!   For 3.3.4 the httpfs and router files are 3.3.0's, for 3.5.0 the kms, httpfs and router files the trunk's of December
//!   2024: the releases' own were not to be had. 2.10.2 takes 2.7.7's httpfs file, and the KMS of 2.x has no such file.
//! - `data/hadoop-code-keys.txt`: keys and families that code reads and no such file lists.
//! - `data/hadoop-security-keys.txt`: which of both decide about a protection.

mod aliases;

pub use aliases::{canonical, has_old_name};

use crate::known_keys::patterns::Patterns;
use crate::known_keys::spelling;
use crate::known_keys::table::{self, Line, Table};
use model::Release;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The releases the table knows, oldest first.
pub const RELEASES: [Release; 7] = [
    Release(2, 7, 7),
    Release(2, 10, 2),
    Release(3, 2, 0),
    Release(3, 3, 0),
    Release(3, 3, 4),
    Release(3, 4, 1),
    Release(3, 5, 0),
];

static TABLE: Table = Table {
    text: include_str!("../../data/hadoop-keys.tsv"),
    releases: &RELEASES,
};

static CODE_KEYS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("../../data/hadoop-code-keys.txt")));

static SECURITY_KEYS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("../../data/hadoop-security-keys.txt")));

/// What a misspelt key may stand for: the security keys that have a full name, sorted.
static SUGGESTIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let listed = all().map(|known| known.name);
    spelling::candidates(listed.chain(CODE_KEYS.names()), is_security_key)
});

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
    fn of(line: Line) -> KnownKey {
        KnownKey {
            name: line.name,
            file: line.mark,
            runs: line.runs,
        }
    }

    fn line(self) -> Line {
        Line {
            name: self.name,
            mark: self.file,
            runs: self.runs,
        }
    }

    /// Its default in a release; `None` if the release does not list it. Many keys are listed with an empty default.
    #[must_use]
    pub fn default(&self, release: Release) -> Option<&'static str> {
        TABLE.default(self.line(), release)
    }

    /// Whether a release lists it.
    #[must_use]
    pub fn listed_in(&self, release: Release) -> bool {
        TABLE.stated(self.line(), release).is_some()
    }

    /// The oldest release of the table that lists it.
    #[must_use]
    pub fn first(&self) -> Release {
        TABLE.first(self.line())
    }

    /// The newest release of the table that lists it.
    #[must_use]
    pub fn last(&self) -> Release {
        TABLE.last(self.line())
    }
}

/// The table's release that speaks for a release: of its own line if the table has one, else of its major version (3.1.1
/// takes 3.2.0), else of all; there the newest that is not newer, else the oldest.
#[must_use]
pub fn table_release(release: Release) -> Release {
    table::table_release(&RELEASES, release)
}

/// The lines of each name. Every read of a key asks for its defaults, so the names are hashed once Hadoop's files are there.
static BY_NAME: LazyLock<HashMap<&'static str, Vec<KnownKey>>> = LazyLock::new(|| {
    let mut by_name: HashMap<&'static str, Vec<KnownKey>> = HashMap::new();
    for known in all() {
        by_name.entry(known.name).or_default().push(known);
    }
    by_name
});

/// The key of a name in one `*-default.xml`. O(1).
#[must_use]
pub fn find_in(name: &str, file: &str) -> Option<KnownKey> {
    let lines = BY_NAME.get(name)?;
    lines.iter().find(|known| known.file == file).copied()
}

/// The key of a name, in the first `*-default.xml` that lists it. O(log keys).
#[must_use]
pub fn find(key: &str) -> Option<KnownKey> {
    TABLE.find_all(key).next().map(KnownKey::of)
}

/// Every key of the table, sorted by name.
pub fn all() -> impl Iterator<Item = KnownKey> {
    TABLE.lines().map(KnownKey::of)
}

/// Whether code reads this key though no `*-default.xml` lists it: Hadoop's own, or that of a connector or another product
/// which keeps its keys in Hadoop's files.
#[must_use]
pub fn is_read_by_code(key: &str) -> bool {
    CODE_KEYS.matches(key)
}

/// Whether anything is known to read this key: listed, read by code, or a deprecated name.
#[must_use]
pub fn is_known(key: &str) -> bool {
    find(key).is_some() || is_read_by_code(key) || aliases::is_deprecated(key)
}

/// Whether the key decides about a protection.
#[must_use]
pub fn is_security_key(key: &str) -> bool {
    SECURITY_KEYS.matches(key)
}

/// The security key that an unknown key most likely misspells; `None` for a known key and when two are equally near.
#[must_use]
pub fn nearest(key: &str) -> Option<&'static str> {
    if is_known(key) {
        return None;
    }
    spelling::nearest(key, SUGGESTIONS.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keys_are_not_listed_ones() {
        let listed: Vec<_> = CODE_KEYS
            .names()
            .filter(|name| find(name).is_some())
            .collect();
        assert!(listed.is_empty(), "{listed:?}");
    }

    #[test]
    fn every_security_pattern_is_about_real_keys() {
        let real: Vec<_> = all()
            .map(|known| known.name)
            .chain(CODE_KEYS.names())
            .collect();
        for pattern in SECURITY_KEYS.wild() {
            let root = pattern.split('*').next().unwrap();
            let families = CODE_KEYS.wild().iter().copied();
            assert!(
                real.iter()
                    .copied()
                    .chain(families)
                    .any(|key| key.starts_with(root)),
                "{pattern}"
            );
        }
        for name in SECURITY_KEYS.names() {
            assert!(is_known(name), "{name}");
        }
    }
}
