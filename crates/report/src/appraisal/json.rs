//! Appraisals as JSON, schema `wardline/attest/v1`: one document, or one object a line for a fleet.

use super::{Appraised, Report, Tally};
use attest::appraisal::Claim;
use attest::{Check, Step};
use serde_json::{Map, Value, json};

/// The name of the schema.
pub const SCHEMA: &str = "wardline/attest/v1";

/// One document.
#[must_use]
pub fn render(report: &Report) -> String {
    let tally = report.tally();
    let document = json!({
        "schema": SCHEMA,
        "at": report.at.to_string(),
        "summary": summary(&tally),
        "evidence": report.evidence.iter().map(appraised).collect::<Vec<_>>(),
        "not_examined": report
            .not_examined
            .iter()
            .map(|input| json!({ "path": input.path, "reason": input.reason }))
            .collect::<Vec<_>>(),
        "notes": report.notes,
    });
    format!("{document:#}\n")
}

/// One line, with its end.
#[must_use]
pub fn line(evidence: &Appraised) -> String {
    format!("{}\n", appraised(evidence))
}

/// The last line of a fleet.
#[must_use]
pub fn last_line(tally: &Tally) -> String {
    format!(
        "{}\n",
        json!({ "schema": SCHEMA, "summary": summary(tally) })
    )
}

fn summary(tally: &Tally) -> Value {
    json!({
        "evidence": tally.evidence(),
        "protected": tally.protected,
        "exposed": tally.exposed,
        "unproven": tally.unproven,
        "unreadable": tally.unreadable,
    })
}

fn appraised(evidence: &Appraised) -> Value {
    let appraisal = &evidence.appraisal;
    let mut object = Map::new();
    object.insert("file".to_owned(), Value::from(evidence.file.as_str()));
    if !evidence.id.is_empty() {
        object.insert("id".to_owned(), Value::from(evidence.id.as_str()));
    }
    object.insert("kind".to_owned(), Value::from(appraisal.kind.name()));
    object.insert(
        "verdict".to_owned(),
        Value::from(appraisal.verdict().word()),
    );
    object.insert(
        "steps".to_owned(),
        appraisal.steps.iter().map(step).collect(),
    );
    object.insert("claims".to_owned(), claims(&appraisal.claims));
    Value::Object(object)
}

/// What the evidence says of itself, by name. A name that stands several times (measurements, claims of several tokens) has all its
/// values.
fn claims(claims: &[Claim]) -> Value {
    let mut object = Map::new();
    for claim in claims {
        let value = Value::from(claim.value.as_str());
        match object.get_mut(claim.name) {
            None => {
                object.insert(claim.name.to_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(object)
}

/// A step speaks by the check that decided it.
fn step(step: &Step) -> Value {
    let decisive = step.decisive();
    let text = |field: fn(&Check) -> &str| decisive.map_or("", field);
    json!({
        "step": step.name.name(),
        "verdict": step.outcome().word(),
        "value": text(|check| &check.value),
        "limit": text(|check| &check.limit),
        "source": text(|check| &check.source),
        "detail": text(|check| &check.detail),
        "checks": step.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

fn check(check: &Check) -> Value {
    let mut object = Map::new();
    object.insert("check".to_owned(), Value::from(&*check.what));
    object.insert("verdict".to_owned(), Value::from(check.outcome.word()));
    for (name, text) in [
        ("value", &check.value),
        ("limit", &check.limit),
        ("source", &check.source),
        ("detail", &check.detail),
    ] {
        if !text.is_empty() {
            object.insert(name.to_owned(), Value::from(&**text));
        }
    }
    if let Some(cause) = check.cause {
        object.insert("cause".to_owned(), Value::from(cause));
    }
    Value::Object(object)
}
