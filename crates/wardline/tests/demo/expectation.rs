//! What the files of expectations say; their form is described in `demo/README.md`.

use crate::run::demo;
use serde_json::Value;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A finding, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) control: String,
    pub(crate) cause: String,
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) severity: String,
}

impl Finding {
    /// From a line of `meridian.expected.jsonl`.
    pub(crate) fn expected(value: &Value) -> Self {
        Finding {
            control: word(&value["control"]),
            cause: word(&value["cause"]),
            file: word(&value["file"]),
            line: value["line"].as_u64().expect("a line"),
            severity: word(&value["severity"]),
        }
    }

    /// From a finding of a report: it stands where its primary witness does.
    pub(crate) fn reported(value: &Value) -> Self {
        let primary = &value["witnesses"][0];
        Finding {
            control: word(&value["control"]),
            cause: word(&value["cause"]),
            file: primary["file"].as_str().unwrap_or("-").to_owned(),
            line: primary["line"].as_u64().unwrap_or(0),
            severity: word(&value["severity"]),
        }
    }

    /// The component part of the control: `hdfs`.
    pub(crate) fn family(&self) -> &str {
        self.control.split('/').next().unwrap_or_default()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            control,
            cause,
            file,
            line,
            severity,
        } = self;
        write!(f, "{control}#{cause} {severity} {file}:{line}")
    }
}

/// A tree that looks bad and is fine.
pub(crate) struct Silence {
    pub(crate) tree: String,
    silent: Vec<String>,
    max_severity: Vec<(String, String)>,
    modes: Vec<(String, u32)>,
}

impl Silence {
    /// From a line of `negatives.expected.jsonl`.
    pub(crate) fn expected(value: &Value) -> Self {
        let pairs = |name: &str| -> Vec<(String, String)> {
            let object = value[name].as_object();
            object
                .into_iter()
                .flatten()
                .map(|(key, value)| (key.clone(), word(value)))
                .collect()
        };
        let silent = value["silent"].as_array().expect("controls");
        Silence {
            tree: word(&value["tree"]),
            silent: silent.iter().map(word).collect(),
            max_severity: pairs("max_severity"),
            modes: pairs("modes")
                .into_iter()
                .map(|(path, mode)| (path, u32::from_str_radix(&mode, 8).expect("a mode")))
                .collect(),
        }
    }

    /// Whether the tree forbids a finding.
    pub(crate) fn is_false_alarm(&self, finding: &Finding) -> bool {
        let is_silent = self
            .silent
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => finding.control.starts_with(start),
                None => *pattern == finding.control,
            });
        let is_too_severe = self.max_severity.iter().any(|(control, most)| {
            *control == finding.control && rank(&finding.severity) > rank(most)
        });
        is_silent || is_too_severe
    }

    /// The tree, or a copy with the file modes that version control does not keep.
    pub(crate) fn prepared(&self) -> PathBuf {
        let tree = demo().join("negatives").join(&self.tree);
        if self.modes.is_empty() {
            return tree;
        }
        let copied = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&self.tree);
        let _ = fs::remove_dir_all(&copied);
        copy(&tree, &copied);
        for (path, mode) in &self.modes {
            set_mode(&copied.join(path), *mode);
        }
        copied
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn rank(severity: &str) -> usize {
    ["low", "medium", "high", "critical"]
        .iter()
        .position(|known| *known == severity)
        .unwrap_or_else(|| panic!("{severity} is no severity"))
}

fn word(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
