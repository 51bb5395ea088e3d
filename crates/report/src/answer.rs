//! The answer: is data protected, per stage, and overall.
//!
//! "Yes" is said only when every stage has a control that was judged protected and nothing is exposed, unproven or unreadable.
//! A waiver accepts an exposure; it does not end it, so it never leads to "yes".

use crate::evidence::Evidence;
use crate::phrase::{counted, listed};
use crate::tally::{Tally, is_asked};
use audit::{Finding, Outcome};
use model::{Depth, Severity, Stage, Verdict};
use std::collections::{BTreeMap, HashSet};

/// The answer to the question whether data is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Every stage is protected, as deep as it was looked at.
    Yes,
    /// Something is exposed.
    No,
    /// Nothing is known to be exposed, but not everything is known to be protected.
    Unproven,
}

impl Answer {
    /// The word used in output.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unproven => "unproven",
        }
    }
}

/// What is known about one stage.
#[derive(Debug)]
pub(crate) struct StageAnswer<'o> {
    /// The stage.
    pub(crate) stage: Stage,
    /// Merged verdicts.
    pub(crate) tally: Tally,
    /// Findings that count, by severity, worst first.
    pub(crate) findings: Vec<(Severity, usize)>,
    /// Findings that somebody accepted.
    waived: usize,
    /// The finding of another stage that exposes this one.
    follows_from: Option<&'o Finding>,
    /// The most frequent reason for `unproven`.
    reason: Option<&'o str>,
}

/// What is known about all stages.
#[derive(Debug)]
pub(crate) struct Summary<'o> {
    /// One entry a stage, in the order of reports.
    pub(crate) stages: Vec<StageAnswer<'o>>,
    /// The depths that were asked.
    depths: Vec<String>,
    unreadable: usize,
}

impl<'o> Summary<'o> {
    /// Sums up an outcome.
    pub(crate) fn of(outcome: &'o Outcome) -> Self {
        Summary {
            stages: Stage::ALL
                .into_iter()
                .map(|stage| StageAnswer::of(outcome, stage))
                .collect(),
            depths: Depth::ALL
                .into_iter()
                .filter(|depth| is_asked(outcome, *depth))
                .map(|depth| depth.to_string())
                .collect(),
            unreadable: outcome
                .not_examined
                .iter()
                .filter(|input| input.is_error)
                .count(),
        }
    }

    /// The answer in one word.
    pub(crate) fn answer(&self) -> Answer {
        let answers = || self.stages.iter().map(StageAnswer::answer);
        if answers().any(|answer| answer == Answer::No) {
            Answer::No
        } else if self.unreadable == 0 && answers().all(|answer| answer == Answer::Yes) {
            Answer::Yes
        } else {
            Answer::Unproven
        }
    }

    /// The answer in one sentence.
    pub(crate) fn sentence(&self, evidence: &Evidence<'_>) -> String {
        let with = |wanted| {
            self.stages
                .iter()
                .filter(move |stage| stage.answer() == wanted)
        };
        let exposed: Vec<String> = with(Answer::No).map(|stage| stage.exposed()).collect();
        let protected: Vec<String> = with(Answer::Yes).map(StageAnswer::protected).collect();
        let mut clauses: Vec<String> = with(Answer::Unproven)
            .filter_map(|stage| stage.unproven(evidence))
            .collect();
        let unjudged = with(Answer::Unproven).filter(|stage| stage.reason.is_none());
        let unjudged: Vec<String> = unjudged
            .map(|stage| adverb(stage.stage).to_owned())
            .collect();
        if !unjudged.is_empty() {
            clauses.push(format!(
                "no control found anything to judge {}",
                listed(&unjudged)
            ));
        }
        if self.unreadable > 0 {
            clauses.push(format!(
                "{} could not be read",
                counted(self.unreadable, "input")
            ));
        }
        match self.answer() {
            Answer::Yes => format!(
                "Yes: data is protected {}, as {}.",
                listed(&protected),
                listed(&self.depths)
            ),
            Answer::No => {
                clauses.insert(0, format!("data is exposed {}", listed(&exposed)));
                clauses.extend(
                    (!protected.is_empty())
                        .then(|| format!("it is protected {}", listed(&protected))),
                );
                format!("No: {}.", clauses.join("; "))
            }
            Answer::Unproven => {
                clauses.extend(
                    (!protected.is_empty())
                        .then(|| format!("data is protected {}", listed(&protected))),
                );
                format!("Unproven: {}.", clauses.join("; "))
            }
        }
    }
}

