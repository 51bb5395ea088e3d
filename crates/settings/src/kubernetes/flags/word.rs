//! Words of command lines.

use super::setting::Item;
use model::{Place, SourceId};
use text::{Node, Span};

/// A word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, decoded.
    pub text: String,
    /// Whether a variable decides a part of it.
    pub dynamic: bool,
    /// Where it stands.
    pub place: Place,
    /// Whether the bytes at the place are the text, so that parts of it have places of their own.
    exact: bool,
}

impl Word {
    /// A word; its parts have no places of their own.
    #[must_use]
    pub fn new(text: impl Into<String>, dynamic: bool, place: Place) -> Word {
        Word {
            text: text.into(),
            dynamic,
            place,
            exact: false,
        }
    }

    /// The word of an item of `command` or `args`. The kubelet replaces `$(NAME)`, and `$$(NAME)` escapes it.
    #[must_use]
    pub fn of_item(source: SourceId, node: &Node) -> Option<Word> {
        let text = node.text()?;
        let dynamic = text.match_indices("$(").any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            // An even number of dollars before this one: each pair is an escaped dollar.
            (before.len() - before.trim_end_matches('$').len()).is_multiple_of(2)
        });
        Some(Word::written(
            text.to_owned(),
            dynamic,
            Place::new(source, node.span),
        ))
    }

    /// The word of a value of a configuration, which an installer or a template may still fill in (`${X}`, `{{ x }}`).
    #[must_use]
    pub fn of_value(source: SourceId, node: &Node) -> Option<Word> {
        let text = node.text()?;
        let dynamic = ["${", "{{", "$("].iter().any(|start| text.contains(start));
        Some(Word::written(
            text.to_owned(),
            dynamic,
            Place::new(source, node.span),
        ))
    }

    /// A word whose bytes are its text, maybe in quotes, if the lengths say so.
    #[must_use]
    pub fn written(text: String, dynamic: bool, place: Place) -> Word {
        let span = place.span;
        let (start, exact) = if span.len() == text.len() {
            (span.start, true)
        } else if span.len() == text.len() + 2 {
            (span.start + 1, true)
        } else {
            (span.start, false)
        };
        let place = if exact {
            let start = start as usize;
            Place::new(place.source, Span::new(start, start + text.len()))
        } else {
            place
        };
        Word {
            text,
            dynamic,
            place,
            exact,
        }
    }

    /// The part of the word from a byte offset on, with its own place where there is one.
    pub(super) fn from(&self, offset: usize) -> Word {
        let text = self.text.get(offset..).unwrap_or_default();
        Word {
            text: text.to_owned(),
            dynamic: self.dynamic,
            place: self.part(offset, text.len()),
            exact: self.exact,
        }
    }

    /// The items of a list separated by commas; empty ones are left out.
    pub(super) fn items(&self) -> Vec<Item> {
        let mut offset = 0;
        let mut items = Vec::new();
        for item in self.text.split(',') {
            if !item.is_empty() {
                items.push(Item {
                    text: item.to_owned(),
                    place: self.part(offset, item.len()),
                });
            }
            offset += item.len() + 1;
        }
        items
    }

    pub(super) fn part(&self, offset: usize, length: usize) -> Place {
        if !self.exact {
            return self.place;
        }
        let start = self.place.span.start as usize + offset;
        Place::new(self.place.source, Span::new(start, start + length))
    }
}
