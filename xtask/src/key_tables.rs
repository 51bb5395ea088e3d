//! `cargo xtask key-tables --hadoop FILE [--defaults DIR] --spark DIR`: makes the tables of known keys in
//! `crates/settings/data`.
//!
//! Inputs, flattened from the products' own releases:
//! - `--hadoop FILE`: one JSON object of strings a line, one line for each key of a `*-default.xml`:
//!   `{"defaults": {"3.3.0": "false"}, "file": "hdfs", "key": "dfs.encrypt.data.transfer"}`. `file` is the name of the
//!   `*-default.xml` without its end, `defaults` has the releases whose file lists the key.
//! - `--defaults DIR`: `<release>/<file>-default.xml`, taken out of the release's own archives (hadoop-common, hadoop-hdfs,
//!   hadoop-hdfs-rbf, hadoop-kms, hadoop-yarn-common, hadoop-mapreduce-client-core). They take the place of what FILE says.
//! - `--spark DIR`: one `<release>.tsv` for each release, dumped from its registry of `ConfigEntry`: key, default, since,
//!   public, alternatives (`List(a, b)`), under a line of titles.
//!
//! The tables' form is described in `crates/settings/src/known_keys/table.rs`.

mod hadoop;
mod json;
mod spark;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Makes the tables whose inputs are named; says what was written.
pub(crate) fn run(words: &[&str]) -> Result<String, String> {
    let mut said = Vec::new();
    let (pairs, rest) = words.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return Err("key-tables wants --hadoop FILE and --spark DIR, or one of them".to_owned());
    }
    let given = |option: &str| {
        let pair = pairs.iter().find(|[name, _]| *name == option);
        pair.map(|[_, value]| Path::new(*value))
    };
    let defaults = given("--defaults").map_or(Ok(hadoop::Files::new()), files)?;
    for [option, value] in pairs {
        let path = Path::new(value);
        match *option {
            "--hadoop" => said.push(write(
                "hadoop-keys.tsv",
                &hadoop::table(&read(path)?, &defaults)?,
            )?),
            "--spark" => said.push(write("spark-keys.tsv", &spark::table(path)?)?),
            "--defaults" => {}
            other => return Err(format!("key-tables does not know {other}")),
        }
    }
    Ok(said.join("\n"))
}

/// The files of `<release>/<file>-default.xml` below a directory.
fn files(directory: &Path) -> Result<hadoop::Files, String> {
    let mut files = hadoop::Files::new();
    for release in entries(directory)? {
        for path in entries(&release)? {
            let name = |path: &Path| {
                let name = path.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            };
            if let Some(file) = name(&path).strip_suffix("-default.xml") {
                let keys = hadoop::defaults_file(&read(&path)?)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                files.insert((name(&release), file.to_owned()), keys);
            }
        }
    }
    Ok(files)
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("{}: {error}", directory.display());
    let found = fs::read_dir(directory).map_err(failed)?;
    found
        .map(|entry| entry.map(|entry| entry.path()).map_err(failed))
        .collect()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(name: &str, table: &str) -> Result<String, String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/settings/data")
        .join(name);
    fs::write(&path, table).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(format!(
        "{name}: {} keys, {} bytes",
        table.lines().count(),
        table.len()
    ))
}

/// What each release of a table states of one key: `None` where it does not list it.
type States = Vec<Option<String>>;

/// One line: consecutive releases that state the same become one run.
fn line(name: &str, mark: &str, releases: &[&str], states: &States) -> String {
    let mut line = format!("{name}\t{mark}");
    let mut start = 0;
    while let Some(state) = states.get(start) {
        let length = states
            .iter()
            .skip(start)
            .take_while(|other| *other == state)
            .count();
        if let Some(stated) = state {
            line.push('\t');
            line.push_str(&range(releases, start, start + length - 1));
            line.push_str(stated);
        }
        start += length;
    }
    line.push('\n');
    line
}

fn range(releases: &[&str], first: usize, last: usize) -> String {
    let name = |at: usize| releases.get(at).copied().unwrap_or_default();
    if last + 1 == releases.len() {
        format!("{}-", name(first))
    } else if first == last {
        name(first).to_owned()
    } else {
        format!("{}-{}", name(first), name(last))
    }
}

/// A value on one line. Values with line breaks are lists whose readers trim blanks, so one blank stands for them.
fn one_line(value: &str) -> String {
    if value.contains(['\n', '\t', '\r']) {
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        value.to_owned()
    }
}

/// The lines of a table, sorted by name and mark.
fn lines(keys: &BTreeMap<(String, String), States>, releases: &[&str]) -> String {
    keys.iter()
        .filter(|(_, states)| states.iter().any(Option::is_some))
        .map(|((name, mark), states)| line(name, mark, releases, states))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_neighbours_become_runs() {
        let states = [Some("=a"), Some("=a"), None, Some("=b"), Some("")];
        let states: States = states.map(|state| state.map(str::to_owned)).into();
        let releases = ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"];
        assert_eq!(
            line("k", "m", &releases, &states),
            "k\tm\t1.0.0-1.1.0=a\t1.3.0=b\t1.4.0-\n"
        );
    }

    #[test]
    fn line_breaks_do_not_survive() {
        assert_eq!(one_line("a,\n    b"), "a, b");
        assert_eq!(one_line(" "), " ");
    }
}
