//! Spans are exact: what stands at a span, read again by itself, gives the same value.

use crate::corpus::seeds;
use crate::sound::scalars;
use proptest::prelude::*;
use wardline_text::{Node, Style, Value, properties, yaml};

/// A scalar's written form, read again in a place where it means the same. Block scalars need their header and are not here.
fn reread(text: &str, node: &Node) {
    let Value::Scalar(scalar) = &node.value else {
        return;
    };
    if scalar.style == Style::Block {
        return;
    }
    let written = &text[node.span.range()];
    let stream = yaml::parse(&format!("- {written}\n"));
    assert_eq!(stream.errors, [], "{written:?} in {text:?}");
    assert_eq!(
        stream.documents[0].root.items()[0].text(),
        Some(&*scalar.text),
        "{written:?} in {text:?}"
    );
}

#[test]
fn yaml_scalars_of_the_seeds() {
    let mut seen = 0;
    for (_, seed) in seeds("yaml") {
        let text = String::from_utf8_lossy(&seed);
        for document in &yaml::parse(&text).documents {
            scalars(&document.root, &mut |node| {
                seen += 1;
                reread(&text, node);
            });
        }
    }
    assert!(seen > 20, "the seeds hold scalars");
}

/// A string as JSON, which is a double-quoted YAML scalar.
fn double_quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn single_quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A value and a way to write it.
fn written() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        "[a-zA-Zé/][a-zA-Z0-9é/._-]{0,12}".prop_map(|plain| (plain.clone(), plain)),
        "[a-zé \"'\\\\#:{}\\n]{0,12}".prop_map(|value| {
            let written = double_quoted(&value);
            (value, written)
        }),
        "[a-zé \"'\\\\#:{}]{0,12}".prop_map(|value| {
            let written = single_quoted(&value);
            (value, written)
        }),
    ]
}

proptest! {
    #[test]
    fn yaml_scalars_in_mappings_and_sequences(
        values in prop::collection::vec((written(), 0_u8..4), 1..12),
        end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let mut text = format!("# é{end}");
        for (index, ((_, written), layout)) in values.iter().enumerate() {
            text.push_str(&match layout {
                0 => format!("k{index}: {written}{end}"),
                1 => format!("k{index}:   {written}   # c{end}"),
                2 => format!("k{index}:{end}  {written}{end}{end}"),
                _ => format!("k{index}: [ {written} ,{written}]{end}"),
            });
        }
        let stream = yaml::parse(&text);
        prop_assert_eq!(&stream.errors, &[]);
        let entries = stream.documents[0].root.entries();
        prop_assert_eq!(entries.len(), values.len());
        for (entry, ((value, written), _)) in entries.iter().zip(&values) {
            scalars(&entry.value, &mut |node| {
                assert_eq!(node.text(), Some(value.as_str()), "{text:?}");
                assert_eq!(&text[node.span.range()], written, "{text:?}");
                reread(&text, node);
            });
        }
    }

    #[test]
    fn literal_blocks_map_back_line_by_line(lines in prop::collection::vec("[a-zé#:\"]{1,8}", 1..8), indent in 1_usize..6) {
        let body: String = lines.iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect();
        let text = format!("a:\n  k: |\n{}", body.lines().map(|line| format!("  {line}\n")).collect::<String>());
        let stream = yaml::parse(&text);
        prop_assert_eq!(&stream.errors, &[]);
        let node = stream.documents[0].root.at(&["a", "k"]).unwrap();
        let decoded = node.text().unwrap();
        prop_assert_eq!(decoded, lines.iter().map(|line| format!("{line}\n")).collect::<String>());
        let map = yaml::block_scalar_segments(&text, node);
        for (at, c) in decoded.char_indices().filter(|(_, c)| *c != '\n') {
            let origin = map.to_origin(wardline_text::Span::new(at, at + c.len_utf8()));
            prop_assert_eq!(&text[origin.range()], c.to_string());
        }
    }

    /// Any text at all: the key and the value as written, put together with a separator, are the same entry.
    #[test]
    fn property_spans_read_the_same(text in "([a-zé#!=: \\t\\\\\\n\\r\\f]|\\\\u00e9|\\\\\\n){0,40}") {
        for entry in properties::parse(&text).entries {
            let key = &text[entry.key_span.range()];
            let value = &text[entry.value_span.range()];
            let again = properties::parse(&format!("{key}={value}")).entries;
            let trimmed = entry.value.trim_end_matches([' ', '\t', '\u{c}']);
            prop_assert_eq!(again.len(), 1, "{:?} of {:?}", (key, value), &text);
            prop_assert_eq!(&again[0].key, &entry.key);
            prop_assert_eq!(again[0].value.trim_end_matches([' ', '\t', '\u{c}']), trimmed);
        }
    }
}
