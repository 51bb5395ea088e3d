//! Hadoop's table.

use super::json::{self, Value};
use super::{States, lines, one_line};
use model::SourceId;
use settings::hadoop::resource::{self, Item};
use std::collections::BTreeMap;

/// The releases of the table, as `settings::hadoop::keys::RELEASES`.
const RELEASES: [&str; 7] = [
    "2.7.7", "2.10.2", "3.2.0", "3.3.0", "3.3.4", "3.4.1", "3.5.0",
];
/// Files that client libraries do not hold: where a release's own file was not to be had, another's speaks for it.
const NOT_IN_CLIENT_LIBRARIES: [&str; 4] = ["hdfs", "hdfs-rbf", "httpfs", "kms"];
const TRUNK: &str = "3.5-trunk-2024-12";
/// 2.x has no kms-default.xml. These keys have a default in its code, that of 3.2.0 (`KMSConfiguration` of 2.7.7 and
/// 2.10.2); for the others a KMS of 2.x has none: it does not start without a provider and an authentication type.
const KMS_CONSTANTS_OF_2: [&str; 5] = [
    "hadoop.kms.audit.aggregation.window.ms",
    "hadoop.kms.cache.enable",
    "hadoop.kms.cache.timeout.ms",
    "hadoop.kms.current.key.cache.timeout.ms",
    "hadoop.kms.key.authorization.enable",
];

/// The `*-default.xml` of single releases: release and file to keys and values.
pub(super) type Files = BTreeMap<(String, String), BTreeMap<String, String>>;

/// The table of one flattened set of `*-default.xml`, and of files that take the place of what it says of their release.
pub(super) fn table(input: &str, files: &Files) -> Result<String, String> {
    let mut flattened: BTreeMap<(String, String), BTreeMap<String, Value>> = BTreeMap::new();
    for text in input.lines().filter(|line| !line.trim().is_empty()) {
        let mut members = json::object(text)?;
        let (Some(Value::Text(key)), Some(Value::Text(file)), Some(Value::Object(defaults))) = (
            members.remove("key"),
            members.remove("file"),
            members.remove("defaults"),
        ) else {
            return Err(format!("without key, file or defaults: {text}"));
        };
        if flattened.insert((key, file), defaults).is_some() {
            return Err(format!("twice: {text}"));
        }
    }
    for ((_, file), values) in files {
        for key in values.keys() {
            flattened.entry((key.clone(), file.clone())).or_default();
        }
    }
    let keys = flattened
        .into_iter()
        .map(|((key, file), defaults)| {
            let states = states(&key, &file, &defaults, files);
            ((key, file), states)
        })
        .collect();
    Ok(lines(&keys, &RELEASES))
}

fn states(key: &str, file: &str, defaults: &BTreeMap<String, Value>, files: &Files) -> States {
    let of_file = |release: &str| files.get(&(release.to_owned(), file.to_owned()));
    let own = |release: &str| match (of_file(release), defaults.get(release)) {
        (Some(values), _) => values.get(key).map(|value| format!("={}", one_line(value))),
        (None, Some(Value::Text(value))) => Some(format!("={}", one_line(value))),
        _ => None,
    };
    let in_no_library = NOT_IN_CLIENT_LIBRARIES.contains(&file);
    let state = |release: &&str| match *release {
        release if of_file(release).is_some() => own(release),
        "2.7.7" | "2.10.2" if KMS_CONSTANTS_OF_2.contains(&key) => own("3.2.0"),
        "2.10.2" => own("2.7.7"),
        "3.3.4" if in_no_library => own("3.3.0"),
        "3.5.0" if in_no_library => own(TRUNK),
        release => own(release),
    };
    RELEASES.iter().map(state).collect()
}

/// The keys of one `*-default.xml`; an element without a value is listed without one.
pub(super) fn defaults_file(text: &str) -> Result<BTreeMap<String, String>, String> {
    let document = resource::parse(SourceId(0), text)
        .map_err(|error| error.message.clone())?
        .ok_or("no <configuration>")?;
    let properties = document.items.into_iter().filter_map(|item| match item {
        Item::Property(property) => Some(property),
        Item::Include { .. } => None,
    });
    Ok(properties
        .map(|property| {
            let value = property.value.unwrap_or_default();
            (String::from(property.name), String::from(value))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_by_the_file_that_speaks_for_them() {
        let table = table(
            concat!(
                r#"{"defaults": {"3.3.0": "a", "3.4.1": "b", "3.5-trunk-2024-12": "c"}, "file": "hdfs", "key": "dfs.x"}"#,
                "\n",
                r#"{"defaults": {"3.3.0": "a", "3.5-trunk-2024-12": "c"}, "file": "core", "key": "a.x"}"#,
            ),
            &Files::new(),
        );
        assert_eq!(
            table.as_deref(),
            Ok("a.x\tcore\t3.3.0=a\ndfs.x\thdfs\t3.3.0-3.3.4=a\t3.4.1=b\t3.5.0-=c\n")
        );
    }

    #[test]
    fn a_release_of_its_own_speaks_for_itself() {
        let file = defaults_file(
            "<configuration><property><name>dfs.x</name><value>own</value></property>\
             <property><name>dfs.y</name><value/></property></configuration>",
        );
        let place = (String::from("3.3.4"), String::from("hdfs"));
        let files = Files::from([(place, file.unwrap())]);
        let input = r#"{"defaults": {"3.3.0": "a", "3.4.1": "a"}, "file": "hdfs", "key": "dfs.x"}"#;
        assert_eq!(
            table(input, &files).as_deref(),
            Ok("dfs.x\thdfs\t3.3.0=a\t3.3.4=own\t3.4.1=a\ndfs.y\thdfs\t3.3.4=\n")
        );
    }
}
