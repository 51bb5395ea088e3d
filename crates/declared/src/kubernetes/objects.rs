//! Documents into objects.

use super::images::images;
use crate::reading::Candidate;
use settings::kubernetes::object::{Object, Runs};
use text::yaml::Document;
use text::{Node, Span, SyntaxError, Value};

/// The template of a document rendered by Helm: the comment `# Source: chart/templates/x.yaml` before its content.
pub(super) fn helm_source(text: &str, document: &Document) -> Option<Box<str>> {
    document.comments.iter().find_map(|comment| {
        let source = text.get(comment.range())?.strip_prefix("# Source:")?;
        Some(source.trim().into())
    })
}

/// The objects of a document: one, or the items of a list.
pub(super) fn of_document(
    candidate: &Candidate<'_>,
    document: Document,
    template: Option<Box<str>>,
) -> Vec<Object> {
    let Document {
        root, span, strict, ..
    } = document;
    let is_list = root
        .get("kind")
        .and_then(Node::text)
        .is_some_and(|kind| kind.ends_with("List"))
        && root.get("items").is_some_and(Node::is_sequence);
    if !is_list {
        return object(candidate, root, span, strict, template)
            .into_iter()
            .collect();
    }
    items(root)
        .into_iter()
        .filter_map(|item| {
            let span = item.span;
            let strict = strict
                .iter()
                .filter(|error| span.contains(error.span.start))
                .cloned()
                .collect();
            object(candidate, item, span, strict, template.clone())
        })
        .collect()
}

fn items(root: Node) -> Vec<Node> {
    let Value::Mapping(entries) = root.value else {
        return Vec::new();
    };
    entries
        .into_iter()
        .rev()
        .find(|entry| entry.key.text() == Some("items"))
        .map(|entry| match entry.value.value {
            Value::Sequence(items) => items,
            Value::Scalar(_) | Value::Mapping(_) => Vec::new(),
        })
        .unwrap_or_default()
}

pub(super) fn object(
    candidate: &Candidate<'_>,
    root: Node,
    document: Span,
    strict: Vec<SyntaxError>,
    template: Option<Box<str>>,
) -> Option<Object> {
    let word = |path: &[&str]| root.at(path).and_then(Node::str).map(Box::<str>::from);
    let (api_version, kind) = (word(&["apiVersion"])?, word(&["kind"])?);
    let namespace = word(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty());
    let name = word(&["metadata", "name"])
        .or_else(|| word(&["metadata", "generateName"]))
        .unwrap_or_default();
    Some(Object {
        source: candidate.source,
        images: images(&root),
        root,
        document,
        api_version,
        kind,
        namespace,
        name,
        template,
        cluster: 0,
        strict,
        runs: Runs::Itself,
        is_patch: is_kind_patch(candidate),
    })
}

/// A configuration file without apiVersion and kind, under the names we give it.
pub(super) fn component_configuration(
    candidate: &Candidate<'_>,
    document: Document,
    api_version: &str,
    kind: &str,
) -> Object {
    Object {
        source: candidate.source,
        images: images(&document.root),
        root: document.root,
        document: document.span,
        api_version: api_version.into(),
        kind: kind.into(),
        namespace: None,
        name: candidate.file_name().into(),
        template: None,
        cluster: 0,
        strict: document.strict,
        runs: Runs::Itself,
        is_patch: is_kind_patch(candidate),
    }
}

/// Whether the text is a patch that a configuration of kind carries.
pub(super) fn is_kind_patch(candidate: &Candidate<'_>) -> bool {
    candidate.parent.is_some() && candidate.path.starts_with(super::embedded::KIND_PATCHES)
}
