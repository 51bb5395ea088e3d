//! Exposed claims become findings.

use crate::outcome::{Finding, Judged};
use model::{Claim, Control, Exposure, Place, Safety, Severity, Sources, Verdict};
use std::collections::HashMap;

/// The findings of what was judged. The same cause at the same text is one finding with several subjects.
pub(crate) fn of(controls: &[Control], judged: &[Judged], sources: &Sources) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut known: HashMap<(&str, &str, Place), usize> = HashMap::new();
    for judged in judged
        .iter()
        .filter(|judged| matches!(judged.verdict, Verdict::Exposed | Verdict::Contradicted))
    {
        let Some(control) = controls.iter().find(|control| control.id == judged.control) else {
            continue;
        };
        let claim = judged
            .claims
            .iter()
            .find(|(depth, _)| Some(*depth) == judged.decided_by);
        let Some((_, Claim::Exposed(exposures))) = claim else {
            continue;
        };
        for exposure in exposures {
            let finding = finding(control, judged, exposure);
            let primary = primary(&finding, sources);
            let same =
                primary.and_then(|place| known.get(&(finding.control, finding.cause, place)));
            match same.and_then(|index| findings.get_mut(*index)) {
                Some(first) if first.subject == finding.subject => {}
                Some(first) => {
                    first.severity = first.severity.max(finding.severity);
                    if !first.also.contains(&finding.subject) {
                        first.also.push(finding.subject);
                    }
                }
                None => {
                    if let Some(place) = primary {
                        known.insert((finding.control, finding.cause, place), findings.len());
                    }
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

/// The place of the primary witness in its file.
pub(crate) fn primary(finding: &Finding, sources: &Sources) -> Option<Place> {
    let place = finding.witnesses.first()?.place()?;
    Some(sources.in_file(place))
}

fn finding(control: &Control, judged: &Judged, exposure: &Exposure) -> Finding {
    let cause = control.meta.cause(exposure.cause);
    debug_assert!(
        cause.is_some(),
        "{}#{} is not in META",
        control.id,
        exposure.cause
    );
    let title = cause.map_or(exposure.cause, |cause| cause.title);
    Finding {
        control: control.id,
        cause: exposure.cause,
        stage: control.meta.stage,
        severity: exposure
            .severity
            .or(cause.map(|cause| cause.severity))
            .unwrap_or(Severity::High),
        verdict: judged.verdict,
        subject: judged.subject.clone(),
        also: Vec::new(),
        title,
        message: if exposure.message.is_empty() {
            title.into()
        } else {
            exposure.message.clone()
        },
        remedy: exposure
            .remedy
            .clone()
            .unwrap_or_else(|| cause.map_or_else(Box::default, |cause| cause.remedy.into())),
        safety: cause.map_or(Safety::Manual, |_| control.meta.safety),
        witnesses: exposure.witnesses.clone(),
        consequences: Vec::new(),
        consequence_of: exposure.consequence_of,
        waiver: None,
    }
}

/// Contradictions first, then the worst, then by place.
pub(crate) fn sort(findings: &mut [Finding], sources: &Sources) {
    findings.sort_by_cached_key(|finding| {
        let location = primary(finding, sources).and_then(|place| sources.locate(place));
        (
            std::cmp::Reverse(finding.verdict == Verdict::Contradicted),
            std::cmp::Reverse(finding.severity),
            location.map(|location| (location.path, location.start)),
            finding.control,
            finding.cause,
        )
    });
}
