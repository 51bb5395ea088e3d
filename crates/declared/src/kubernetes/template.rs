//! Helm templates that nobody rendered: recognised, so that they are neither judged as they stand nor passed over.

use crate::reading::{Candidate, Reading};

/// Whether the text is a Go template of a chart.
pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    candidate.holds("{{")
        && [
            ".Values",
            ".Release",
            ".Chart",
            "include \"",
            "define \"",
            "template \"",
            ".Capabilities",
        ]
        .iter()
        .any(|word| in_action(candidate.text, word))
}

/// Whether `word` stands between `{{` and `}}`.
fn in_action(text: &str, word: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"{{").any(|start| {
        let action = text.get(start..).unwrap_or_default();
        let end = action.find("}}").unwrap_or(action.len());
        action
            .get(..end)
            .is_some_and(|action| action.contains(word))
    })
}

pub(super) fn read(_: &Candidate<'_>, reading: &mut Reading) {
    reading.skip("a Helm template that is not rendered; run `helm template` on its chart and give wardline the output");
}

/// Kustomizations inside other documents are data, not input.
pub(super) fn rendering_disabled(candidate: &Candidate<'_>) -> bool {
    candidate.parent.is_some()
}
