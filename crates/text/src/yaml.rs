//! YAML streams with exact byte spans.
//!
//! Built on granit-parser's events: aliases and merge keys are resolved here, bounded; a broken document does not hide the
//! ones after it.

mod anchor;
mod build;
mod merge;
mod message;
mod segments;
mod stream;

use crate::{Node, Span, SyntaxError};

pub(crate) use merge::duplicates;
pub use segments::block_scalar_segments;

/// A stream of documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stream {
    /// The documents that could be read. Empty ones are left out.
    pub documents: Vec<Document>,
    /// Why others could not.
    pub errors: Vec<SyntaxError>,
}

/// One document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its content.
    pub root: Node,
    /// From its first to its last byte of content.
    pub span: Span,
    /// Its comments with their `#`, in order; those before the content count to it.
    pub comments: Vec<Span>,
    /// Duplicate keys: a lenient reader takes the last one, a strict one refuses the document.
    pub strict: Vec<SyntaxError>,
}

/// Reads a stream. O(length), plus the nodes that aliases add, which are bounded.
#[must_use]
pub fn parse(text: &str) -> Stream {
    stream::stream(text)
}

/// Whether a document could not be read because its placeholders (`{{ x }}`, `{% if %}`, `<% %>`) still have to be filled in.
#[must_use]
pub fn is_template(error: &SyntaxError) -> bool {
    error.message.ends_with(message::TEMPLATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Document {
        let mut stream = parse(text);
        assert!(stream.errors.is_empty(), "{:?}", stream.errors);
        assert_eq!(stream.documents.len(), 1);
        stream.documents.remove(0)
    }

    #[test]
    fn spans_are_the_bytes_as_written() {
        let text = "é: 'x y'\nlist:\n  - a # note\n  - \"b\"\nblock: |\n  one\n  two\nlast: z\n";
        let root = only(text).root;
        let slice = |node: &Node| &text[node.span.range()];
        assert_eq!(slice(root.get("é").unwrap()), "'x y'");
        assert_eq!(slice(&root.get("list").unwrap().items()[1]), "\"b\"");
        assert_eq!(root.get("block").unwrap().text(), Some("one\ntwo\n"));
        assert_eq!(slice(root.get("last").unwrap()), "z");
        assert_eq!(
            slice(root.get("list").unwrap()).trim_end(),
            "- a # note\n  - \"b\""
        );
        assert_eq!(&text[root.entry("last").unwrap().key.span.range()], "last");
    }

    #[test]
    fn a_template_is_told_from_a_broken_document() {
        for text in [
            "a: {{ name }}\n",
            "{% if tls %}\na: b: c\n{% endif %}\n",
            "<% if tls %>\na: b: c\n",
        ] {
            let errors = parse(text).errors;
            assert!(
                !errors.is_empty() && errors.iter().all(is_template),
                "{text}"
            );
        }
        assert!(!parse("a: b: c\n").errors.iter().any(is_template));
    }

    #[test]
    fn a_broken_document_does_not_hide_the_next() {
        let stream = parse("a: 1\n---\nb: [1, 2\n---\nc: 3\n");
        assert_eq!(stream.errors.len(), 1);
        let roots: Vec<_> = stream
            .documents
            .iter()
            .map(|d| d.root.entries()[0].key.text().unwrap().to_owned())
            .collect();
        assert_eq!(roots, ["a", "c"]);
    }

    #[test]
    fn aliases_and_merge_keys_are_resolved() {
        let root = only("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\ncopy: *b\n").root;
        assert_eq!(root.at(&["use", "x"]).unwrap().int(), Some(1));
        assert_eq!(root.at(&["use", "y"]).unwrap().int(), Some(3));
        assert_eq!(root.at(&["copy", "y"]).unwrap().int(), Some(2));
    }

    #[test]
    fn alias_bombs_and_deep_nesting_are_errors() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let previous = format!("*a{}", level - 1);
            bomb += &format!(
                "a{level}: &a{level} [{}]\n",
                [previous.as_str(); 10].join(", ")
            );
        }
        let stream = parse(&bomb);
        assert!(stream.documents.is_empty());
        assert!(
            stream.errors[0].message.contains("alias"),
            "{:?}",
            stream.errors
        );
        let deep = "[".repeat(100_000);
        let stream = parse(&deep);
        assert!(stream.documents.is_empty() && !stream.errors.is_empty());
    }

    #[test]
    fn duplicate_keys_are_noted_and_the_last_counts() {
        let document = only("a: 1\nb: 2\na: 3\n");
        assert_eq!(document.strict.len(), 1);
        assert_eq!(document.strict[0].span, Span::new(10, 11));
        assert_eq!(document.root.get("a").unwrap().int(), Some(3));
    }

    #[test]
    fn empty_and_comment_only_documents_are_left_out() {
        let stream = parse("# only a comment\n---\n---\n# Source: chart/x.yaml\na: 1\n...\n");
        assert!(stream.errors.is_empty());
        assert_eq!(stream.documents.len(), 1);
        let text = "# only a comment\n---\n---\n# Source: chart/x.yaml\na: 1\n...\n";
        let comments: Vec<_> = stream.documents[0]
            .comments
            .iter()
            .map(|c| &text[c.range()])
            .collect();
        assert_eq!(comments, ["# Source: chart/x.yaml"]);
    }

    #[test]
    fn collections_span_what_belongs_to_them() {
        let text = "a: &x\n  k: 1 # c\n  l: 2\n\n# c\nb:\n- 1\n- *x\n\nc: { d: [ ] }  \ne: |-\n  one\n\n  two\n\nf: g\n";
        let root = only(text).root;
        let slice = |key: &str| &text[root.get(key).unwrap().span.range()];
        assert_eq!(slice("a"), "k: 1 # c\n  l: 2");
        assert_eq!(slice("b"), "- 1\n- *x");
        assert_eq!(slice("c"), "{ d: [ ] }");
        assert_eq!(slice("e").trim(), "one\n\n  two");
        assert_eq!(root.get("e").unwrap().text(), Some("one\n\ntwo"));
        assert_eq!(slice("f"), "g");
        let indented = only("k:\n  # c\n  - - 1\n    - 2\n").root;
        assert_eq!(indented.get("k").unwrap().span.range().start, 11);
        let commented = only("k: &a\n# - c\n-   # c\n  - x\n").root;
        assert_eq!(commented.get("k").unwrap().span.range().start, 12);
        let alias = &root.get("b").unwrap().items()[1];
        assert_eq!(&text[alias.get("l").unwrap().span.range()], "2");
    }

    #[test]
    fn stacked_aliases_do_not_nest_without_bound() {
        let nest = |inner: &str| format!("{}{inner}{}", "[".repeat(100), "]".repeat(100));
        let text = format!("a: &a {}\nb: {}\n", nest("x"), nest("*a"));
        let stream = parse(&text);
        assert!(stream.documents.is_empty());
        assert!(stream.errors[0].message.contains("deeper"));
        assert!(
            parse(&format!("a: &a {}\nb: [*a]\n", nest("x")))
                .errors
                .is_empty()
        );
    }

    #[test]
    fn long_comments_are_no_error() {
        let text = format!("# c\na:\n{}  b: 1\n", "  # documented\n".repeat(500));
        assert_eq!(only(&text).comments.len(), 501);
    }

    #[test]
    fn templates_are_named_as_such() {
        for text in [
            "{{- if .Values.x }}\na: 1\n{{- end }}\n",
            "a: {{ .Values.x }}\n",
            "a: {{ .Values.x }}-{{ .y }}\n",
            "a:\n  {{- toYaml . | nindent 4 }}\nb: 1\n",
        ] {
            let stream = parse(text);
            assert!(stream.documents.is_empty(), "{text}");
            assert!(
                stream.errors[0].message.contains("Helm"),
                "{text}: {:?}",
                stream.errors
            );
        }
        let stream = parse("a: '{{ x }}'\n---\nb: [\n");
        assert!(!stream.errors[0].message.contains("Helm"));
        assert_eq!(parse("a: \"{{ x }}\"\n").documents.len(), 1);
    }

    #[test]
    fn directives_tabs_and_reserved_characters() {
        assert_eq!(
            only("%YAML 1.1\n---\na: 1\n...\n")
                .root
                .get("a")
                .unwrap()
                .int(),
            Some(1)
        );
        let stream = parse("a:\n\tb: 1\n---\nc: `secret`\n---\nd: 1\n");
        assert_eq!((stream.documents.len(), stream.errors.len()), (1, 2));
        assert!(!stream.errors[1].message.contains('`'));
    }

    #[test]
    fn errors_are_bounded_and_cost_linear_time() {
        let stream = parse(&"[\n---\n".repeat(100_000));
        assert_eq!(stream.errors.len(), crate::limits::MAX_ERRORS + 1);
    }

    #[test]
    fn carriage_returns_do_not_shift_spans() {
        let text = "a: 1\r\nb: two\r\n";
        assert_eq!(&text[only(text).root.get("b").unwrap().span.range()], "two");
    }

    #[test]
    fn block_scalars_map_back_to_their_lines() {
        let text = "data:\n  core.xml: |\n    <a>\n      <b/>\n    </a>\n";
        let root = only(text).root;
        let node = root.at(&["data", "core.xml"]).unwrap();
        let value = node.text().unwrap();
        let map = block_scalar_segments(text, node);
        let at = value.find("<b/>").unwrap();
        assert_eq!(&text[map.to_origin(Span::new(at, at + 4)).range()], "<b/>");
    }
}
