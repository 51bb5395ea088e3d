//! Other names of keys. A key that is not set takes the first of its other names that is set; unlike Hadoop's deprecated
//! names, another name never wins over the key itself.
//!
//! Source: `SparkConf.configsWithAlternatives` (3.3.4 to 4.3.0) and the registry's own alternatives.

use super::{all, find};
use model::Release;
use std::sync::LazyLock;

/// Other name and key, from `SparkConf`. Where a key has two, the code asks the last one here first.
const OF_SPARK_CONF: [(&str, &str); 5] = [
    (
        "spark.yarn.access.hadoopFileSystems",
        "spark.kerberos.access.hadoopFileSystems",
    ),
    (
        "spark.yarn.access.namenodes",
        "spark.kerberos.access.hadoopFileSystems",
    ),
    (
        "spark.yarn.kerberos.relogin.period",
        "spark.kerberos.relogin.period",
    ),
    ("spark.yarn.keytab", "spark.kerberos.keytab"),
    ("spark.yarn.principal", "spark.kerberos.principal"),
];

/// All other names with their keys, sorted by the other name.
static OTHER_NAMES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let of_registry = all().flat_map(|known| {
        let names = known.mark.split(' ').skip(1);
        names.map(move |name| (name, known.name))
    });
    let mut names: Vec<_> = of_registry.chain(OF_SPARK_CONF).collect();
    names.sort_unstable();
    names
});

/// Keys of 2.x that no release of the table reads, and what replaced them.
const RETIRED: [(&str, &str); 1] = [("spark.ui.acls.enable", "spark.acls.enable")];

/// The key that a name sets in a release: the key of another name, the replacement of a retired key in 2.x, or the name
/// itself.
#[must_use]
pub fn canonical(key: &str, release: Release) -> &str {
    if release < Release(3, 0, 0)
        && let Some(new) = replacement_of_retired(key)
    {
        return new;
    }
    match key_of(key) {
        // The registry's own alternatives appear with their key: before that, the other name was the key.
        Some(new) if find(new).is_some_and(|known| known.listed_in(release)) => new,
        _ => key,
    }
}

/// The other names of a key, in the order in which they are asked while the key is not set.
pub fn other_names(key: &str) -> impl Iterator<Item = &'static str> {
    let names = OTHER_NAMES.iter().rev();
    names
        .filter(move |(_, of)| *of == key)
        .map(|(name, _)| *name)
}

/// Whether the name is another name of a key.
pub(super) fn is_other_name(name: &str) -> bool {
    key_of(name).is_some()
}

/// What replaced a key that no release of the table reads any more.
pub(super) fn replacement_of_retired(key: &str) -> Option<&'static str> {
    let found = RETIRED.iter().find(|(old, _)| *old == key);
    found.map(|(_, new)| *new)
}

fn key_of(name: &str) -> Option<&'static str> {
    let found = OTHER_NAMES
        .binary_search_by_key(&name, |(other, _)| other)
        .ok()?;
    OTHER_NAMES.get(found).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spark::keys;

    #[test]
    fn every_other_name_is_of_one_known_key() {
        assert!(OTHER_NAMES.is_sorted_by(|left, right| left.0 < right.0));
        assert_eq!(OTHER_NAMES.len(), 26 + OF_SPARK_CONF.len());
        for (name, key) in OTHER_NAMES.iter() {
            assert!(find(key).is_some(), "{key}");
            assert!(other_names(key).any(|other| other == *name), "{name}");
            assert!(keys::is_known(name), "{name}");
        }
    }

    #[test]
    fn another_name_leads_to_its_key_where_that_exists() {
        let newest = Release(4, 3, 0);
        assert_eq!(
            canonical("spark.yarn.keytab", newest),
            "spark.kerberos.keytab"
        );
        let old = "spark.ui.jettyStopTimeout";
        assert_eq!(canonical(old, Release(4, 1, 1)), old);
        assert_eq!(canonical(old, newest), "spark.ui.jetty.stopTimeout");
        assert_eq!(
            canonical("spark.authenticate", newest),
            "spark.authenticate"
        );
        let names: Vec<_> = other_names("spark.kerberos.access.hadoopFileSystems").collect();
        assert_eq!(
            names,
            [
                "spark.yarn.access.namenodes",
                "spark.yarn.access.hadoopFileSystems"
            ]
        );
    }

    #[test]
    fn a_retired_key_counts_in_2_only() {
        let old = "spark.ui.acls.enable";
        assert_eq!(canonical(old, Release(2, 4, 8)), "spark.acls.enable");
        assert_eq!(canonical(old, Release(3, 5, 7)), old);
        assert_eq!(keys::nearest(old), Some("spark.acls.enable"));
    }
}
