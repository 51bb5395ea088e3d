//! Splits a script into words and commands.

use super::{Command, Word};
use crate::Span;
use crate::limits::MAX_DEPTH;

pub(super) struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Delimiters of here-documents whose bodies start after the current line, and whether leading tabs are dropped.
    heredocs: Vec<(String, bool)>,
}

/// A word while it is being read.
struct Partial {
    start: usize,
    text: String,
    dynamic: bool,
    quoted: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Scanner {
            text,
            bytes: text.as_bytes(),
            at: 0,
            heredocs: Vec::new(),
        }
    }

    pub(super) fn commands(mut self) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut current: Vec<Word> = Vec::new();
        while self.at < self.bytes.len() {
            match self.byte(0) {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.line_end_after_backslash().is_some() => {
                    self.at += self.line_end_after_backslash().unwrap_or(1);
                }
                Some(b'\n') => {
                    finish(&mut current, &mut commands);
                    self.at += 1;
                    self.skip_heredocs();
                }
                Some(b'#') => self.skip_line(),
                Some(b';' | b'&' | b'|' | b'(' | b')') => {
                    finish(&mut current, &mut commands);
                    self.at += 1;
                }
                Some(b'{' | b'}') if self.is_lone_brace() => {
                    finish(&mut current, &mut commands);
                    self.at += 1;
                }
                Some(b'<' | b'>') => self.redirection(),
                _ => {
                    if let Some(word) = self.word() {
                        current.push(word);
                    }
                }
            }
        }
        finish(&mut current, &mut commands);
        commands
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn line_end_after_backslash(&self) -> Option<usize> {
        match (self.byte(1), self.byte(2)) {
            (Some(b'\n'), _) => Some(2),
            (Some(b'\r'), Some(b'\n')) => Some(3),
            _ => None,
        }
    }

    fn is_lone_brace(&self) -> bool {
        matches!(
            self.byte(1),
            None | Some(b' ' | b'\t' | b'\n' | b'\r' | b';')
        )
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    /// Redirections name files, which are not words of the command; `<<` announces a here-document.
    fn redirection(&mut self) {
        let here =
            self.byte(0) == Some(b'<') && self.byte(1) == Some(b'<') && self.byte(2) != Some(b'<');
        let mut drops_tabs = false;
        while let Some(b'<' | b'>' | b'&' | b'-') = self.byte(0) {
            drops_tabs |= self.byte(0) == Some(b'-');
            self.at += 1;
        }
        while let Some(b' ' | b'\t') = self.byte(0) {
            self.at += 1;
        }
        if !matches!(
            self.byte(0),
            None | Some(b'\n' | b';' | b'(' | b')' | b'|' | b'<' | b'>')
        ) && let Some(word) = self.word()
            && here
        {
            self.heredocs.push((word.text, drops_tabs));
        }
    }

    fn skip_heredocs(&mut self) {
        for (delimiter, drops_tabs) in std::mem::take(&mut self.heredocs) {
            while self.at < self.bytes.len() {
                let start = self.at;
                self.skip_line();
                let line = self
                    .text
                    .get(start..self.at)
                    .unwrap_or_default()
                    .trim_end_matches('\r');
                self.at = (self.at + 1).min(self.bytes.len());
                let line = if drops_tabs {
                    line.trim_start_matches('\t')
                } else {
                    line
                };
                if line == delimiter {
                    break;
                }
            }
        }
    }

    fn word(&mut self) -> Option<Word> {
        let mut word = Partial {
            start: self.at,
            text: String::new(),
            dynamic: false,
            quoted: false,
        };
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' | b'<' | b'>' => break,
                // `X=(a b)` is one assignment of an array.
                b'(' if word.text.ends_with('=') => self.array(&mut word),
                b'(' => break,
                b'\'' => self.single_quoted(&mut word),
                b'"' => self.double_quoted(&mut word),
                b'\\' => match self.line_end_after_backslash() {
                    Some(length) => self.at += length,
                    None => {
                        self.at += 1;
                        self.push_char(&mut word);
                    }
                },
                b'$' | b'`' => self.expansion(&mut word),
                b'*' | b'?' => {
                    word.dynamic = true;
                    self.push_char(&mut word);
                }
                _ => self.push_char(&mut word),
            }
        }
        if self.at == word.start {
            // A byte that starts no word must not be read again.
            self.at += 1;
        }
        let is_word = word.quoted || !word.text.is_empty();
        is_word.then(|| Word {
            text: word.text,
            span: Span::new(word.start, self.at),
            dynamic: word.dynamic,
        })
    }

    fn push_char(&mut self, word: &mut Partial) {
        if let Some(c) = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            word.text.push(c);
            self.at += c.len_utf8();
        } else {
            self.at += 1;
        }
    }

    fn single_quoted(&mut self, word: &mut Partial) {
        word.quoted = true;
        self.at += 1;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(b'\'', rest).unwrap_or(rest.len());
        word.text
            .push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
        self.at = (self.at + length + 1).min(self.bytes.len());
    }

    fn double_quoted(&mut self, word: &mut Partial) {
        word.quoted = true;
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => match self.byte(1) {
                    Some(b'\n' | b'\r') => self.at += self.line_end_after_backslash().unwrap_or(2),
                    Some(b'"' | b'\\' | b'$' | b'`') => {
                        self.at += 1;
                        self.push_char(word);
                    }
                    _ => self.push_char(word),
                },
                b'$' | b'`' => self.expansion(word),
                _ => self.push_char(word),
            }
        }
    }

    /// `$x`, `${x}`, `$(...)`, `` `...` ``: kept as written. A lone `$` is itself.
    fn expansion(&mut self, word: &mut Partial) {
        let start = self.at;
        let closing = match (self.byte(0), self.byte(1)) {
            (Some(b'`'), _) => Some((b'`', b'`')),
            (_, Some(b'{')) => Some((b'{', b'}')),
            (_, Some(b'(')) => Some((b'(', b')')),
            (_, Some(next))
                if next.is_ascii_alphanumeric()
                    || matches!(next, b'_' | b'@' | b'*' | b'#' | b'?') =>
            {
                None
            }
            _ => {
                self.push_char(word);
                return;
            }
        };
        word.dynamic = true;
        match closing {
            Some((b'`', _)) => {
                let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
                self.at += memchr::memchr(b'`', rest).map_or(rest.len() + 1, |length| length + 2);
            }
            Some((open, close)) => {
                self.at += 2;
                self.skip_balanced(open, close);
            }
            None => {
                self.at += 2;
                while self
                    .byte(0)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
                {
                    self.at += 1;
                }
            }
        }
        self.at = self.at.min(self.bytes.len());
        word.text
            .push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    fn array(&mut self, word: &mut Partial) {
        let start = self.at;
        word.dynamic = true;
        self.at += 1;
        self.skip_balanced(b'(', b')');
        word.text
            .push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    /// Skips to the bracket that closes the one just read. Brackets deeper than the limit end the text.
    fn skip_balanced(&mut self, open: u8, close: u8) {
        let mut depth = 1_usize;
        while let Some(byte) = self.byte(0) {
            self.at += 1;
            if byte == b'\\' {
                self.at += 1;
            } else if byte == close {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            } else if byte == open {
                depth += 1;
                if depth > MAX_DEPTH {
                    self.at = self.bytes.len();
                }
            }
        }
        self.at = self.at.min(self.bytes.len());
    }
}

fn finish(words: &mut Vec<Word>, commands: &mut Vec<Command>) {
    let words = std::mem::take(words);
    if let (Some(first), Some(last)) = (words.first(), words.last()) {
        let span = first.span.to(last.span);
        commands.push(Command {
            assignments: Vec::new(),
            words,
            span,
        });
    }
}
