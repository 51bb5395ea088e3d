//! Helm templates that nobody rendered: recognised, so that they are neither judged as they stand nor passed over.

use crate::reading::{Candidate, Reading};

/// What only a chart's own templates name.
const WORDS: [&str; 7] = [
    ".Values",
    ".Release",
    ".Chart",
    "include \"",
    "define \"",
    "template \"",
    ".Capabilities",
];

/// Whether the text is a Go template of a chart. O(length): actions do not nest.
pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    let mut rest = candidate.text;
    while let Some(start) = memchr::memmem::find(rest.as_bytes(), b"{{") {
        let from = rest.get(start + 2..).unwrap_or_default();
        let end = memchr::memmem::find(from.as_bytes(), b"}}");
        let (action, after) = match end {
            Some(end) => from.split_at_checked(end).unwrap_or((from, "")),
            None => (from, ""),
        };
        if WORDS.iter().any(|word| action.contains(word)) {
            return true;
        }
        rest = after;
    }
    false
}

pub(super) fn read(_: &Candidate<'_>, reading: &mut Reading) {
    reading.skip("a Helm template that is not rendered; run `helm template` on its chart and give wardline the output");
}

/// Kustomizations inside other documents are data, not input.
pub(super) fn rendering_disabled(candidate: &Candidate<'_>) -> bool {
    candidate.parent.is_some()
}
