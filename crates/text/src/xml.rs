//! XML with byte ranges, bounded. No document type is resolved, so no external entity is fetched and none expands.

mod guard;

use crate::limits::MAX_NODES;
use crate::{Span, SyntaxError};
use roxmltree::{Error, ParsingOptions};

pub use roxmltree::{Document, Node as XmlNode};

/// Parses a document. O(length).
///
/// # Errors
/// The text is not well-formed, declares entities, or exceeds [`crate::limits`].
pub fn parse(text: &str) -> Result<Document<'_>, SyntaxError> {
    guard::check(text)?;
    let options = ParsingOptions {
        // A document type without declarations is harmless; some tools write one.
        allow_dtd: true,
        nodes_limit: u32::try_from(MAX_NODES).unwrap_or(u32::MAX),
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| describe(text, &error))
}

/// The bytes of an element's text as written, entities, CDATA markers and comments between included; `None` for an
/// element without text, such as `<value/>`.
#[must_use]
pub fn text_span(node: XmlNode<'_, '_>) -> Option<Span> {
    let mut texts = node.children().filter(XmlNode::is_text);
    let first = texts.next()?.range();
    let last = texts.next_back().map_or(first.end, |last| last.range().end);
    Some(Span::new(first.start, last))
}

/// Names an error without quoting the text, which may be secret.
fn describe(text: &str, error: &Error) -> SyntaxError {
    let message = match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            let message = "not XML: the document ends in the middle; it may be truncated";
            return SyntaxError::new(Span::at(text.len()), message);
        }
        Error::NodesLimitReached => format!("more than {MAX_NODES} nodes"),
        Error::UnexpectedCloseTag(..) => "an end tag that closes another element".into(),
        Error::DuplicatedAttribute(..) => "an attribute that is already given".into(),
        Error::DuplicatedNamespace(..) => "a namespace prefix that is already declared".into(),
        Error::UnknownNamespace(..) => "a namespace prefix that is not declared".into(),
        Error::UnknownEntityReference(..) => "an entity that XML does not define".into(),
        Error::NonXmlChar(..) => "a character that XML does not allow".into(),
        Error::InvalidChar(expected, ..) => format!("expected `{}`", char::from(*expected)),
        Error::InvalidChar2(expected, ..) => format!("expected {expected}"),
        other => without_position(&other.to_string()),
    };
    let position = error.pos();
    let offset = offset_of(text, position.row as usize, position.col as usize);
    SyntaxError::new(Span::at(offset), format!("not XML: {message}"))
}

/// The library puts a position of its own into its messages; ours is added by the caller.
fn without_position(message: &str) -> String {
    let words = message.split(' ').collect::<Vec<_>>();
    let is_position = |word: &str| {
        word.contains(':')
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b':' | b','))
    };
    match words.iter().position(|word| is_position(word)) {
        Some(at) => [
            words.get(..at.saturating_sub(1)).unwrap_or_default(),
            words.get(at + 1..).unwrap_or_default(),
        ]
        .concat()
        .join(" "),
        None => message.to_owned(),
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
    fn markup_in_quotes_and_comments_hides_nothing() {
        for tag in ["<a b=\"/>\">", "<a b='>'>", "<!--<a>--><a>", "<?p <?><a>"] {
            let error = parse(&tag.repeat(1000)).unwrap_err();
            assert!(error.message.contains("deeper"), "{tag}: {error}");
        }
        let text = "<a><!-- <!ENTITY x \"y\"> --><![CDATA[<!DOCTYPE b [<!ENTITY]]></a>";
        assert!(parse(text).is_ok());
        assert!(parse("<!DOCTYPE a SYSTEM '<!--'[<!ENTITY x 'y'>]><a>&x;</a>").is_err());
        assert!(parse("<!DOCTYPE a PUBLIC \"-//[\" 'a.dtd'><a/>").is_ok());
    }

    #[test]
    fn elements_cost_linear_time() {
        let attributes: String = (0..100).map(|i| format!(" a{i}=''")).collect();
        assert!(
            parse(&format!("<a{attributes}/>"))
                .unwrap_err()
                .message
                .contains("attributes")
        );
        let nested: String = (0..100).map(|i| format!("<a xmlns:n{i}='u'>")).collect();
        assert!(parse(&nested).unwrap_err().message.contains("namespaces"));
        let siblings = format!("<r>{}</r>", "<a xmlns:n='u'></a>".repeat(100));
        assert!(parse(&siblings).is_ok());
        assert!(parse(&("<".repeat(1_000_000) + "/>")).is_err());
    }

    #[test]
    fn text_spans_are_as_written() {
        let text = "<p><v>a &amp; b</v><v><![CDATA[<x>]]></v><v>a<!-- c -->b</v><v/></p>";
        let document = parse(text).unwrap();
        let spans: Vec<_> = document
            .root_element()
            .children()
            .map(|v| text_span(v).map(|span| &text[span.range()]))
            .collect();
        assert_eq!(
            spans,
            [
                Some("a &amp; b"),
                Some("<![CDATA[<x>]]>"),
                Some("a<!-- c -->b"),
                None
            ]
        );
    }

    #[test]
    fn messages_quote_nothing() {
        for text in [
            "<a><secret></a>",
            "<a secret='1' secret='2'/>",
            "<a>&secret;</a>",
            "<secret:a/>",
            "<a>\u{1}</a>",
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                !error.message.contains("secret") && !error.message.contains("1:"),
                "{error}"
            );
        }
        assert_eq!(
            parse("<a><!-- x -- y --></a>").unwrap_err().message,
            "not XML: comment contains '--'"
        );
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
