//! The words of a check, in lines of the terminal's width.

use super::INDENT;
use crate::escape;
use attest::{Check, Outcome, StepName};
use std::fmt::Write;

/// What was attested above what was declared, digit above digit: for measurements that differ. `None` for other checks.
pub(super) fn differing(step: StepName, check: &Check) -> Option<String> {
    const LONG: usize = 32;
    let is_measurement =
        |text: &str| text.len() >= LONG && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let declared: Vec<&str> = check.limit.split(", ").collect();
    let differs = check.outcome == Outcome::Fail
        && step == StepName::Identity
        && is_measurement(&check.value)
        && declared.iter().copied().all(is_measurement);
    differs.then(|| {
        let mut lines = format!("{:INDENT$}  attested {}\n", "", check.value);
        for (number, value) in declared.into_iter().enumerate() {
            let word = if number == 0 { "declared" } else { "      or" };
            let _ = writeln!(lines, "{:INDENT$}  {word} {value}", "");
        }
        lines
    })
}

/// A check in one sentence, with its values or without.
pub(super) fn sentence(check: &Check, has_values: bool) -> String {
    let mut text = escape::line(&check.what).into_owned();
    if !has_values {
        return text;
    }
    if !check.value.is_empty() {
        let _ = write!(text, ": {}", escape::line(&check.value));
    }
    if !check.limit.is_empty() && check.outcome != Outcome::Pass {
        let _ = write!(text, ", expected {}", escape::line(&check.limit));
    }
    text
}

/// A text in lines of the width, each indented. Words longer than a line (measurements) stand on one of their own.
pub(super) fn wrap(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(30);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
        .iter()
        .map(|line| format!("{:indent$}{line}", ""))
        .collect::<Vec<_>>()
        .join("\n")
}
