//! YAML reads back what was written, and the span of every scalar means that scalar.

use proptest::prelude::*;
use wardline_text::yaml::{block_scalar_segments, parse};
use wardline_text::{Node, Span, Style, Value};

/// A value to be written.
#[derive(Clone, Debug)]
enum Written {
    Plain(String),
    Single(String),
    Double(String),
    Literal(Vec<String>),
    Sequence(Vec<Written>),
    Mapping(Vec<Written>),
}

fn values() -> impl Strategy<Value = Written> {
    let leaf = prop_oneof![
        "[a-zé][a-zé0-9.-]{0,8}( [a-z]{1,4})?".prop_map(Written::Plain),
        "[a-zé :#'{}&*]{0,10}".prop_map(Written::Single),
        "[a-zé :#\"\\\\\n\t{}-]{0,10}".prop_map(Written::Double),
        proptest::collection::vec("[a-zé<][a-zé:#\" >]{0,9}", 1..4).prop_map(Written::Literal),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Written::Sequence),
            proptest::collection::vec(inner, 1..4).prop_map(Written::Mapping),
        ]
    })
}

/// Writes a value below `indent` blanks, after a key or a dash.
fn write(value: &Written, indent: usize, out: &mut String) {
    let blanks = " ".repeat(indent);
    match value {
        Written::Plain(text) => *out += &format!(" {text}\n"),
        Written::Single(text) => *out += &format!(" '{}' # c\n", text.replace('\'', "''")),
        Written::Double(text) => {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            *out += &format!(" \"{}\"\n", text.replace('\n', "\\n").replace('\t', "\\t"));
        }
        Written::Literal(lines) => {
            *out += " |\n";
            for line in lines {
                *out += &format!("{blanks}{line}\n");
            }
        }
        Written::Sequence(items) => {
            *out += "\n";
            for item in items {
                *out += &format!("{blanks}-");
                write(item, indent + 2, out);
            }
        }
        Written::Mapping(values) => {
            *out += " # c\n";
            for (index, value) in values.iter().enumerate() {
                *out += &format!("{blanks}k{index}:");
                write(value, indent + 2, out);
            }
        }
    }
}

fn assert_same(text: &str, node: &Node, value: &Written) {
    let slice = &text[node.span.range()];
    match value {
        Written::Plain(expected) | Written::Single(expected) | Written::Double(expected) => {
            assert_eq!(node.text(), Some(expected.as_str()));
            assert_eq!(
                parse(slice).documents[0].root.text(),
                node.text(),
                "{slice:?}"
            );
        }
        Written::Literal(lines) => {
            let expected: String = lines.iter().map(|line| format!("{line}\n")).collect();
            assert_eq!(node.text(), Some(expected.as_str()));
            let map = block_scalar_segments(text, node);
            let mut at = 0;
            for line in lines {
                let origin = map.to_origin(Span::new(at, at + line.len()));
                assert_eq!(&text[origin.range()], line);
                at += line.len() + 1;
            }
        }
        Written::Sequence(items) => {
            assert!(slice.starts_with('-'));
            assert_eq!(node.items().len(), items.len());
            for (item, value) in node.items().iter().zip(items) {
                assert_same(text, item, value);
            }
        }
        Written::Mapping(values) => {
            assert!(slice.starts_with("k0:"));
            assert_eq!(node.entries().len(), values.len());
            for (entry, value) in node.entries().iter().zip(values) {
                assert_same(text, &entry.value, value);
            }
        }
    }
}

/// Checks the span of every scalar of a tree: quoted ones are read again, plain ones stand there as they are, up to
/// folded line ends.
fn assert_scalars(text: &str, node: &Node) {
    let slice = &text[node.span.range()];
    match &node.value {
        Value::Scalar(scalar) if scalar.style == Style::Quoted => {
            let again = parse(slice);
            let root = &again.documents[0].root;
            assert_eq!(root.text(), node.text(), "{text:?}");
        }
        Value::Scalar(scalar) if scalar.style == Style::Plain => {
            let written: Vec<_> = slice.split_whitespace().collect();
            let decoded: Vec<_> = scalar.text.split_whitespace().collect();
            assert_eq!(written, decoded, "{text:?}");
        }
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| assert_scalars(text, item)),
        Value::Mapping(entries) => {
            for entry in entries {
                assert_scalars(text, &entry.key);
                assert_scalars(text, &entry.value);
            }
        }
    }
}

proptest! {
    #[test]
    fn values_are_read_back(values in proptest::collection::vec(values(), 1..5), crlf: bool) {
        let value = Written::Mapping(values);
        let mut text = String::from("---");
        write(&value, 0, &mut text);
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let stream = parse(&text);
        prop_assert!(stream.errors.is_empty(), "{:?} {text}", stream.errors);
        assert_same(&text, &stream.documents[0].root, &value);
    }

    #[test]
    fn flow_scalars_mean_what_is_written(text in "[ab\\[\\]{},: '\"\n-]{0,24}") {
        for document in parse(&text).documents {
            assert_scalars(&text, &document.root);
        }
    }
}
