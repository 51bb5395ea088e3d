//! The report as JUnit XML, for test dashboards: a suite per stage, a case per finding and per verdict.
//!
//! A finding fails its case. Accepted and unproven ones are skipped with their reason, never passed. Inputs that could not be
//! read are errors.

use crate::answer::adverb;
use crate::evidence::Evidence;
use crate::markup;
use audit::{Finding, Judged, Outcome};
use model::{Stage, Verdict};
use std::collections::HashSet;

/// Renders an outcome as JUnit XML.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let evidence = Evidence::of(outcome);
    let mut suites: Vec<Suite> = Stage::ALL
        .into_iter()
        .map(|stage| stage_suite(&evidence, stage))
        .collect();
    suites.push(inputs(&evidence));
    let body: String = suites
        .iter()
        .filter(|suite| !suite.cases.is_empty())
        .map(Suite::xml)
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wardline\">\n{body}</testsuites>\n"
    )
}

#[derive(Debug)]
struct Suite {
    name: String,
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    class: String,
    name: String,
    result: Conclusion,
}

#[derive(Debug)]
enum Conclusion {
    Passed,
    Skipped(String),
    Failed {
        kind: &'static str,
        message: String,
        details: String,
    },
    Error(String),
}

fn stage_suite(evidence: &Evidence<'_>, stage: Stage) -> Suite {
    let outcome = evidence.outcome;
    let findings = outcome
        .findings
        .iter()
        .filter(|finding| finding.stage == stage)
        .map(|finding| failed(evidence, finding));
    let waived = outcome
        .waived
        .iter()
        .filter(|finding| finding.stage == stage)
        .map(|finding| accepted(evidence, finding));
    let reported: HashSet<(&str, &str)> = outcome
        .findings
        .iter()
        .chain(&outcome.waived)
        .flat_map(|finding| {
            let subjects = std::iter::once(&finding.subject).chain(&finding.also);
            subjects.map(|subject| (finding.control, &*subject.name))
        })
        .collect();
    let judged = outcome.judged.iter().filter(|judged| judged.stage == stage);
    let others =
        judged.filter(|judged| !reported.contains(&(judged.control, &*judged.subject.name)));
    let cases = findings
        .chain(waived)
        .chain(others.map(|judged| verdict(evidence, judged)))
        .collect();
    Suite {
        name: format!("data {}", adverb(stage)),
        cases,
    }
}

fn failed(evidence: &Evidence<'_>, finding: &Finding) -> Case {
    let mut details = vec![evidence.position(finding)];
    details.extend(
        finding
            .witnesses
            .iter()
            .map(|witness| evidence.describe(witness)),
    );
    details.push(format!(
        "fix ({}): {}",
        finding.safety.as_str(),
        evidence.prose(&finding.remedy)
    ));
    Case {
        class: finding.control.to_owned(),
        name: format!("{}: {}", evidence.subject(&finding.subject), finding.cause),
        result: Conclusion::Failed {
            kind: finding.severity.as_str(),
            message: evidence.message(finding),
            details: details.join("\n"),
        },
    }
}

fn accepted(evidence: &Evidence<'_>, finding: &Finding) -> Case {
    let reason = finding
        .waiver
        .as_ref()
        .map(|waiver| evidence.prose(&waiver.reason))
        .unwrap_or_default();
    Case {
        class: finding.control.to_owned(),
        name: format!("{}: {}", evidence.subject(&finding.subject), finding.cause),
        result: Conclusion::Skipped(format!("accepted, but still exposed: {reason}")),
    }
}

/// The case of a verdict that no finding reports.
fn verdict(evidence: &Evidence<'_>, judged: &Judged) -> Case {
    let result = match judged.verdict {
        Verdict::Protected => Conclusion::Passed,
        Verdict::Unproven | Verdict::NotApplicable => Conclusion::Skipped(format!(
            "{}: {}",
            judged.verdict,
            evidence.prose(&judged.reason)
        )),
        Verdict::Exposed | Verdict::Contradicted => Conclusion::Skipped(format!(
            "{}: reported with another finding, or filtered out",
            judged.verdict
        )),
    };
    Case {
        class: judged.control.to_owned(),
        name: evidence.subject(&judged.subject),
        result,
    }
}

fn inputs(evidence: &Evidence<'_>) -> Suite {
    let unreadable = evidence
        .outcome
        .not_examined
        .iter()
        .filter(|input| input.is_error);
    let cases = unreadable.map(|input| Case {
        class: "inputs".to_owned(),
        name: evidence.prose(&input.path),
        result: Conclusion::Error(evidence.prose(&input.reason)),
    });
    Suite {
        name: "inputs".to_owned(),
        cases: cases.collect(),
    }
}

impl Suite {
    fn xml(&self) -> String {
        let count = |wanted: fn(&Conclusion) -> bool| {
            self.cases
                .iter()
                .filter(|case| wanted(&case.result))
                .count()
        };
        let failures = count(|result| matches!(result, Conclusion::Failed { .. }));
        let skipped = count(|result| matches!(result, Conclusion::Skipped(_)));
        let errors = count(|result| matches!(result, Conclusion::Error(_)));
        let cases: String = self.cases.iter().map(Case::xml).collect();
        format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">\n{cases}  </testsuite>\n",
            escaped(&self.name),
            self.cases.len()
        )
    }
}

impl Case {
    fn xml(&self) -> String {
        let result = match &self.result {
            Conclusion::Passed => String::new(),
            Conclusion::Skipped(why) => format!("<skipped message=\"{}\"/>", escaped(why)),
            Conclusion::Error(why) => format!("<error message=\"{}\"/>", escaped(why)),
            Conclusion::Failed {
                kind,
                message,
                details,
            } => {
                format!(
                    "<failure type=\"{kind}\" message=\"{}\">{}</failure>",
                    escaped(message),
                    escaped(details)
                )
            }
        };
        format!(
            "    <testcase classname=\"{}\" name=\"{}\">{result}</testcase>\n",
            escaped(&self.class),
            escaped(&self.name)
        )
    }
}

/// Characters that mean something in XML. Characters that XML 1.0 forbids are gone already: the evidence escapes controls.
fn escaped(text: &str) -> String {
    markup::escaped(text, |escaped, character| match character {
        '"' => escaped.push_str("&quot;"),
        '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
        _ => escaped.push(character),
    })
}
