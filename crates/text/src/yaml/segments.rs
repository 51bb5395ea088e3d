//! Where the bytes of a decoded scalar come from.

use crate::{Node, SegmentMap, Span, Style, Value};

/// Maps the decoded text of a scalar back to the file: line by line for literal blocks, byte by byte for scalars that
/// decode to their own bytes, as a whole for everything else (folded, escaped).
#[must_use]
pub fn block_scalar_segments(text: &str, node: &Node) -> SegmentMap {
    let Value::Scalar(scalar) = &node.value else {
        return SegmentMap::default();
    };
    let raw = text.get(node.span.range()).unwrap_or_default();
    let start = node.span.range().start;
    let by_lines = (scalar.style == Style::Block)
        .then(|| lines(raw, start, &scalar.text))
        .flatten();
    by_lines.unwrap_or_else(|| verbatim(raw, start, &scalar.text, node.span))
}

/// A scalar whose decoded text stands in the file as it is, maybe in quotes.
fn verbatim(raw: &str, start: usize, decoded: &str, span: Span) -> SegmentMap {
    match raw.find(decoded).filter(|_| !decoded.is_empty()) {
        Some(at) => {
            let mut map = SegmentMap::default();
            map.push(
                Span::new(0, decoded.len()),
                Span::new(start + at, start + at + decoded.len()),
            );
            map
        }
        None => SegmentMap::whole(decoded.len(), span),
    }
}

/// Matches each decoded line with the next line of the file that ends in it after its indentation.
fn lines(raw: &str, start: usize, decoded: &str) -> Option<SegmentMap> {
    let mut map = SegmentMap::default();
    let mut written = written_lines(raw);
    // The span of a block starts at its first line with content; blank lines before it come from there as a whole.
    let mut offset = decoded.len() - decoded.trim_start_matches('\n').len();
    if offset == decoded.len() || raw.starts_with(['\r', '\n']) {
        offset = 0;
    }
    if offset > 0 {
        map.push(Span::new(0, offset), Span::at(start));
    }
    for line in decoded.get(offset..)?.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        let (at, full) = written.next()?;
        // Blank lines may be shorter in the file than the indentation.
        let indent = full
            .len()
            .checked_sub(content.len())
            .or_else(|| content.is_empty().then_some(full.len()))?;
        if full.get(indent..)? != content || full.get(..indent)?.bytes().any(|b| b != b' ') {
            return None;
        }
        let origin = start + at + indent;
        map.push(
            Span::new(offset, offset + line.len()),
            // The last line may have no line end in the file.
            Span::new(origin, (origin + line.len()).min(start + raw.len())),
        );
        offset += line.len();
    }
    Some(map)
}

/// The lines of a text with their offsets, without their ends: `\n`, `\r\n` and, in YAML, a lone `\r`.
fn written_lines(raw: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = raw.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let end = match rest.as_bytes().get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        let line = (at, rest.get(..length)?);
        at += length + end;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where each decoded line of the only value comes from.
    fn origins(text: &str) -> Vec<&str> {
        let stream = crate::yaml::parse(text);
        let node = stream.documents[0].root.get("a").unwrap();
        let map = block_scalar_segments(text, node);
        let mut at = 0;
        let lines = node.text().unwrap().split_inclusive('\n');
        lines
            .map(|line| {
                let content = line.trim_end_matches('\n').len();
                let origin = map.to_origin(Span::new(at, at + content));
                at += line.len();
                &text[origin.range()]
            })
            .collect()
    }

    #[test]
    fn literal_blocks_map_line_by_line() {
        assert_eq!(origins("a: |\n  x\n    y\n\n  z"), ["x", "  y", "", "z"]);
        assert_eq!(origins("a: |\n\n\n  x\n  y\n"), ["", "", "x", "y"]);
        assert_eq!(origins("a: |2-\n    x\n  y\n"), ["  x", "y"]);
        assert_eq!(origins("a: |+\r\n  x\r\n  y\r\n\r\n"), ["x", "y", ""]);
        assert_eq!(origins("a: |\n  x\r\n  y\r  z\n"), ["x", "y", "z"]);
    }

    #[test]
    fn other_scalars_map_byte_by_byte_or_as_a_whole() {
        assert_eq!(origins("a: b c # d"), ["b c"]);
        assert_eq!(origins("a: 'b c'"), ["b c"]);
        assert_eq!(origins("a: 'it''s'"), ["'it''s'"]);
        assert_eq!(origins("a: \"b\\nc\""), ["\"b\\nc\"", "\"b\\nc\""]);
        assert_eq!(origins("a: >\n  b\n  c\n"), ["b\n  c\n"]);
    }
}
