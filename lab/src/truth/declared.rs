//! What `wardline check` says of the files of a deployment.

use super::Question;
use crate::{LabError, Result, command};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The program `wardline`.
#[derive(Clone, Debug)]
pub struct Wardline {
    program: PathBuf,
}

/// The verdicts on one tree, by control.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The verdict words per control.
    pub verdicts: BTreeMap<String, Vec<String>>,
    /// The causes that some control reports, as `control#cause`.
    pub causes: Vec<String>,
}

impl Wardline {
    /// The program of this workspace, built when it is not yet.
    ///
    /// # Errors
    ///
    /// When it can't be built.
    pub fn of_workspace(root: &Path) -> Result<Wardline> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build
            .args([
                "build",
                "--quiet",
                "--package",
                "wardline",
                "--message-format=json-render-diagnostics",
            ])
            .current_dir(root);
        let said = command::must("building wardline", &build, Duration::from_secs(1800))?;
        let program = said
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
            .next_back()
            .ok_or_else(|| LabError::failed("building wardline", "cargo names no program"))?;
        Ok(Wardline { program })
    }

    /// Judges a tree.
    ///
    /// # Errors
    ///
    /// When the program fails or does not answer with its JSON.
    pub fn check(&self, tree: &Path) -> Result<Declared> {
        self.report(tree).map(|report| Declared::of_report(&report))
    }

    /// Judges a tree, and hands out the whole report.
    ///
    /// # Errors
    ///
    /// When the program fails or does not answer with its JSON.
    pub fn report(&self, tree: &Path) -> Result<Value> {
        let out =
            tempfile::NamedTempFile::new().map_err(|error| LabError::failed("check", error))?;
        let mut check = Command::new(&self.program);
        check
            .args(["check", "--fail-on", "never", "-f", "json", "-o"])
            .arg(out.path())
            .arg(".")
            .current_dir(tree);
        let said = command::run("wardline check", &check, Duration::from_secs(60))?;
        let text = std::fs::read(out.path()).map_err(|error| LabError::failed("check", error))?;
        serde_json::from_slice(&text).map_err(|error| {
            LabError::failed("wardline check", format!("{error}; it said: {}", said.text))
        })
    }
}

impl Declared {
    /// Reads the JSON of a report.
    #[must_use]
    pub fn of_report(report: &Value) -> Declared {
        let mut declared = Declared::default();
        for judged in report["controls"].as_array().into_iter().flatten() {
            let control = judged["control"].as_str().unwrap_or_default();
            declared
                .verdicts
                .entry(control.to_owned())
                .or_default()
                .push(judged["verdict"].as_str().unwrap_or_default().to_owned());
            for claim in judged["claims"].as_array().into_iter().flatten() {
                for cause in claim["causes"].as_array().into_iter().flatten() {
                    let cause = cause.as_str().unwrap_or_default();
                    declared.causes.push(format!("{control}#{cause}"));
                }
            }
        }
        declared.causes.sort();
        declared.causes.dedup();
        declared
    }

    /// Which of the causes of a question are reported.
    #[must_use]
    pub fn reported(&self, question: Question) -> Vec<&str> {
        let names = |named: &&str, cause: &str| {
            *named == cause
                || cause
                    .split_once('#')
                    .is_some_and(|(control, _)| *named == control)
        };
        self.causes
            .iter()
            .map(String::as_str)
            .filter(|cause| question.causes.iter().any(|named| names(named, cause)))
            .collect()
    }

    /// The worst verdict that the controls of a question give, for showing: `exposed` before `unproven` before `protected`.
    #[must_use]
    pub fn verdict(&self, question: Question) -> &'static str {
        let given: Vec<&str> = question
            .causes
            .iter()
            .filter_map(|cause| cause.split('#').next())
            .filter_map(|control| self.verdicts.get(control))
            .flatten()
            .map(String::as_str)
            .collect();
        ["exposed", "unproven", "protected", "n/a"]
            .into_iter()
            .find(|word| given.contains(word))
            .unwrap_or("not judged")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    const QUESTION: Question = Question {
        id: "q",
        asks: "?",
        causes: &["hdfs/rpc-privacy#authentication-only", "kms/transport"],
    };

    fn report(control: &str, verdict: &str, cause: &str) -> Declared {
        Declared::of_report(&serde_json::json!({"controls": [
            {"control": control, "verdict": verdict, "claims": [{"causes": [cause]}]}
        ]}))
    }

    #[test]
    fn a_cause_is_named_in_full_or_by_its_control() {
        let other = report("hdfs/rpc-privacy", "exposed", "weaker-qop-accepted");
        assert!(other.reported(QUESTION).is_empty());
        let whole = report("kms/transport", "exposed", "http-scheme");
        assert_eq!(whole.reported(QUESTION), ["kms/transport#http-scheme"]);
        assert_eq!(whole.verdict(QUESTION), "exposed");
        assert_eq!(Declared::default().verdict(QUESTION), "not judged");
    }
}
