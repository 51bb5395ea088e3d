//! Waivers of the configuration file.

use crate::config::{Config, WaiverRule};
use crate::findings::primary;
use crate::outcome::{Finding, Note, Waiver};
use model::Sources;

/// Takes accepted findings out, marks them, and remarks on waivers that expired or matched nothing.
pub(crate) fn apply(
    findings: &mut Vec<Finding>,
    config: &Config,
    sources: &Sources,
    today: &str,
    notes: &mut Vec<Note>,
) -> Vec<Finding> {
    let mut waived = Vec::new();
    for rule in &config.waivers {
        let expired = rule.expires.as_str() < today;
        let mut matched = false;
        findings.retain(|finding| {
            if !rule_matches(rule, finding, sources) {
                return true;
            }
            matched = true;
            if expired {
                return true;
            }
            let mut finding = finding.clone();
            finding.waiver = Some(Waiver {
                reason: rule.reason.as_str().into(),
                owner: Some(rule.owner.as_str().into()),
                expires: Some(rule.expires.as_str().into()),
                stands_in: rule.place.as_str().into(),
            });
            waived.push(finding);
            false
        });
        let message = match (matched, expired) {
            (true, true) => format!(
                "the waiver of {} expired on {}: its findings count again",
                rule.control.0, rule.expires
            ),
            (false, _) => format!(
                "the waiver of {} matches no finding; remove it",
                rule.control.0
            ),
            (true, false) => continue,
        };
        notes.push(Note {
            place: rule.place.as_str().into(),
            message: message.into(),
        });
    }
    waived
}

fn rule_matches(rule: &WaiverRule, finding: &Finding, sources: &Sources) -> bool {
    let id = format!("{}#{}", finding.control, finding.cause);
    let path = primary(finding, sources)
        .and_then(|place| sources.locate(place))
        .map(|location| location.path);
    let subject = finding.subject.to_string();
    (rule.control.matches(finding.control) || rule.control.matches(&id))
        && rule
            .path
            .as_ref()
            .is_none_or(|glob| path.as_deref().is_some_and(|path| glob.matches(path)))
        && rule
            .subject
            .as_ref()
            .is_none_or(|glob| glob.matches(&subject) || glob.matches(&finding.subject.name))
}
