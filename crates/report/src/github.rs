//! Workflow commands of GitHub Actions: each finding becomes an annotation at its line.
//!
//! Syntax and escapes: GitHub Actions, "Workflow commands", and `actions/toolkit` packages/core/src/command.ts.

use crate::answer::Summary;
use crate::evidence::Evidence;
use audit::{Finding, Outcome};
use model::Severity;

/// Renders an outcome as workflow commands, the answer first. `root` stands before the paths, as in [`crate::sarif::render`].
#[must_use]
pub fn render(outcome: &Outcome, root: &str) -> String {
    let evidence = Evidence::rooted(outcome, root);
    let sentence = Summary::of(outcome).sentence(&evidence);
    let mut commands = format!("::notice title=wardline::{}\n", data(&sentence));
    for finding in &outcome.findings {
        commands.push_str(&annotation(&evidence, finding));
    }
    for input in outcome.not_examined.iter().filter(|input| input.is_error) {
        let path = property(&evidence.file(&input.path));
        let reason = data(&evidence.prose(&input.reason));
        let line = input.place.and_then(|place| evidence.locate(place));
        let line = line.map_or_else(String::new, |at| format!("line={},", at.start.line));
        commands.push_str(&format!(
            "::warning file={path},{line}title=not examined::{reason}\n"
        ));
    }
    commands
}

fn annotation(evidence: &Evidence<'_>, finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "notice",
    };
    let place = evidence.location(finding).map(|location| {
        let path = property(&evidence.file(&location.path));
        let (start, end) = (location.start, location.end);
        // Columns count only where the span stays on one line; the end column is inclusive.
        let columns = if start.line == end.line {
            format!(
                ",col={},endColumn={}",
                start.column,
                end.column.saturating_sub(1).max(start.column)
            )
        } else {
            String::new()
        };
        format!(
            "file={path},line={},endLine={}{columns},",
            start.line, end.line
        )
    });
    let title = format!("{} {}#{}", finding.severity, finding.control, finding.cause);
    let text = format!(
        "{}. Fix: {}",
        evidence.statement(finding),
        evidence.prose(&finding.remedy)
    );
    format!(
        "::{command} {}title={}::{}\n",
        place.unwrap_or_default(),
        property(&title),
        data(&text)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
