//! Where the bytes of a decoded text come from.

use crate::Span;

/// Maps a text that was decoded out of another (a block scalar of a ConfigMap, a base64 value) back to it.
///
/// Runs are in order of the decoded text and do not overlap in it. A pushed run whose two lengths are equal maps byte by
/// byte; any other run maps as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentMap {
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    decoded: Span,
    origin: Span,
    /// Whether the bytes are the same. Equal lengths alone do not say so: escapes may make up for each other.
    is_verbatim: bool,
}

impl SegmentMap {
    /// A map in which the whole decoded text comes from one span as a whole (base64, compressed data).
    #[must_use]
    pub fn whole(decoded_length: usize, origin: Span) -> Self {
        SegmentMap {
            runs: vec![Run {
                decoded: Span::new(0, decoded_length),
                origin,
                is_verbatim: false,
            }],
        }
    }

    /// Adds a run: these decoded bytes come from those bytes of the origin. Must be called in order of `decoded`.
    pub fn push(&mut self, decoded: Span, origin: Span) {
        self.runs.push(Run {
            decoded,
            origin,
            is_verbatim: decoded.len() == origin.len(),
        });
    }

    /// The span of the origin that a span of the decoded text came from.
    #[must_use]
    pub fn to_origin(&self, span: Span) -> Span {
        let start = self.start_of(span.start);
        let end = if span.is_empty() {
            start
        } else {
            self.end_of(span.end)
        };
        Span {
            start,
            end: end.max(start),
        }
    }

    fn start_of(&self, offset: u32) -> u32 {
        let index = self.runs.partition_point(|run| run.decoded.end <= offset);
        self.origin_of(offset, index, |run| run.origin.start)
    }

    fn end_of(&self, offset: u32) -> u32 {
        let index = self.runs.partition_point(|run| run.decoded.end < offset);
        self.origin_of(offset, index, |run| run.origin.end)
    }

    /// Where an offset of a run, or of the last one, comes from; of a run that is decoded only its `edge` is known.
    fn origin_of(&self, offset: u32, index: usize, edge: fn(&Run) -> u32) -> u32 {
        let index = index.min(self.runs.len().saturating_sub(1));
        let Some(run) = self.runs.get(index) else {
            return 0;
        };
        if run.is_verbatim && offset >= run.decoded.start {
            run.origin.start + (offset - run.decoded.start).min(run.decoded.end - run.decoded.start)
        } else {
            edge(run)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_indented_lines_back_to_the_block() {
        // "  ab\n  cd\n" decodes to "ab\ncd\n".
        let mut map = SegmentMap::default();
        map.push(Span::new(0, 3), Span::new(2, 5));
        map.push(Span::new(3, 6), Span::new(7, 10));
        assert_eq!(map.to_origin(Span::new(3, 5)), Span::new(7, 9));
        assert_eq!(map.to_origin(Span::new(1, 4)), Span::new(3, 8));
        assert_eq!(map.to_origin(Span::new(0, 3)), Span::new(2, 5));
    }

    #[test]
    fn a_run_of_other_length_maps_as_a_whole() {
        let map = SegmentMap::whole(9, Span::new(10, 22));
        assert_eq!(map.to_origin(Span::new(3, 4)), Span::new(10, 22));
    }

    #[test]
    fn a_whole_of_the_same_length_still_maps_as_a_whole() {
        let map = SegmentMap::whole(4, Span::new(3, 7));
        assert_eq!(map.to_origin(Span::new(1, 2)), Span::new(3, 7));
    }
}
