//! XML with byte ranges, bounded. No document type is resolved, so no external entity is fetched and none expands.

use crate::limits::{MAX_DEPTH, MAX_NODES};
use crate::{Span, SyntaxError};
use roxmltree::{Error, ParsingOptions};

pub use roxmltree::{Document, Node as XmlNode};

/// Parses a document.
///
/// # Errors
/// The text is not well-formed, declares entities, or exceeds [`crate::limits`].
pub fn parse(text: &str) -> Result<Document<'_>, SyntaxError> {
    if let Some(offset) = too_deep(text) {
        return Err(SyntaxError::new(
            Span::at(offset),
            format!("elements nested deeper than {MAX_DEPTH} levels"),
        ));
    }
    if let Some(offset) = text.find("<!ENTITY") {
        let message =
            "entity declarations are not read: they can expand without bound or fetch other files";
        return Err(SyntaxError::new(
            Span::new(offset, offset + "<!ENTITY".len()),
            message,
        ));
    }
    let options = ParsingOptions {
        // A document type without entities is harmless; some tools write one.
        allow_dtd: true,
        nodes_limit: u32::try_from(MAX_NODES).unwrap_or(u32::MAX),
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| describe(text, &error))
}

fn describe(text: &str, error: &Error) -> SyntaxError {
    let position = error.pos();
    let offset = offset_of(text, position.row as usize, position.col as usize);
    let message = match error {
        Error::DtdDetected => String::from("a document type is not read"),
        Error::NodesLimitReached => format!("more than {MAX_NODES} nodes"),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            String::from("the document ends in the middle; it may be truncated")
        }
        other => without_position(&other.to_string()),
    };
    SyntaxError::new(Span::at(offset), format!("not XML: {message}"))
}

/// The library ends its messages with a position of its own; ours is added by the caller.
fn without_position(message: &str) -> String {
    match message.rsplit_once(" at ") {
        Some((before, position)) if position.bytes().all(|b| b.is_ascii_digit() || b == b':') => {
            before.to_owned()
        }
        _ => message.to_owned(),
    }
}

fn offset_of(text: &str, row: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(row.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = text.get(start..).unwrap_or_default();
    start
        + line
            .chars()
            .take(column.saturating_sub(1))
            .map(char::len_utf8)
            .sum::<usize>()
}

/// Where nesting exceeds the limit, counted without building a tree: the builder recurses.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0_usize);
    while let Some(found) = memchr::memchr(b'<', bytes.get(at..)?) {
        let start = at + found;
        let rest = bytes.get(start..)?;
        at = start + 1;
        if let Some(skip) = skipped(rest) {
            at = start + skip;
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
        } else {
            let end = memchr::memchr(b'>', rest)?;
            if rest.get(end.wrapping_sub(1)) != Some(&b'/') {
                depth += 1;
            }
            if depth > MAX_DEPTH {
                return Some(start);
            }
        }
    }
    None
}

/// The length of a comment, CDATA section, instruction or declaration, in which `<` nests nothing.
fn skipped(rest: &[u8]) -> Option<usize> {
    let until =
        |end: &[u8]| Some(memchr::memmem::find(rest, end).map_or(rest.len(), |at| at + end.len()));
    match rest {
        [b'<', b'!', b'-', b'-', ..] => until(b"-->"),
        [b'<', b'!', b'[', ..] => until(b"]]>"),
        [b'<', b'?', ..] => until(b"?>"),
        [b'<', b'!', ..] => until(b">"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_before_the_tree_is_built() {
        let error = parse(&"<a>".repeat(100_000)).unwrap_err();
        assert!(error.message.contains("deeper"), "{error}");
        let flat = format!(
            "<c>{}</c>",
            "<a><b/></a><!-- <x> --><![CDATA[<y>]]>".repeat(1000)
        );
        assert!(parse(&flat).is_ok());
    }

    #[test]
    fn entities_are_refused_and_a_plain_document_type_is_not() {
        let bomb = "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;\">]><a>&z;</a>";
        assert!(parse(bomb).unwrap_err().message.contains("entity"));
        let external = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        assert!(parse(external).is_err());
        assert!(parse("<!DOCTYPE configuration><configuration/>").is_ok());
    }

    #[test]
    fn errors_have_a_place() {
        let text = "<configuration>\n  <property>\n</configuration>";
        let error = parse(text).unwrap_err();
        assert!(
            error.span.range().start >= text.find("</conf").unwrap(),
            "{error}"
        );
        assert!(
            parse("<configuration><property>")
                .unwrap_err()
                .message
                .contains("truncated")
        );
    }
}
