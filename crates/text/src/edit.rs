//! Changes to a text that leave every other byte as it is.

use crate::Span;
use std::fmt;

/// One change: the bytes of `span` give way to `replacement`. An empty span inserts, an empty replacement deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// Why edits cannot be applied. No edit of the set is applied then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditConflict {
    /// Two edits replace a byte in common, or insert inside what the other one replaces.
    Overlap(Span, Span),
    /// A span ends before it starts, lies outside of the text, or cuts a character.
    NotInText(Span),
}

impl fmt::Display for EditConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditConflict::Overlap(first, second) => write!(
                f,
                "two edits overlap: bytes {}..{} and {}..{}",
                first.start, first.end, second.start, second.end
            ),
            EditConflict::NotInText(span) => write!(
                f,
                "an edit has no place in the text: bytes {}..{}",
                span.start, span.end
            ),
        }
    }
}

impl std::error::Error for EditConflict {}

/// Applies edits to a text, in any order. Edits that only touch do not overlap; insertions at one place keep the order in
/// which they were given and come before a replacement that starts there. O(length + edits · log edits).
///
/// # Errors
/// Edits overlap, or one has no place in the text.
pub fn apply(text: &str, mut edits: Vec<Edit>) -> Result<String, EditConflict> {
    edits.sort_by_key(|edit| edit.span);
    let added: usize = edits.iter().map(|edit| edit.replacement.len()).sum();
    let mut edited = String::with_capacity(text.len() + added);
    let mut before = Span::default();
    for edit in &edits {
        let (from, to) = (before.range().end, edit.span.range());
        if edit.span.start < before.end {
            return Err(EditConflict::Overlap(before, edit.span));
        }
        let kept = text
            .get(from..to.start)
            .filter(|_| text.get(to).is_some())
            .ok_or(EditConflict::NotInText(edit.span))?;
        edited.push_str(kept);
        edited.push_str(&edit.replacement);
        before = edit.span;
    }
    edited.push_str(text.get(before.range().end..).unwrap_or_default());
    Ok(edited)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edit(start: usize, end: usize, replacement: &str) -> Edit {
        Edit {
            span: Span::new(start, end),
            replacement: replacement.to_owned(),
        }
    }

    #[test]
    fn replaces_inserts_and_deletes_in_any_order() {
        let edits = vec![
            edit(5, 6, "B"),
            edit(0, 1, "A"),
            edit(2, 2, "+"),
            edit(6, 7, ""),
        ];
        assert_eq!(apply("a é b ü", edits).as_deref(), Ok("A +é Bü"));
        assert_eq!(apply("same", Vec::new()).as_deref(), Ok("same"));
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let edits = vec![edit(1, 2, "R"), edit(1, 1, "x"), edit(1, 1, "y")];
        assert_eq!(apply("abc", edits).as_deref(), Ok("axyRc"));
    }

    #[test]
    fn conflicts_are_refused_as_a_whole() {
        let overlap = vec![edit(0, 2, "x"), edit(1, 3, "y")];
        assert_eq!(
            apply("abc", overlap),
            Err(EditConflict::Overlap(Span::new(0, 2), Span::new(1, 3)))
        );
        let inside = vec![edit(0, 2, "x"), edit(1, 1, "y")];
        assert!(matches!(
            apply("abc", inside),
            Err(EditConflict::Overlap(..))
        ));
        for bad in [edit(0, 4, ""), edit(2, 1, ""), edit(9, 9, "")] {
            let span = bad.span;
            assert_eq!(apply("abc", vec![bad]), Err(EditConflict::NotInText(span)));
        }
        assert!(matches!(
            apply("é", vec![edit(1, 2, "")]),
            Err(EditConflict::NotInText(_))
        ));
    }

    proptest! {
        /// A text is cut into pieces; every second piece is replaced. The others must stand in the result, in order.
        #[test]
        fn bytes_outside_of_edits_stay(pieces in prop::collection::vec(("\\PC{0,6}", "\\PC{0,6}", "\\PC{0,6}"), 0..12), shift in 0_usize..12) {
            let (mut text, mut expected, mut edits) = (String::new(), String::new(), Vec::new());
            for (kept, replaced, replacement) in &pieces {
                text.push_str(kept);
                expected.push_str(kept);
                let start = text.len();
                text.push_str(replaced);
                expected.push_str(replacement);
                edits.push(edit(start, text.len(), replacement));
            }
            // Two insertions at one place have no order but the given one, so only texts without such are turned.
            if pieces.iter().all(|(kept, replaced, _)| !kept.is_empty() && !replaced.is_empty()) && !edits.is_empty() {
                let by = shift % edits.len();
                edits.rotate_left(by);
            }
            prop_assert_eq!(apply(&text, edits).unwrap(), expected);
        }
    }
}
