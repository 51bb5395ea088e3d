//! `java.util.Properties`: spark-defaults.conf, log4j.properties.
//!
//! Grammar: `java.util.Properties.load` (JDK 17) — comments, three separators, continuation lines, escapes.

mod line;

use crate::limits::MAX_ERRORS;
use crate::{Span, SyntaxError};
use line::LogicalLine;
use std::iter::Peekable;

/// A parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// Its entries in order; the last of a key counts.
    pub entries: Vec<PropertyEntry>,
    /// Malformed `\u` escapes; Java refuses the whole file for one of them.
    pub errors: Vec<SyntaxError>,
}

/// One key and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyEntry {
    /// The decoded key.
    pub key: String,
    /// The key as written.
    pub key_span: Span,
    /// The decoded value, with the trailing blanks that Java keeps.
    pub value: String,
    /// The value as written, over continuation lines, without trailing blanks.
    pub value_span: Span,
    /// The logical line.
    pub span: Span,
}

/// Parses a file. O(length).
#[must_use]
pub fn parse(text: &str) -> Properties {
    let mut properties = Properties::default();
    let mut line = LogicalLine::default();
    let mut at = 0;
    while let Some(next) = line::read(text, at, &mut line) {
        at = next;
        let entry = entry(text, &line, &mut properties.errors);
        properties.entries.push(entry);
    }
    properties
}

/// Splits a logical line: the key ends at the first blank, `=` or `:` without a backslash; one `=` or `:` and the blanks
/// around it belong to neither side.
fn entry(text: &str, line: &LogicalLine, errors: &mut Vec<SyntaxError>) -> PropertyEntry {
    let mut chars = line.chars(text).peekable();
    let start = line.span.range().start;
    let mut key_end = start;
    let mut escaped = false;
    while let Some((at, c)) = chars.next_if(|(_, c)| escaped || !is_separator(*c)) {
        escaped = !escaped && c == '\\';
        key_end = at + c.len_utf8();
    }
    let key_span = Span::new(start, key_end);

    let mut value_start = key_end;
    let mut assigned = false;
    while let Some((at, c)) =
        chars.next_if(|(_, c)| is_blank(*c) || (!assigned && is_separator(*c)))
    {
        assigned |= !is_blank(c);
        value_start = at + 1;
    }
    if let Some((at, _)) = chars.peek() {
        value_start = *at;
    }
    let mut value_end = value_start;
    let mut escaped = false;
    for (at, c) in chars {
        if escaped || !is_blank(c) {
            value_end = at + c.len_utf8();
        }
        escaped = !escaped && c == '\\';
    }
    let key_chars = line.chars(text).take_while(|(at, _)| *at < key_end);
    let value_chars = line.chars(text).skip_while(|(at, _)| *at < value_start);
    PropertyEntry {
        key: unescape(key_chars, errors),
        key_span,
        value: unescape(value_chars, errors),
        value_span: Span::new(value_start, value_end),
        span: line.span,
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

fn is_separator(c: char) -> bool {
    is_blank(c) || matches!(c, '=' | ':')
}

/// Resolves escapes. A backslash before any other character than `t`, `n`, `r`, `f` and `u` is dropped, and so is one at
/// the end of the text.
fn unescape(chars: impl Iterator<Item = (usize, char)>, errors: &mut Vec<SyntaxError>) -> String {
    let mut decoded = String::new();
    let mut units: Vec<u16> = Vec::new();
    let mut chars = chars.peekable();
    while let Some((at, c)) = chars.next() {
        let c = match c {
            '\\' => chars.next().map(|(_, c)| (c, true)),
            c => Some((c, false)),
        };
        if let Some(('u', true)) = c {
            match code_unit(&mut chars) {
                Some(unit) => units.push(unit),
                None if errors.len() < MAX_ERRORS => {
                    let message = "\\u without four hexadecimal digits";
                    errors.push(SyntaxError::new(Span::new(at, at + 2), message));
                }
                None => {}
            }
            continue;
        }
        if !units.is_empty() {
            flush(&mut units, &mut decoded);
        }
        decoded.extend(c.map(|(c, escaped)| match c {
            't' if escaped => '\t',
            'n' if escaped => '\n',
            'r' if escaped => '\r',
            'f' if escaped => '\u{c}',
            c => c,
        }));
    }
    flush(&mut units, &mut decoded);
    decoded
}

fn code_unit(chars: &mut Peekable<impl Iterator<Item = (usize, char)>>) -> Option<u16> {
    let mut unit = 0;
    for _ in 0..4 {
        let (_, digit) = chars.next_if(|(_, c)| c.is_ascii_hexdigit())?;
        unit = unit << 4 | digit.to_digit(16)?;
    }
    u16::try_from(unit).ok()
}

/// `\u` escapes are UTF-16 units: pairs make one character, lone surrogates a replacement character.
fn flush(units: &mut Vec<u16>, decoded: &mut String) {
    decoded.extend(
        char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text)
            .entries
            .into_iter()
            .map(|entry| (entry.key, entry.value))
            .collect()
    }

    #[test]
    fn reads_as_java_does() {
        let text = "# c\n! c\n\n  a b\nc=d=e\nf: g\nh\\:i j\nk \\\n   l\nm\\u0041 n\\t\\\\\nempty\nt  x  \n";
        let expected = [
            ("a", "b"),
            ("c", "d=e"),
            ("f", "g"),
            ("h:i", "j"),
            ("k", "l"),
            ("mA", "n\t\\"),
            ("empty", ""),
            ("t", "x  "),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(pairs(text), expected);
    }

    #[test]
    fn continuations_are_joined_before_anything_else() {
        let cases: [(&str, &[(&str, &str)]); 11] = [
            ("ke\\\n  y = v", &[("key", "v")]),
            ("k \\\r\n = v", &[("k", "v")]),
            ("k = \\\n\\\n v", &[("k", "v")]),
            ("k = a\\\n\nx = b", &[("k", "a"), ("x", "b")]),
            ("k = a\\\n# b\n", &[("k", "a# b")]),
            // Without content so far, the next line is a new one: a comment, or empty.
            ("\\\n# c\na = b", &[("a", "b")]),
            ("\\\n\na = b", &[("a", "b")]),
            ("k = \\u00\\\n41", &[("k", "A")]),
            ("k = a\\\\\nx = b", &[("k", "a\\"), ("x", "b")]),
            ("k = a\\", &[("k", "a")]),
            ("a\\\rb\rc", &[("ab", ""), ("c", "")]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect();
            assert_eq!(pairs(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_escaped_blank_belongs_to_the_value() {
        let text = "a = x\\   \n";
        let entry = &parse(text).entries[0];
        assert_eq!(entry.value, "x   ");
        assert_eq!(&text[entry.value_span.range()], "x\\ ");
    }

    #[test]
    fn spans_cover_what_is_written() {
        let text = "a = b  \r\nspark.x \\\n  y\n";
        let entries = parse(text).entries;
        assert_eq!(&text[entries[0].value_span.range()], "b");
        assert_eq!(&text[entries[1].key_span.range()], "spark.x");
        assert_eq!(entries[1].value, "y");
    }

    #[test]
    fn bad_escapes_are_errors_with_a_place() {
        let properties = parse("a \\u12");
        assert_eq!(properties.errors.len(), 1);
        assert_eq!(properties.errors[0].span, Span::new(2, 4));
        assert_eq!(parse("k \\").entries.len(), 1);
    }
}
