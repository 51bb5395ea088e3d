//! Recall and precision, for each family of controls.

use crate::expectation::Finding;
use controls::CONTROLS;
use std::collections::BTreeMap;
use std::fmt;

/// How a report compares with what was expected.
#[derive(Default)]
pub(crate) struct Score {
    families: BTreeMap<String, Family>,
    /// Expected findings of controls that do not exist yet.
    not_shipped: BTreeMap<String, usize>,
    missed: Vec<Finding>,
    false_alarms: Vec<Finding>,
}

#[derive(Default)]
struct Family {
    found: usize,
    missed: usize,
    false_alarms: usize,
}

/// Pairs each expected finding with one reported finding.
pub(crate) fn compare(expected: &[Finding], reported: &[Finding]) -> Score {
    let mut score = Score::default();
    let mut left = reported.to_vec();
    for finding in expected {
        if !CONTROLS.iter().any(|control| control.id == finding.control) {
            *score
                .not_shipped
                .entry(finding.control.clone())
                .or_default() += 1;
            continue;
        }
        let family = score
            .families
            .entry(finding.family().to_owned())
            .or_default();
        if let Some(at) = left.iter().position(|other| other == finding) {
            left.swap_remove(at);
            family.found += 1;
        } else {
            family.missed += 1;
            score.missed.push(finding.clone());
        }
    }
    left.sort();
    for finding in left {
        let family = score
            .families
            .entry(finding.family().to_owned())
            .or_default();
        family.false_alarms += 1;
        score.false_alarms.push(finding);
    }
    score
}

impl Score {
    /// Whether everything expected of the controls that exist was reported, and nothing else.
    pub(crate) fn is_perfect(&self) -> bool {
        self.missed.is_empty() && self.false_alarms.is_empty()
    }

    /// The findings that differ, one a line.
    pub(crate) fn mistakes(&self) -> String {
        let missed = self
            .missed
            .iter()
            .map(|finding| format!("missed: {finding}\n"));
        let alarms = self.false_alarms.iter();
        missed
            .chain(alarms.map(|finding| format!("false alarm: {finding}\n")))
            .collect()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12} recall  precision  found  missed  false alarms",
            "family"
        )?;
        for (name, family) in &self.families {
            let Family {
                found,
                missed,
                false_alarms,
            } = family;
            writeln!(
                f,
                "{name:<12} {:>6}  {:>9}  {found:>5}  {missed:>6}  {false_alarms:>12}",
                share(*found, *missed),
                share(*found, *false_alarms),
            )?;
        }
        let not_shipped: usize = self.not_shipped.values().sum();
        write!(
            f,
            "not shipped: {not_shipped} findings of {} controls",
            self.not_shipped.len()
        )?;
        for (control, count) in &self.not_shipped {
            write!(f, "\n  {control} {count}")?;
        }
        Ok(())
    }
}

/// The share of `good`; `-` where there is nothing to share.
fn share(good: usize, bad: usize) -> String {
    let all = good + bad;
    if all == 0 {
        return "-".to_owned();
    }
    let thousandths = good * 1000 / all;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}
