//! A position in a script, and ways past what is not looked into.

use crate::limits::MAX_DEPTH;

/// Where the reader stands. Every way forward is bounded by the end of the text.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl Cursor<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The length of a backslash with the line end after it.
    pub(super) fn continuation(&self) -> Option<usize> {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(b'\\'), Some(b'\n'), _) => Some(2),
            (Some(b'\\'), Some(b'\r'), Some(b'\n')) => Some(3),
            _ => None,
        }
    }

    /// Adds the character here to `text` and passes it.
    pub(super) fn take_char(&mut self, text: &mut String) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.chars().next() {
            Some(c) => {
                text.push(c);
                self.at += c.len_utf8();
            }
            None => self.at = (self.at + 1).min(self.text.len()),
        }
    }

    /// To the next such byte, or to the end.
    pub(super) fn skip_until(&mut self, byte: u8) {
        let rest = self.rest();
        self.at += memchr::memchr(byte, rest).unwrap_or(rest.len());
    }

    /// Past what means itself in double quotes.
    pub(super) fn skip_plain(&mut self) {
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'$' | b'`');
        let rest = self.rest();
        self.at += rest.iter().position(special).unwrap_or(rest.len());
    }

    pub(super) fn skip_name(&mut self) {
        let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        self.at += self.rest().iter().take_while(in_name).count();
    }

    pub(super) fn skip_blanks(&mut self) {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        self.at += self.rest().iter().take_while(blank).count();
    }

    /// Past the bracket or backquote that closes the one just read. Knows quotes, nested expansions and comments;
    /// `quoted` says whether double quotes are open around it. What is never closed, or nested deeper than the limit,
    /// ends the text.
    pub(super) fn skip_to_closing(&mut self, close: u8, quoted: bool) {
        let mut closing = vec![close];
        let mut previous = b' ';
        while let Some(byte) = self.peek(0) {
            let top = closing.last().copied().unwrap_or(close);
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                _ if byte == top => {
                    closing.pop();
                    if closing.is_empty() {
                        return;
                    }
                }
                b'\'' if !in_double_quotes(&closing, quoted) => {
                    self.skip_until(b'\'');
                    self.at += 1;
                }
                b'"' | b'`' => closing.push(byte),
                b'$' if self.peek(0) == Some(b'(') => {
                    closing.push(b')');
                    self.at += 1;
                }
                b'$' if self.peek(0) == Some(b'{') => {
                    closing.push(b'}');
                    self.at += 1;
                }
                b'(' if top == b')' => closing.push(b')'),
                b'#' if matches!(top, b')' | b'`') && b" \t\n;(".contains(&previous) => {
                    self.skip_until(b'\n');
                }
                _ => {}
            }
            if closing.len() > MAX_DEPTH {
                self.at = self.text.len();
            }
            previous = byte;
        }
        self.at = self.at.min(self.text.len());
    }
}

/// Whether a single quote here means itself: inside `"..."` and inside `${...}` of it, but not inside `$(...)` of it.
fn in_double_quotes(closing: &[u8], quoted: bool) -> bool {
    match closing.iter().rev().find(|close| **close != b'}') {
        Some(close) => *close == b'"',
        None => quoted,
    }
}
