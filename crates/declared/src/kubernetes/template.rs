//! Helm templates that nobody rendered: recognised, so that they are neither judged as they stand nor passed over.

use crate::reading::{Candidate, Format, Reading};
use text::{Node, Span, Style, Value};

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

/// Whether the text is a Go template of a chart.
pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    names_a_chart(candidate.text) && !carries_templates(candidate)
}

/// Whether it is a manifest in which only the texts of objects are templates, such as those that Istio's injector reads from
/// a ConfigMap. Files in a chart's `templates` are templates whatever they hold.
fn carries_templates(candidate: &Candidate<'_>) -> bool {
    let in_chart = candidate
        .path
        .split('/')
        .any(|folder| folder == "templates");
    if in_chart || candidate.format != Format::Lines || !candidate.holds("apiVersion") {
        return false;
    }
    let stream = text::yaml::parse(candidate.text);
    if !stream.errors.is_empty() || stream.documents.is_empty() {
        return false;
    }
    let mut texts = Vec::new();
    for document in &stream.documents {
        texts.extend(document.comments.iter().copied());
        blocks(&document.root, &mut texts);
    }
    texts.sort_unstable();
    memchr::memmem::find_iter(candidate.text.as_bytes(), b"{{").all(|at| {
        let at = Span::at(at).start;
        let behind = texts.partition_point(|text| text.start <= at);
        behind
            .checked_sub(1)
            .and_then(|index| texts.get(index))
            .is_some_and(|text| at < text.end)
    })
}

/// The block scalars of a tree. Depth is bounded by the parser, so recursion is.
fn blocks(node: &Node, found: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(scalar) if scalar.style == Style::Block => found.push(node.span),
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| blocks(item, found)),
        Value::Mapping(entries) => entries.iter().for_each(|entry| blocks(&entry.value, found)),
    }
}

/// Whether some action, between `{{` and `}}`, says what only a chart's templates say. O(length): actions do not nest.
fn names_a_chart(text: &str) -> bool {
    let mut rest = text;
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

pub(super) fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    // A template in a ConfigMap is data of the program that fills it in.
    if candidate.parent.is_some() {
        return;
    }
    reading.skip("a Helm template that is not rendered; run `helm template` on its chart and give wardline the output");
}

/// Kustomizations inside other documents are data, not input.
pub(super) fn rendering_disabled(candidate: &Candidate<'_>) -> bool {
    candidate.parent.is_some()
}
