//! Whether the evidence of one application's pods agrees: one kind of hardware, one measurement, and all of it holds.

use crate::judging_evidence::{head, witness};
use model::{Exposure, Judgement};
use settings::tee::Attested;
use std::collections::{BTreeSet, HashMap};

/// What pieces of evidence of one application must have in common: hardware, measurement, and that they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look<'e> {
    kind: &'e str,
    measurement: Option<&'e str>,
    holds: bool,
}

impl<'e> Look<'e> {
    fn of(attested: &'e Attested) -> Self {
        Look {
            kind: &attested.kind,
            measurement: attested.measurement.as_deref(),
            holds: attested.failure().is_none(),
        }
    }

    /// How it differs from that of another piece of its kind: other kinds measure in other ways. Evidence that holds is not worse
    /// for another's that does not.
    fn unlike(self, other: Look<'_>) -> Option<String> {
        if other.kind != self.kind {
            None
        } else if other.measurement != self.measurement {
            Some(String::from("the hardware measured another guest"))
        } else if !self.holds && other.holds {
            Some(String::from(
                "its evidence fails under the policy, that of the other holds",
            ))
        } else {
            None
        }
    }
}

/// The first piece of each look: an application has thousands of executors, and few looks.
#[must_use]
pub fn looks<'e>(evidence: impl Iterator<Item = &'e Attested>) -> Vec<(Look<'e>, &'e Attested)> {
    let mut looks: Vec<(Look<'_>, &Attested)> = Vec::new();
    for attested in evidence {
        let look = Look::of(attested);
        if looks.len() < MOST_LOOKS && looks.iter().all(|(known, _)| *known != look) {
            looks.push((look, attested));
        }
    }
    looks
}

/// The kinds of evidence that pods presented. A pod may present several, such as a quote and an RA-TLS certificate with one.
#[derive(Debug)]
pub struct Forms<'e> {
    by_pod: HashMap<(&'e str, &'e str), BTreeSet<&'e str>>,
    /// The different ones, each with a piece of a pod that has them.
    different: Vec<(BTreeSet<&'e str>, &'e Attested)>,
}

impl<'e> Forms<'e> {
    /// Those of all evidence of an application.
    #[must_use]
    pub fn of(pieces: impl Iterator<Item = &'e Attested> + Clone) -> Self {
        let mut by_pod: HashMap<(&str, &str), BTreeSet<&str>> = HashMap::new();
        for attested in pieces.clone() {
            let kinds = by_pod.entry(pod(attested)).or_default();
            kinds.insert(&*attested.kind);
        }
        let mut different: Vec<(BTreeSet<&str>, &Attested)> = Vec::new();
        for attested in pieces {
            let Some(kinds) = by_pod.get(&pod(attested)) else {
                continue;
            };
            if different.len() < MOST_LOOKS && different.iter().all(|(known, _)| known != kinds) {
                different.push((kinds.clone(), attested));
            }
        }
        Forms { by_pod, different }
    }

    /// A piece of a pod that shares no kind with the pod of this one: there is nothing to compare.
    fn unlike(&self, attested: &Attested) -> Option<&'e Attested> {
        let own = self.by_pod.get(&pod(attested))?;
        let mut others = self.different.iter();
        others
            .find(|(kinds, _)| kinds.is_disjoint(own))
            .map(|(_, other)| *other)
    }
}

fn pod(attested: &Attested) -> (&str, &str) {
    (&attested.subject.name, &attested.pod)
}

/// The most looks that are kept: any two of them differ, so a few are enough to find one that is unlike.
const MOST_LOOKS: usize = 16;

/// Evidence that does not agree with that of the application's other pods.
pub fn differs(
    attested: &Attested,
    looks: &[(Look<'_>, &Attested)],
    forms: &Forms<'_>,
    judgement: &mut Judgement,
) {
    let own = Look::of(attested);
    let by_kind = forms
        .unlike(attested)
        .map(|other| (other, format!("{} against {}", attested.kind, other.kind)));
    let by_look = || {
        let mut looks = looks.iter();
        looks.find_map(|(look, other)| Some((*other, own.unlike(*look)?)))
    };
    let unlike = by_kind.or_else(by_look);
    if let Some((other, says)) = unlike {
        let primary = match attested.failure() {
            Some(check) => witness(attested, check),
            None => head(attested, "differs"),
        };
        judgement.expose(
            Exposure::new("driver-and-executors-differ", primary)
                .with(head(other, "the evidence it is compared with"))
                .message(format!(
                    "{} differs from {}: {says}",
                    attested.pod, other.pod
                )),
        );
    }
}
