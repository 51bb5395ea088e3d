//! Findings that say the same of different places. A mistake in a template is found once an application, and fifty times the
//! same sentence hides the fifty-first finding.

use audit::Finding;
use std::collections::HashMap;

/// Findings of one cause and severity, in their order.
#[derive(Debug)]
pub(crate) struct Alike<'o> {
    /// The first.
    pub(crate) first: &'o Finding,
    /// The others.
    pub(crate) others: Vec<&'o Finding>,
}

impl Alike<'_> {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        1 + self.others.len()
    }
}

/// Findings by cause and severity, in the order of the first of each.
pub(crate) fn alike(findings: &[Finding]) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let key = (
            finding.control,
            finding.cause,
            finding.severity,
            finding.verdict,
        );
        let index = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.others.push(finding),
            None => groups.push(Alike {
                first: finding,
                others: Vec::new(),
            }),
        }
    }
    groups
}

/// Each finding by itself.
pub(crate) fn each(findings: &[Finding]) -> Vec<Alike<'_>> {
    let alone = |finding| Alike {
        first: finding,
        others: Vec::new(),
    };
    findings.iter().map(alone).collect()
}
