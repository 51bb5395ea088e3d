//! Runs the binary over a tree.

use crate::expectation::Finding;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the reference deployments.
pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

/// The objects of a file of expectations.
pub(crate) fn lines(name: &str) -> Vec<Value> {
    let path = demo().join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}

/// What `wardline check -f json` reports on a tree.
pub(crate) fn check(tree: &Path) -> Vec<Finding> {
    assert!(tree.is_dir(), "{} is missing", tree.display());
    let output = Command::new(env!("CARGO_BIN_EXE_wardline"))
        .args(["check", ".", "-f", "json"])
        .current_dir(tree)
        .output()
        .expect("wardline runs");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{}: {error}\n{}",
            tree.display(),
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let findings: Vec<Finding> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(Finding::reported)
        .collect();
    // A finding below the threshold does not fail the run.
    let fails = findings
        .iter()
        .any(|finding| matches!(&*finding.severity, "critical" | "high"));
    assert_eq!(
        output.status.code(),
        Some(i32::from(fails)),
        "{}: {}",
        tree.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    findings
}
