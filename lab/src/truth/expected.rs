//! The answers that were measured and agreed on: `lab/truth/SERVICE.jsonl`, one object a line.

use super::Answer;
use crate::{LabError, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    release: String,
    profile: String,
    question: String,
    yes: bool,
}

/// The expected answer by question.
pub(super) type Expected = BTreeMap<String, bool>;

/// The answers expected of one release in one profile.
///
/// # Errors
///
/// When the file is there and can't be read.
pub(super) fn expected(
    root: &Path,
    service: &str,
    release: &str,
    profile: &str,
) -> Result<Expected> {
    Ok(read(&file(root, service))?
        .into_iter()
        .filter(|line| line.release == release && line.profile == profile)
        .map(|line| (line.question, line.yes))
        .collect())
}

/// Writes measured answers down as the expected ones, in place of those of the same release and profile.
///
/// # Errors
///
/// When the file can't be read or written.
pub fn write<'a>(
    root: &Path,
    service: &str,
    release: &str,
    profile: &str,
    answers: impl IntoIterator<Item = &'a Answer>,
) -> Result<()> {
    let file = file(root, service);
    let mut lines = read(&file)?;
    lines.retain(|line| line.release != release || line.profile != profile);
    lines.extend(answers.into_iter().map(|answer| Line {
        release: release.to_owned(),
        profile: profile.to_owned(),
        question: answer.question.id.to_owned(),
        yes: answer.yes,
    }));
    lines.sort_by(|a, b| {
        (&a.release, &a.profile, &a.question).cmp(&(&b.release, &b.profile, &b.question))
    });
    let mut text = String::new();
    for line in &lines {
        let json = serde_json::to_string(line).map_err(|error| LabError::at(&file, error))?;
        text += &json;
        text.push('\n');
    }
    fs::write(&file, text).map_err(|error| LabError::at(&file, error))
}

/// How measured answers differ from the expected ones, in words; empty when they don't.
#[must_use]
pub(super) fn differences(answers: &[&Answer], expected: &Expected) -> Vec<String> {
    let word = |yes: bool| if yes { "yes" } else { "no" };
    let mut differences = Vec::new();
    for answer in answers {
        let id = answer.question.id;
        match expected.get(id) {
            Some(yes) if *yes == answer.yes => {}
            Some(yes) => differences.push(format!(
                "{id}: measured {}, expected {}: {}",
                word(answer.yes),
                word(*yes),
                answer.evidence
            )),
            None => differences.push(format!("{id}: measured, but no answer is expected")),
        }
    }
    for id in expected.keys() {
        if !answers.iter().any(|answer| answer.question.id == id) {
            differences.push(format!("{id}: expected, but not measured"));
        }
    }
    differences
}

fn file(root: &Path, service: &str) -> PathBuf {
    root.join(format!("lab/truth/{service}.jsonl"))
}

fn read(file: &Path) -> Result<Vec<Line>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file).map_err(|error| LabError::at(file, error))?;
    text.lines()
        .map(|line| serde_json::from_str(line).map_err(|error| LabError::at(file, error)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::super::Question;
    use super::*;

    #[test]
    fn what_was_written_is_expected_and_every_difference_is_said() {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir_all(root.path().join("lab/truth")).expect("made");
        let question = |id| Question {
            id,
            asks: "?",
            causes: &[],
        };
        let before = [
            question("a").answered(true, ""),
            question("b").answered(false, ""),
        ];
        write(root.path(), "s", "1", "open", &before).expect("written");
        let expected = expected(root.path(), "s", "1", "open").expect("read");
        assert!(differences(&before.each_ref(), &expected).is_empty());

        let after = [
            question("a").answered(false, "refused"),
            question("c").answered(true, ""),
        ];
        assert_eq!(
            differences(&after.each_ref(), &expected),
            [
                "a: measured no, expected yes: refused",
                "c: measured, but no answer is expected",
                "b: expected, but not measured",
            ]
        );
    }
}
