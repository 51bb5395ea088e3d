//! TCB level: how far behind is the platform?
//!
//! # What it proves
//! That microcode, firmware and modules of the platform are at a level that the vendor counts as current, by collateral
//! that the vendor signed.
//!
//! # Why it matters: the attack
//! Every known attack on a TEE (Foreshadow, ÆPIC Leak, Downfall, CacheWarp) is mended by a level of the TCB. Evidence of a
//! platform below it is genuine, and its keys may have been read out with a published program.
//!
//! # How each depth is read
//! - declared and loaded: a pod whose verifier of RA-TLS certificates accepts platforms that are out of date, and expired
//!   collateral (`RA_TLS_ALLOW_OUTDATED_TCB_INSECURE` is exactly `1`). What else a verifier accepts is another question,
//!   tee/verifier-policy.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: security versions in
//!   the evidence against Intel's TCB info, and AMD's REPORTED, CURRENT and COMMITTED versions against each other and the
//!   policy's floor. LAUNCH below CURRENT is no finding: firmware was updated under a running guest.
//! - recorded: nothing yet.
//!
//! # How to fix
//! Update microcode, BIOS and modules by the advisories that are named, then tighten the verifier. Accept a state in the
//! policy only with the reason that Intel asks for.
//!
//! # References
//! - Intel SGX and TDX Provisioning Certification Service, TCB info: tcbStatus
//! - AMD SEV-SNP Firmware ABI (56860), TCB_VERSION
//! - Gramine v1.0 to v1.9, ra_tls_verify_common.c and ra_tls_verify_dcap.c: getenv_allow_outdated_tcb

use crate::judging_evidence::{Question, each_evidence};
use crate::ra_tls_environment::{ALLOWS_OUT_OF_DATE, judge_verifiers};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "TCB level",
    question: "How far behind is the platform?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "out-of-date",
            severity: Severity::High,
            title: "the platform is behind: known attacks are open on it",
            remedy: "update microcode, BIOS and modules by the advisories",
        },
        Cause {
            slug: "revoked-level",
            severity: Severity::Critical,
            title: "the vendor revoked this level: its keys are not trusted any more",
            remedy: "take the platform out of service until it is updated",
        },
        Cause {
            slug: "below-lowest",
            severity: Severity::Critical,
            title: "the platform is below every level that the vendor lists",
            remedy: "take the platform out of service until it is updated",
        },
        Cause {
            slug: "configuration-needed",
            severity: Severity::Medium,
            title: "the platform's configuration leaves advisories open",
            remedy: "change the BIOS settings that the advisories name, or accept the state with a reason",
        },
        Cause {
            slug: "hardening-needed",
            severity: Severity::Medium,
            title: "code inside has to hold mitigations that the platform lacks",
            remedy: "build with the mitigations, then accept the state in the policy",
        },
        Cause {
            slug: "relaunch-advised",
            severity: Severity::Medium,
            title: "the trust domain was started before the platform was updated",
            remedy: "start the trust domain anew",
        },
        Cause {
            slug: "committed-below-floor",
            severity: Severity::High,
            title: "firmware is below the floor, or can be rolled back below it",
            remedy: "update the firmware and commit it",
        },
        Cause {
            slug: "accepted-out-of-date",
            severity: Severity::High,
            title: "the verifier accepts platforms whose TCB is out of date: their keys may be known",
            remedy: "update the platforms, and remove RA_TLS_ALLOW_OUTDATED_TCB_INSECURE",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence, and verifiers that pods bring along.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/tcb-level",
        meta: &META,
        answers,
        milder_when_open: &["committed-below-floor"],
    };
    each_evidence(estate, claims, &question);
    judge_verifiers(estate, claims, ALLOWS_OUT_OF_DATE, "accepted-out-of-date");
}

/// The levels.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && &*check.step == "tcb"
}
