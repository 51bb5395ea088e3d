//! An outcome as the JSON document has it.

use super::SCHEMA;
use super::document as json;
use crate::answer;
use crate::disclosure::claim_witnesses;
use crate::evidence::Evidence;
use crate::tally::{self, Tally};
use model::{Claim, Depth, Place, Provenance, Severity, Shown, Subject, Witness};

/// Everything.
pub(crate) fn document<'o>(evidence: &'o Evidence<'o>) -> json::Document<'o> {
    let outcome = evidence.outcome;
    json::Document {
        schema: SCHEMA,
        tool: json::Tool {
            name: "wardline",
            version: env!("CARGO_PKG_VERSION"),
        },
        summary: summary(evidence),
        estate: estate(evidence),
        findings: outcome
            .findings
            .iter()
            .map(|one| finding(evidence, one))
            .collect(),
        waived: outcome
            .waived
            .iter()
            .map(|one| finding(evidence, one))
            .collect(),
        controls: outcome
            .judged
            .iter()
            .map(|one| control(evidence, one))
            .collect(),
        notes: outcome
            .notes
            .iter()
            .map(|one| note(evidence, one))
            .collect(),
        not_examined: outcome
            .not_examined
            .iter()
            .map(|one| not_examined(evidence, one))
            .collect(),
    }
}

/// The answer and the counts.
pub(crate) fn summary<'o>(evidence: &Evidence<'o>) -> json::Summary<'o> {
    let outcome = evidence.outcome;
    let summary = answer::Summary::of(outcome);
    let count = |severity| {
        outcome
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let stages = summary.stages.iter().map(|stage| {
        let depths = Depth::ALL.into_iter().map(|depth| {
            (
                depth.as_str(),
                tally(tally::cell(outcome, stage.stage, depth)),
            )
        });
        let verdicts = tally(stage.tally);
        let depths = depths.collect();
        (
            stage.stage.as_str(),
            json::Stage {
                answer: stage.answer().as_str(),
                verdicts,
                depths,
            },
        )
    });
    json::Summary {
        answer: summary.answer().as_str(),
        sentence: summary.sentence(evidence),
        files: outcome.files,
        recognised: outcome
            .recognised
            .iter()
            .map(|(what, count)| json::Recognised {
                what,
                count: *count,
            })
            .collect(),
        findings: Severity::ALL
            .into_iter()
            .map(|severity| (severity.as_str(), count(severity)))
            .collect(),
        waived: outcome.waived.len(),
        stages: stages.collect(),
        not_examined: outcome.not_examined.len(),
        unreadable: outcome
            .not_examined
            .iter()
            .filter(|input| input.is_error)
            .count(),
    }
}

fn tally(tally: Tally) -> json::Tally {
    let Tally {
        contradicted,
        exposed,
        unproven,
        protected,
        not_applicable,
    } = tally;
    json::Tally {
        contradicted,
        exposed,
        unproven,
        protected,
        not_applicable,
    }
}

fn estate<'o>(evidence: &'o Evidence<'o>) -> json::Estate<'o> {
    let components = evidence
        .outcome
        .components
        .iter()
        .map(|component| json::Component {
            subject: subject(evidence, &component.subject),
            product: component.release.map(|(product, _)| product.as_str()),
            release: component.release.map(|(_, release)| release.to_string()),
            files: &component.files,
        });
    let flows = evidence.outcome.flows.iter().map(|flow| json::Flow {
        from: subject(evidence, &flow.from),
        to: subject(evidence, &flow.to),
        protocol: flow.protocol,
        tied_by: evidence.raw(&flow.tied_by),
        span: flow.place.and_then(|place| span(evidence, place)),
    });
    json::Estate {
        components: components.collect(),
        flows: flows.collect(),
    }
}

