//! One witness, one finding (catalogue rule 7): where two controls see the same bytes, the more specific one reports them.

use crate::Finding;
use crate::depths::add_witnesses;
use crate::findings::{add_consequence, primary_place};
use model::{Consequence, Place, Provenance, Sources};
use std::cmp::Reverse;

/// Folds findings into a more specific finding on the same bytes. That one lists them, points at their other witnesses and
/// takes the worst severity: a threshold must not miss what a fold hid.
pub(crate) fn fold(findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    let hosts = hosts(&findings, sources);
    let roots: Vec<usize> = (0..findings.len())
        .map(|index| root(&hosts, index))
        .collect();
    let mut kept: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    for (index, root) in roots.into_iter().enumerate() {
        if index == root {
            continue;
        }
        let Some(folded) = kept.get_mut(index).and_then(Option::take) else {
            continue;
        };
        // A root is never folded itself, so it is still there.
        if let Some(host) = kept.get_mut(root).and_then(Option::as_mut) {
            take_in(host, &folded);
        }
    }
    kept.into_iter().flatten().collect()
}

fn take_in(host: &mut Finding, folded: &Finding) {
    add_consequence(
        host,
        Consequence {
            control: folded.control,
            cause: folded.cause,
        },
    );
    for consequence in &folded.consequences {
        add_consequence(host, *consequence);
    }
    add_witnesses(
        &mut host.witnesses,
        folded.witnesses.get(1..).unwrap_or_default(),
    );
    host.severity = host.severity.max(folded.severity);
    host.verdict = host.verdict.max(folded.verdict);
}

/// The order of claim: a lower number reports, a higher one is folded in.
fn tier(control: &str) -> u8 {
    match control.split_once('/') {
        Some(("secrets", "known-sample")) => 0,
        Some(("secrets", _)) => 2,
        Some(("flow", _)) => 3,
        _ => 1,
    }
}

/// The bytes that a finding's primary witness shows. A default shows no bytes: it points at where a key is missing.
fn shown_bytes(finding: &Finding, sources: &Sources) -> Option<Place> {
    match finding.witnesses.first()?.provenance {
        Provenance::Text(_) => primary_place(&finding.witnesses, sources),
        Provenance::Default { .. } | Provenance::Absent(_) => None,
    }
}

/// For each finding the more specific one on the same bytes, if there is one.
///
/// Spans of one file come from trees, so the spans that are open at any point are few: O(n log n) in practice.
fn hosts(findings: &[Finding], sources: &Sources) -> Vec<Option<usize>> {
    let mut spans: Vec<(Place, usize)> = findings
        .iter()
        .enumerate()
        .filter_map(|(index, finding)| Some((shown_bytes(finding, sources)?, index)))
        .collect();
    spans.sort_by_key(|(place, index)| {
        (
            place.source,
            place.span.start,
            Reverse(place.span.end),
            *index,
        )
    });
    let mut hosts = vec![None; findings.len()];
    let mut open: Vec<(Place, usize)> = Vec::new();
    for (place, index) in spans {
        open.retain(|(outer, _)| {
            *outer == place || (outer.source == place.source && outer.span.end > place.span.start)
        });
        for (outer, other) in &open {
            if *outer == place || outer.span.end >= place.span.end {
                settle(&mut hosts, findings, index, *other);
            }
        }
        open.push((place, index));
    }
    hosts
}

/// Lets the less specific of two findings on the same bytes go to the other, if that is better than what it has.
fn settle(hosts: &mut [Option<usize>], findings: &[Finding], one: usize, other: usize) {
    let rank = |index: usize| {
        let finding = findings.get(index);
        finding.map(|f| (tier(f.control), Reverse(f.severity), f.control, index))
    };
    let tier_of = |index: usize| findings.get(index).map(|f| tier(f.control));
    let (guest, host) = match tier_of(one).cmp(&tier_of(other)) {
        std::cmp::Ordering::Less => (other, one),
        std::cmp::Ordering::Greater => (one, other),
        std::cmp::Ordering::Equal => return,
    };
    if let Some(slot) = hosts.get_mut(guest)
        && slot.is_none_or(|known| rank(host) < rank(known))
    {
        *slot = Some(host);
    }
}

/// Follows hosts to the one that reports. Tiers fall at every step, so there are at most three.
fn root(hosts: &[Option<usize>], index: usize) -> usize {
    let mut at = index;
    while let Some(Some(host)) = hosts.get(at) {
        at = *host;
    }
    at
}
