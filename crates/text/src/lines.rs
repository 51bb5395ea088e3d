//! Line and column of an offset.

use crate::Span;

/// The offsets at which lines start. A line ends after `\n`; `\r\n` counts once, since its `\r` belongs to the line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A position as people and editors count: both numbers start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in Unicode scalar values, from 1.
    pub column: u32,
}

impl LineIndex {
    /// Indexes a text. O(length).
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| Span::at(at + 1).start));
        LineIndex { starts }
    }

    /// The position of a byte offset; offsets past the end are those of the end. O(log lines + column).
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(Span::at(text.len()).start);
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0) as usize;
        let before = text.get(start..offset as usize).unwrap_or_default();
        let column = before.chars().count();
        Position {
            line: Span::at(line + 1).start,
            column: Span::at(column + 1).start,
        }
    }

    /// The bytes of a line (from 1), with its line ending.
    #[must_use]
    pub fn line(&self, text: &str, line: u32) -> Span {
        let index = (line as usize).saturating_sub(1);
        let start = self
            .starts
            .get(index)
            .map_or(text.len(), |start| *start as usize);
        let end = self
            .starts
            .get(index + 1)
            .map_or(text.len(), |end| *end as usize);
        Span::new(start, end)
    }
}
