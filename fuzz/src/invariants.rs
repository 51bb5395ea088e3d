//! One function for each parser. Each panics when something does not hold.

use wardline_text::ini::{Relation, Setting};
use wardline_text::limits::MAX_DEPTH;
use wardline_text::shell::Assignment;
use wardline_text::yaml::{Stream, block_scalar_segments};
use wardline_text::{
    Node, Span, Style, SyntaxError, Value, decode, ini, properties, shell, unit, xml,
};

/// The text of a span; panics when there is none.
fn slice(text: &str, span: Span) -> &str {
    assert!(span.start <= span.end, "{span:?} is reversed");
    text.get(span.range())
        .unwrap_or_else(|| panic!("{span:?} is not in {text:?} or cuts a character"))
}

fn errors(text: &str, errors: &[SyntaxError]) {
    for error in errors {
        slice(text, error.span);
        assert!(!error.message.is_empty());
    }
}

/// Bytes become text of bounded length, or an error.
pub fn decode(bytes: &[u8]) {
    if let Ok(decoded) = decode::decode(bytes.to_vec()) {
        // A byte of Windows-1252 has at most three in UTF-8.
        assert!(decoded.text.len() <= 3 * bytes.len());
        if let decode::Encoding::SingleByte(first) = decoded.encoding {
            assert_eq!(slice(&decoded.text, first).chars().count(), 1);
            assert!(std::str::from_utf8(bytes).is_err());
        }
    }
    assert!(decode::text_before_nul(bytes).len() <= 3 * bytes.len());
}

/// YAML streams.
pub fn yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    stream(text, &wardline_text::yaml::parse(text));
}

/// JSON values in a row.
pub fn json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    stream(text, &wardline_text::json::parse(text));
}

fn stream(text: &str, stream: &Stream) {
    errors(text, &stream.errors);
    for document in &stream.documents {
        slice(text, document.span);
        errors(text, &document.strict);
        for comment in &document.comments {
            assert!(slice(text, *comment).starts_with('#'));
        }
        node(text, &document.root, 0);
    }
}

fn node(text: &str, of: &Node, depth: usize) {
    assert!(depth <= MAX_DEPTH + 1);
    let written = slice(text, of.span);
    match &of.value {
        Value::Scalar(scalar) => {
            let in_quotes = written.starts_with(['"', '\'']) && written.ends_with(['"', '\'']);
            // A tag makes a plain scalar a string, as quotes do.
            assert!(scalar.style != Style::Quoted || in_quotes || text.contains('!'));
            let map = block_scalar_segments(text, of);
            let length = scalar.text.len();
            let middle = scalar.text.floor_char_boundary(length / 2);
            for (start, end) in [(0, 0), (0, length), (middle, length), (length, length)] {
                slice(text, map.to_origin(Span::new(start, end)));
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| node(text, item, depth + 1)),
        Value::Mapping(entries) => {
            for entry in entries {
                node(text, &entry.key, depth + 1);
                node(text, &entry.value, depth + 1);
            }
        }
    }
}

/// XML documents.
pub fn xml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match xml::parse(text) {
        Ok(document) => {
            for node in document.descendants() {
                slice(text, node.range().into());
                if let Some(span) = xml::text_span(node) {
                    assert!(!slice(text, span).is_empty());
                }
            }
        }
        Err(error) => errors(text, &[error]),
    }
}

/// Java properties.
pub fn properties(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let parsed = properties::parse(text);
    errors(text, &parsed.errors);
    for entry in parsed.entries {
        let whole = slice(text, entry.span);
        let (key, value) = (slice(text, entry.key_span), slice(text, entry.value_span));
        assert!(whole.starts_with(key) && whole.len() >= key.len() + value.len());
        assert!(entry.key_span.end <= entry.value_span.start);
        assert!(entry.value_span.end <= entry.span.end);
    }
}

/// Profiles of Kerberos.
pub fn profile(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let parsed = ini::parse(text);
    errors(text, &parsed.errors);
    for directive in parsed.directives {
        assert_eq!(slice(text, directive.path_span), directive.path);
    }
    for section in parsed.sections {
        assert!(slice(text, section.span).starts_with('['));
        relations(text, &section.relations, 0);
    }
}

fn relations(text: &str, all: &[Relation], depth: usize) {
    assert!(depth <= MAX_DEPTH);
    for relation in all {
        assert_eq!(slice(text, relation.tag_span), relation.tag);
        slice(text, relation.span);
        match &relation.value {
            Setting::Text { span, .. } => assert!(!slice(text, *span).is_empty()),
            Setting::Group(inner) => relations(text, inner, depth + 1),
        }
    }
}

/// Shell scripts and environment files.
pub fn shell(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut previous = 0;
    for command in shell::commands(text) {
        slice(text, command.span);
        assert!(command.span.start >= previous, "commands are in order");
        previous = command.span.end;
        command.words.iter().for_each(|word| {
            slice(text, word.span);
        });
        for redirection in &command.redirections {
            slice(text, redirection.target.span);
            if let shell::RedirectionKind::HereDocument { body, .. } = redirection.kind {
                slice(text, body);
            }
        }
        assignments(text, &command.assignments);
    }
    for here in shell::here_documents(text) {
        slice(text, here.body);
        let (decoded, map) = here.decode(text);
        slice(text, map.to_origin(Span::new(0, decoded.len())));
    }
    assignments(text, &shell::env_file(text));
}

/// Units of systemd.
pub fn unit(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut previous = 0;
    for directive in unit::parse(text) {
        slice(text, directive.value);
        assert!(directive.value.start >= previous, "directives are in order");
        previous = directive.value.end;
        let mut end = directive.value.start;
        for word in unit::words(text, directive.value) {
            slice(text, word.span);
            assert!(word.span.start >= end && word.span.end <= directive.value.end);
            end = word.span.end;
        }
    }
}

fn assignments(text: &str, all: &[Assignment]) {
    for assignment in all {
        assert!(!assignment.name.is_empty());
        slice(text, assignment.value.span);
    }
}
