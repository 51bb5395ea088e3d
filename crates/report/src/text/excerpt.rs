//! The lines of a text that a finding points at, as they may be printed: secrets masked, controls escaped, long lines cut.

use crate::disclosure::MASK;
use crate::escape;
use crate::evidence::Evidence;
use model::{Place, SourceId};
use std::ops::Range;
use text::Span;

/// A span longer than this many lines is underlined on its first line only.
const LINES_OF_SPAN: u32 = 6;

/// Spans further apart than this many lines get excerpts of their own.
const GAP: u32 = 12;

/// How many bytes around a cut line are searched for the key that makes a value secret.
const MARGIN: usize = 600;

/// Some lines, ready to print.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// The printable text.
    pub(crate) text: String,
    /// The number of its first line, from 1.
    pub(crate) first_line: usize,
    /// Which of the spans asked for lie in it (by index), and where.
    pub(crate) marks: Vec<(usize, Range<usize>)>,
}

/// A run of the source and what is printed for it.
#[derive(Debug)]
struct Piece {
    source: Range<usize>,
    printed: Range<usize>,
}

/// The excerpts of one text that show `spans`, the one with the first span first.
pub(crate) fn excerpts(
    evidence: &Evidence<'_>,
    source: SourceId,
    spans: &[Span],
    width: usize,
) -> Vec<Excerpt> {
    let Some(text) = evidence.outcome.sources.get(source) else {
        return Vec::new();
    };
    let line_of = |offset| text.lines().position(&text.text, offset).line;
    let mut marked: Vec<Marked> = spans
        .iter()
        .enumerate()
        .map(|(index, span)| {
            let first = line_of(span.start);
            let last = line_of(span.end.saturating_sub(1).max(span.start));
            if last - first < LINES_OF_SPAN {
                return Marked {
                    index,
                    span: *span,
                    first,
                    last,
                };
            }
            let end = span.end.min(text.lines().line(&text.text, first).end);
            Marked {
                index,
                span: Span {
                    start: span.start,
                    end,
                },
                first,
                last: first,
            }
        })
        .collect();
    marked.sort_by_key(|mark| (mark.first, mark.last));
    let mut excerpts: Vec<Excerpt> = marked
        .chunk_by(|a, b| b.first.saturating_sub(a.last) <= GAP)
        .map(|near| excerpt(evidence, source, near, width))
        .collect();
    excerpts.sort_by_key(|excerpt| excerpt.marks.iter().map(|(index, _)| *index).min());
    excerpts
}

#[derive(Debug)]
struct Marked {
    index: usize,
    span: Span,
    first: u32,
    last: u32,
}

fn excerpt(evidence: &Evidence<'_>, source: SourceId, near: &[Marked], width: usize) -> Excerpt {
    let first = near.iter().map(|mark| mark.first).min().unwrap_or(1);
    let last = near.iter().map(|mark| mark.last).max().unwrap_or(first);
    let mut printer = Printer {
        evidence,
        source,
        text: String::new(),
        pieces: Vec::new(),
    };
    for line in first..=last {
        let anchor = near
            .iter()
            .filter(|mark| mark.first == line)
            .map(|mark| mark.span.start)
            .min();
        printer.line(line, anchor, width);
    }
    let marks = near
        .iter()
        .map(|mark| (mark.index, printer.mark(mark.span)))
        .collect();
    Excerpt {
        text: printer.text,
        first_line: first as usize,
        marks,
    }
}

#[derive(Debug)]
struct Printer<'e, 'o> {
    evidence: &'e Evidence<'o>,
    source: SourceId,
    text: String,
    pieces: Vec<Piece>,
}

impl Printer<'_, '_> {
    fn line(&mut self, number: u32, anchor: Option<u32>, width: usize) {
        let sources = &self.evidence.outcome.sources;
        let Some(source) = sources.get(self.source) else {
            return;
        };
        let whole = source.lines().line(&source.text, number);
        let line = sources.slice(Place::new(self.source, whole));
        let content = line.trim_end_matches(['\r', '\n']);
        let start = whole.start as usize;
        let shown = view(
            content,
            anchor.map_or(0, |anchor| (anchor as usize).saturating_sub(start)),
            width,
        );
        let searched = widened(content, &shown);
        let region = Span::new(start + searched.start, start + searched.end);
        let mut hidden = self
            .evidence
            .disclosure
            .hidden(sources, Place::new(self.source, region))
            .into_iter()
            .peekable();
        if shown.start > 0 {
            self.push(start..start + shown.start, "…");
        }
        let mut masked_to = 0;
        for (offset, character) in content
            .get(shown.clone())
            .unwrap_or_default()
            .char_indices()
        {
            let at = start + shown.start + offset;
            while hidden.peek().is_some_and(|range| range.end <= at) {
                hidden.next();
            }
            if at < masked_to {
                continue;
            }
            match hidden.peek() {
                Some(range) if range.start <= at => {
                    masked_to = range.end;
                    self.push(at..masked_to, MASK);
                }
                _ => self.character(at..at + character.len_utf8(), character),
            }
        }
        if shown.end < content.len() {
            self.push(start + shown.end..start + content.len(), "…");
        }
        self.push(start + content.len()..whole.end as usize, "\n");
    }

    fn push(&mut self, source: Range<usize>, printed: &str) {
        let start = self.text.len();
        self.text.push_str(printed);
        self.pieces.push(Piece {
            source,
            printed: start..self.text.len(),
        });
    }

    fn character(&mut self, source: Range<usize>, character: char) {
        let start = self.text.len();
        match character {
            '\t' => self.text.push_str("    "),
            _ => escape::push(&mut self.text, character),
        }
        self.pieces.push(Piece {
            source,
            printed: start..self.text.len(),
        });
    }

    /// Where a span of the source is in the printed text.
    fn mark(&self, span: Span) -> Range<usize> {
        let span = span.range();
        let first = self
            .pieces
            .partition_point(|piece| piece.source.end <= span.start);
        let start = self
            .pieces
            .get(first)
            .map_or(self.text.len(), |piece| piece.printed.start);
        let last = self
            .pieces
            .partition_point(|piece| piece.source.start < span.end);
        let end = last
            .checked_sub(1)
            .and_then(|last| self.pieces.get(last))
            .map_or(start, |piece| piece.printed.end);
        // A trailing line break has no width to underline.
        let end = if self
            .text
            .get(..end)
            .is_some_and(|text| text.ends_with('\n'))
        {
            end - 1
        } else {
            end
        };
        start..end.max(start)
    }
}

/// The part of a line that fits: all of it, or a window around `anchor` that is filled as far as the line goes.
fn view(line: &str, anchor: usize, width: usize) -> Range<usize> {
    if line.char_indices().nth(width).is_none() {
        return 0..line.len();
    }
    let start = anchor
        .saturating_sub(width / 3)
        .min(line.len().saturating_sub(width));
    let start = floor(line, start);
    let end = line
        .get(start..)
        .and_then(|rest| rest.char_indices().nth(width))
        .map_or(line.len(), |(end, _)| start + end);
    start..end
}

/// The view with a margin, inside the line.
fn widened(line: &str, view: &Range<usize>) -> Range<usize> {
    let end = (view.end + MARGIN).min(line.len());
    floor(line, view.start.saturating_sub(MARGIN))..if end == line.len() {
        end
    } else {
        floor(line, end)
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(line: &str, offset: usize) -> usize {
    (0..=offset.min(line.len()))
        .rev()
        .find(|at| line.is_char_boundary(*at))
        .unwrap_or(0)
}
