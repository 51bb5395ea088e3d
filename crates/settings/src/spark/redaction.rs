//! `spark.redaction.regex`: does an expression find a key or value?
//!
//! The part of `java.util.regex` that people use for it: words, alternatives, groups, classes, `? * + {n,m}`, anchors, `(?i)`.
//! Anything else is said to be beyond us, never guessed.

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression {
    alternatives: Vec<Sequence>,
    ignores_case: bool,
}

type Sequence = Vec<(Atom, usize, usize)>;

#[derive(Clone, Debug)]
enum Atom {
    One(Matcher),
    Group(Vec<Sequence>),
    Start,
    End,
    WordBoundary,
}

#[derive(Clone, Debug)]
enum Matcher {
    Any,
    Exactly(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// Groups inside groups: more than any such expression has.
const DEPTH: usize = 16;
/// Steps before an expression counts as beyond us: nested repetitions can take forever.
const STEPS: usize = 100_000;
/// Repetitions of `*` and `+` that are followed.
const MANY: usize = 1_000;

impl Expression {
    /// Compiles an expression; `None` if it is beyond what is understood here. O(length).
    #[must_use]
    pub fn compile(text: &str) -> Option<Expression> {
        let (ignores_case, body) = match text.strip_prefix("(?i)") {
            Some(body) => (true, body),
            None => (false, text),
        };
        let chars: Vec<char> = body.chars().collect();
        let mut parser = Parser {
            chars: &chars,
            at: 0,
        };
        let alternatives = parser.alternatives(0)?;
        (parser.at == chars.len()).then_some(Expression {
            alternatives,
            ignores_case,
        })
    }

    /// Whether it finds something in a text (`Matcher.find`); `None` if that takes too long to tell.
    #[must_use]
    pub fn finds(&self, text: &str) -> Option<bool> {
        let fold = |c: char| {
            if self.ignores_case {
                c.to_ascii_lowercase()
            } else {
                c
            }
        };
        let chars: Vec<char> = text.chars().map(fold).collect();
        let mut run = Run {
            text: &chars,
            ignores_case: self.ignores_case,
            steps: 0,
        };
        for start in 0..=chars.len() {
            let found = self
                .alternatives
                .iter()
                .any(|sequence| run.sequence(sequence, start, &mut |_, _| true));
            if found {
                return Some(true);
            }
            if run.steps > STEPS {
                return None;
            }
        }
        Some(false)
    }
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

struct Run<'c> {
    text: &'c [char],
    ignores_case: bool,
    steps: usize,
}

type Then<'t, 'c> = dyn FnMut(&mut Run<'c>, usize) -> bool + 't;

impl<'c> Run<'c> {
    /// Whether the sequence matches from `at` and `then` accepts where it ends.
    fn sequence(
        &mut self,
        sequence: &[(Atom, usize, usize)],
        at: usize,
        then: &mut Then<'_, 'c>,
    ) -> bool {
        self.steps += 1;
        if self.steps > STEPS {
            return false;
        }
        match sequence.split_first() {
            None => then(self, at),
            Some(((atom, least, most), rest)) => self.repeat(atom, *least, *most, rest, at, then),
        }
    }

    fn repeat(
        &mut self,
        atom: &Atom,
        least: usize,
        most: usize,
        rest: &[(Atom, usize, usize)],
        at: usize,
        then: &mut Then<'_, 'c>,
    ) -> bool {
        // Single characters repeat in a loop, so that long texts do not deepen the recursion.
        if let Atom::One(matcher) = atom {
            let mut reached = at;
            let mut count = 0;
            while count < most
                && self
                    .text
                    .get(reached)
                    .is_some_and(|c| self.accepts(matcher, *c))
            {
                reached += 1;
                count += 1;
            }
            while count >= least {
                if self.sequence(rest, at + count, then) {
                    return true;
                }
                if count == 0 || self.steps > STEPS {
                    return false;
                }
                count -= 1;
            }
            return false;
        }
        if most == 0 {
            return self.sequence(rest, at, then);
        }
        let matched = match atom {
            Atom::Start => at == 0 && self.sequence(rest, at, then),
            Atom::End => at == self.text.len() && self.sequence(rest, at, then),
            Atom::WordBoundary => self.is_boundary(at) && self.sequence(rest, at, then),
            // A group is followed a few times only: the recursion stays shallow.
            Atom::Group(alternatives) => {
                let most = most.min(least + DEPTH);
                alternatives.iter().any(|inner| {
                    self.sequence(inner, at, &mut |run, end| {
                        end != at
                            && most > 1
                            && run.repeat(atom, least.saturating_sub(1), most - 1, rest, end, then)
                            || least <= 1 && run.sequence(rest, end, then)
                    })
                })
            }
            Atom::One(_) => false,
        };
        matched || least == 0 && self.sequence(rest, at, then)
    }

    fn accepts(&self, matcher: &Matcher, c: char) -> bool {
        let fold = |c: char| {
            if self.ignores_case {
                c.to_ascii_lowercase()
            } else {
                c
            }
        };
        match matcher {
            Matcher::Any => true,
            Matcher::Exactly(expected) => fold(*expected) == c,
            Matcher::Class { negated, ranges } => {
                let upper = if self.ignores_case {
                    c.to_ascii_uppercase()
                } else {
                    c
                };
                let within = |c: char| ranges.iter().any(|(first, last)| *first <= c && c <= *last);
                (within(c) || within(upper)) != *negated
            }
        }
    }

    fn is_boundary(&self, at: usize) -> bool {
        let is_word = |index: Option<usize>| {
            index
                .and_then(|index| self.text.get(index))
                .is_some_and(|c| c.is_alphanumeric() || *c == '_')
        };
        is_word(at.checked_sub(1)) != is_word(Some(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(expression: &str, text: &str) -> bool {
        Expression::compile(expression)
            .unwrap()
            .finds(text)
            .unwrap()
    }

    #[test]
    fn the_defaults_find_what_spark_redacts() {
        let default = "(?i)secret|password|token|access[.]?key|credential";
        for key in [
            "spark.ssl.keyStorePassword",
            "spark.hadoop.fs.s3a.access.key",
            "spark.accesskey",
            "a.CREDENTIAL",
        ] {
            assert!(finds(default, key), "{key}");
        }
        for key in [
            "spark.hadoop.fs.s3a.encryption.key",
            "spark.my.api.key",
            "spark.executorEnv.DB_PWD",
        ] {
            assert!(!finds(default, key), "{key}");
        }
        assert!(!finds(
            "(?i)secret|password|token|access[.]key",
            "spark.accesskey"
        ));
    }

    #[test]
    fn the_usual_syntax_is_understood() {
        assert!(finds("^spark\\.(my|our)\\..*key$", "spark.our.api.key"));
        assert!(!finds("^spark\\.(my|our)\\..*key$", "spark.their.key"));
        assert!(finds("pass(phrase|wd)?", "x.pass"));
        assert!(finds("(ab)+c", "xababc") && !finds("(ab)+c", "xac"));
        assert!(finds("a{2,3}b", "aaab") && !finds("^a{2}b", "ab"));
        assert!(
            finds("[^.]+-key", "x.my-key")
                && finds("\\bkey\\b", "a.key.b")
                && !finds("\\bkey\\b", "keys")
        );
        assert!(finds("", "anything"));
    }

    #[test]
    fn the_rest_is_beyond_us_and_ends() {
        for expression in ["(?!x)y", "a**", "(", "[a", "\\pL", "a{9999}", "(?<n>x)"] {
            assert!(Expression::compile(expression).is_none(), "{expression}");
        }
        let nested = Expression::compile("(a*)*(a*)*(a*)*b").unwrap();
        let _ = nested.finds(&"a".repeat(200));
    }
}
