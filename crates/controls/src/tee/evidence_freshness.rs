//! Fresh evidence: was this evidence made for us, now?
//!
//! # What it proves
//! That the evidence answers a challenge of whoever asked, and that no two pods present the same answer.
//!
//! # Why it matters: the attack
//! Evidence that was good once is good for ever to a verifier that asks nothing: the host keeps a copy from the time before
//! the compromise, or from another machine, and shows it for a guest that it controls. One copy then stands for a whole fleet.
//!
//! # How each depth is read
//! - declared and loaded: nothing yet.
//! - observed: evidence given with `wardline check --evidence`: report data against `--nonce`, constants and defaults of
//!   products, and report data compared between pods. Report data that answers the nonce you named may be the same in all of
//!   them; a pod that presents its evidence twice is no replay either.
//! - recorded: evidence that was kept is compared in the same way.
//!
//! # How to fix
//! Ask every pod with a random challenge of 32 bytes of its own, have it put into the report data (or its hash together with
//! the key of the channel), and refuse evidence without it.
//!
//! # References
//! - RFC 9334 (RATS architecture), section 10, freshness
//! - Intel SGX and TDX: REPORTDATA; AMD SEV-SNP Firmware ABI (56860): REPORT_DATA

use crate::judging_evidence::{Question, each_evidence, witness};
use crate::replayed_evidence::replays;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Meta, Safety, Severity, Stage, Witness,
};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Fresh evidence",
    question: "Was this evidence made for us, now?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "constant-report-data",
            severity: Severity::Critical,
            title: "the evidence answers no challenge: its report data is a constant",
            remedy: "put a random challenge into the report data",
        },
        Cause {
            slug: "nonce-missing",
            severity: Severity::Critical,
            title: "the evidence does not answer the challenge that was named",
            remedy: "refuse the evidence and ask again",
        },
        Cause {
            slug: "replayed",
            severity: Severity::Critical,
            title: "two pods present evidence with the same report data: at least one is a copy",
            remedy: "ask each pod with a challenge of its own, and refuse both until then",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence, and compares those of different pods.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: CONTROL,
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
    for (attested, other) in replays(estate.all::<Attested>()) {
        if let Some(check) = report_data_check(attested) {
            let exposure = Exposure::new("replayed", witness(attested, check))
                .with_all(report_data_check(other).map(|check| second(other, check)))
                .message(format!(
                    "{} and {} present the same report data: at least one of them is a copy",
                    attested.pod, other.pod
                ));
            claims.state(attested.subject.clone(), Claim::Exposed(vec![exposure]));
        }
    }
}

const CONTROL: &str = "tee/evidence-freshness";

/// What it was made for.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && &*check.step == "freshness"
}

fn report_data_check(attested: &Attested) -> Option<&AttestedCheck> {
    let mut checks = attested.checks.iter();
    checks.find(|check| &*check.step == "freshness")
}

fn second(other: &Attested, check: &AttestedCheck) -> Witness {
    witness(other, check).label(format!("the same in the evidence of {}", other.pod))
}
