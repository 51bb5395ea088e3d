//! The claims of all depths become one verdict (catalogue section 1).

use model::{Claim, Depth, Verdict};

/// The merged verdict with its reason, and the depth whose claim decided.
pub(crate) struct Merged {
    pub(crate) verdict: Verdict,
    pub(crate) reason: Box<str>,
    pub(crate) decided_by: usize,
}

/// Merges claims, shallowest first. The deepest claim that proves something decides; a protection claimed higher up and
/// refuted deeper down is contradicted. `unproven` and `n/a` contradict nothing.
pub(crate) fn merge(claims: &[(Depth, Claim)]) -> Merged {
    let proving = |claim: &Claim| matches!(claim, Claim::Protected(_) | Claim::Exposed(_));
    let deepest = claims.iter().rposition(|(_, claim)| proving(claim));
    let Some(index) = deepest else {
        return unproven(claims);
    };
    let Some((_, claim)) = claims.get(index) else {
        return unproven(claims);
    };
    let verdict = match claim {
        Claim::Exposed(_) => {
            let claimed = claims.get(..index).unwrap_or_default();
            if claimed
                .iter()
                .any(|(_, claim)| matches!(claim, Claim::Protected(_)))
            {
                Verdict::Contradicted
            } else {
                Verdict::Exposed
            }
        }
        _ => Verdict::Protected,
    };
    Merged {
        verdict,
        reason: Box::default(),
        decided_by: index,
    }
}

fn unproven(claims: &[(Depth, Claim)]) -> Merged {
    let doubt = claims
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, (_, claim))| match claim {
            Claim::Unproven(reason, _) => Some((index, Verdict::Unproven, reason.clone())),
            _ => None,
        });
    let none = claims
        .iter()
        .enumerate()
        .find_map(|(index, (_, claim))| match claim {
            Claim::NotApplicable(reason) => Some((index, Verdict::NotApplicable, reason.clone())),
            _ => None,
        });
    let (decided_by, verdict, reason) =
        doubt
            .or(none)
            .unwrap_or((0, Verdict::Unproven, "no fact was collected".into()));
    Merged {
        verdict,
        reason,
        decided_by,
    }
}

/// Of two claims about one subject at one depth the worse counts.
pub(crate) fn worse(a: Claim, b: Claim) -> Claim {
    match (a, b) {
        (Claim::Exposed(mut a), Claim::Exposed(b)) => {
            a.extend(b);
            Claim::Exposed(a)
        }
        (exposed @ Claim::Exposed(_), _) | (_, exposed @ Claim::Exposed(_)) => exposed,
        (doubt @ Claim::Unproven(..), _) | (_, doubt @ Claim::Unproven(..)) => doubt,
        (protected @ Claim::Protected(_), _) | (_, protected @ Claim::Protected(_)) => protected,
        (none, _) => none,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Exposure, Place, SourceId, Witness};
    use text::Span;

    fn exposed() -> Claim {
        Claim::Exposed(vec![Exposure::new(
            "x",
            Witness::declared(Place::new(SourceId(0), Span::at(0)), ""),
        )])
    }

    #[test]
    fn a_deeper_exposure_contradicts_a_claimed_protection() {
        let claims = [
            (Depth::Declared, Claim::Protected(Vec::new())),
            (Depth::Observed, exposed()),
        ];
        assert_eq!(merge(&claims).verdict, Verdict::Contradicted);
        let claims = [
            (Depth::Declared, exposed()),
            (Depth::Loaded, Claim::Protected(Vec::new())),
        ];
        assert_eq!(merge(&claims).verdict, Verdict::Protected);
        let claims = [
            (Depth::Declared, exposed()),
            (Depth::Loaded, Claim::unproven("not reachable")),
        ];
        assert_eq!(merge(&claims).verdict, Verdict::Exposed);
    }

    #[test]
    fn unproven_never_looks_protected() {
        let claims = [
            (Depth::Declared, Claim::unproven("not collected")),
            (Depth::Loaded, Claim::not_applicable("absent")),
        ];
        let merged = merge(&claims);
        assert_eq!(
            (merged.verdict, &*merged.reason),
            (Verdict::Unproven, "not collected")
        );
        assert!(matches!(
            worse(Claim::Protected(Vec::new()), Claim::unproven("x")),
            Claim::Unproven(..)
        ));
    }
}
