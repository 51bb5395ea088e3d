//! Where the parts of a rendered text are written in files.

use crate::Place;
use std::collections::HashMap;
use text::Span;

/// The parts of a rendered text that stand in files of the tree, and where. A renderer changes some of what it reads and
/// passes on the rest: what it passed on is shown where somebody wrote it, and can be changed there.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Nodes: the written node means the same, in whatever style.
    nodes: HashMap<Span, Place>,
    /// Runs of equal bytes, for parts of a node.
    runs: Vec<(Span, Place)>,
}

impl Written {
    /// Says that a node of the rendered text is written there. The first word about a node counts.
    pub fn node(&mut self, rendered: Span, place: Place) {
        self.nodes.entry(rendered).or_insert(place);
    }

    /// Says that bytes of the rendered text are the same bytes there. The first word about them counts.
    pub fn run(&mut self, rendered: Span, place: Place) {
        let at = self
            .runs
            .partition_point(|(run, _)| run.end <= rendered.start);
        let is_free = self
            .runs
            .get(at)
            .is_none_or(|(next, _)| rendered.end <= next.start);
        if rendered.len() == place.span.len() && is_free {
            self.runs.insert(at, (rendered, place));
        }
    }

    /// Where a span of the rendered text is written; `None` if nobody wrote it so.
    #[must_use]
    pub fn find(&self, span: Span) -> Option<Place> {
        if let Some(place) = self.nodes.get(&span) {
            return Some(*place);
        }
        let behind = self
            .runs
            .partition_point(|(run, _)| run.start <= span.start);
        let (run, place) = self.runs.get(behind.checked_sub(1)?)?;
        (span.end <= run.end).then(|| {
            let start = place.span.start + (span.start - run.start);
            Place {
                span: Span {
                    start,
                    end: start + (span.end - span.start),
                },
                ..*place
            }
        })
    }

    /// Moves every place by `offset` texts.
    pub(crate) fn move_by(&mut self, offset: u32) {
        for place in self.nodes.values_mut() {
            *place = place.moved_by(offset);
        }
        for (_, place) in &mut self.runs {
            *place = place.moved_by(offset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Written;
    use crate::{Place, SourceId};
    use text::Span;

    #[test]
    fn nodes_are_found_whole_and_runs_in_part() {
        let place = |start, end| Place::new(SourceId(3), Span::new(start, end));
        let mut written = Written::default();
        written.node(Span::new(0, 4), place(100, 106));
        written.run(Span::new(10, 20), place(50, 60));
        written.run(Span::new(30, 34), place(70, 74));
        assert_eq!(written.find(Span::new(0, 4)), Some(place(100, 106)));
        assert_eq!(written.find(Span::new(0, 3)), None);
        assert_eq!(written.find(Span::new(12, 15)), Some(place(52, 55)));
        assert_eq!(written.find(Span::new(18, 31)), None);
        assert_eq!(written.find(Span::new(33, 34)), Some(place(73, 74)));
    }
}
