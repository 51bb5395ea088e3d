//! Whether an expression matches somewhere in a text.

use super::{Atom, DEPTH, Matcher};

/// Steps before an expression counts as beyond us: nested repetitions can take forever.
const STEPS: usize = 100_000;

/// A search through one text.
pub(super) struct Run<'c> {
    text: &'c [char],
    ignores_case: bool,
    steps: usize,
}

type Then<'t, 'c> = dyn FnMut(&mut Run<'c>, usize) -> bool + 't;

impl<'c> Run<'c> {
    /// A search through characters, in lower case where case does not count.
    pub(super) fn over(text: &'c [char], ignores_case: bool) -> Self {
        Run {
            text,
            ignores_case,
            steps: 0,
        }
    }

    /// Whether it took too long to tell.
    pub(super) fn is_given_up(&self) -> bool {
        self.steps > STEPS
    }

    /// Whether the sequence matches from `at` and `then` accepts where it ends.
    pub(super) fn sequence(
        &mut self,
        sequence: &[(Atom, usize, usize)],
        at: usize,
        then: &mut Then<'_, 'c>,
    ) -> bool {
        self.steps += 1;
        if self.is_given_up() {
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
                if count == 0 || self.is_given_up() {
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
