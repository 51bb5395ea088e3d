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
    let mut offset = 0;
    for line in decoded.split_inclusive('\n') {
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

    #[test]
    fn lone_carriage_returns_end_lines_of_blocks() {
        let text = "k: |\n  one\r\n  two\r  three\n  four";
        let stream = crate::yaml::parse(text);
        let node = stream.documents[0].root.get("k").unwrap();
        let decoded = node.text().unwrap();
        let map = block_scalar_segments(text, node);
        for word in ["one", "two", "three", "four"] {
            let at = decoded.find(word).unwrap();
            let origin = map.to_origin(Span::new(at, at + word.len()));
            assert_eq!(&text[origin.range()], word);
        }
        let last = map.to_origin(Span::new(decoded.len() - 1, decoded.len()));
        assert!(last.range().end <= text.len());
    }
}
