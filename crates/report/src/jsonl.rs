//! The report as JSON lines: one self-contained object a line, told apart by `type`, for `jq`, `grep` and log collectors.
//!
//! The first line is the summary; then findings, accepted findings, verdicts, notes and inputs that were not examined, each
//! with the fields that the JSON document gives it.

use crate::evidence::Evidence;
use crate::json::{SCHEMA, compact, control, finding, not_examined, note, summary};
use audit::Outcome;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Line<T> {
    schema: &'static str,
    r#type: &'static str,
    #[serde(flatten)]
    fields: T,
}

/// Renders an outcome as JSON lines.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let evidence = Evidence::of(outcome);
    let mut lines = line("summary", summary(&evidence));
    lines.extend(
        outcome
            .findings
            .iter()
            .map(|one| line("finding", finding(&evidence, one))),
    );
    lines.extend(
        outcome
            .waived
            .iter()
            .map(|one| line("waived", finding(&evidence, one))),
    );
    lines.extend(
        outcome
            .judged
            .iter()
            .map(|one| line("control", control(&evidence, one))),
    );
    lines.extend(
        outcome
            .notes
            .iter()
            .map(|one| line("note", note(&evidence, one))),
    );
    lines.extend(
        outcome
            .not_examined
            .iter()
            .map(|one| line("not_examined", not_examined(&evidence, one))),
    );
    lines
}

fn line(r#type: &'static str, fields: impl Serialize) -> String {
    compact(&Line {
        schema: SCHEMA,
        r#type,
        fields,
    }) + "\n"
}
