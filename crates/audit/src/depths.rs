//! Merges what the depths say about one protection of one subject (catalogue section 1, "Depths").

use model::{Claim, Depth, Exposure, Verdict, Witness};
use std::collections::HashSet;
use std::hash::Hash;

/// What the claims of all depths come to.
#[derive(Debug)]
pub(crate) struct Merged {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// Why, for `unproven` and `n/a`.
    pub(crate) reason: Box<str>,
    /// The depth whose claim decided.
    pub(crate) decided_by: Option<Depth>,
    /// The exposures to report, the deepest first.
    pub(crate) exposures: Vec<Exposure>,
}

/// Claims of one depth: the worst one counts, and keeps what others of its kind know. The first one wins among equals. O(claims):
/// a fleet states thousands of one subject. `None` where there are none.
pub(crate) fn worst(mut claims: Vec<Claim>) -> Option<Claim> {
    // Nearly always there is one.
    if claims.len() < 2 {
        return claims.pop();
    }
    let worst = claims.iter().map(badness).max()?;
    let mut equals = claims
        .into_iter()
        .filter(|claim| badness(claim) == worst)
        .peekable();
    match equals.peek()? {
        Claim::Exposed(_) => Some(Claim::Exposed(different(equals.flat_map(
            |claim| match claim {
                Claim::Exposed(exposures) => exposures,
                _ => Vec::new(),
            },
        )))),
        Claim::Protected(_) => Some(Claim::Protected(different(equals.flat_map(
            |claim| match claim {
                Claim::Protected(witnesses) => witnesses,
                _ => Vec::new(),
            },
        )))),
        Claim::Unproven(..) | Claim::NotApplicable(_) => equals.next(),
    }
}

/// Each once, in the order of their first occurrence.
fn different<T: Eq + Hash>(all: impl Iterator<Item = T>) -> Vec<T> {
    let all: Vec<T> = all.collect();
    let mut seen = HashSet::with_capacity(all.len());
    let is_first: Vec<bool> = all.iter().map(|one| seen.insert(one)).collect();
    drop(seen);
    all.into_iter()
        .zip(is_first)
        .filter_map(|(one, is_first)| is_first.then_some(one))
        .collect()
}

fn badness(claim: &Claim) -> u8 {
    match claim {
        Claim::NotApplicable(_) => 0,
        Claim::Protected(_) => 1,
        Claim::Unproven(..) => 2,
        Claim::Exposed(_) => 3,
    }
}

/// Merges the claims of one control on one subject. `claims` is ordered by depth, the shallowest first, one for each depth.
///
/// The deepest claim that proves something wins; `unproven` and `n/a` contradict nothing.
pub(crate) fn merge(claims: &[(Depth, Claim)]) -> Merged {
    let deepest = claims
        .iter()
        .rev()
        .find(|(_, claim)| matches!(claim, Claim::Protected(_) | Claim::Exposed(_)));
    match deepest {
        Some((depth, Claim::Exposed(exposures))) => exposed(claims, *depth, exposures),
        Some((depth, _)) => Merged {
            verdict: Verdict::Protected,
            reason: Box::default(),
            decided_by: Some(*depth),
            exposures: Vec::new(),
        },
        None => open(claims),
    }
}

fn exposed(claims: &[(Depth, Claim)], deepest: Depth, exposures: &[Exposure]) -> Merged {
    let mut exposures = exposures.to_vec();
    let mut verdict = Verdict::Exposed;
    // The running service was asked for the same keys as the files: what it did not confirm, it refuted.
    let service_spoke = claims.iter().any(|(depth, claim)| {
        *depth == Depth::Loaded && matches!(claim, Claim::Protected(_) | Claim::Exposed(_))
    });
    for (depth, claim) in claims.iter().rev().filter(|(depth, _)| *depth < deepest) {
        match claim {
            Claim::Exposed(shallower) => {
                let refuted = *depth == Depth::Declared && service_spoke;
                add_shallower(&mut exposures, shallower, refuted);
            }
            Claim::Protected(refuted) => {
                verdict = Verdict::Contradicted;
                // The refuted facts are half of the contradiction: a reader wants to see them beside the refutation.
                for exposure in &mut exposures {
                    add_witnesses(&mut exposure.witnesses, refuted);
                }
            }
            Claim::Unproven(..) | Claim::NotApplicable(_) => {}
        }
    }
    Merged {
        verdict,
        reason: Box::default(),
        decided_by: Some(deepest),
        exposures,
    }
}

/// Adds the facts of shallower exposures of the same cause. A cause that only the shallower depth names is kept too, unless it
/// was refuted: a probe or a log cannot see every cause.
fn add_shallower(all: &mut Vec<Exposure>, shallower: &[Exposure], refuted: bool) {
    for exposure in shallower {
        match all.iter_mut().find(|known| known.cause == exposure.cause) {
            Some(known) => add_witnesses(&mut known.witnesses, &exposure.witnesses),
            None if refuted => {}
            None => all.push(exposure.clone()),
        }
    }
}

