//! Hadoop's table.

use super::json::{self, Value};
use super::{States, lines, one_line};
use std::collections::BTreeMap;

/// The releases of the table, as `settings::hadoop::keys::RELEASES`.
const RELEASES: [&str; 6] = ["2.7.7", "3.2.0", "3.3.0", "3.3.4", "3.4.1", "3.5.0"];
/// Files that no input of 3.3.4 holds; 3.3.0 speaks for it. For 3.5.0 the trunk of December 2024 speaks where its client
/// library holds no value.
const NOT_IN_CLIENT_LIBRARIES: [&str; 4] = ["hdfs", "hdfs-rbf", "httpfs", "kms"];
const TRUNK: &str = "3.5-trunk-2024-12";
/// 2.7 has no kms-default.xml. These keys have a default in its code, that of 3.2.0 (`KMSConfiguration` of 2.7.7); for
/// the others a KMS of 2.7 has none: it does not start without a provider and an authentication type.
const KMS_CONSTANTS_OF_2_7: [&str; 5] = [
    "hadoop.kms.audit.aggregation.window.ms",
    "hadoop.kms.cache.enable",
    "hadoop.kms.cache.timeout.ms",
    "hadoop.kms.current.key.cache.timeout.ms",
    "hadoop.kms.key.authorization.enable",
];

/// The table of one flattened set of `*-default.xml`.
pub(super) fn table(input: &str) -> Result<String, String> {
    let mut keys = BTreeMap::new();
    for text in input.lines().filter(|line| !line.trim().is_empty()) {
        let mut members = json::object(text)?;
        let (Some(Value::Text(key)), Some(Value::Text(file)), Some(Value::Object(defaults))) = (
            members.remove("key"),
            members.remove("file"),
            members.remove("defaults"),
        ) else {
            return Err(format!("without key, file or defaults: {text}"));
        };
        let states = states(&key, &file, &defaults);
        if keys.insert((key, file), states).is_some() {
            return Err(format!("twice: {text}"));
        }
    }
    Ok(lines(&keys, &RELEASES))
}

fn states(key: &str, file: &str, defaults: &BTreeMap<String, Value>) -> States {
    let own = |release: &str| match defaults.get(release) {
        Some(Value::Text(value)) => Some(format!("={}", one_line(value))),
        _ => None,
    };
    let in_no_library = NOT_IN_CLIENT_LIBRARIES.contains(&file);
    let state = |release: &&str| match *release {
        "2.7.7" if KMS_CONSTANTS_OF_2_7.contains(&key) => own("3.2.0"),
        "3.3.4" if in_no_library => own("3.3.0"),
        "3.5.0" if in_no_library => own(TRUNK),
        release => own(release),
    };
    RELEASES.iter().map(state).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_by_the_file_that_speaks_for_them() {
        let table = table(concat!(
            r#"{"defaults": {"3.3.0": "a", "3.4.1": "b", "3.5-trunk-2024-12": "c"}, "file": "hdfs", "key": "dfs.x"}"#,
            "\n",
            r#"{"defaults": {"3.3.0": "a", "3.5-trunk-2024-12": "c"}, "file": "core", "key": "a.x"}"#,
        ));
        assert_eq!(
            table.as_deref(),
            Ok("a.x\tcore\t3.3.0=a\ndfs.x\thdfs\t3.3.0-3.3.4=a\t3.4.1=b\t3.5.0-=c\n")
        );
    }
}
