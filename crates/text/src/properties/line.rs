//! Logical lines: comments and blank lines left out, continuation lines joined.
//!
//! Follows `java.util.Properties.LineReader.readLine` (JDK 17) case by case, odd ones included.

use crate::Span;

/// A logical line. Its content is the concatenation of its parts: continuation backslashes, line ends and the blanks that
/// start each natural line belong to none.
#[derive(Default)]
pub(super) struct LogicalLine {
    pub(super) parts: Vec<Span>,
    /// From the first byte of the content to the end of the last natural line.
    pub(super) span: Span,
}

impl LogicalLine {
    /// The content with the offset of each character.
    pub(super) fn chars<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, char)> + 'a {
        self.parts.iter().flat_map(move |part| {
            let start = part.range().start;
            let content = text.get(part.range()).unwrap_or_default();
            content.char_indices().map(move |(at, c)| (start + at, c))
        })
    }

    fn has_content(&self) -> bool {
        !self.parts.is_empty()
    }

    fn push(&mut self, part: Span) {
        if !self.has_content() {
            self.span = part;
        }
        if !part.is_empty() {
            self.parts.push(part);
        }
        self.span = self.span.to(part);
    }
}

/// Reads the logical line that starts at or after `at` into `line` and gives where the next one may start; `None` at the
/// end of the text.
pub(super) fn read(text: &str, mut at: usize, line: &mut LogicalLine) -> Option<usize> {
    let bytes = text.as_bytes();
    line.parts.clear();
    loop {
        let start = past_blanks(bytes, at);
        let end = line_end(bytes, start);
        let next = past_line_end(bytes, end);
        if start >= bytes.len() {
            return line.has_content().then_some(start);
        }
        // A comment or an empty line is skipped as long as the logical line has no content yet, even after a
        // continuation; later, `#` is content and an empty line ends the logical line.
        if !line.has_content() && (start == end || matches!(bytes.get(start), Some(b'#' | b'!'))) {
            at = next;
            continue;
        }
        if !ends_in_continuation(bytes, start, end) {
            line.push(Span::new(start, end));
            return Some(next);
        }
        line.push(Span::new(start, end - 1));
        line.span = line.span.to(Span::new(start, end));
        // Java looks for more input after the first character of a line end, so a text that ends in `\r\n` goes on.
        if end + 1 >= bytes.len() {
            return Some(next);
        }
        at = next;
    }
}

/// Whether the natural line ends in an odd number of backslashes: of an even number, each pair is one backslash.
fn ends_in_continuation(bytes: &[u8], start: usize, end: usize) -> bool {
    let line = bytes.get(start..end).unwrap_or_default();
    line.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

fn past_blanks(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | 0x0c);
    from + rest.iter().take_while(blank).count()
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

fn past_line_end(bytes: &[u8], end: usize) -> usize {
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(_), _) => end + 1,
        (None, _) => end,
    }
}