/// Nothing is proven at any depth: the deepest doubt speaks, or the reason why the question does not arise.
fn open(claims: &[(Depth, Claim)]) -> Merged {
    let mut merged = Merged {
        verdict: Verdict::NotApplicable,
        reason: Box::default(),
        decided_by: None,
        exposures: Vec::new(),
    };
    for (depth, claim) in claims {
        match claim {
            Claim::Unproven(reason, _) => {
                merged.verdict = Verdict::Unproven;
                merged.reason = reason.clone();
                merged.decided_by = Some(*depth);
            }
            Claim::NotApplicable(reason) if merged.verdict == Verdict::NotApplicable => {
                merged.reason = reason.clone();
                merged.decided_by = Some(*depth);
            }
            Claim::NotApplicable(_) | Claim::Protected(_) | Claim::Exposed(_) => {}
        }
    }
    merged
}

/// Adds witnesses that are not there yet.
pub(crate) fn add_witnesses(all: &mut Vec<Witness>, more: &[Witness]) {
    for witness in more {
        if !all.contains(witness) {
            all.push(witness.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Place, SourceId};
    use text::Span;

    fn witness(depth: Depth) -> Witness {
        Witness {
            depth,
            ..Witness::declared(Place::new(SourceId(0), Span::at(0)), depth.as_str())
        }
    }

    fn exposed(depth: Depth, cause: &'static str) -> (Depth, Claim) {
        (
            depth,
            Claim::Exposed(vec![Exposure::new(cause, witness(depth))]),
        )
    }

    fn protected(depth: Depth) -> (Depth, Claim) {
        (depth, Claim::Protected(vec![witness(depth)]))
    }

    #[test]
    fn a_deeper_exposure_contradicts_a_shallower_protection_and_shows_both() {
        let merged = merge(&[
            protected(Depth::Declared),
            exposed(Depth::Observed, "plain"),
        ]);
        assert_eq!(merged.verdict, Verdict::Contradicted);
        let depths: Vec<Depth> = merged.exposures[0]
            .witnesses
            .iter()
            .map(|w| w.depth)
            .collect();
        assert_eq!(depths, [Depth::Observed, Depth::Declared]);
    }

    #[test]
    fn a_deeper_protection_wins_over_a_shallower_exposure() {
        let merged = merge(&[
            exposed(Depth::Declared, "plain"),
            protected(Depth::Observed),
        ]);
        assert_eq!(merged.verdict, Verdict::Protected);
        assert!(merged.exposures.is_empty());
    }

    #[test]
    fn doubt_contradicts_nothing() {
        let doubt = (Depth::Recorded, Claim::unproven("no log"));
        let aside = (Depth::Observed, Claim::not_applicable("no port"));
        let merged = merge(&[protected(Depth::Declared), aside.clone(), doubt.clone()]);
        assert_eq!(merged.verdict, Verdict::Protected);
        let merged = merge(&[exposed(Depth::Declared, "plain"), doubt.clone()]);
        assert_eq!(merged.verdict, Verdict::Exposed);
        let merged = merge(&[doubt, aside.clone()]);
        assert_eq!(
            (merged.verdict, &*merged.reason),
            (Verdict::Unproven, "no log")
        );
        let merged = merge(&[aside]);
        assert_eq!(
            (merged.verdict, &*merged.reason),
            (Verdict::NotApplicable, "no port")
        );
    }

    #[test]
    fn a_shallower_cause_survives_a_probe_but_not_the_running_service() {
        let causes = |deeper| {
            let merged = merge(&[exposed(Depth::Declared, "a"), exposed(deeper, "b")]);
            merged.exposures.iter().map(|e| e.cause).collect::<Vec<_>>()
        };
        assert_eq!(causes(Depth::Observed), ["b", "a"]);
        assert_eq!(causes(Depth::Loaded), ["b"]);
    }

    #[test]
    fn the_worse_of_two_claims_of_one_depth_counts() {
        let (_, bad) = exposed(Depth::Declared, "plain");
        let (_, good) = protected(Depth::Declared);
        let both = |one: &Claim, other: &Claim| worst(vec![one.clone(), other.clone()]);
        let (open, aside) = (Claim::unproven("?"), Claim::not_applicable("-"));
        assert_eq!(both(&good, &bad), Some(bad.clone()));
        assert_eq!(both(&bad, &open), Some(bad.clone()));
        assert_eq!(both(&open, &good), Some(open.clone()));
        assert_eq!(both(&open, &Claim::unproven("!")), Some(open));
        assert_eq!(both(&aside, &good), Some(good.clone()));
        assert_eq!(both(&good, &good), Some(good.clone()));
        assert_eq!(worst(Vec::new()), None);
        let (_, other) = exposed(Depth::Declared, "other");
        let all = worst(vec![bad.clone(), good, other, bad]);
        assert!(matches!(all, Some(Claim::Exposed(all)) if all.len() == 2));
    }
}
