//! Inline ignores: a comment `wardline: ignore[control] reason` on the line of a finding or on the line above it.

use crate::remark::Remark;
use crate::{Finding, Note, Waiver};
use memchr::memmem;
use model::{SourceId, Sources};
use std::collections::HashMap;

const MARK: &str = "wardline: ignore[";

/// The ignores of all files, by text and line (from 1).
#[derive(Debug, Default)]
pub(crate) struct Comments {
    by_line: HashMap<(SourceId, u32), Vec<Remark>>,
}

impl Comments {
    /// Collects the comments of every file. What stands in an embedded document stands in its file too. O(total length).
    pub(crate) fn collect(sources: &Sources, notes: &mut Vec<Note>) -> Comments {
        let mut comments = Comments::default();
        let mark = memmem::Finder::new(MARK);
        for (id, source) in sources.iter() {
            if source.embedding.is_some() {
                continue;
            }
            for at in mark.find_iter(source.text.as_bytes()) {
                let line = source
                    .lines()
                    .position(&source.text, text::Span::at(at).start)
                    .line;
                let span = source.lines().line(&source.text, line);
                let before = source.text.get(span.start as usize..at).unwrap_or_default();
                let after = source
                    .text
                    .get(at + MARK.len()..span.end as usize)
                    .unwrap_or_default();
                if !opens_comment(before) {
                    continue;
                }
                let stands_in = format!("{}:{line}", source.path).into();
                let Some((controls, reason)) = after.split_once(']') else {
                    notes.push(Note {
                        place: stands_in,
                        message: "this ignore lacks its closing bracket; nothing is ignored".into(),
                    });
                    continue;
                };
                let reason = reason.split("-->").next().unwrap_or_default();
                match Remark::new(controls, reason, stands_in) {
                    Ok(remark) => comments.by_line.entry((id, line)).or_default().push(remark),
                    Err(note) => notes.push(note),
                }
            }
        }
        comments
    }

    /// The waiver of an ignore on `line`, or else on the line above, that means this finding.
    pub(crate) fn accept(
        &mut self,
        finding: &Finding,
        source: SourceId,
        line: u32,
    ) -> Option<Waiver> {
        [line, line.saturating_sub(1)].into_iter().find_map(|line| {
            let remarks = self.by_line.get_mut(&(source, line))?;
            remarks.iter_mut().find_map(|remark| remark.accept(finding))
        })
    }

    /// All ignores.
    pub(crate) fn into_remarks(self) -> Vec<Remark> {
        let mut all: Vec<_> = self.by_line.into_iter().collect();
        all.sort_by_key(|(key, _)| *key);
        all.into_iter().flat_map(|(_, remarks)| remarks).collect()
    }
}

/// Whether the text before the mark ends with the start of a comment: `#`, `//` or `<!--`.
fn opens_comment(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with('#') || before.ends_with("//") || before.ends_with("<!--")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Source;

    fn lines(text: &str) -> (Vec<u32>, Vec<Note>) {
        let mut sources = Sources::default();
        sources.add(Source::file("a.yaml", text));
        let mut notes = Vec::new();
        let comments = Comments::collect(&sources, &mut notes);
        let mut lines: Vec<u32> = comments.by_line.keys().map(|(_, line)| *line).collect();
        lines.sort_unstable();
        (lines, notes)
    }

    #[test]
    fn comments_of_every_syntax_are_found_and_plain_text_is_not() {
        let text = "# wardline: ignore[k8s/*] why\nx: 1 // wardline: ignore[a/b] why\n<!-- wardline: ignore[a/b] why -->\nsay wardline: ignore[a/b] why\n";
        assert_eq!(lines(text), (vec![1, 2, 3], vec![]));
    }

    #[test]
    fn an_ignore_without_reason_accepts_nothing_and_says_so() {
        for text in [
            "# wardline: ignore[k8s/*]",
            "<!-- wardline: ignore[k8s/*] -->",
            "# wardline: ignore[] why",
            "# wardline: ignore[k8s/*",
        ] {
            let (lines, notes) = lines(text);
            assert!(lines.is_empty(), "{text}");
            assert_eq!(notes.len(), 1, "{text}");
            assert_eq!(&*notes[0].place, "a.yaml:1");
        }
    }
}
