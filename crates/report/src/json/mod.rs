//! The report for programs: one JSON document, version `wardline/v1`.
//!
//! `schema/wardline-v1.schema.json` describes it. Within a version fields are only added, never renamed or removed.
//! Values of secrets are replaced, and `redacted` says so.

mod convert;
pub(crate) mod document;

use crate::escape;
use crate::evidence::Evidence;
use audit::Outcome;
use serde::Serialize;

/// The version of the document.
pub(crate) const SCHEMA: &str = "wardline/v1";

/// Renders an outcome as one JSON document.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let evidence = Evidence::of(outcome);
    let mut json = pretty(&convert::document(&evidence));
    json.push('\n');
    json
}

/// The document of an outcome.
pub(crate) use convert::{control, document, finding, not_examined, note, summary};

/// JSON over several lines. Serialising to a string fails only for maps whose keys are no strings; there are none.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value)
        .map(escape::json)
        .unwrap_or_default()
}

/// JSON on one line.
pub(crate) fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .map(escape::json)
        .unwrap_or_default()
}
