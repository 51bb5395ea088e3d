//! One mistake is one finding: what follows from another finding, or tells of the same bytes, is listed inside it
//! (catalogue rules 7 and 12).

use crate::findings::primary;
use crate::outcome::Finding;
use model::{Consequence, Place, Sources};

/// Folds consequences and duplicates.
pub(crate) fn fold(findings: &mut Vec<Finding>, sources: &Sources) {
    fold_consequences(findings, sources);
    fold_duplicates(findings, sources);
}

/// A consequence belongs to the finding it names, of the same text or the same subject; without one it stands alone.
fn fold_consequences(findings: &mut Vec<Finding>, sources: &Sources) {
    let (followers, mut heads): (Vec<Finding>, Vec<Finding>) = std::mem::take(findings)
        .into_iter()
        .partition(|finding| finding.consequence_of.is_some());
    for follower in followers {
        let own = primary(&follower, sources);
        let head = heads.iter().position(|head| {
            let is_named = follower
                .consequence_of
                .is_some_and(|of| of.control == head.control && of.cause == head.cause);
            let same_text = own.is_some() && own == primary(head, sources);
            is_named
                && (same_text
                    || shares_subject(head, &follower)
                    || shares_witness(head, &follower, sources))
        });
        match head.and_then(|index| heads.get_mut(index)) {
            Some(head) => note(head, &follower),
            None => heads.push(follower),
        }
    }
    *findings = heads;
}

fn shares_subject(a: &Finding, b: &Finding) -> bool {
    let names = |finding: &Finding| {
        std::iter::once(&finding.subject)
            .chain(&finding.also)
            .map(|subject| subject.name.clone())
            .collect::<Vec<_>>()
    };
    let theirs = names(b);
    names(a).iter().any(|name| theirs.contains(name))
}

fn shares_witness(head: &Finding, follower: &Finding, sources: &Sources) -> bool {
    let Some(place) = primary(head, sources) else {
        return false;
    };
    follower
        .witnesses
        .iter()
        .filter_map(model::Witness::place)
        .any(|witness| sources.in_file(witness) == place)
}

fn note(head: &mut Finding, follower: &Finding) {
    let consequence = Consequence {
        control: follower.control,
        cause: follower.cause,
    };
    if !head.consequences.contains(&consequence) {
        head.consequences.push(consequence);
    }
}

/// Who reports bytes that several controls see: the lower number.
fn claim_order(control: &str) -> u8 {
    match control {
        "secrets/known-sample" => 0,
        other if other.starts_with("secrets/") => 2,
        other if other.starts_with("flow/") => 3,
        _ => 1,
    }
}

/// Of findings about the same bytes the most specific control reports; others are listed in it. Two components' own
/// controls ask different questions and both stay.
fn fold_duplicates(findings: &mut Vec<Finding>, sources: &Sources) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    let key = |index: &usize| {
        findings.get(*index).map(|finding| {
            (
                claim_order(finding.control),
                std::cmp::Reverse(finding.severity),
            )
        })
    };
    order.sort_by_key(key);
    let mut places: Vec<(Place, usize)> = Vec::new();
    let mut folded: Vec<(usize, usize)> = Vec::new();
    for index in order {
        let Some(finding) = findings.get(index) else {
            continue;
        };
        let Some(place) = primary(finding, sources) else {
            continue;
        };
        let tier = claim_order(finding.control);
        let better = places.iter().find(|(other, head)| {
            let head_tier = findings
                .get(*head)
                .map_or(0, |head| claim_order(head.control));
            (head_tier < tier) && overlaps(*other, place)
        });
        match better {
            Some((_, head)) => folded.push((*head, index)),
            None => places.push((place, index)),
        }
    }
    for (head, follower) in &folded {
        let Some(follower) = findings.get(*follower).cloned() else {
            continue;
        };
        if let Some(head) = findings.get_mut(*head) {
            note(head, &follower);
            let known: Vec<_> = head
                .witnesses
                .iter()
                .filter_map(model::Witness::place)
                .collect();
            head.witnesses.extend(
                follower
                    .witnesses
                    .into_iter()
                    .filter(|w| w.place().is_none_or(|place| !known.contains(&place))),
            );
        }
    }
    let mut index = 0;
    findings.retain(|_| {
        index += 1;
        !folded.iter().any(|(_, follower)| *follower == index - 1)
    });
}

fn overlaps(a: Place, b: Place) -> bool {
    let within = |outer: Place, inner: Place| {
        outer.span.start <= inner.span.start && inner.span.end <= outer.span.end
    };
    a.source == b.source && (within(a, b) || within(b, a))
}
