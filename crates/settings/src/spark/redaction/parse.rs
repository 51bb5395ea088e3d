//! An expression's text taken apart.

use super::{Atom, DEPTH, Matcher, Sequence};

/// Repetitions of `*` and `+` that are followed.
const MANY: usize = 1_000;

/// The alternatives of an expression; `None` if it is beyond what is understood here. O(length).
pub(super) fn alternatives(text: &str) -> Option<Vec<Sequence>> {
    let chars: Vec<char> = text.chars().collect();
    let mut parser = Parser {
        chars: &chars,
        at: 0,
    };
    let alternatives = parser.alternatives(0)?;
    (parser.at == chars.len()).then_some(alternatives)
}

struct Parser<'c> {
    chars: &'c [char],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn alternatives(&mut self, depth: usize) -> Option<Vec<Sequence>> {
        if depth > DEPTH {
            return None;
        }
        let mut alternatives = vec![Vec::new()];
        while let Some(c) = self.peek() {
            match c {
                ')' => break,
                '|' => {
                    self.at += 1;
                    alternatives.push(Vec::new());
                }
                _ => {
                    let atom = self.atom(depth)?;
                    let (least, most) = self.repetition()?;
                    alternatives.last_mut()?.push((atom, least, most));
                }
            }
        }
        Some(alternatives)
    }

    fn atom(&mut self, depth: usize) -> Option<Atom> {
        Some(match self.next()? {
            '(' => {
                if self.peek() == Some('?') {
                    self.at += 1;
                    // Only plain groups; look-around, names and inner flags are beyond us.
                    (self.next()? == ':').then_some(())?;
                }
                let inner = self.alternatives(depth + 1)?;
                (self.next()? == ')').then_some(Atom::Group(inner))?
            }
            '[' => Atom::One(self.class()?),
            '.' => Atom::One(Matcher::Any),
            '^' => Atom::Start,
            '$' => Atom::End,
            '\\' => match self.next()? {
                'b' => Atom::WordBoundary,
                escaped => Atom::One(escape(escaped)?),
            },
            '*' | '+' | '?' | '{' => return None,
            c => Atom::One(Matcher::Exactly(c)),
        })
    }

    fn class(&mut self) -> Option<Matcher> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        loop {
            let first = match self.next()? {
                ']' if !ranges.is_empty() => return Some(Matcher::Class { negated, ranges }),
                // Java's nested classes and intersections.
                '[' | '&' => return None,
                '\\' => match escape(self.next()?)? {
                    Matcher::Exactly(c) => c,
                    Matcher::Class {
                        negated: false,
                        ranges: inner,
                    } => {
                        ranges.extend(inner);
                        continue;
                    }
                    _ => return None,
                },
                c => c,
            };
            let is_range =
                self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            if is_range {
                self.at += 1;
                ranges.push((first, self.next()?));
            } else {
                ranges.push((first, first));
            }
        }
    }

    fn repetition(&mut self) -> Option<(usize, usize)> {
        let bounds = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, MANY),
            Some('+') => (1, MANY),
            Some('{') => return self.counted(),
            _ => return Some((1, 1)),
        };
        self.at += 1;
        // Reluctant and possessive forms find the same texts, but for possessive ones.
        match self.peek() {
            Some('?') => self.at += 1,
            Some('+') => return None,
            _ => {}
        }
        Some(bounds)
    }

    fn counted(&mut self) -> Option<(usize, usize)> {
        let rest = self.chars.get(self.at + 1..)?;
        let end = rest.iter().take(16).position(|c| *c == '}')?;
        let inner: String = rest.get(..end)?.iter().collect();
        self.at += end + 2;
        let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
        let least = least.parse().ok()?;
        let most = if most.is_empty() {
            MANY
        } else {
            most.parse().ok()?
        };
        (least <= most && most <= MANY).then_some((least, most))
    }
}

fn escape(c: char) -> Option<Matcher> {
    let class = |ranges: &[(char, char)]| Matcher::Class {
        negated: false,
        ranges: ranges.to_vec(),
    };
    Some(match c {
        'd' => class(&[('0', '9')]),
        'w' => class(&[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]),
        's' => class(&[(' ', ' '), ('\t', '\t'), ('\n', '\n'), ('\r', '\r')]),
        c if c.is_ascii_alphanumeric() => return None,
        c => Matcher::Exactly(c),
    })
}
