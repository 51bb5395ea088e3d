//! Applies decisions to accept findings. Waived findings stay visible; decisions that are expired or match nothing are noted.

use crate::annotations::Annotations;
use crate::comments::Comments;
use crate::config::WaiverRule;
use crate::findings::primary_place;
use crate::glob::Glob;
use crate::{Finding, Note, Waiver};
use jiff::civil::Date;
use model::{Control, Sources, Subject};

impl WaiverRule {
    fn means_subject(&self, subject: &Subject) -> bool {
        self.subject.as_ref().is_none_or(|glob| {
            glob.matches(&subject.name)
                || (glob.as_str().contains(' ') && glob.matches(&subject.to_string()))
        })
    }

    /// `path` is that of the primary witness's file, as the configuration file would name it.
    fn means(&self, finding: &Finding, path: Option<&str>) -> bool {
        let covers = |glob: &Glob| path.is_some_and(|path| glob.covers(path));
        self.control.names(finding.control, finding.cause) && self.path.as_ref().is_none_or(covers)
    }

    /// A waiver counts until the end of the day it names.
    fn is_expired(&self, today: Date) -> bool {
        self.expires < today
    }

    fn waiver(&self) -> Waiver {
        Waiver {
            reason: self.reason.clone(),
            owner: Some(self.owner.clone()),
            expires: Some(self.expires.to_string().into()),
            stands_in: self.place.clone(),
        }
    }
}

/// All decisions about the findings of an audit, and which of them were of use.
#[derive(Debug)]
pub(crate) struct Decisions<'o> {
    /// Each rule and how many findings it meant.
    rules: Vec<(&'o WaiverRule, usize)>,
    comments: Comments,
    annotations: Annotations,
    today: Date,
    base: &'o str,
}

impl<'o> Decisions<'o> {
    /// Decisions on the day `today`. `base` is put before the paths of sources to get paths as the configuration names them.
    pub(crate) fn new(
        rules: &'o [WaiverRule],
        comments: Comments,
        annotations: Annotations,
        today: Date,
        base: &'o str,
    ) -> Self {
        Decisions {
            rules: rules.iter().map(|rule| (rule, 0)).collect(),
            comments,
            annotations,
            today,
            base,
        }
    }

    /// Parts the findings that count from those that are accepted.
    pub(crate) fn part(
        &mut self,
        findings: Vec<Finding>,
        sources: &Sources,
    ) -> (Vec<Finding>, Vec<Finding>) {
        let (mut counting, mut waived) = (Vec::new(), Vec::new());
        for finding in findings {
            self.decide(finding, sources, &mut counting, &mut waived);
        }
        (counting, waived)
    }

    fn decide(
        &mut self,
        mut finding: Finding,
        sources: &Sources,
        counting: &mut Vec<Finding>,
        waived: &mut Vec<Finding>,
    ) {
        if let Some(waiver) = self.beside(&finding, sources) {
            finding.waiver = Some(waiver);
            waived.push(finding);
            return;
        }
        let path = primary_place(&finding.witnesses, sources)
            .and_then(|place| sources.get(place.source))
            .map(|source| format!("{}{}", self.base, source.path));
        let path = path.as_deref();
        let today = self.today;
        for (rule, matched) in self
            .rules
            .iter_mut()
            .filter(|(rule, _)| !rule.is_expired(today))
        {
            if !rule.means(&finding, path) {
                continue;
            }
            let (accepted, rest) = split(finding, |subject| rule.means_subject(subject));
            if let Some(accepted) = accepted {
                *matched += 1;
                let waiver = Some(rule.waiver());
                waived.push(Finding { waiver, ..accepted });
            }
            match rest {
                Some(rest) => finding = rest,
                None => return,
            }
        }
        for (rule, matched) in self
            .rules
            .iter_mut()
            .filter(|(rule, _)| rule.is_expired(today))
        {
            let mut subjects = std::iter::once(&finding.subject).chain(&finding.also);
            let is_meant = subjects.any(|subject| rule.means_subject(subject));
            *matched += usize::from(is_meant && rule.means(&finding, path));
        }
        counting.push(finding);
    }

    /// A decision written beside the primary witness.
    fn beside(&mut self, finding: &Finding, sources: &Sources) -> Option<Waiver> {
        let place = finding.witnesses.first()?.place()?;
        let written = sources.written(place);
        let line = sources.locate(written)?.start.line;
        // An annotation is passed on to what is rendered; a comment is not.
        let accepted = self.comments.accept(finding, written.source, line);
        accepted.or_else(|| self.annotations.accept(finding, sources.in_file(place)))
    }

    /// Remarks on decisions. `all` are the controls that exist, `run` those that were run: a decision about a control that was
    /// filtered out is no mistake.
    pub(crate) fn notes(self, all: &[Control], run: &[&Control]) -> Vec<Note> {
        let mut notes = Vec::new();
        for (rule, matched) in &self.rules {
            let message = if !all.iter().any(|control| names(&rule.control, control)) {
                format!("this waiver names no control: `{}`", rule.control.as_str())
            } else if rule.is_expired(self.today) && *matched > 0 {
                format!(
                    "this waiver expired on {}; {} {} again",
                    rule.expires,
                    matched,
                    if *matched == 1 {
                        "finding counts"
                    } else {
                        "findings count"
                    }
                )
            } else if *matched == 0 && run.iter().any(|control| names(&rule.control, control)) {
                String::from("this waiver matches no finding: remove it")
            } else {
                continue;
            };
            notes.push(Note {
                place: rule.place.clone(),
                message: message.into(),
            });
        }
        let was_run = |glob: &Glob| {
            // A name that no control has is always worth a word.
            run.iter().any(|control| names(glob, control))
                || !all.iter().any(|control| names(glob, control))
        };
        let remarks = self.comments.into_remarks();
        let annotated = self.annotations.into_remarks();
        notes.extend(
            remarks
                .iter()
                .chain(&annotated)
                .filter_map(|remark| remark.unused(was_run)),
        );
        notes
    }
}

/// Whether a pattern names a control or one of its causes.
pub(crate) fn names(glob: &Glob, control: &Control) -> bool {
    if glob.as_str().contains('#') {
        let causes = control.meta.causes;
        causes
            .iter()
            .any(|cause| glob.names(control.id, cause.slug))
    } else {
        glob.matches(control.id)
    }
}

/// Parts a finding by subject: those that are meant, and the others.
fn split(
    finding: Finding,
    is_meant: impl Fn(&Subject) -> bool,
) -> (Option<Finding>, Option<Finding>) {
    let subjects = std::iter::once(&finding.subject)
        .chain(&finding.also)
        .cloned();
    let (meant, others): (Vec<Subject>, Vec<Subject>) = subjects.partition(is_meant);
    match (meant.is_empty(), others.is_empty()) {
        (false, true) => (Some(finding), None),
        (true, _) => (None, Some(finding)),
        (false, false) => (
            with_subjects(finding.clone(), meant),
            with_subjects(finding, others),
        ),
    }
}

fn with_subjects(finding: Finding, subjects: Vec<Subject>) -> Option<Finding> {
    let mut subjects = subjects.into_iter();
    let subject = subjects.next()?;
    Some(Finding {
        subject,
        also: subjects.collect(),
        ..finding
    })
}
