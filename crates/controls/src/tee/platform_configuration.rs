//! Platform configuration: what does the platform allow beside the guest?
//!
//! # What it proves
//! That the machine under the guest is set up as the policy asks: memory was checked for aliases at start, hyper-threading
//! is off where that was asked for, power meters are not readable, ciphertext is hidden.
//!
//! # Why it matters: the attack
//! The host is outside of the guest and still on the same silicon. Aliased memory lets it replace ciphertext (BadRAM);
//! readable power counters and visible ciphertext let it recover keys from constant-time code (PLATYPUS, CIPHERLEAKS).
//!
//! # How each depth is read
//! - declared and loaded: nothing.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: the platform
//!   information that SEV-SNP firmware signs, and what the PCK certificate says of the platform.
//! - recorded: evidence that was kept is read the same way.
//!
//! # How to fix
//! Update firmware and BIOS by the vendor's advisory, and set the options named in the finding; the machine has to restart.
//!
//! # References
//! - AMD SEV-SNP Firmware ABI (56860), PLATFORM_INFO; AMD-SB-3015 (BadRAM), AMD-SB-3021
//! - Intel SGX PCK Certificate Specification, platform configuration extension

use crate::judging_evidence::{Question, each_evidence};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Platform configuration",
    question: "What does the platform allow beside the guest?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "alias-check-missing",
            severity: Severity::High,
            title: "memory was not checked for aliases when the platform started",
            remedy: "update the firmware and restart the platform",
        },
        Cause {
            slug: "smt-on",
            severity: Severity::Medium,
            title: "hyper-threading may be on, which the policy forbids",
            remedy: "turn it off in the BIOS",
        },
        Cause {
            slug: "rapl-readable",
            severity: Severity::Medium,
            title: "the host can read fine power counters",
            remedy: "set RAPL_DIS in the guest's policy and on the platform",
        },
        Cause {
            slug: "no-ciphertext-hiding",
            severity: Severity::Medium,
            title: "the host sees the ciphertext of the guest's memory although the platform could hide it",
            remedy: "turn ciphertext hiding on",
        },
        Cause {
            slug: "no-memory-integrity",
            severity: Severity::Medium,
            title: "memory is encrypted and not protected against changes, which the policy asks for",
            remedy: "use a platform with memory integrity",
        },
        Cause {
            slug: "cached-keys",
            severity: Severity::Low,
            title: "the platform's keys lie with the registration service, or its packages may change, against the policy",
            remedy: "register the platform without cached keys, or accept it in the policy",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/platform-configuration",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
}

/// What the hardware, or its certificate, says of the platform.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && &*check.step == "attributes" && check.what.starts_with("platform")
}
