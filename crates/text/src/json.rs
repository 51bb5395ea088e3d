//! JSON, one value or several in a row, with the same tree as YAML.

use crate::limits::{MAX_DEPTH, MAX_NODES};
use crate::yaml::{Document, Stream, duplicates};
use crate::{Entry, Node, Scalar, Span, Style, SyntaxError, Value};

/// Reads the values of a text: one document each. After an error the rest is not read, since JSON marks no documents.
/// O(length).
#[must_use]
pub fn parse(text: &str) -> Stream {
    let mut stream = Stream::default();
    let mut reader = Reader {
        text,
        at: 0,
        nodes: 0,
        strict: Vec::new(),
    };
    loop {
        reader.skip_blanks();
        if reader.at >= text.len() {
            return stream;
        }
        match reader.value(0) {
            Ok(root) => {
                let strict = std::mem::take(&mut reader.strict);
                stream.documents.push(Document {
                    span: root.span,
                    root,
                    comments: Vec::new(),
                    strict,
                });
            }
            Err(error) => {
                stream.errors.push(error);
                return stream;
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nodes: usize,
    strict: Vec<SyntaxError>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error<T>(&self, message: &str) -> Result<T, SyntaxError> {
        let message = if self.at >= self.text.len() {
            "the document ends in the middle; it may be truncated"
        } else {
            message
        };
        Err(SyntaxError::new(
            Span::at(self.at),
            format!("not JSON: {message}"),
        ))
    }

    fn value(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        if depth > MAX_DEPTH {
            return self.error(&format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.error(&format!("more than {MAX_NODES} values"));
        }
        self.skip_blanks();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.mapping(depth)?,
            Some(b'[') => self.sequence(depth)?,
            Some(b'"') => Value::Scalar(Scalar {
                text: self.string()?.into(),
                style: Style::Quoted,
            }),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'-' => self.word()?,
            _ => return self.error("expected a value"),
        };
        Ok(Node {
            span: Span::new(start, self.at),
            value,
        })
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        let mut entries: Vec<Entry> = Vec::new();
        self.at += 1;
        self.skip_blanks();
        while self.peek() != Some(b'}') {
            if !entries.is_empty() {
                self.comma()?;
            }
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.error("expected a key in double quotes");
            }
            let key = self.string()?;
            let key = Node {
                span: Span::new(start, self.at),
                value: Value::Scalar(Scalar {
                    text: key.into(),
                    style: Style::Quoted,
                }),
            };
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return self.error("expected a colon");
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, value });
            self.skip_blanks();
        }
        self.at += 1;
        self.strict.extend(duplicates(&entries));
        Ok(Value::Mapping(entries))
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_blanks();
        while self.peek() != Some(b']') {
            if !items.is_empty() {
                self.comma()?;
            }
            items.push(self.value(depth + 1)?);
            self.skip_blanks();
        }
        self.at += 1;
        Ok(Value::Sequence(items))
    }

    fn comma(&mut self) -> Result<(), SyntaxError> {
        if self.peek() != Some(b',') {
            return self.error("expected a comma");
        }
        self.at += 1;
        self.skip_blanks();
        Ok(())
    }

    fn word(&mut self) -> Result<Value, SyntaxError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        if !is_number(word) && !matches!(word, "true" | "false" | "null") {
            return self.error("expected true, false, null or a number");
        }
        self.at += end;
        Ok(Value::Scalar(Scalar {
            text: word.into(),
            style: Style::Plain,
        }))
    }

    /// A string, from its opening to its closing quote.
    fn string(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        let mut decoded = String::new();
        let mut units: Vec<u16> = Vec::new();
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(stop) = memchr::memchr2(b'"', b'\\', rest) else {
                self.at = self.text.len();
                return self.error("a string without an end");
            };
            if stop > 0 {
                flush(&mut units, &mut decoded);
            }
            let plain = self.text.get(self.at..self.at + stop).unwrap_or_default();
            if let Some(control) = plain.bytes().position(|b| b < b' ') {
                self.at += control;
                return self.error("a control character inside a string");
            }
            decoded.push_str(plain);
            self.at += stop;
            if self.peek() == Some(b'"') {
                self.at += 1;
                flush(&mut units, &mut decoded);
                return Ok(decoded);
            }
            self.at += 1;
            let escape = self.peek();
            self.at += 1;
            if escape == Some(b'u') {
                let digits = self
                    .text
                    .get(self.at..self.at + 4)
                    .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
                let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok())
                else {
                    return self.error("\\u without four hexadecimal digits");
                };
                units.push(unit);
                self.at += 4;
                continue;
            }
            flush(&mut units, &mut decoded);
            decoded.push(match escape {
                Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
                Some(b'n') => '\n',
                Some(b't') => '\t',
                Some(b'r') => '\r',
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                _ => {
                    self.at -= 1;
                    return self.error("an escape that JSON does not know");
                }
            });
        }
    }
}

/// `-`, an integer without leading zeros, a fraction, an exponent (RFC 8259 section 6).
fn is_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let (word, exponent) = word
        .split_once(['e', 'E'])
        .map_or((word, "0"), |(word, exponent)| {
            (word, exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        });
    let (integer, fraction) = word.split_once('.').unwrap_or((word, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let no_zero = integer.len() == 1 || !integer.starts_with('0');
    digits(integer) && no_zero && digits(fraction) && digits(exponent)
}

fn flush(units: &mut Vec<u16>, decoded: &mut String) {
    decoded.extend(
        char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_values_in_a_row_with_spans() {
        let text = "{\"a\": [1, true, \"x\\u00e9\\ud83d\\ude00\\/\"]}\n\t{\"b\": null}";
        let stream = parse(text);
        assert!(stream.errors.is_empty(), "{:?}", stream.errors);
        assert_eq!(stream.documents.len(), 2);
        let items = stream.documents[0].root.get("a").unwrap().items();
        assert_eq!(items[2].text(), Some("xé😀/"));
        assert_eq!(&text[items[1].span.range()], "true");
        assert!(stream.documents[1].root.get("b").unwrap().is_null());
    }

    #[test]
    fn errors_are_typed_and_bounded() {
        for text in [
            "{",
            "[1,",
            "{\"a\" 1}",
            "\"abc",
            "[1 2]",
            "{\"a\":\"\\x\"}",
            "nul",
            "{\"a\":\"\\u12\"}",
            "[1,]",
            "01",
            "-inf",
            "1.",
            "1e",
            "\"a\nb\"",
        ] {
            assert_eq!(parse(text).errors.len(), 1, "{text}");
        }
        assert!(
            parse(&"[".repeat(200_000)).errors[0]
                .message
                .contains("deeper")
        );
        assert_eq!(parse("-1.50e+3 0 0.1\n-0E-2").documents.len(), 4);
        assert_eq!(parse("{\"a\":1,\"a\":2}").documents[0].strict.len(), 1);
    }
}
