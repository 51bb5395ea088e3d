//! Turns exposures into findings: one for each text that exposes, with the consequences listed inside (catalogue rule 12).

use crate::Finding;
use crate::depths::add_witnesses;
use model::{Consequence, Control, Exposure, Place, Severity, Sources, Subject, Verdict, Witness};
use std::collections::{HashMap, HashSet};

/// An exposure on its way to a finding.
#[derive(Debug)]
pub(crate) struct Draft {
    finding: Finding,
    /// The primary witness's place in its file.
    place: Option<Place>,
    /// The places of the other witnesses.
    shown: Vec<Place>,
}

/// Words an exposure as a finding.
pub(crate) fn draft(
    control: &Control,
    subject: &Subject,
    verdict: Verdict,
    exposure: Exposure,
    sources: &Sources,
) -> Draft {
    let cause = control.meta.cause(exposure.cause);
    debug_assert!(
        cause.is_some(),
        "{}#{} is not in META",
        control.id,
        exposure.cause
    );
    // A cause that META lacks is a mistake in the control. Losing the finding would be a worse one.
    let (severity, title, remedy) = cause.map_or((Severity::High, exposure.cause, ""), |cause| {
        (cause.severity, cause.title, cause.remedy)
    });
    let message = if exposure.message.is_empty() {
        title.into()
    } else {
        exposure.message
    };
    Draft {
        place: primary_place(&exposure.witnesses, sources),
        shown: exposure
            .witnesses
            .iter()
            .skip(1)
            .filter_map(Witness::place)
            .map(|place| sources.written(place))
            .collect(),
        finding: Finding {
            control: control.id,
            cause: exposure.cause,
            stage: control.meta.stage,
            severity: exposure.severity.unwrap_or(severity),
            verdict,
            subject: subject.clone(),
            also: Vec::new(),
            title,
            message,
            remedy: exposure.remedy.unwrap_or_else(|| remedy.into()),
            safety: control.meta.safety,
            witnesses: exposure.witnesses,
            consequences: Vec::new(),
            consequence_of: exposure.consequence_of,
            waiver: None,
        },
    }
}

/// The place of the first witness, as people wrote it.
pub(crate) fn primary_place(witnesses: &[Witness], sources: &Sources) -> Option<Place> {
    let place = witnesses.first()?.place()?;
    Some(sources.written(place))
}

/// Groups drafts into findings. A draft that follows from a finding is listed in that finding and does not count; where that
/// finding does not exist, it becomes a finding of its own.
pub(crate) fn assemble(drafts: Vec<Draft>) -> Vec<Finding> {
    let (followers, own): (Vec<Draft>, Vec<Draft>) = drafts
        .into_iter()
        .partition(|draft| draft.finding.consequence_of.is_some());
    let mut groups = Groups::default();
    for draft in own {
        groups.add(draft);
    }
    let orphans: Vec<Draft> = followers
        .into_iter()
        .filter_map(|follower| groups.list(follower))
        .collect();
    for orphan in orphans {
        groups.add(orphan);
    }
    groups.findings
}

#[derive(Default)]
struct Groups {
    findings: Vec<Finding>,
    /// By control, cause and the primary witness's place.
    by_place: HashMap<(&'static str, &'static str, Place), usize>,
    /// By control, cause and a subject's name; the first finding of that name.
    by_name: HashMap<(&'static str, &'static str, Box<str>), usize>,
    /// The subjects of each finding, by kind and name.
    subjects: HashSet<(usize, &'static str, Box<str>)>,
}

impl Groups {
    /// Adds to the finding that the same text gave already, or starts one.
    fn add(&mut self, draft: Draft) {
        let Draft { finding, place, .. } = draft;
        let (control, cause) = (finding.control, finding.cause);
        let known = place.and_then(|place| self.by_place.get(&(control, cause, place)).copied());
        let index = known.unwrap_or(self.findings.len());
        self.by_name
            .entry((control, cause, finding.subject.name.clone()))
            .or_insert(index);
        let (kind, name) = (finding.subject.kind, finding.subject.name.clone());
        let is_new = self.subjects.insert((index, kind, name));
        match self.findings.get_mut(index) {
            Some(first) => join(first, finding, is_new),
            None => {
                if let Some(place) = place {
                    self.by_place.insert((control, cause, place), index);
                }
                self.findings.push(finding);
            }
        }
    }

    /// Lists a draft in the finding it follows from; gives it back where there is none.
    fn list(&mut self, draft: Draft) -> Option<Draft> {
        let Some(Consequence { control, cause }) = draft.finding.consequence_of else {
            return Some(draft);
        };
        // Its own text first, then any text it points at: a consequence often shows what it follows from as a further witness.
        let same_text = draft
            .place
            .iter()
            .chain(&draft.shown)
            .find_map(|place| self.by_place.get(&(control, cause, *place)));
        let same_name = || {
            self.by_name
                .get(&(control, cause, draft.finding.subject.name.clone()))
        };
        let Some(finding) = same_text
            .or_else(same_name)
            .and_then(|index| self.findings.get_mut(*index))
        else {
            return Some(draft);
        };
        add_consequence(
            finding,
            Consequence {
                control: draft.finding.control,
                cause: draft.finding.cause,
            },
        );
        None
    }
}

/// Lists a consequence once.
pub(crate) fn add_consequence(finding: &mut Finding, consequence: Consequence) {
    if !finding.consequences.contains(&consequence) {
        finding.consequences.push(consequence);
    }
}

/// How many witnesses a finding keeps when the same text exposes many subjects; the subjects themselves are all kept.
const MOST_WITNESSES: usize = 32;

/// The same text exposes again: the worse wording stands, and the subject is listed if it is new.
fn join(first: &mut Finding, mut other: Finding, is_new: bool) {
    let worse = (other.verdict == Verdict::Contradicted, other.severity)
        > (first.verdict == Verdict::Contradicted, first.severity);
    if worse {
        std::mem::swap(&mut first.verdict, &mut other.verdict);
        std::mem::swap(&mut first.message, &mut other.message);
        std::mem::swap(&mut first.remedy, &mut other.remedy);
    }
    first.severity = first.severity.max(other.severity);
    if first.witnesses.len() < MOST_WITNESSES {
        add_witnesses(&mut first.witnesses, &other.witnesses);
    }
    if is_new {
        first.also.push(other.subject);
    }
}