impl<'o> StageAnswer<'o> {
    fn of(outcome: &'o Outcome, stage: Stage) -> Self {
        let count = |severity| {
            outcome
                .findings
                .iter()
                .filter(|f| f.stage == stage && f.severity == severity)
                .count()
        };
        let judged = || outcome.judged.iter().filter(|judged| judged.stage == stage);
        let controls: HashSet<&str> = judged().map(|judged| judged.control).collect();
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for judged in judged().filter(|judged| judged.verdict == Verdict::Unproven) {
            *reasons.entry(&judged.reason).or_default() += 1;
        }
        let follows = |finding: &&Finding| {
            finding
                .consequences
                .iter()
                .any(|other| controls.contains(other.control))
        };
        StageAnswer {
            stage,
            tally: judged().map(|judged| judged.verdict).collect(),
            findings: Severity::ALL
                .into_iter()
                .map(|s| (s, count(s)))
                .filter(|(_, count)| *count > 0)
                .collect(),
            waived: outcome
                .waived
                .iter()
                .filter(|finding| finding.stage == stage)
                .count(),
            follows_from: outcome.findings.iter().find(follows),
            // The first of equally frequent reasons in alphabetical order, so that the sentence is stable.
            reason: reasons
                .iter()
                .rev()
                .max_by_key(|(_, count)| **count)
                .map(|(reason, _)| *reason),
        }
    }

    /// The answer for this stage.
    pub(crate) fn answer(&self) -> Answer {
        if !self.findings.is_empty()
            || self.waived > 0
            || self.tally.exposed + self.tally.contradicted > 0
        {
            Answer::No
        } else if self.tally.protected > 0 && self.tally.unproven == 0 {
            Answer::Yes
        } else {
            Answer::Unproven
        }
    }

    fn exposed(&self) -> String {
        let mut why: Vec<String> = self
            .findings
            .iter()
            .map(|(severity, count)| format!("{count} {severity}"))
            .collect();
        if self.waived > 0 {
            why.push(format!("{} accepted", self.waived));
        }
        if why.is_empty() {
            why.push(match self.follows_from {
                Some(finding) => format!("follows from {}#{}", finding.control, finding.cause),
                None => format!(
                    "{}, not among those shown",
                    counted(self.tally.exposed + self.tally.contradicted, "verdict")
                ),
            });
        }
        format!("{} ({})", adverb(self.stage), why.join(", "))
    }

    fn protected(&self) -> String {
        format!(
            "{} ({})",
            adverb(self.stage),
            counted(self.tally.protected, "verdict")
        )
    }

    /// Why the stage is unproven; nothing if no control judged it at all.
    fn unproven(&self, evidence: &Evidence<'_>) -> Option<String> {
        let reason = evidence.prose(self.reason?);
        let judged = counted(self.tally.unproven + self.tally.protected, "verdict");
        let reason = reason.trim_end_matches('.');
        Some(format!(
            "{} is unproven, {} of {judged}: {reason}",
            adverb(self.stage),
            self.tally.unproven
        ))
    }
}

/// The stage as a sentence needs it.
pub(crate) fn adverb(stage: Stage) -> &'static str {
    match stage {
        Stage::Transit => "in transit",
        Stage::Rest => "at rest",
        Stage::Use => "in use",
    }
}
