//! Words: quotes removed, expansions found and kept as written.

use super::Word;
use super::cursor::Cursor;
use crate::Span;

/// A word while it is being read.
struct Partial {
    start: usize,
    text: String,
    expands: bool,
    quoted: bool,
    patterns: Patterns,
}

/// Unquoted characters that make a word match files or stand for several words.
#[derive(Default)]
struct Patterns {
    wildcard: bool,
    bracket: bool,
    class: bool,
    brace: bool,
    alternatives: bool,
}

impl Patterns {
    fn note(&mut self, c: u8) {
        match c {
            b'*' | b'?' => self.wildcard = true,
            b'[' => self.bracket = true,
            b']' => self.class |= self.bracket,
            b'{' => self.brace = true,
            b',' => self.alternatives |= self.brace,
            _ => {}
        }
    }
}

/// Reads the word at the cursor; `None`, past one byte, if none starts there.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Word> {
    let mut word = Partial {
        start: cursor.at,
        text: String::new(),
        expands: cursor.peek(0) == Some(b'~'),
        quoted: false,
        patterns: Patterns::default(),
    };
    while let Some(byte) = cursor.peek(0) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' | b'<' | b'>' => break,
            // `X=(a b)` is one assignment of an array.
            b'(' if word.text.ends_with('=') => {
                word.expands = true;
                keep(cursor, &mut word.text, |cursor| {
                    cursor.at += 1;
                    cursor.skip_to_closing(b')', false);
                });
            }
            b'(' => break,
            b'\'' => {
                word.quoted = true;
                single_quoted(cursor, &mut word.text);
            }
            b'"' => double_quoted(cursor, &mut word),
            b'\\' => match cursor.continuation() {
                Some(length) => cursor.at += length,
                None => {
                    word.quoted = true;
                    // At the end of the text it means itself.
                    cursor.at += usize::from(cursor.peek(1).is_some());
                    cursor.take_char(&mut word.text);
                }
            },
            b'$' if cursor.peek(1) == Some(b'\'') => ansi_quoted(cursor, &mut word),
            b'$' if cursor.peek(1) == Some(b'"') => cursor.at += 1,
            b'$' | b'`' => expansion(cursor, &mut word, false),
            _ => {
                // The value of an assignment may start with a home directory, too.
                word.expands |= byte == b'~' && word.text.ends_with('=');
                word.patterns.note(byte);
                cursor.take_char(&mut word.text);
            }
        }
    }
    if cursor.at == word.start {
        // A byte that starts no word must not be read again.
        cursor.at += 1;
        return None;
    }
    let is_word = word.quoted || !word.text.is_empty();
    is_word.then(|| finished(word, cursor.at))
}

fn finished(word: Partial, end: usize) -> Word {
    let patterns = &word.patterns;
    let matches = patterns.wildcard || (patterns.class && word.text.len() > 2);
    let several = patterns.brace
        && (patterns.alternatives || word.text.contains(".."))
        && word.text.contains('}');
    // The value of an assignment is taken as it is.
    let dynamic = word.expands || ((matches || several) && !super::assignment::is_one(&word.text));
    Word {
        text: word.text,
        span: Span::new(word.start, end),
        dynamic,
    }
}

/// Adds what `skip` passes over to the text, as written.
fn keep(cursor: &mut Cursor<'_>, text: &mut String, skip: impl FnOnce(&mut Cursor<'_>)) {
    let start = cursor.at;
    skip(cursor);
    text.push_str(cursor.text.get(start..cursor.at).unwrap_or_default());
}

fn single_quoted(cursor: &mut Cursor<'_>, text: &mut String) {
    cursor.at += 1;
    keep(cursor, text, |cursor| cursor.skip_until(b'\''));
    cursor.at = (cursor.at + 1).min(cursor.text.len());
}

fn double_quoted(cursor: &mut Cursor<'_>, word: &mut Partial) {
    word.quoted = true;
    cursor.at += 1;
    while let Some(byte) = cursor.peek(0) {
        match byte {
            b'"' => {
                cursor.at += 1;
                return;
            }
            b'\\' => match (cursor.continuation(), cursor.peek(1)) {
                (Some(length), _) => cursor.at += length,
                (None, Some(b'"' | b'\\' | b'$' | b'`')) => {
                    cursor.at += 1;
                    cursor.take_char(&mut word.text);
                }
                _ => cursor.take_char(&mut word.text),
            },
            b'$' | b'`' => expansion(cursor, word, true),
            _ => keep(cursor, &mut word.text, |cursor| cursor.skip_plain()),
        }
    }
}

/// `$'...'`, bash's quotes with C escapes. An escape that is not resolved here makes the word dynamic.
fn ansi_quoted(cursor: &mut Cursor<'_>, word: &mut Partial) {
    word.quoted = true;
    cursor.at += 2;
    while let Some(byte) = cursor.peek(0) {
        match byte {
            b'\'' => {
                cursor.at += 1;
                return;
            }
            b'\\' => {
                let escaped = match cursor.peek(1) {
                    Some(b'n') => Some('\n'),
                    Some(b't') => Some('\t'),
                    Some(b'r') => Some('\r'),
                    Some(c @ (b'\\' | b'\'' | b'"')) => Some(char::from(c)),
                    _ => None,
                };
                word.expands |= escaped.is_none();
                word.text.push(escaped.unwrap_or('\\'));
                cursor.at += 1 + usize::from(escaped.is_some());
            }
            _ => cursor.take_char(&mut word.text),
        }
    }
}

/// `$x`, `${x}`, `$(...)`, `` `...` ``: kept as written. A lone `$` is itself.
fn expansion(cursor: &mut Cursor<'_>, word: &mut Partial, quoted: bool) {
    let expands = match (cursor.peek(0), cursor.peek(1)) {
        (Some(b'`'), _) | (_, Some(b'{' | b'(')) => true,
        (_, Some(next)) => next.is_ascii_alphanumeric() || b"_@*#?$!-".contains(&next),
        _ => false,
    };
    if !expands {
        cursor.take_char(&mut word.text);
        return;
    }
    word.expands = true;
    keep(cursor, &mut word.text, |cursor| {
        match (cursor.peek(0), cursor.peek(1)) {
            (Some(b'`'), _) => {
                cursor.at += 1;
                cursor.skip_to_closing(b'`', false);
            }
            (_, Some(b'{')) => {
                cursor.at += 2;
                cursor.skip_to_closing(b'}', quoted);
            }
            (_, Some(b'(')) => {
                cursor.at += 2;
                cursor.skip_to_closing(b')', false);
            }
            (_, Some(first)) => {
                cursor.at += 2;
                if first.is_ascii_alphabetic() || first == b'_' {
                    cursor.skip_name();
                }
            }
            _ => {}
        }
    });
}
