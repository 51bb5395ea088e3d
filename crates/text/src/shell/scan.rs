//! Splits a script into simple commands.

use super::cursor::Cursor;
use super::{Command, Word, word};
use crate::Span;

pub(super) struct Scanner<'t> {
    cursor: Cursor<'t>,
    words: Vec<Word>,
    commands: Vec<Command>,
    /// Delimiters of here-documents whose bodies start after the current line, and whether leading tabs are dropped.
    heredocs: Vec<(String, bool)>,
    /// How many `case` are open.
    cases: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Scanner {
            cursor: Cursor { text, at: 0 },
            words: Vec::new(),
            commands: Vec::new(),
            heredocs: Vec::new(),
            cases: 0,
        }
    }

    pub(super) fn commands(mut self) -> Vec<Command> {
        while let Some(byte) = self.cursor.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.cursor.at += 1,
                b'\n' => {
                    self.finish();
                    self.cursor.at += 1;
                    self.skip_heredocs();
                }
                b'#' => self.cursor.skip_until(b'\n'),
                b'&' if self.cursor.peek(1) == Some(b'>') => {
                    self.cursor.at += 1;
                    self.redirection();
                }
                b'(' if self.begins_function() => self.words.clear(),
                b';' | b'&' | b'|' | b'(' | b')' => self.operator(byte),
                b'<' | b'>' => self.redirection(),
                _ => match self.cursor.continuation() {
                    Some(length) => self.cursor.at += length,
                    None => self.word(),
                },
            }
        }
        self.finish();
        self.commands
    }

    /// Ends the command. `;;`, `;&` and `;;&` also end a branch of a `case`.
    fn operator(&mut self, byte: u8) {
        self.finish();
        self.cursor.at += 1;
        let ends_branch = byte == b';' && matches!(self.cursor.peek(0), Some(b';' | b'&'));
        if ends_branch && self.cases > 0 {
            while let Some(b';' | b'&') = self.cursor.peek(0) {
                self.cursor.at += 1;
            }
            self.skip_pattern();
        }
    }

    /// Whether the name just read and the `()` here begin a function; its body is read as commands. Passes the `()`.
    fn begins_function(&mut self) -> bool {
        let start = self.cursor.at;
        self.cursor.at += 1;
        self.cursor.skip_blanks();
        let begins = self.words.len() == 1 && self.cursor.peek(0) == Some(b')');
        self.cursor.at = if begins { self.cursor.at + 1 } else { start };
        begins
    }

    fn word(&mut self) {
        let Some(word) = word::read(&mut self.cursor) else {
            return;
        };
        let is_number = word.text.bytes().all(|b| b.is_ascii_digit());
        if is_number && matches!(self.cursor.peek(0), Some(b'<' | b'>')) {
            // The number of a file descriptor, as in `2>&1`.
            return;
        }
        let written = self.cursor.text.get(word.span.range());
        match (self.words.is_empty(), written) {
            // Reserved words, after which a command may begin.
            (
                true,
                Some(
                    "if" | "then" | "elif" | "else" | "fi" | "while" | "until" | "do" | "done"
                    | "time" | "!" | "{" | "}",
                ),
            ) => {}
            (true, Some("esac")) => self.cases = self.cases.saturating_sub(1),
            (true, Some("[[")) => self.skip_condition(),
            (false, Some("in")) if self.words.len() == 2 && self.begins_with("case") => {
                self.words.clear();
                self.cases += 1;
                self.skip_pattern();
            }
            // The body of `function name {`.
            (false, Some("{")) if self.words.len() == 2 && self.begins_with("function") => {
                self.words.clear();
            }
            _ => self.words.push(word),
        }
    }

    fn begins_with(&self, reserved: &str) -> bool {
        let first = self.words.first().map(|word| word.span.range());
        first.and_then(|span| self.cursor.text.get(span)) == Some(reserved)
    }

    /// Passes the patterns of a branch of a `case`, which are words and `|` up to `)`.
    fn skip_pattern(&mut self) {
        let mut is_first = true;
        while let Some(byte) = self.cursor.peek(0) {
            match byte {
                b')' => {
                    self.cursor.at += 1;
                    return;
                }
                b'#' if is_first => self.cursor.skip_until(b'\n'),
                b' ' | b'\t' | b'\r' | b'\n' | b'(' | b'|' => self.cursor.at += 1,
                _ => {
                    let start = self.cursor.at;
                    let word = word::read(&mut self.cursor);
                    if is_first && word.is_some_and(|word| word.text == "esac") {
                        self.cursor.at = start;
                        return;
                    }
                    is_first = false;
                }
            }
        }
    }

    /// Passes the rest of `[[ ... ]]`, in which operators compare. An unfinished one ends with its line.
    fn skip_condition(&mut self) {
        while let Some(byte) = self.cursor.peek(0) {
            match byte {
                b'\n' => return,
                b' ' | b'\t' | b'\r' | b'(' | b')' | b'|' | b'&' | b'<' | b'>' | b';' => {
                    self.cursor.at += 1;
                }
                _ => {
                    if word::read(&mut self.cursor).is_some_and(|word| word.text == "]]") {
                        return;
                    }
                }
            }
        }
    }

    /// Redirections name files, which are not words of the command; `<<` announces a here-document; `<(...)` is a word.
    fn redirection(&mut self) {
        let start = self.cursor.at;
        let operator = |ahead: usize| self.cursor.peek(ahead);
        let here =
            operator(0) == Some(b'<') && operator(1) == Some(b'<') && operator(2) != Some(b'<');
        let is_process = operator(1) == Some(b'(');
        while let Some(b'<' | b'>') = self.cursor.peek(0) {
            self.cursor.at += 1;
        }
        if is_process {
            self.cursor.at += 1;
            self.cursor.skip_to_closing(b')', false);
            self.words.push(Word {
                text: String::from(
                    self.cursor
                        .text
                        .get(start..self.cursor.at)
                        .unwrap_or_default(),
                ),
                span: Span::new(start, self.cursor.at),
                dynamic: true,
            });
            return;
        }
        // `<<-`, `>&`, `>|`.
        let drops_tabs = here && self.cursor.peek(0) == Some(b'-');
        if drops_tabs || matches!(self.cursor.peek(0), Some(b'&' | b'|')) {
            self.cursor.at += 1;
        }
        self.cursor.skip_blanks();
        let ends = matches!(
            self.cursor.peek(0),
            None | Some(b'\n' | b'\r' | b';' | b'&' | b'(' | b')' | b'|' | b'<' | b'>')
        );
        if !ends
            && let Some(word) = word::read(&mut self.cursor)
            && here
        {
            self.heredocs.push((word.text, drops_tabs));
        }
    }

    fn skip_heredocs(&mut self) {
        for (delimiter, drops_tabs) in std::mem::take(&mut self.heredocs) {
            while self.cursor.at < self.cursor.text.len() {
                let start = self.cursor.at;
                self.cursor.skip_until(b'\n');
                let line = self.cursor.text.get(start..self.cursor.at);
                let line = line.unwrap_or_default().trim_end_matches('\r');
                self.cursor.at = (self.cursor.at + 1).min(self.cursor.text.len());
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

    /// Keeps the words read so far as a command, unless they are the head of a loop.
    fn finish(&mut self) {
        let is_head = self.begins_with("for") || self.begins_with("select");
        let words = std::mem::take(&mut self.words);
        if let (Some(first), Some(last)) = (words.first(), words.last())
            && !is_head
        {
            self.commands.push(Command {
                assignments: Vec::new(),
                span: first.span.to(last.span),
                words,
            });
        }
    }
}
