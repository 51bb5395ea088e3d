//! Line and column of an offset.

use crate::Span;

/// The offsets at which lines start. A line ends after `\n`; `\r\n` counts once, since its `\r` belongs to the line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters stand before every [`STRIDE`]th byte; empty for ASCII, where bytes are characters. A dump of a
    /// whole cluster may be one line, and columns in it must not cost its length each.
    characters: Vec<u32>,
}

/// How far apart characters are counted in advance, in bytes.
const STRIDE: usize = 1024;

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
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut before = 0_u32;
            for stride in text.as_bytes().chunks(STRIDE) {
                characters.push(before);
                before += starting(stride);
            }
        }
        LineIndex { starts, characters }
    }

    /// How many characters start before a byte offset.
    fn characters_before(&self, text: &str, offset: usize) -> u32 {
        // The end of a text may lie just past the last count.
        let stride = (offset / STRIDE).min(self.characters.len().saturating_sub(1));
        match self.characters.get(stride) {
            None => Span::at(offset).start,
            Some(before) => {
                let rest = text.as_bytes().get(stride * STRIDE..offset);
                before + starting(rest.unwrap_or_default())
            }
        }
    }

    /// The position of a byte offset; offsets past the end are those of the end. O(log lines).
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(Span::at(text.len()).start);
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = |offset: u32| self.characters_before(text, offset as usize);
        Position {
            line: Span::at(line + 1).start,
            column: before(offset).saturating_sub(before(start)) + 1,
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

/// How many characters start among these bytes.
fn starting(bytes: &[u8]) -> u32 {
    let first = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80);
    Span::at(first.count()).start
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, STRIDE};

    /// The position as the definition has it.
    fn counted(text: &str, offset: usize) -> (u32, u32) {
        let before = &text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
    }

    #[test]
    fn columns_are_characters_in_lines_of_any_length() {
        let texts = [
            String::new(),
            "a\nbc\r\nd".to_owned(),
            "é".repeat(STRIDE),
            format!(
                "{}\n{}é{}",
                "a".repeat(STRIDE - 1),
                "•".repeat(700),
                "b".repeat(3000)
            ),
            format!("{}\n", "é\n".repeat(STRIDE)),
        ];
        for text in &texts {
            let lines = LineIndex::new(text);
            let offsets = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
            for offset in offsets {
                let position = lines.position(text, u32::try_from(offset).unwrap());
                assert_eq!((position.line, position.column), counted(text, offset));
            }
        }
    }
}
