//! Findings accepted where they stand: `wardline: ignore[control] reason` in a comment on the line or the one above, and
//! the annotation `wardline.dev/ignore` on a Kubernetes object.

use crate::Glob;
use crate::findings::primary;
use crate::outcome::{Finding, Note, Waiver};
use model::{Estate, Place, Source};
use settings::kubernetes::object::Object;

const MARK: &str = "wardline: ignore[";
const ANNOTATION: &str = "wardline.dev/ignore";

/// Takes ignored findings out and marks them. An ignore without a reason does not count and is remarked on.
pub(crate) fn apply(
    findings: &mut Vec<Finding>,
    estate: &Estate,
    notes: &mut Vec<Note>,
) -> Vec<Finding> {
    let mut ignored = Vec::new();
    findings.retain(|finding| {
        let Some(place) = primary(finding, &estate.sources) else {
            return true;
        };
        let found = comment(estate, place, finding, notes)
            .or_else(|| annotation(estate, place, finding, notes));
        let Some(waiver) = found else { return true };
        let mut finding = finding.clone();
        finding.waiver = Some(waiver);
        ignored.push(finding);
        false
    });
    notes.dedup();
    ignored
}

fn matches(pattern: &str, finding: &Finding) -> bool {
    pattern.split(',').map(str::trim).any(|pattern| {
        let glob = Glob(pattern.to_owned());
        glob.matches(finding.control)
            || glob.matches(&format!("{}#{}", finding.control, finding.cause))
    })
}

fn comment(
    estate: &Estate,
    place: Place,
    finding: &Finding,
    notes: &mut Vec<Note>,
) -> Option<Waiver> {
    let source = estate.sources.get(place.source)?;
    let line = source.lines().position(&source.text, place.span.start).line;
    [line, line.saturating_sub(1)]
        .into_iter()
        .filter(|line| *line > 0)
        .find_map(|line| {
            let text = line_text(source, line);
            let (_, rest) = text.split_once(MARK)?;
            let (pattern, reason) = rest.split_once(']')?;
            let reason = reason
                .trim()
                .trim_end_matches("-->")
                .trim_end_matches("*/")
                .trim();
            let stands_in = format!("{}:{line}", source.path);
            matches(pattern, finding)
                .then(|| waiver(reason, &stands_in, notes))
                .flatten()
        })
}

fn line_text(source: &Source, line: u32) -> &str {
    source
        .text
        .get(source.lines().line(&source.text, line).range())
        .unwrap_or_default()
}

fn annotation(
    estate: &Estate,
    place: Place,
    finding: &Finding,
    notes: &mut Vec<Note>,
) -> Option<Waiver> {
    let object = estate.all::<Object>().iter().find(|object| {
        object.source == place.source
            && object.document.start <= place.span.start
            && place.span.end <= object.document.end
    })?;
    let node = object.annotation(ANNOTATION)?;
    let location = estate.sources.locate(object.place(node))?;
    let stands_in = format!("{}:{}", location.path, location.start.line);
    node.text()?.split(['\n', ';']).find_map(|entry| {
        let (pattern, reason) = entry.split_once(':')?;
        matches(pattern.trim(), finding)
            .then(|| waiver(reason.trim(), &stands_in, notes))
            .flatten()
    })
}

fn waiver(reason: &str, stands_in: &str, notes: &mut Vec<Note>) -> Option<Waiver> {
    if reason.is_empty() {
        let message = "an ignore without a reason does not count; write why after the bracket";
        notes.push(Note {
            place: stands_in.into(),
            message: message.into(),
        });
        return None;
    }
    Some(Waiver {
        reason: reason.into(),
        owner: None,
        expires: None,
        stands_in: stands_in.into(),
    })
}
