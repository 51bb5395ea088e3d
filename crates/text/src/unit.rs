//! Units of systemd: sections, directives, and the words of their values.
//!
//! Grammar: systemd.syntax(7) and systemd.service(5), "Command lines". A line that ends in a backslash goes on in the next
//! one, comment lines between them left out; nothing is expanded.

use crate::Span;
use crate::shell::Word;

/// `Name=value` in a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The section, without brackets.
    pub section: String,
    /// The name.
    pub name: String,
    /// The value, without blanks at its ends; with its continued lines.
    pub value: Span,
}

/// The directives of a unit, in order. O(length).
#[must_use]
pub fn parse(text: &str) -> Vec<Directive> {
    let mut directives = Vec::new();
    let mut section = String::new();
    let mut lines = Lines { text, at: 0 };
    while let Some((start, line)) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || is_comment(trimmed) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let value_start = start + name.len() + 1;
        let mut end = value_start + value.len();
        let mut goes_on = ends_in_backslash(value);
        while goes_on {
            let Some((start, line)) = lines.next() else {
                break;
            };
            if !is_comment(line.trim_start()) {
                end = start + line.len();
                goes_on = ends_in_backslash(line);
            }
        }
        let written = text.get(value_start..end).unwrap_or_default();
        let leading = written.len() - written.trim_start().len();
        let length = written.trim().len();
        directives.push(Directive {
            section: section.clone(),
            name: name.trim().to_owned(),
            value: Span::new(value_start + leading, value_start + leading + length),
        });
    }
    directives
}

fn is_comment(line: &str) -> bool {
    line.starts_with(['#', ';'])
}

fn ends_in_backslash(line: &str) -> bool {
    line.trim_end_matches(['\n', '\r']).ends_with('\\')
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    /// The start of a line and its text, with its end.
    fn next(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let start = self.at;
        self.at += length;
        Some((start, rest.get(..length).unwrap_or_default()))
    }
}

/// The words of a value: parted by blanks, quotes and escapes removed. A word with a variable or with a specifier of an
/// instance is dynamic. O(length).
#[must_use]
pub fn words(text: &str, value: Span) -> Vec<Word> {
    let slice = text.get(value.range()).unwrap_or_default();
    let offset = value.range().start;
    let mut words = Vec::new();
    let mut reader = Reader {
        bytes: slice.as_bytes(),
        at: 0,
    };
    while reader.skip_blanks() {
        let start = reader.at;
        let Ok(word) = String::from_utf8(reader.word()) else {
            break;
        };
        // What a template writes as two backslashes at a line's end is no argument.
        if word == "\\" {
            continue;
        }
        words.push(Word {
            dynamic: is_dynamic(&word),
            text: word,
            span: Span::new(offset + start, offset + reader.at),
        });
    }
    words
}

/// `$NAME` and `${NAME}`, `$$` being a dollar; `%i` and the like, `%%` being a percent sign.
fn is_dynamic(word: &str) -> bool {
    let bare = word.replace("$$", "").replace("%%", "");
    bare.contains('$') || ["%i", "%I", "%j", "%J"].iter().any(|of| bare.contains(of))
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// The length of a backslash with the line end after it.
    fn continuation(&self) -> Option<usize> {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(b'\\'), Some(b'\n'), _) => Some(2),
            (Some(b'\\'), Some(b'\r'), Some(b'\n')) => Some(3),
            _ => None,
        }
    }

    /// Passes blanks, continued lines and the comment lines between them. False at the end.
    fn skip_blanks(&mut self) -> bool {
        let mut at_line_start = false;
        while let Some(byte) = self.peek(0) {
            if let Some(length) = self.continuation() {
                self.at += length;
                at_line_start = true;
            } else if byte.is_ascii_whitespace() {
                self.at += 1;
                at_line_start |= byte == b'\n';
            } else if at_line_start && matches!(byte, b'#' | b';') {
                while self.peek(0).is_some_and(|byte| byte != b'\n') {
                    self.at += 1;
                }
            } else {
                return true;
            }
        }
        false
    }

    /// A word. Quotes hold blanks together; variables count in them too.
    fn word(&mut self) -> Vec<u8> {
        let mut word = Vec::new();
        let mut quote = None;
        while let Some(byte) = self.peek(0) {
            if let Some(length) = self.continuation() {
                if quote.is_none() {
                    break;
                }
                self.at += length;
                word.push(b' ');
                continue;
            }
            match (quote, byte) {
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if byte == open => quote = None,
                (None, _) if byte.is_ascii_whitespace() => break,
                (_, b'\\') if self.peek(1).is_some() => {
                    self.at += 1;
                    word.extend(self.peek(0));
                }
                _ => word.push(byte),
            }
            self.at += 1;
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, words};

    const UNIT: &str = "# of the distribution\n[Unit]\nDescription=a; b\n\n[Service]\n; note\nEnvironment=\"A=b c\" D=e\nExecStart=/usr/bin/etcd --name m1 \\\n  # --old=1 \\\n  --data-dir='/var/lib/x y' \\\n  $MORE --ca=${CA} --price=$$1\nRestart=always\n";

    #[test]
    fn directives_go_on_behind_backslashes_and_comments() {
        let found: Vec<_> = parse(UNIT)
            .iter()
            .map(|directive| (directive.section.clone(), directive.name.clone()))
            .collect();
        let expected = [
            ("Unit", "Description"),
            ("Service", "Environment"),
            ("Service", "ExecStart"),
            ("Service", "Restart"),
        ];
        let expected = expected.map(|(section, name)| (section.to_owned(), name.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn words_lose_quotes_and_keep_their_places() {
        let directives = parse(UNIT);
        let start = words(UNIT, directives[2].value);
        let brief: Vec<_> = start
            .iter()
            .map(|word| (word.text.as_str(), word.dynamic))
            .collect();
        let expected = [
            ("/usr/bin/etcd", false),
            ("--name", false),
            ("m1", false),
            ("--data-dir=/var/lib/x y", false),
            ("$MORE", true),
            ("--ca=${CA}", true),
            ("--price=$$1", false),
        ];
        assert_eq!(brief, expected);
        assert_eq!(&UNIT[start[3].span.range()], "--data-dir='/var/lib/x y'");
        let environment: Vec<_> = words(UNIT, directives[1].value)
            .into_iter()
            .map(|word| word.text)
            .collect();
        assert_eq!(environment, ["A=b c", "D=e"]);
    }

    #[test]
    fn odd_texts_end_quietly() {
        for text in [
            "",
            "[",
            "a",
            "=",
            "a=\\",
            "a=\\\n",
            "a='b",
            "[S]\nE=x \\\n#y",
            "a=é\\é",
        ] {
            for directive in parse(text) {
                for word in words(text, directive.value) {
                    assert!(text.get(word.span.range()).is_some(), "{text:?}");
                }
            }
        }
    }
}
