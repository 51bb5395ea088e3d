//! How many verdicts of each kind there are, overall and in the grid of stages and depths.

use audit::{Judged, Outcome};
use model::{Claim, Depth, Stage, Verdict};

/// Counts of verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Claims refuted at a deeper depth.
    pub(crate) contradicted: usize,
    /// Protections that are missing.
    pub(crate) exposed: usize,
    /// Protections that could not be told.
    pub(crate) unproven: usize,
    /// Protections that hold.
    pub(crate) protected: usize,
    /// Questions that do not arise.
    pub(crate) not_applicable: usize,
}

impl Tally {
    /// Counts a verdict.
    pub(crate) fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Contradicted => &mut self.contradicted,
            Verdict::Exposed => &mut self.exposed,
            Verdict::Unproven => &mut self.unproven,
            Verdict::Protected => &mut self.protected,
            Verdict::NotApplicable => &mut self.not_applicable,
        } += 1;
    }

    /// The verdicts that occur, worst first.
    pub(crate) fn worst_first(&self) -> Vec<(Verdict, usize)> {
        let all = [
            (Verdict::Contradicted, self.contradicted),
            (Verdict::Exposed, self.exposed),
            (Verdict::Unproven, self.unproven),
            (Verdict::Protected, self.protected),
            (Verdict::NotApplicable, self.not_applicable),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

impl FromIterator<Verdict> for Tally {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut tally = Tally::default();
        for verdict in verdicts {
            tally.add(verdict);
        }
        tally
    }
}

/// Whether any control had facts of this depth.
pub(crate) fn is_asked(outcome: &Outcome, depth: Depth) -> bool {
    outcome
        .judged
        .iter()
        .any(|judged| judged.claims.iter().any(|(at, _)| *at == depth))
}

/// What the claims of one depth say about one stage.
pub(crate) fn cell(outcome: &Outcome, stage: Stage, depth: Depth) -> Tally {
    let judged = outcome.judged.iter().filter(|judged| judged.stage == stage);
    judged
        .filter_map(|judged| at_depth(judged, depth))
        .collect()
}

/// The verdict that a control's claim at one depth comes to. The exposure that refutes a shallower claim is `contradicted`.
pub(crate) fn at_depth(judged: &Judged, depth: Depth) -> Option<Verdict> {
    let claims = || judged.claims.iter();
    let claim = claims()
        .find(|(at, _)| *at == depth)
        .map(|(_, claim)| claim)?;
    let is_refuted =
        || claims().any(|(at, claim)| *at < depth && matches!(claim, Claim::Protected(_)));
    Some(match claim {
        Claim::Exposed(_) if judged.verdict == Verdict::Contradicted && is_refuted() => {
            Verdict::Contradicted
        }
        Claim::Exposed(_) => Verdict::Exposed,
        Claim::Unproven(..) => Verdict::Unproven,
        Claim::Protected(_) => Verdict::Protected,
        Claim::NotApplicable(_) => Verdict::NotApplicable,
    })
}
