//! How controls judge evidence that was appraised: each looks at the checks that are its own, per workload that presented any.

use model::{
    Claim, Claims, Depth, Estate, Exposure, Judgement, Meta, Provenance, Severity, Witness,
};
use settings::tee::{Attested, AttestedCheck, Ended};

/// What a control asks evidence.
#[derive(Debug)]
pub struct Question<'m> {
    /// The control's id.
    pub control: &'static str,
    /// Its causes.
    pub meta: &'m Meta,
    /// The checks that answer it where they name no cause: those that held, and those that could not be decided.
    pub answers: fn(&Attested, &AttestedCheck) -> bool,
    /// Causes that count as medium where the check is only unproven. Other causes of high or critical severity then stay
    /// unproven, milder ones are what they are.
    pub milder_when_open: &'static [&'static str],
}

/// Judges every piece of evidence. Several pieces of one workload are claims about one subject: the worst counts.
pub fn each_evidence(estate: &Estate, claims: &mut Claims, question: &Question<'_>) {
    for attested in estate.all::<Attested>() {
        if let Some(claim) = question.claim(attested) {
            claims.state(attested.subject.clone(), claim);
        }
    }
}

impl Question<'_> {
    /// What a piece of evidence says; `None` where no check is about this question.
    #[must_use]
    pub fn claim(&self, attested: &Attested) -> Option<Claim> {
        let mut judgement = Judgement::new();
        let mut held = Vec::new();
        let mut aside = None;
        for check in &attested.checks {
            match check.cause_of(self.control) {
                Some(slug) => self.own(attested, check, slug, &mut judgement),
                None if !(self.answers)(attested, check) => {}
                // What another control's cause is, that control says. A device has this control alone.
                None if check.cause.is_some() && !attested.is_of_gpu() => {}
                None => match check.ended {
                    Ended::Pass => held.push(witness(attested, check)),
                    Ended::NotApplicable => aside = aside.or(Some(check)),
                    Ended::Fail | Ended::Unproven => {
                        judgement.doubt(said(check), vec![witness(attested, check)]);
                    }
                },
            }
        }
        if !judgement.is_silent() {
            return Some(judgement.otherwise(Claim::Protected(Vec::new())));
        }
        match (held.is_empty(), aside) {
            (false, _) => Some(Claim::Protected(held)),
            (true, Some(check)) => Some(Claim::not_applicable(said(check))),
            (true, None) => None,
        }
    }

    fn own(
        &self,
        attested: &Attested,
        check: &AttestedCheck,
        slug: &str,
        judgement: &mut Judgement,
    ) {
        let Some(cause) = self.meta.cause(slug) else {
            judgement.doubt(said(check), vec![witness(attested, check)]);
            return;
        };
        let exposure = || {
            Exposure::new(cause.slug, witness(attested, check)).message(format!(
                "{}{}",
                said(check),
                if attested.subject.kind == EVIDENCE {
                    String::new()
                } else {
                    format!(" ({})", attested.pod)
                }
            ))
        };
        match check.ended {
            Ended::Fail => judgement.expose(exposure()),
            Ended::Unproven if self.milder_when_open.contains(&cause.slug) => {
                judgement.expose(exposure().severity(Severity::Medium));
            }
            Ended::Unproven if cause.severity <= Severity::Medium => judgement.expose(exposure()),
            Ended::Unproven => judgement.doubt(said(check), vec![witness(attested, check)]),
            Ended::Pass | Ended::NotApplicable => {}
        }
    }
}

/// The kind of the subject of evidence that nothing ties to a workload.
pub const EVIDENCE: &str = "Untied evidence";

/// The line of the appraisal, as a fact.
#[must_use]
pub fn witness(attested: &Attested, check: &AttestedCheck) -> Witness {
    let witness = Witness {
        depth: Depth::Observed,
        provenance: Provenance::Text(check.place),
        // When it was appraised stands in the name of the text.
        ..Witness::declared(
            check.place,
            format!("step {} of {}", check.step, attested.kind),
        )
    }
    .key(&*check.what);
    if check.value.is_empty() {
        witness
    } else {
        witness.value(&*check.value)
    }
}

/// The first line of an appraisal, as a fact.
#[must_use]
pub fn head(attested: &Attested, label: &str) -> Witness {
    let witness = Witness {
        depth: Depth::Observed,
        ..Witness::declared(attested.place, label)
    }
    .key(&*attested.kind);
    match &attested.measurement {
        Some(measurement) => witness.value(&**measurement),
        None => witness,
    }
}

/// What a check says, as a sentence without a full stop.
#[must_use]
pub fn said(check: &AttestedCheck) -> String {
    match (check.detail.is_empty(), check.value.is_empty()) {
        (false, _) => format!("{}: {}", check.what, check.detail.trim_end_matches('.')),
        (true, false) => format!("{}: {}", check.what, check.value),
        (true, true) => check.what.to_string(),
    }
}
