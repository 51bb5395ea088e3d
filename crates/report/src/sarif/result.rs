//! Findings as SARIF results.

use super::log::{
    ArtifactLocation, Location, LogicalLocation, Notification, Outcome, PhysicalLocation, Region,
    ResultProperties, Suppression, Text,
};
use super::rule::{Rules, id, level};
use crate::evidence::Evidence;
use crate::fingerprint::Fingerprints;
use audit::{Finding, Waiver};
use model::Witness;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The results of an outcome: findings that count, then accepted ones.
pub(crate) fn results(evidence: &Evidence<'_>, rules: &mut Rules) -> Vec<Outcome> {
    let mut fingerprints = Fingerprints::default();
    let all = evidence
        .outcome
        .findings
        .iter()
        .chain(&evidence.outcome.waived);
    all.map(|finding| result(evidence, finding, rules, &mut fingerprints))
        .collect()
}

fn result(
    evidence: &Evidence<'_>,
    finding: &Finding,
    rules: &mut Rules,
    fingerprints: &mut Fingerprints,
) -> Outcome {
    let primary = finding
        .witnesses
        .iter()
        .position(|witness| witness.place().is_some());
    let others = finding
        .witnesses
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != primary)
        .map(|(_, witness)| witness);
    Outcome {
        rule_id: id(finding.control, finding.cause),
        rule_index: Some(rules.index(finding)),
        level: level(finding.severity),
        message: Text {
            text: message(evidence, finding),
        },
        locations: vec![location(evidence, finding)],
        related_locations: others
            .filter_map(|witness| related(evidence, witness))
            .enumerate()
            .map(|(index, location)| Location {
                id: Some(index + 1),
                ..location
            })
            .collect(),
        partial_fingerprints: BTreeMap::from([("wardline/v1", fingerprints.of(evidence, finding))]),
        suppressions: finding
            .waiver
            .iter()
            .map(|waiver| suppression(evidence, waiver))
            .collect(),
        properties: ResultProperties {
            stage: finding.stage.as_str(),
            severity: finding.severity.as_str(),
            verdict: finding.verdict.as_str(),
            remedy: evidence.prose(&finding.remedy),
            safety: finding.safety.as_str(),
        },
    }
}

/// What is the case and what to do, as one text: consumers show nothing else beside the location.
fn message(evidence: &Evidence<'_>, finding: &Finding) -> String {
    let statement = evidence.statement(finding);
    format!("{statement}. Fix: {}.", evidence.prose(&finding.remedy))
}

fn location(evidence: &Evidence<'_>, finding: &Finding) -> Location {
    Location {
        id: None,
        physical_location: evidence
            .location(finding)
            .map(|location| physical(evidence, &location)),
        logical_locations: vec![LogicalLocation {
            fully_qualified_name: evidence.subject(&finding.subject),
            kind: "resource",
        }],
        message: None,
    }
}

fn related(evidence: &Evidence<'_>, witness: &Witness) -> Option<Location> {
    let location = evidence.locate(witness.place()?)?;
    Some(Location {
        id: None,
        physical_location: Some(physical(evidence, &location)),
        logical_locations: Vec::new(),
        message: Some(Text {
            text: evidence.describe(witness),
        }),
    })
}

fn physical(evidence: &Evidence<'_>, location: &model::Location) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: ArtifactLocation {
            uri: uri(&evidence.written_file(&location.path)),
        },
        region: Some(Region {
            start_line: location.start.line,
            start_column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
        }),
    }
}

/// A relative path as a URI reference (RFC 3986, section 4.2). A colon in its first segment would read as a scheme.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn suppression(evidence: &Evidence<'_>, waiver: &Waiver) -> Suppression {
    Suppression {
        // Comments and annotations have no owner; the configuration file demands one.
        kind: if waiver.owner.is_none() {
            "inSource"
        } else {
            "external"
        },
        status: "accepted",
        justification: evidence.waiver(waiver),
    }
}

/// Inputs that were meant to be read and could not be.
pub(crate) fn unreadable(evidence: &Evidence<'_>) -> Vec<Notification> {
    let inputs = evidence
        .outcome
        .not_examined
        .iter()
        .filter(|input| input.is_error);
    inputs
        .map(|input| {
            let located = input
                .place
                .and_then(|place| evidence.locate(place))
                .map(|location| physical(evidence, &location));
            let unlocated = || PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: uri(&evidence.written_file(&input.path)),
                },
                region: None,
            };
            Notification {
                level: "warning",
                message: Text {
                    text: format!("not examined: {}", evidence.prose(&input.reason)),
                },
                locations: vec![Location {
                    id: None,
                    physical_location: Some(located.unwrap_or_else(unlocated)),
                    logical_locations: Vec::new(),
                    message: None,
                }],
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_uri_references() {
        assert_eq!(super::uri("a b/ü#1.xml"), "a%20b/%C3%BC%231.xml");
        assert_eq!(super::uri("c:x"), "c%3Ax");
    }
}
