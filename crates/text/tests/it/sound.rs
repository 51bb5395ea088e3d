//! What holds of every result, whatever the text: spans lie in it and cut no character, parts lie in their whole.
//!
//! The fuzz targets include this file: they assert the same of what they find.

use wardline_text::ini::{Relation, Setting};
use wardline_text::yaml::Stream;
use wardline_text::{Node, Span, SyntaxError, Value, decode, ini, json, properties, shell, xml};

fn within(text: &str, span: Span, what: &str) {
    assert!(span.start <= span.end, "{what}: {span:?} in {text:?}");
    assert!(
        text.get(span.range()).is_some(),
        "{what}: {span:?} in {text:?}"
    );
}

fn inside(outer: Span, inner: Span, what: &str) {
    assert!(
        outer.start <= inner.start && inner.end <= outer.end,
        "{what}: {inner:?} not in {outer:?}"
    );
}

fn errors(text: &str, errors: &[SyntaxError]) {
    for error in errors {
        within(text, error.span, &error.message);
        assert!(!error.message.is_empty());
    }
}

pub(crate) fn yaml(text: &str) {
    let stream = wardline_text::yaml::parse(text);
    stream_of(text, &stream);
    for document in &stream.documents {
        scalars(&document.root, &mut |node| {
            let decoded = node.text().unwrap_or_default();
            let map = wardline_text::yaml::block_scalar_segments(text, node);
            for (at, c) in decoded.char_indices() {
                let origin = map.to_origin(Span::new(at, at + c.len_utf8()));
                within(text, origin, "a segment");
                inside(node.span, origin, "a segment");
            }
        });
    }
}

pub(crate) fn json(text: &str) {
    stream_of(text, &json::parse(text));
}

fn stream_of(text: &str, stream: &Stream) {
    errors(text, &stream.errors);
    for document in &stream.documents {
        within(text, document.span, "a document");
        errors(text, &document.strict);
        node_of(text, &document.root);
        for comment in &document.comments {
            within(text, *comment, "a comment");
            assert!(
                text[comment.range()].starts_with('#'),
                "a comment: {:?}",
                &text[comment.range()]
            );
        }
        assert!(document.comments.is_sorted());
    }
}

fn node_of(text: &str, node: &Node) {
    within(text, node.span, "a node");
    node.items().iter().for_each(|item| node_of(text, item));
    for entry in node.entries() {
        node_of(text, &entry.key);
        node_of(text, &entry.value);
    }
}

/// Calls `visit` for every scalar that is a value.
pub(crate) fn scalars(node: &Node, visit: &mut impl FnMut(&Node)) {
    match &node.value {
        Value::Scalar(_) => visit(node),
        Value::Sequence(items) => items.iter().for_each(|item| scalars(item, visit)),
        Value::Mapping(entries) => entries
            .iter()
            .for_each(|entry| scalars(&entry.value, visit)),
    }
}

pub(crate) fn xml(text: &str) {
    match xml::parse(text) {
        Err(error) => errors(text, &[error]),
        Ok(document) => {
            for node in document.descendants() {
                within(text, Span::from(node.range()), "an element");
                if let Some(span) = xml::text_span(node) {
                    within(text, span, "a text");
                    inside(Span::from(node.range()), span, "a text");
                }
            }
        }
    }
}

pub(crate) fn properties(text: &str) {
    let properties = properties::parse(text);
    errors(text, &properties.errors);
    for entry in &properties.entries {
        for span in [entry.key_span, entry.value_span, entry.span] {
            within(text, span, "a property");
            inside(entry.span, span, "a property");
        }
        assert!(entry.key_span.end <= entry.value_span.start);
    }
    assert!(
        properties
            .entries
            .is_sorted_by(|one, next| one.span.end <= next.span.start)
    );
}

pub(crate) fn profile(text: &str) {
    let profile = ini::parse(text);
    errors(text, &profile.errors);
    for directive in &profile.directives {
        within(text, directive.path_span, "a directive");
        assert_eq!(directive.path, text[directive.path_span.range()]);
    }
    for section in &profile.sections {
        within(text, section.span, "a section's heading");
        assert!(text[section.span.range()].contains(&section.name));
        relations(text, None, &section.relations);
    }
    assert!(
        profile
            .sections
            .is_sorted_by(|one, next| one.span.end <= next.span.start)
    );
}

fn relations(text: &str, group: Option<Span>, all: &[Relation]) {
    assert!(all.is_sorted_by(|one, next| one.span.end <= next.span.start));
    for relation in all {
        within(text, relation.span, "a relation");
        if let Some(group) = group {
            inside(group, relation.span, "a relation");
        }
        inside(relation.span, relation.tag_span, "a tag");
        assert_eq!(relation.tag, text[relation.tag_span.range()]);
        match &relation.value {
            Setting::Text { span, .. } => {
                within(text, *span, "a value");
                inside(relation.span, *span, "a value");
            }
            Setting::Group(inner) => relations(text, Some(relation.span), inner),
        }
    }
}

pub(crate) fn shell(text: &str) {
    for command in shell::commands(text) {
        within(text, command.span, "a command");
        for word in &command.words {
            within(text, word.span, "a word");
            inside(command.span, word.span, "a word");
        }
        for assignment in &command.assignments {
            within(text, assignment.value.span, "an assigned value");
        }
    }
    for assignment in shell::env_file(text) {
        within(text, assignment.value.span, "a variable");
        assert_eq!(assignment.value.text, text[assignment.value.span.range()]);
    }
}

pub(crate) fn decode(bytes: &[u8]) {
    match decode::decode(bytes.to_vec()) {
        Ok(decoded) if !decoded.bom => assert_eq!(decoded.text.as_bytes(), bytes),
        Ok(decoded) => assert!(!decoded.text.starts_with('\u{feff}') || bytes.len() > 3),
        Err(decode::DecodeError::NotUtf8 { offset, line }) => {
            assert!(offset <= bytes.len() && line >= 1);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
