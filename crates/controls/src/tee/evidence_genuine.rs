//! Genuine evidence: is this evidence really made by the vendor's hardware, with a key that is not revoked?
//!
//! # What it proves
//! That the bytes are laid out as the format says, that certificates lead from the key that signed them to the root of
//! Intel or AMD that is pinned in Wardline, each in its window and none revoked, that the quoting enclave or the
//! endorsement key is the vendor's own, and that the signature covers the evidence.
//!
//! # Why it matters: the attack
//! Evidence is a file. Whoever runs the host can make one that claims any code, under a root of their own, or with a key
//! that leaked from another machine and was revoked for it. A verifier that reads the measurements without climbing to the
//! root believes them, and a key broker hands its keys to a program on an ordinary machine.
//!
//! # How each depth is read
//! - declared and loaded: nothing.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: the steps structure,
//!   chain, revocation, key and signature. A revocation list that was not given, or a response of NVIDIA's responder, leaves
//!   the answer open.
//! - recorded: evidence that was kept is read the same way.
//!
//! # How to fix
//! There is nothing to edit: release no keys to this peer. Give what the appraisal lacks (certificates, revocation lists,
//! OCSP responses) with `--collateral`; where a step fails, ask the machine for new evidence, and treat the machine as lost if
//! that fails too.
//!
//! # References
//! - Intel SGX PCK Certificate and CRL Specification; Intel TDX DCAP Quoting Library API, appendix 3
//! - AMD SEV-SNP Firmware ABI (56860); AMD VCEK and VLEK certificate specification (57230)

use crate::judging_evidence::{Question, each_evidence};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck, GENUINE};

/// What this control is.
pub const META: Meta = Meta {
    title: "Genuine evidence",
    question: "Is this evidence really made by the vendor's hardware, with a key that is not revoked?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "root-not-pinned",
            severity: Severity::Critical,
            title: "the chain does not end in the vendor's pinned root",
            remedy: "release no keys to this peer: anybody can make such evidence",
        },
        Cause {
            slug: "bad-signature",
            severity: Severity::Critical,
            title: "a signature on the way from the root to the evidence fails",
            remedy: "release no keys to this peer; ask for new evidence",
        },
        Cause {
            slug: "malformed",
            severity: Severity::Critical,
            title: "the evidence is cut off or contradicts itself",
            remedy: "release no keys to this peer; ask for new evidence",
        },
        Cause {
            slug: "expired-at-evidence-time",
            severity: Severity::High,
            title: "a certificate was outside of its window when the evidence was appraised",
            remedy: "fetch certificates that are current, and appraise at the time of the evidence (--at)",
        },
        Cause {
            slug: "revoked",
            severity: Severity::Critical,
            title: "the vendor revoked a key on the way from the root to the evidence",
            remedy: "take the platform out of service and follow the vendor's advisory",
        },
        Cause {
            slug: "revocation-unknown",
            severity: Severity::High,
            title: "whether the keys are revoked cannot be told: a revocation list or response is missing or stale",
            remedy: "give the vendor's current revocation lists, or OCSP responses of NVIDIA, with --collateral",
        },
        Cause {
            slug: "qe-identity-mismatch",
            severity: Severity::High,
            title: "the enclave that signed is not the vendor's quoting enclave, or does not vouch for the key",
            remedy: "update the quoting enclave of the platform; release no keys before",
        },
        Cause {
            slug: "platform-mismatch",
            severity: Severity::High,
            title: "the collateral belongs to another platform than the evidence",
            remedy: "give the collateral of this platform (FMSPC) with --collateral",
        },
        Cause {
            slug: "snp-key-mismatch",
            severity: Severity::High,
            title: "the endorsement key belongs to another chip or to other firmware than the report names",
            remedy: "ask the machine for the certificate of the firmware that it reports",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/evidence-genuine",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
}

/// The steps from the vendor's root to the evidence.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && GENUINE.contains(&&*check.step)
}
