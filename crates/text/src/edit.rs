//! Edits of a text that leave every other byte as it is.

use crate::Span;
use std::fmt;

/// One replacement: the bytes of `span` give way to `replacement`. An empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// What comes instead.
    pub replacement: String,
}

/// Why edits cannot be applied. Nothing is changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditConflict {
    /// Two edits touch the same bytes, or insert at the same place, where their order would decide.
    Overlap {
        /// The span that starts first.
        first: Span,
        /// The other.
        second: Span,
    },
    /// A span that is not inside the text, or cuts a character in two.
    OutOfText {
        /// The span.
        span: Span,
    },
}

impl fmt::Display for EditConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditConflict::Overlap { first, second } => write!(
                f,
                "two edits touch the same place, at bytes {} and {}",
                first.start, second.start
            ),
            EditConflict::OutOfText { span } => {
                write!(f, "an edit at byte {} does not fit the text", span.start)
            }
        }
    }
}

impl std::error::Error for EditConflict {}

/// Applies edits, given in any order. O(text + edits log edits).
///
/// # Errors
/// Edits overlap, or do not fit the text.
pub fn apply(text: &str, mut edits: Vec<Edit>) -> Result<String, EditConflict> {
    edits.sort_by_key(|edit| edit.span);
    let added: usize = edits.iter().map(|edit| edit.replacement.len()).sum();
    let mut result = String::with_capacity(text.len() + added);
    let mut done = 0;
    let mut previous: Option<Span> = None;
    for edit in &edits {
        let span = edit.span;
        if let Some(first) = previous
            && (span.start < first.end || span.start == first.start)
        {
            let second = span;
            return Err(EditConflict::Overlap { first, second });
        }
        let fits = text.get(span.range()).is_some();
        let Some(kept) = text.get(done..span.range().start).filter(|_| fits) else {
            return Err(EditConflict::OutOfText { span });
        };
        result.push_str(kept);
        result.push_str(&edit.replacement);
        done = span.range().end;
        previous = Some(span);
    }
    result.push_str(text.get(done..).unwrap_or_default());
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edit(start: usize, end: usize, replacement: &str) -> Edit {
        Edit {
            span: Span::new(start, end),
            replacement: replacement.into(),
        }
    }

    #[test]
    fn replaces_inserts_and_removes_in_any_order() {
        let edits = vec![edit(6, 7, ""), edit(0, 1, "xy"), edit(3, 3, "é")];
        assert_eq!(apply("abcdefgh", edits).unwrap(), "xybcédefh");
        assert_eq!(
            apply("abc", vec![edit(0, 1, "x"), edit(1, 2, "y")]).unwrap(),
            "xyc"
        );
    }

    #[test]
    fn conflicts_are_refused() {
        let overlap = apply("abcd", vec![edit(0, 2, ""), edit(1, 3, "")]);
        assert!(matches!(overlap, Err(EditConflict::Overlap { .. })));
        let order = apply("abcd", vec![edit(1, 1, "x"), edit(1, 1, "y")]);
        assert!(matches!(order, Err(EditConflict::Overlap { .. })));
        for span in [edit(3, 9, ""), edit(3, 2, ""), edit(9, 9, "")] {
            assert!(matches!(
                apply("abcd", vec![span]),
                Err(EditConflict::OutOfText { .. })
            ));
        }
        assert!(apply("aé", vec![edit(2, 3, "")]).is_err());
    }

    proptest! {
        #[test]
        fn bytes_outside_the_edits_stay(
            text in "[a-cé\\n]{0,40}",
            cuts in proptest::collection::vec((0_usize..50, "[x-z]{0,3}"), 0..8),
        ) {
            // Every second pair of distinct character boundaries becomes an edit.
            let mut bounds: Vec<_> = cuts.iter().map(|(at, _)| *at).filter(|at| text.is_char_boundary(*at)).collect();
            bounds.sort_unstable();
            bounds.dedup();
            let (pairs, _) = bounds.as_chunks::<2>();
            let edits: Vec<_> = pairs.iter().zip(&cuts).map(|([start, end], (_, new))| edit(*start, *end, new)).collect();
            let shuffled: Vec<_> = edits.iter().rev().cloned().collect();
            let mut rest = apply(&text, shuffled).unwrap();
            let mut at = 0;
            for edit in &edits {
                let kept = &text[at..edit.span.range().start];
                rest = rest.strip_prefix(kept).unwrap().strip_prefix(edit.replacement.as_str()).unwrap().into();
                at = edit.span.range().end;
            }
            prop_assert_eq!(&rest, &text[at..]);
        }
    }
}
