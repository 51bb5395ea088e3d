//! The report for GitLab's merge request widget: a Code Quality document, an array of issues.
//!
//! Source: GitLab, "Code Quality", section "Import Code Quality results from a CI/CD job": `description`, `check_name`,
//! `fingerprint`, `location.path` (relative to the repository, without `./`), `location.lines.begin` and `severity` (info,
//! minor, major, critical, blocker) are required. GitLab tells issues of two runs apart by the fingerprint.

use crate::evidence::Evidence;
use crate::fingerprint::Fingerprints;
use crate::json;
use audit::{Finding, Outcome};
use model::{NotExamined, Severity};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: u32,
}

/// Renders an outcome as a Code Quality document. `root` stands before the paths, as in [`crate::sarif::render`].
#[must_use]
pub fn render(outcome: &Outcome, root: &str) -> String {
    let evidence = Evidence::rooted(outcome, root);
    let mut fingerprints = Fingerprints::default();
    let mut issues: Vec<Issue> = outcome
        .findings
        .iter()
        .map(|finding| {
            let fingerprint = fingerprints.of(&evidence, finding);
            issue(&evidence, finding, fingerprint)
        })
        .collect();
    let unread = outcome.not_examined.iter().filter(|input| input.is_error);
    issues.extend(unread.map(|input| unexamined(&evidence, input)));
    json::pretty(&issues) + "\n"
}

fn issue(evidence: &Evidence<'_>, finding: &Finding, fingerprint: String) -> Issue {
    let location = evidence.location(finding);
    let path = location.as_ref().map(|at| evidence.file(&at.path));
    Issue {
        description: format!(
            "{}. Fix: {}",
            evidence.statement(finding),
            evidence.prose(&finding.remedy)
        ),
        check_name: format!("{}#{}", finding.control, finding.cause),
        fingerprint,
        severity: match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
        },
        location: Location {
            path: path.unwrap_or_else(|| ".".to_owned()),
            lines: Lines {
                begin: location.map_or(1, |at| at.start.line),
            },
        },
    }
}

/// What could not be read could not be judged, and the widget would look clean without it.
fn unexamined(evidence: &Evidence<'_>, input: &NotExamined) -> Issue {
    let line = input.place.and_then(|place| evidence.locate(place));
    let path = evidence.file(&input.path);
    let reason = evidence.prose(&input.reason);
    Issue {
        fingerprint: format!("not-examined:{path}:{reason}"),
        description: format!("not examined: {reason}"),
        check_name: "not-examined".to_owned(),
        severity: "major",
        location: Location {
            path,
            lines: Lines {
                begin: line.map_or(1, |at| at.start.line),
            },
        },
    }
}
