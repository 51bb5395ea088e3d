//! `java.util.Properties`: spark-defaults.conf, log4j.properties.
//!
//! Grammar: `java.util.Properties.load` (JDK 17) — comments, three separators, continuation lines, escapes.

use crate::{Span, SyntaxError};

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
    let mut at = 0;
    while at < text.len() {
        let line = logical_line(text, at);
        at = line.end.max(at + 1);
        if let Some(line) = line.content {
            entry(text, line, &mut properties);
        }
    }
    properties
}

struct LogicalLine {
    content: Option<Span>,
    end: usize,
}

/// The logical line that starts at `from`: blank lines and comments have no content; a line that ends in an odd number
/// of backslashes goes on.
fn logical_line(text: &str, from: usize) -> LogicalLine {
    let bytes = text.as_bytes();
    let start = from
        + bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| is_blank(**b))
            .count();
    let mut end = line_end(bytes, start);
    let is_comment = matches!(bytes.get(start), Some(b'#' | b'!'));
    if start == end || is_comment {
        return LogicalLine {
            content: None,
            end: past_line_end(bytes, end),
        };
    }
    while continues(bytes, start, end) && past_line_end(bytes, end) > end {
        end = line_end(bytes, past_line_end(bytes, end));
    }
    LogicalLine {
        content: Some(Span::new(start, end)),
        end: past_line_end(bytes, end),
    }
}

fn continues(bytes: &[u8], start: usize, end: usize) -> bool {
    let line = bytes.get(start..end).unwrap_or_default();
    line.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

fn past_line_end(bytes: &[u8], end: usize) -> usize {
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(_), _) => end + 1,
        (None, _) => end,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0c)
}

fn entry(text: &str, line: Span, properties: &mut Properties) {
    let bytes = text.as_bytes();
    let (start, end) = (line.range().start, line.range().end);
    let mut at = start;
    while at < end {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'=' | b':') => break,
            Some(byte) if is_blank(*byte) => break,
            _ => at += 1,
        }
    }
    let key_end = at.min(end);
    let blanks = |from: usize| {
        from + bytes
            .get(from..end)
            .unwrap_or_default()
            .iter()
            .take_while(|b| is_blank(**b))
            .count()
    };
    let mut value_start = blanks(key_end);
    if matches!(bytes.get(value_start), Some(b'=' | b':')) && value_start < end {
        value_start = blanks(value_start + 1);
    }
    let value_start = value_start.min(end);
    let raw_value = text.get(value_start..end).unwrap_or_default();
    let trimmed = raw_value.trim_end_matches([' ', '\t', '\u{c}']).len();
    let key = unescape(text, Span::new(start, key_end), &mut properties.errors);
    let value = unescape(text, Span::new(value_start, end), &mut properties.errors);
    properties.entries.push(PropertyEntry {
        key,
        key_span: Span::new(start, key_end),
        value,
        value_span: Span::new(value_start, value_start + trimmed),
        span: line,
    });
}

/// Resolves escapes and joins continuation lines (a backslash before a line end drops it and the next line's indentation).
fn unescape(text: &str, span: Span, errors: &mut Vec<SyntaxError>) -> String {
    let raw = text.get(span.range()).unwrap_or_default();
    if !raw.contains('\\') {
        return raw.to_owned();
    }
    let mut decoded = String::with_capacity(raw.len());
    let mut units: Vec<u16> = Vec::new();
    let mut chars = raw.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            flush(&mut units, &mut decoded);
            decoded.push(c);
            continue;
        }
        match chars.next() {
            Some((_, 'u')) => {
                let digits = raw
                    .get(at + 2..at + 6)
                    .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
                match digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
                    Some(unit) => {
                        units.push(unit);
                        for _ in 0..4 {
                            chars.next();
                        }
                    }
                    None => {
                        let start = span.range().start + at;
                        errors.push(SyntaxError::new(
                            Span::new(start, start + 2),
                            "\\u without four hexadecimal digits",
                        ));
                    }
                }
                continue;
            }
            other => {
                flush(&mut units, &mut decoded);
                match other {
                    Some((_, 't')) => decoded.push('\t'),
                    Some((_, 'n')) => decoded.push('\n'),
                    Some((_, 'r')) => decoded.push('\r'),
                    Some((_, 'f')) => decoded.push('\u{c}'),
                    Some((_, end @ ('\n' | '\r'))) => {
                        if end == '\r' {
                            chars.next_if(|(_, c)| *c == '\n');
                        }
                        while chars
                            .next_if(|(_, c)| matches!(c, ' ' | '\t' | '\u{c}'))
                            .is_some()
                        {}
                    }
                    Some((_, c)) => decoded.push(c),
                    None => {}
                }
            }
        }
    }
    flush(&mut units, &mut decoded);
    decoded
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
