//! Fresh collateral: is the collateral current and from one evaluation?
//!
//! # What it proves
//! That what the appraisal leans on is signed by the vendor, counts at the time of the appraisal, and that its parts belong
//! together.
//!
//! # Why it matters: the attack
//! Whoever supplies old collateral hides what the vendor learned since: a platform with known holes is UpToDate again, and
//! a revoked key is on no list.
//!
//! # How each depth is read
//! - declared and loaded: nothing.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: the windows and
//!   evaluation numbers of the collateral given with `--collateral`, at the time of the appraisal (`--at`).
//! - recorded: nothing.
//!
//! # How to fix
//! Fetch new collateral where the network allows it: Intel's TCB info, QE identity and revocation lists, AMD's chains and
//! revocation lists, NVIDIA's revocation lists, OCSP responses and reference manifests.
//!
//! # References
//! - Intel SGX and TDX Provisioning Certification Service, version 4: nextUpdate, tcbEvaluationDataNumber

use crate::judging_evidence::{Question, each_evidence};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Fresh collateral",
    question: "Is the collateral current and from one evaluation?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "expired",
            severity: Severity::High,
            title: "collateral was past its next update when the evidence was appraised",
            remedy: "fetch new collateral from the vendor",
        },
        Cause {
            slug: "evaluation-mismatch",
            severity: Severity::Medium,
            title: "parts of the collateral come from different evaluations: the older one counts",
            remedy: "fetch TCB info and QE identity together",
        },
        Cause {
            slug: "appraised-in-past",
            severity: Severity::Low,
            title: "the evidence was judged at an earlier time: today's state is another question",
            remedy: "appraise it with today's collateral, without --at",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/collateral-freshness",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
}

/// What the appraisal leans on.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && &*check.step == "collateral"
}
