//! Runs every control over its fixture, `fixtures/<component>/<protection>.md`: documentation that is executed cannot lie.
//!
//! A fixture has one section a case, `## <name>`. A fenced block whose info string holds `file=<path>` is a file of the
//! case; the block `expect` holds the expected claims, one a line:
//!
//! ```text
//! exposed <cause> <severity> <file>:<line> [subject=<part of the subject>]
//! protected [subject=...]
//! unproven <words of the reason> [subject=...]
//! n/a <words of the reason> [subject=...]
//! ```
//!
//! `<file>:<line>` is the place of the primary witness, `-` where it has none. Every claim must be expected, and every
//! expectation must be met.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken fixture must fail loudly"
)]

use declared::{Input, Ties};
use model::{Claim, Claims, Control, Estate, Exposure, Subject};
use std::fmt::Write as _;
use std::path::Path;
use wardline_controls::CONTROLS;

struct Case {
    name: String,
    files: Vec<(String, String)>,
    expected: Vec<String>,
}

#[test]
fn fixtures_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let only = std::env::var("WARDLINE_CONTROL").ok();
    let mut failures = String::new();
    let mut cases_run = 0;
    for control in CONTROLS.iter().filter(|control| {
        only.as_deref()
            .is_none_or(|only| control.id.starts_with(only))
    }) {
        let path = root.join(format!("{}.md", control.id.replace('-', "_")));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let cases = cases(&text);
        let has = |word: &str| {
            cases
                .iter()
                .flat_map(|case| &case.expected)
                .any(|line| line.starts_with(word))
        };
        if !has("exposed") || !(has("protected") || has("unproven") || has("n/a")) {
            let _ = writeln!(
                failures,
                "{}: needs at least one good and one bad case",
                control.id
            );
        }
        for case in cases {
            cases_run += 1;
            for failure in run(control, &case) {
                let _ = writeln!(failures, "{} ## {}: {failure}", control.id, case.name);
            }
        }
    }
    assert!(cases_run > 0, "no case ran");
    assert!(failures.is_empty(), "\n{failures}");
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (Some((info, body)), Some("")) => {
                let case = cases.last_mut().expect("a block stands in a section");
                if info.as_str() == "expect" {
                    case.expected.extend(
                        body.lines()
                            .map(str::trim)
                            .filter(|line| !line.is_empty())
                            .map(str::to_owned),
                    );
                } else if let Some((_, file)) = info.split_once("file=") {
                    case.files
                        .push((file.trim().to_owned(), std::mem::take(body)));
                }
                block = None;
            }
            (None, Some(info)) => block = Some((info.to_owned(), String::new())),
            (Some((_, body)), _) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {
                if let Some(name) = line.strip_prefix("## ") {
                    cases.push(Case {
                        name: name.to_owned(),
                        files: Vec::new(),
                        expected: Vec::new(),
                    });
                }
            }
        }
    }
    cases
}

fn run(control: &Control, case: &Case) -> Vec<String> {
    let inputs = case
        .files
        .iter()
        .map(|(name, text)| Input::Bytes(name.clone(), text.clone().into_bytes()))
        .collect();
    let estate = declared::read(inputs, &Ties::default());
    let mut failures: Vec<String> = estate
        .not_examined
        .iter()
        .filter(|input| {
            !case
                .expected
                .iter()
                .any(|line| line.starts_with("not-examined ") && line.contains(&*input.path))
        })
        .map(|input| format!("{} was not examined: {}", input.path, input.reason))
        .collect();
    let mut claims = Claims::default();
    (control.settings)(&estate, &mut claims);
    let actual: Vec<String> = claims
        .into_inner()
        .iter()
        .flat_map(|(subject, claim)| lines(control, &estate, subject, claim))
        .collect();
    let expected: Vec<&String> = case
        .expected
        .iter()
        .filter(|line| !line.starts_with("not-examined "))
        .collect();
    failures.extend(
        actual
            .iter()
            .filter(|line| !expected.iter().any(|e| meets(line, e)))
            .map(|line| format!("unexpected: {line}")),
    );
    failures.extend(
        expected
            .iter()
            .filter(|e| !actual.iter().any(|line| meets(line, e)))
            .map(|line| format!("missing: {line}; got {actual:#?}")),
    );
    failures
}

fn lines(control: &Control, estate: &Estate, subject: &Subject, claim: &Claim) -> Vec<String> {
    match claim {
        Claim::Protected(_) => vec![format!("protected subject={subject}")],
        Claim::Unproven(reason, _) => vec![format!("unproven {reason} subject={subject}")],
        Claim::NotApplicable(reason) => vec![format!("n/a {reason} subject={subject}")],
        Claim::Exposed(exposures) => exposures
            .iter()
            .map(|exposure| {
                let cause = control
                    .meta
                    .cause(exposure.cause)
                    .unwrap_or_else(|| panic!("{} is no cause of {}", exposure.cause, control.id));
                let severity = exposure.severity.unwrap_or(cause.severity);
                format!(
                    "exposed {} {severity} {} subject={subject}",
                    exposure.cause,
                    place(estate, exposure)
                )
            })
            .collect(),
    }
}

fn place(estate: &Estate, exposure: &Exposure) -> String {
    let place = exposure.witnesses.first().and_then(model::Witness::place);
    match place.and_then(|place| estate.sources.locate(place)) {
        Some(location) => format!("{}:{}", location.path, location.start.line),
        None => String::from("-"),
    }
}

/// Whether a claim's line meets an expectation: same words, each part of the reason and of the subject found.
fn meets(actual: &str, expected: &str) -> bool {
    let (expected, subject) = expected.split_once(" subject=").unwrap_or((expected, ""));
    let (actual, actual_subject) = actual.rsplit_once(" subject=").unwrap_or((actual, ""));
    if !actual_subject.contains(subject) {
        return false;
    }
    match expected.split_once(' ') {
        Some((kind @ ("unproven" | "n/a"), words)) => {
            actual.starts_with(kind) && actual.contains(words)
        }
        _ if matches!(expected, "unproven" | "n/a") => actual.starts_with(expected),
        _ => actual == expected,
    }
}
