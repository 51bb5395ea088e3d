//! What the tests share: vectors, and vendors of our own.

pub(crate) mod authority;
pub(crate) mod azure;
pub(crate) mod report;
pub(crate) mod scene;
pub(crate) mod vectors;

use attest::{Appraisal, Outcome, StepName};

/// All outcomes of an appraisal, in the order of the steps.
pub(crate) fn outcomes(appraisal: &Appraisal) -> String {
    let words: Vec<String> = appraisal
        .steps
        .iter()
        .map(|step| format!("{}={}", step.name, step.outcome()))
        .collect();
    words.join(" ")
}

/// Asserts how a step ended, and with which cause.
#[track_caller]
pub(crate) fn assert_step(
    appraisal: &Appraisal,
    name: StepName,
    outcome: Outcome,
    cause: Option<&str>,
) {
    let step = appraisal.step(name).expect("every step is there");
    assert_eq!(step.outcome(), outcome, "{step:#?}");
    let decisive = step.decisive().expect("every step has checks");
    assert_eq!(decisive.cause, cause, "{step:#?}");
}
