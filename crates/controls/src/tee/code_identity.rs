//! Code identity: is it *your* code, init data and privilege level?
//!
//! # What it proves
//! That what the hardware measured is what the policy names: the enclave or the guest's firmware, kernel and command line,
//! and the init data that the pod's annotation holds.
//!
//! # Why it matters: the attack
//! Genuine hardware runs anybody's code. Evidence without a pinned measurement proves that some program is protected,
//! perhaps the attacker's own. The host also chooses the init data of a confidential pod, with its policy and the address
//! of its key broker: only its digest in the evidence shows that it was not exchanged.
//!
//! # How each depth is read
//! - declared and loaded: nothing yet.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: measurements against
//!   the `--policy`, and MRCONFIGID or HOST_DATA against the digest of the annotation
//!   `io.katacontainers.config.hypervisor.cc_init_data` of the pod that presented the evidence. Code that nobody pinned
//!   is unproven, never protected.
//! - recorded: evidence that was kept is read the same way.
//!
//! # How to fix
//! Pin the measurements of a reviewed build in the policy. Where they differ, find out which build runs before you admit
//! it. Keep the signing key out of the cluster.
//!
//! # References
//! - kata-containers, kata-types initdata.rs (adjust_digest)
//! - Intel SDM volume 3D, MRENCLAVE and MRSIGNER; AMD SEV-SNP Firmware ABI (56860), MEASUREMENT and HOST_DATA

use crate::judging_evidence::{Question, each_evidence};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Code identity",
    question: "Is it *your* code, init data and privilege level?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "not-your-code",
            severity: Severity::Critical,
            title: "the hardware measured other code than the policy names",
            remedy: "find out which build runs; admit it only after review",
        },
        Cause {
            slug: "no-identity-policy",
            severity: Severity::Critical,
            title: "no code is pinned: genuine hardware, unknown program",
            remedy: "pin the measurement of a reviewed build in the policy",
        },
        Cause {
            slug: "signer-only",
            severity: Severity::Medium,
            title: "everything that the signer ever signs is admitted",
            remedy: "pin MRENCLAVE, or product id and security version",
        },
        Cause {
            slug: "no-svn-floor",
            severity: Severity::Medium,
            title: "old builds of the signer are admitted",
            remedy: "pin a security version above 0",
        },
        Cause {
            slug: "sample-signer",
            severity: Severity::Critical,
            title: "the code is signed with a key that is published",
            remedy: "sign with a key of your own, and pin its MRSIGNER",
        },
        Cause {
            slug: "runtime-registers-open",
            severity: Severity::High,
            title: "kernel, command line and what follows may be anybody's",
            remedy: "pin RTMR0 to RTMR3",
        },
        Cause {
            slug: "init-data-mismatch",
            severity: Severity::Critical,
            title: "the guest was started with other init data than the pod declares",
            remedy: "find out who changed the annotation; release no keys to this pod",
        },
        Cause {
            slug: "wrong-vmpl",
            severity: Severity::High,
            title: "the report comes from another privilege level than expected",
            remedy: "ask for evidence at the level that the policy names",
        },
        Cause {
            slug: "shared-firmware-measurement",
            severity: Severity::Medium,
            title: "the measurement identifies only the vendor's firmware, not what it starts",
            remedy: "pin what the firmware starts: runtime registers, PCRs or an image of your own",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/code-identity",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
}

/// What the code is.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && &*check.step == "identity"
}
