//! Spark's table.

use super::{States, lines, one_line, read};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The releases of the table, as `settings::spark::keys::RELEASES`.
const RELEASES: [&str; 7] = [
    "3.3.4", "3.4.4", "3.5.7", "4.0.5", "4.1.4", "4.2.1", "4.3.0",
];

#[derive(Default)]
struct Key {
    states: States,
    is_public: bool,
    alternatives: BTreeSet<String>,
}

/// The table of a folder of registry dumps.
pub(super) fn table(folder: &Path) -> Result<String, String> {
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    for (at, release) in RELEASES.iter().enumerate() {
        let dump = read(&folder.join(format!("{release}.tsv")))?;
        for text in dump.lines().skip(1) {
            add(&mut keys, at, text)?;
        }
    }
    let keys = keys
        .into_iter()
        .map(|(name, key)| ((name, mark(&key)), key.states))
        .collect();
    Ok(lines(&keys, &RELEASES))
}

fn add(keys: &mut BTreeMap<String, Key>, at: usize, text: &str) -> Result<(), String> {
    let fields: Vec<_> = text.split('\t').collect();
    let [name, default, _, public, alternatives] = *fields.as_slice() else {
        return Err(format!("not five columns: {text}"));
    };
    let key = keys.entry(name.to_owned()).or_default();
    key.states.resize(RELEASES.len(), None);
    if let Some(state) = key.states.get_mut(at) {
        *state = Some(state_of(default));
    }
    key.is_public |= public == "true";
    let names = alternatives
        .trim_start_matches("List(")
        .trim_end_matches(')');
    key.alternatives.extend(
        names
            .split(", ")
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
    );
    Ok(())
}

/// What `ConfigEntry.defaultValueString` prints.
fn state_of(default: &str) -> String {
    let other = default
        .strip_prefix("<value of ")
        .and_then(|rest| rest.strip_suffix('>'));
    match (default, other) {
        ("<undefined>", _) => String::new(),
        (_, Some(other)) => format!(">{other}"),
        _ => format!("={}", one_line(default)),
    }
}

/// `public` or `internal`, then the names that also set the key.
fn mark(key: &Key) -> String {
    let mark = if key.is_public { "public" } else { "internal" };
    let names = key.alternatives.iter().map(String::as_str);
    std::iter::once(mark)
        .chain(names)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_literal_absent_or_another_keys() {
        assert_eq!(state_of("<undefined>"), "");
        assert_eq!(state_of("<value of spark.a>"), ">spark.a");
        assert_eq!(state_of(""), "=");
        assert_eq!(state_of("false"), "=false");
    }

    #[test]
    fn a_key_keeps_its_other_names() {
        let mut keys = BTreeMap::new();
        add(
            &mut keys,
            1,
            "spark.x\t1\t1.0.0\ttrue\tList(spark.y, spark.z)",
        )
        .unwrap();
        let key = keys.remove("spark.x").unwrap();
        assert_eq!(mark(&key), "public spark.y spark.z");
        assert_eq!(key.states.iter().filter(|state| state.is_some()).count(), 1);
        assert!(add(&mut keys, 1, "spark.x\t1").is_err());
    }
}