/// A finding with its evidence.
pub(crate) fn finding<'o>(
    evidence: &'o Evidence<'o>,
    finding: &'o audit::Finding,
) -> json::Finding<'o> {
    let message = if finding.message.is_empty() {
        finding.title
    } else {
        &finding.message
    };
    json::Finding {
        control: finding.control,
        cause: finding.cause,
        stage: finding.stage.as_str(),
        severity: finding.severity.as_str(),
        verdict: finding.verdict.as_str(),
        subject: subject(evidence, &finding.subject),
        also: finding
            .also
            .iter()
            .map(|one| subject(evidence, one))
            .collect(),
        title: finding.title,
        message: evidence.raw(message),
        remedy: json::Remedy {
            title: evidence.raw(&finding.remedy),
            safety: finding.safety.as_str(),
        },
        witnesses: finding
            .witnesses
            .iter()
            .map(|one| witness(evidence, one))
            .collect(),
        consequences: finding.consequences.iter().map(consequence).collect(),
        consequence_of: finding.consequence_of.as_ref().map(consequence),
        waiver: finding.waiver.as_ref().map(|waiver| json::Waiver {
            reason: evidence.raw(&waiver.reason),
            owner: waiver.owner.as_deref(),
            expires: waiver.expires.as_deref(),
            stands_in: &waiver.stands_in,
        }),
    }
}

fn consequence(other: &model::Consequence) -> json::Consequence {
    json::Consequence {
        control: other.control,
        cause: other.cause,
    }
}

fn witness<'o>(evidence: &'o Evidence<'o>, witness: &'o Witness) -> json::Witness<'o> {
    let (provenance, product, releases, absence) = match &witness.provenance {
        Provenance::Text(_) => ("text", None, None, None),
        Provenance::Default {
            product, releases, ..
        } => ("default", Some(product.as_str()), Some(&**releases), None),
        Provenance::Absent(absence) => ("absent", None, None, Some(absence.to_string())),
    };
    let embedded = witness
        .place()
        .and_then(|place| evidence.outcome.sources.get(place.source));
    json::Witness {
        depth: witness.depth.as_str(),
        provenance,
        span: witness.place().and_then(|place| span(evidence, place)),
        document: embedded
            .filter(|source| source.embedding.is_some())
            .map(|source| &*source.path),
        key: witness.key.as_deref().map(|key| evidence.raw(key)),
        value: evidence.disclosure.value(witness),
        redacted: witness.value == Shown::Redacted,
        label: evidence.raw(&witness.label),
        product,
        releases,
        absence,
    }
}

/// A control's verdict on one subject.
pub(crate) fn control<'o>(
    evidence: &'o Evidence<'o>,
    judged: &'o audit::Judged,
) -> json::Control<'o> {
    let claims = judged.claims.iter().map(|(depth, claim)| json::Claim {
        depth: depth.as_str(),
        verdict: tally::at_depth(judged, *depth).map_or("", model::Verdict::as_str),
        causes: match claim {
            Claim::Exposed(exposures) => exposures.iter().map(|exposure| exposure.cause).collect(),
            _ => Vec::new(),
        },
        reason: match claim {
            Claim::Unproven(reason, _) | Claim::NotApplicable(reason) => evidence.raw(reason),
            _ => "".into(),
        },
        witnesses: claim_witnesses(claim)
            .map(|one| witness(evidence, one))
            .collect(),
    });
    json::Control {
        control: judged.control,
        stage: judged.stage.as_str(),
        subject: subject(evidence, &judged.subject),
        verdict: judged.verdict.as_str(),
        reason: evidence.raw(&judged.reason),
        decided_by: judged.decided_by.map(Depth::as_str),
        claims: claims.collect(),
    }
}

/// A remark.
pub(crate) fn note<'o>(evidence: &'o Evidence<'o>, note: &'o audit::Note) -> json::Note<'o> {
    json::Note {
        place: &note.place,
        message: evidence.raw(&note.message),
    }
}

/// An input that was not judged.
pub(crate) fn not_examined<'o>(
    evidence: &'o Evidence<'o>,
    input: &'o model::NotExamined,
) -> json::NotExamined<'o> {
    json::NotExamined {
        path: &input.path,
        reason: evidence.raw(&input.reason),
        unreadable: input.is_error,
        span: input.place.and_then(|place| span(evidence, place)),
    }
}

fn subject<'o>(evidence: &'o Evidence<'o>, subject: &'o Subject) -> json::Subject<'o> {
    json::Subject {
        kind: subject.kind,
        name: evidence.raw(&subject.name),
        span: subject.place.and_then(|place| span(evidence, place)),
    }
}

fn span(evidence: &Evidence<'_>, place: Place) -> Option<json::Span> {
    let location = evidence.locate(place)?;
    Some(json::Span {
        file: location.path,
        line: location.start.line,
        column: location.start.column,
        end_line: location.end.line,
        end_column: location.end.column,
    })
}
