//! Which pieces of evidence are copies: report data that stands in the evidence of two pods, or of two chips.

use model::Subject;
use settings::tee::{Attested, Ended};
use std::collections::HashMap;

/// Pieces with the same report data, as far as another one has to be found for each of them.
#[derive(Default)]
struct Alike<'e> {
    /// Of known pods, told apart by the pod.
    tied: FirstTwo<'e, (&'e Subject, &'e str)>,
    /// Of known chips, told apart by the chip.
    chips: FirstTwo<'e, &'e str>,
    /// Those of `chips` that no pod is known of.
    untied_chips: FirstTwo<'e, &'e str>,
}

/// The first pieces of two keys: for any key, one of them has another.
struct FirstTwo<'e, K> {
    /// Of pieces that answer the asker's own challenge, and of those that do not.
    found: [Vec<(K, &'e Attested)>; 2],
}

/// For each piece that may be a copy, another that holds the same report data. In the order of the pieces. O(pieces).
pub fn replays(all: &[Attested]) -> Vec<(&Attested, &Attested)> {
    let mut by_report_data: HashMap<&str, Alike<'_>> = HashMap::new();
    // One nonce for all GPUs of a machine is as it should be.
    let of_cpus = || all.iter().filter(|attested| attested.is_of_cpu());
    for attested in of_cpus().filter(|attested| !is_constant(attested)) {
        if let Some(report_data) = &attested.report_data {
            by_report_data
                .entry(&**report_data)
                .or_default()
                .add(attested);
        }
    }
    of_cpus()
        .filter_map(|attested| {
            let alike = by_report_data.get(&**attested.report_data.as_ref()?)?;
            Some((attested, alike.other_than(attested)?))
        })
        .collect()
}

/// A constant is the same everywhere, and already a finding.
fn is_constant(attested: &Attested) -> bool {
    attested.checks.iter().any(|check| {
        check.ended == Ended::Fail
            && check.cause_of("tee/evidence-freshness") == Some("constant-report-data")
    })
}

impl<'e> Alike<'e> {
    fn add(&mut self, attested: &'e Attested) {
        let is_tied = attested.tied_by.is_some();
        if is_tied {
            self.tied.add((&attested.subject, &attested.pod), attested);
        }
        if let Some(chip) = &attested.chip {
            self.chips.add(chip, attested);
            if !is_tied {
                self.untied_chips.add(chip, attested);
            }
        }
    }

    /// Another piece that should differ: of another pod, or, where a pod is not known, of another chip. Two files may be copies of
    /// one answer; two chips never give one.
    fn other_than(&self, one: &Attested) -> Option<&'e Attested> {
        let answers = one.answers_challenge;
        let chip = one.chip.as_deref();
        if one.tied_by.is_some() {
            let other = self.tied.other_than(&(&one.subject, &*one.pod), answers);
            other.or_else(|| self.untied_chips.other_than(&chip?, answers))
        } else {
            self.chips.other_than(&chip?, answers)
        }
    }
}

impl<K> Default for FirstTwo<'_, K> {
    fn default() -> Self {
        FirstTwo {
            found: [Vec::new(), Vec::new()],
        }
    }
}

impl<'e, K: PartialEq> FirstTwo<'e, K> {
    fn add(&mut self, key: K, attested: &'e Attested) {
        let [silent, answering] = &mut self.found;
        let found = if attested.answers_challenge {
            answering
        } else {
            silent
        };
        if found.len() < 2 && found.iter().all(|(known, _)| *known != key) {
            found.push((key, attested));
        }
    }

    /// A piece of another key. All pods may answer the one challenge that was named: of those that do, none is the other's copy.
    fn other_than(&self, key: &K, answers: bool) -> Option<&'e Attested> {
        let [silent, answering] = &self.found;
        let others = silent.iter().chain(answering.iter().filter(|_| !answers));
        let mut others = others.filter(|(known, _)| known != key);
        others.next().map(|(_, attested)| *attested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Place, SourceId};
    use text::Span;

    /// Every combination of what the question depends on.
    fn kinds() -> Vec<Attested> {
        let mut kinds = Vec::new();
        for is_tied in [false, true] {
            for pod in ["etl-driver", "etl-exec-1"] {
                for chip in [None, Some("c1"), Some("c2")] {
                    for answers_challenge in [false, true] {
                        kinds.push(Attested {
                            subject: Subject::new("SparkApplication", "spark/etl", None),
                            tied_by: is_tied.then(|| "by its name".into()),
                            pod: pod.into(),
                            kind: "snp-report".into(),
                            at: "2026-01-01T00:00:00Z".into(),
                            place: Place::new(SourceId(0), Span::at(0)),
                            checks: Vec::new(),
                            report_data: Some("da01".into()),
                            answers_challenge,
                            measurement: None,
                            chip: chip.map(Into::into),
                        });
                    }
                }
            }
        }
        kinds
    }

    /// The rule for two pieces, written down plainly.
    fn should_differ(one: &Attested, other: &Attested) -> bool {
        let are_two = if one.tied_by.is_some() && other.tied_by.is_some() {
            one.pod != other.pod
        } else {
            one.chip.is_some() && other.chip.is_some() && one.chip != other.chip
        };
        are_two && !(one.answers_challenge && other.answers_challenge)
    }

    #[test]
    fn whatever_should_differ_and_does_not_is_found() {
        let kinds = kinds();
        for first in &kinds {
            for second in &kinds {
                for third in &kinds {
                    let all = [first.clone(), second.clone(), third.clone()];
                    let found = replays(&all);
                    for (at, one) in all.iter().enumerate() {
                        let expected = all.iter().any(|other| should_differ(one, other));
                        let other = found
                            .iter()
                            .find(|(found, _)| std::ptr::eq(*found, &raw const all[at]))
                            .map(|(_, other)| *other);
                        assert_eq!(other.is_some(), expected, "{at} of {all:#?}");
                        assert!(other.is_none_or(|other| should_differ(one, other)));
                    }
                }
            }
        }
    }

    #[test]
    fn other_report_data_is_no_copy() {
        let mut all = kinds();
        for (number, attested) in all.iter_mut().enumerate() {
            attested.report_data = Some(format!("{number:04x}").into());
        }
        assert!(replays(&all).is_empty());
    }
}
