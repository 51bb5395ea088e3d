//! Splits a script into simple commands.

use super::cursor::Cursor;
use super::{Command, Redirection, RedirectionKind, Word, word};
use crate::Span;

pub(super) struct Scanner<'t> {
    cursor: Cursor<'t>,
    words: Vec<Word>,
    redirections: Vec<Redirection>,
    commands: Vec<Command>,
    /// Here-documents whose bodies start after the current line.
    heredocs: Vec<Pending>,
    /// The number of a file descriptor that was just read, as in `2>&1`.
    descriptor: Option<usize>,
    /// How many `case` are open.
    cases: usize,
    /// How many `if`, `for` and `while` are open.
    conditions: usize,
    /// Whether the list that the next command belongs to may skip it.
    may_skip: bool,
    /// Whether the last thing run was `[[ ... ]]`, which is no command here.
    tested: bool,
}

/// A here-document that is announced.
struct Pending {
    delimiter: String,
    drops_tabs: bool,
    /// Its place among the redirections of its command.
    slot: usize,
    /// Its command, once that ended.
    command: Option<usize>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Scanner {
            cursor: Cursor { text, at: 0 },
            words: Vec::new(),
            redirections: Vec::new(),
            commands: Vec::new(),
            heredocs: Vec::new(),
            descriptor: None,
            cases: 0,
            conditions: 0,
            may_skip: false,
            tested: false,
        }
    }

    pub(super) fn commands(mut self) -> Vec<Command> {
        while let Some(byte) = self.cursor.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.cursor.at += 1,
                b'\n' => {
                    self.finish();
                    self.may_skip = false;
                    self.tested = false;
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
        let is_doubled = self.cursor.peek(1) == Some(byte);
        match byte {
            b'|' if is_doubled => self.may_skip = true,
            b'|' => {
                if let Some(command) = self.commands.last_mut() {
                    command.is_piped = true;
                }
            }
            b'&' if is_doubled => self.may_skip |= self.ends_in_test(),
            b'&' | b';' => self.may_skip = false,
            _ => {}
        }
        if is_doubled && matches!(byte, b'|' | b'&') {
            self.cursor.at += 1;
        }
        self.tested = false;
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
            self.descriptor = word.text.parse().ok();
            return;
        }
        let written = self.cursor.text.get(word.span.range());
        match (self.words.is_empty(), written) {
            // Reserved words, after which a command may begin.
            (true, Some("if" | "while" | "until")) => self.conditions += 1,
            (true, Some("fi" | "done")) => self.conditions = self.conditions.saturating_sub(1),
            (true, Some("then" | "elif" | "else" | "do" | "time" | "!" | "{" | "}")) => {}
            (true, Some("esac")) => self.cases = self.cases.saturating_sub(1),
            (true, Some("[[")) => {
                self.skip_condition();
                self.tested = true;
            }
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

    /// Whether the last thing run asks a question, so that what follows `&&` is an answer to it.
    fn ends_in_test(&self) -> bool {
        let last = self
            .commands
            .last()
            .and_then(|command| command.words.first());
        self.tested || last.is_some_and(|word| matches!(word.text.as_str(), "[" | "test" | "grep"))
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
        let descriptor = self.descriptor.take();
        let operator = |ahead: usize| self.cursor.peek(ahead);
        let here =
            operator(0) == Some(b'<') && operator(1) == Some(b'<') && operator(2) != Some(b'<');
        let is_process = operator(1) == Some(b'(');
        let kind = match (operator(0), operator(1)) {
            (Some(b'>'), Some(b'>')) => Some(RedirectionKind::Append),
            (Some(b'>'), second) if second != Some(b'&') => Some(RedirectionKind::Output),
            (Some(b'<'), second) if !matches!(second, Some(b'<' | b'&' | b'>')) => {
                Some(RedirectionKind::Input)
            }
            _ => None,
        };
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
        if ends {
            return;
        }
        let Some(word) = word::read(&mut self.cursor) else {
            return;
        };
        if here {
            let written = self.cursor.text.get(word.span.range()).unwrap_or_default();
            let kind = RedirectionKind::HereDocument {
                body: Span::at(self.cursor.at),
                expands: !written.contains(['\'', '"', '\\']),
            };
            self.heredocs.push(Pending {
                delimiter: word.text.clone(),
                drops_tabs,
                slot: self.redirections.len(),
                command: None,
            });
            self.redirections.push(Redirection { kind, target: word });
        } else if let Some(kind) = kind.filter(|kind| is_standard(*kind, descriptor)) {
            self.redirections.push(Redirection { kind, target: word });
        }
    }

    /// Passes the bodies of the here-documents announced so far, and notes them in their commands.
    fn skip_heredocs(&mut self) {
        for pending in std::mem::take(&mut self.heredocs) {
            let Pending {
                delimiter,
                drops_tabs,
                ..
            } = pending;
            let body = self.cursor.at;
            let mut end = body;
            while self.cursor.at < self.cursor.text.len() {
                let start = self.cursor.at;
                end = start;
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
                end = self.cursor.at;
            }
            let redirection = pending.command.and_then(|command| {
                let command = self.commands.get_mut(command)?;
                command.redirections.get_mut(pending.slot)
            });
            if let Some(Redirection {
                kind: RedirectionKind::HereDocument { body: known, .. },
                ..
            }) = redirection
            {
                *known = Span::new(body, end);
            }
        }
    }

    /// Keeps the words read so far as a command, unless they are the head of a loop.
    fn finish(&mut self) {
        let is_head = self.begins_with("for") || self.begins_with("select");
        let words = std::mem::take(&mut self.words);
        let redirections = std::mem::take(&mut self.redirections);
        if is_head {
            self.conditions += 1;
        }
        // A redirection may stand alone, or behind a group or loop: then its words are not known here.
        let target = redirections.first().map(|redirection| &redirection.target);
        let (Some(first), Some(last)) = (words.first().or(target), words.last().or(target)) else {
            return;
        };
        if is_head {
            return;
        }
        let span = first.span.to(last.span);
        let index = self.commands.len();
        for pending in &mut self.heredocs {
            pending.command.get_or_insert(index);
        }
        self.commands.push(Command {
            assignments: Vec::new(),
            span,
            words,
            redirections,
            is_piped: false,
            is_conditional: self.conditions + self.cases > 0 || self.may_skip,
        });
    }
}

/// Whether a redirection concerns standard output or standard input, which it does without a number.
fn is_standard(kind: RedirectionKind, descriptor: Option<usize>) -> bool {
    let own = match kind {
        RedirectionKind::Output | RedirectionKind::Append => 1,
        RedirectionKind::Input | RedirectionKind::HereDocument { .. } => 0,
    };
    descriptor.is_none_or(|number| number == own)
}
