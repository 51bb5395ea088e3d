//! Debug mode: is debug off in the hardware that made the evidence?
//!
//! # What it proves
//! That the hardware itself said, in evidence it signed, that no debugger can read or change the memory of this enclave or
//! guest.
//!
//! # Why it matters: the attack
//! With the debug bit on, everything works as in production, and the host reads and writes every byte of the protected
//! memory with ordinary instructions (EDBGRD, TDH.MEM.RD, SNP_DBG_DECRYPT). Keys that were released to it are the host's.
//!
//! # How each depth is read
//! - declared and loaded: a pod whose verifier of RA-TLS certificates accepts enclaves in debug mode
//!   (`RA_TLS_ALLOW_DEBUG_ENCLAVE_INSECURE` is exactly `1`). What a verifier refuses is no proof of what runs: then nothing is said.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: the debug and
//!   profiling bits in the signed attributes or guest policy.
//! - recorded: evidence that was kept is read the same way.
//!
//! # How to fix
//! Build and sign the enclave without debug, or start the guest without it. The measurement or the policy changes: admit
//! the new one first, then restart.
//!
//! # References
//! - Intel SDM volume 3D, ATTRIBUTES; Intel TDX module ABI, TD_ATTRIBUTES
//! - AMD SEV-SNP Firmware ABI (56860), guest policy bit 19
//! - Gramine v1.0 to v1.9, ra_tls_verify_common.c: getenv_allow_debug_enclave

use crate::judging_evidence::{Question, each_evidence};
use crate::ra_tls_environment::{ALLOWS_DEBUG, judge_verifiers};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Debug mode",
    question: "Is debug off in the hardware that made the evidence?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "sgx-debug",
            severity: Severity::Critical,
            title: "the enclave runs in debug mode: the host reads its memory",
            remedy: "build and sign the enclave without debug",
        },
        Cause {
            slug: "tdx-debug",
            severity: Severity::Critical,
            title: "the trust domain may be debugged or profiled: the host reads its memory",
            remedy: "start the guest without debug and profiling attributes",
        },
        Cause {
            slug: "snp-debug",
            severity: Severity::Critical,
            title: "the guest's policy allows debugging: the host reads its memory",
            remedy: "start the guest with policy bit 19 clear",
        },
        Cause {
            slug: "debug-tool-flag",
            severity: Severity::Medium,
            title: "the enclave holds a right that only launch and quoting enclaves need",
            remedy: "build the enclave without PROVISION_KEY and EINITTOKEN_KEY",
        },
        Cause {
            slug: "verifier-allows-debug",
            severity: Severity::Critical,
            title: "the verifier accepts enclaves in debug mode: secrets go to whoever owns the host",
            remedy: "remove RA_TLS_ALLOW_DEBUG_ENCLAVE_INSECURE",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence, and verifiers that pods bring along.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/debug-mode",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
    judge_verifiers(estate, claims, ALLOWS_DEBUG, "verifier-allows-debug");
}

/// The debug bits; where the evidence could not be read, the step as a whole says so under its own name.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu()
        && &*check.step == "attributes"
        && (check.what.contains("DEBUG") || &*check.what == "attributes")
}
