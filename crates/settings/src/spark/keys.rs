//! Known keys and their defaults by release, keys that only code reads, other names of keys, near spellings.
//!
//! - `data/spark-keys.tsv`: every key that the releases of [`RELEASES`] register, made by `cargo xtask key-tables`.
//! - `data/spark-code-keys.txt`: keys and families that code reads as plain text and does not register.
//! - `data/spark-security-keys.txt`: which of both decide about a protection.

mod alternatives;
mod booleans;

pub use alternatives::{canonical, other_names};
pub use booleans::{BooleanKind, boolean_kind};

use crate::hadoop;
use crate::known_keys::patterns::Patterns;
use crate::known_keys::spelling;
use crate::known_keys::table::{self, Line, Stated, Table};
use model::Release;
use std::sync::LazyLock;

/// The releases the table knows, oldest first.
pub const RELEASES: [Release; 7] = [
    Release(3, 3, 4),
    Release(3, 4, 4),
    Release(3, 5, 7),
    Release(4, 0, 5),
    Release(4, 1, 4),
    Release(4, 2, 1),
    Release(4, 3, 0),
];

static TABLE: Table = Table {
    text: include_str!("../../data/spark-keys.tsv"),
    releases: &RELEASES,
};

/// The mark of keys that no registry holds.
const CODE: &str = "code";

static CODE_KEYS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("../../data/spark-code-keys.txt")));

static SECURITY_KEYS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("../../data/spark-security-keys.txt")));

/// What a misspelt key may stand for: the security keys that have a full name, sorted.
static SUGGESTIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let registered = all().map(|known| known.name);
    spelling::candidates(registered.chain(CODE_KEYS.names()), is_security_key)
});

/// A key that Spark reads under exactly this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Its name.
    pub name: &'static str,
    /// `public` or `internal` and the other names that the registry gives it, or [`CODE`].
    mark: &'static str,
    runs: &'static str,
}

impl KnownKey {
    fn of(line: Line) -> KnownKey {
        KnownKey {
            name: line.name,
            mark: line.mark,
            runs: line.runs,
        }
    }

    fn line(self) -> Line {
        Line {
            name: self.name,
            mark: self.mark,
            runs: self.runs,
        }
    }

    /// Its default in a release; `None` if the release does not list it, lists it without one, or takes another key's
    /// value ([`KnownKey::falls_back_to`]).
    #[must_use]
    pub fn default(&self, release: Release) -> Option<&'static str> {
        TABLE.default(self.line(), release)
    }

    /// The key whose value it takes in a release while it is not set itself.
    #[must_use]
    pub fn falls_back_to(&self, release: Release) -> Option<&'static str> {
        match TABLE.stated(self.line(), release)? {
            Stated::SameAs(key) => Some(key),
            Stated::Nothing | Stated::Text(_) => None,
        }
    }

    /// Whether a release reads it.
    #[must_use]
    pub fn listed_in(&self, release: Release) -> bool {
        TABLE.stated(self.line(), release).is_some()
    }

    /// Whether Spark's registry holds it; the others are read as plain text.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.mark != CODE
    }

    /// Whether the registry shows it to users.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.mark.split(' ').next() == Some("public")
    }

    /// The oldest release of the table that reads it.
    #[must_use]
    pub fn first(&self) -> Release {
        TABLE.first(self.line())
    }

    /// The newest release of the table that reads it.
    #[must_use]
    pub fn last(&self) -> Release {
        TABLE.last(self.line())
    }
}

/// The table's release that speaks for a release: of its own line if the table has one (4.1.1 takes 4.1.4), else of its
/// major version, else of all; there the newest that is not newer, else the oldest. Facts that differ inside a line are in
/// [`super::release_facts`].
#[must_use]
pub fn table_release(release: Release) -> Release {
    table::table_release(&RELEASES, release)
}

/// The key of a name: registered, or read by code under exactly this name. O(log keys).
#[must_use]
pub fn find(key: &str) -> Option<KnownKey> {
    let registered = TABLE.find_all(key).next().map(KnownKey::of);
    registered.or_else(|| {
        let (name, runs) = CODE_KEYS.exact(key)?;
        let mark = CODE;
        Some(KnownKey { name, mark, runs })
    })
}

/// Every registered key, sorted by name.
pub fn all() -> impl Iterator<Item = KnownKey> {
    TABLE.lines().map(KnownKey::of)
}

/// Whether code reads this key though no registry holds it: Spark's own, or that of a product which keeps its keys in
/// Spark's configuration. Keys under `spark.hadoop.` belong to it; Hadoop's own lists know more of them.
#[must_use]
pub fn is_read_by_code(key: &str) -> bool {
    CODE_KEYS.matches(key)
}

/// Whether anything is known to read this key: registered, read by code, or another name of a key.
#[must_use]
pub fn is_known(key: &str) -> bool {
    find(key).is_some() || is_read_by_code(key) || alternatives::is_other_name(key)
}

/// Whether the key decides about a protection.
#[must_use]
pub fn is_security_key(key: &str) -> bool {
    match key.strip_prefix("spark.hadoop.") {
        Some(key) => hadoop::keys::is_security_key(key),
        None => SECURITY_KEYS.matches(key),
    }
}

/// The security key that an unknown key most likely misspells, or that replaced it; `None` for a known key and when two
/// are equally near. Below `spark.hadoop.` the answer is Hadoop's, without the prefix.
#[must_use]
pub fn nearest(key: &str) -> Option<&'static str> {
    if let Some(key) = key.strip_prefix("spark.hadoop.") {
        return hadoop::keys::nearest(key);
    }
    if is_known(key) || !key.contains('.') {
        return None;
    }
    alternatives::replacement_of_retired(key)
        .or_else(|| spelling::nearest(key, SUGGESTIONS.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keys_say_which_releases_read_them() {
        for name in CODE_KEYS.names() {
            assert!(
                TABLE.find_all(name).next().is_none(),
                "{name} is registered"
            );
            let known = find(name).unwrap();
            assert!(known.listed_in(known.first()), "{name} {}", known.runs);
            let fields = known.runs.split('\t').count();
            assert_eq!(TABLE.runs(known.runs).count(), fields, "{name}");
        }
    }

    #[test]
    fn every_security_pattern_is_about_real_keys() {
        let registered = all().map(|known| known.name);
        let real: Vec<_> = registered
            .chain(CODE_KEYS.names())
            .chain(CODE_KEYS.wild().iter().copied())
            .collect();
        for pattern in SECURITY_KEYS.wild() {
            let root = pattern.split('*').next().unwrap();
            assert!(real.iter().any(|key| key.starts_with(root)), "{pattern}");
        }
        for name in SECURITY_KEYS.names() {
            assert!(is_known(name), "{name}");
        }
    }
}
