//! An appraisal as a fact, and as the text that its places point into.

use super::Asked;
use super::tying::{self, Tied};
use ::attest::{Appraisal, Check, Instant, Outcome, StepName};
use controls::judging_evidence::EVIDENCE;
use model::{Place, Source, SourceId, Sources, Subject, Written};
use report::appraisal::Appraised;
use report::escape;
use settings::tee::{Attested, AttestedCheck, Ended};
use std::fmt::Write as _;
use text::Span;

/// Turns an appraisal into a fact, and adds it as a text, one check a line.
pub(super) fn put(
    sources: &mut Sources,
    appraised: &Appraised,
    tied: Tied,
    at: Instant,
    asked: Asked,
) -> Attested {
    let mut checks: Vec<(StepName, Check)> = Vec::new();
    for step in &appraised.appraisal.steps {
        checks.extend(step.checks.iter().map(|check| (step.name, check.clone())));
        if step.name == StepName::Identity {
            let own = init_data(&appraised.appraisal, tied.init_data.as_deref());
            checks.extend(own.map(|check| (step.name, check)));
        }
        if step.name == StepName::Collateral && asked.chooses_time {
            checks.push((step.name, in_past(at)));
        }
    }
    let (subject, tied_by) = match tied.workload {
        Some((subject, by)) => (subject, Some(Box::from(by))),
        None => (Subject::new(EVIDENCE, tied.pod.as_str(), None), None),
    };
    let id = SourceId(Span::at(sources.len()).start);
    let mut text = String::new();
    let mut line = |words: &str| {
        let start = text.len();
        // Parts of it come from whoever made the evidence: no commands to a terminal, no comments to Wardline.
        text.push_str(&escape::line(words).replace("wardline: ignore[", "wardline: ignore ["));
        let place = Place::new(id, Span::new(start, text.len()));
        text.push('\n');
        place
    };
    let head = line(&format!(
        "{} of {subject}, {}, appraised at {at}",
        appraised.appraisal.kind,
        tied_by.as_deref().map_or_else(
            || String::from("tied to no workload"),
            |by| format!("tied {by}")
        ),
    ));
    let checks: Vec<AttestedCheck> = checks
        .iter()
        .map(|(step, check)| fact(*step, check, line(&words(*step, check))))
        .collect();
    let claim = |names: &[&str]| {
        let mut claims = appraised.appraisal.claims.iter();
        claims
            .find(|claim| names.contains(&claim.name))
            .map(|claim| claim.value.as_str().into())
    };
    let attested = Attested {
        answers_challenge: asked.names_challenge
            && appraised.appraisal.outcome(StepName::Freshness) == Outcome::Pass,
        report_data: claim(&["REPORTDATA", "REPORT_DATA", "request nonce"]),
        measurement: claim(&["MRTD", "MEASUREMENT", "MRENCLAVE"]),
        chip: claim(&["CHIP_ID", "SHA-256 of the device's key"]),
        kind: appraised.appraisal.kind.name().into(),
        at: at.to_string().into(),
        pod: tied.pod.into(),
        place: head,
        subject,
        tied_by,
        checks,
    };
    sources.add(Source::rendered(
        &tying::shown(appraised),
        &format!("appraised at {at}"),
        text,
        Written::default(),
    ));
    attested
}

/// An appraisal of another time says nothing of today.
fn in_past(at: Instant) -> Check {
    const WHY: &str =
        "chosen with --at: what was found out since (revocations, advisories) does not count here";
    Check::unproven("time of the appraisal", WHY)
        .value(at.to_string())
        .cause("tee/collateral-freshness#appraised-in-past")
}

/// Whether the guest was started with the init data that the pod's annotation holds.
fn init_data(appraisal: &Appraisal, annotation: Option<&str>) -> Option<Check> {
    const CAUSE: &str = "tee/code-identity#init-data-mismatch";
    let (field, held) = tying::held(appraisal)?;
    let what = format!("{field} against the pod's init data");
    Some(match tying::digest(annotation?, field) {
        Ok(digest) if digest == held => Check::pass(what).value(digest),
        Ok(digest) => Check::fail(what, CAUSE)
            .value(held.to_owned())
            .limit(digest)
            .detail("the guest was started with other init data than the pod declares"),
        Err(why) => {
            Check::unproven(what, format!("the annotation cannot be read: {why}")).cause(CAUSE)
        }
    })
}

fn words(step: StepName, check: &Check) -> String {
    let mut words = format!("{:<8} {:<10} {}", check.outcome, step, check.what);
    for (before, part) in [
        (" = ", &check.value),
        ("; asked for: ", &check.limit),
        ("; ", &check.detail),
    ] {
        if !part.is_empty() {
            let _ = write!(words, "{before}{part}");
        }
    }
    if let Some(cause) = check.cause {
        let _ = write!(words, " [{cause}]");
    }
    words
}

fn fact(step: StepName, check: &Check, place: Place) -> AttestedCheck {
    AttestedCheck {
        step: step.name().into(),
        ended: match check.outcome {
            Outcome::Pass => Ended::Pass,
            Outcome::Fail => Ended::Fail,
            Outcome::Unproven => Ended::Unproven,
            Outcome::NotApplicable => Ended::NotApplicable,
        },
        what: (*check.what).into(),
        value: (*check.value).into(),
        detail: (*check.detail).into(),
        cause: check.cause.map(Into::into),
        place,
    }
}
