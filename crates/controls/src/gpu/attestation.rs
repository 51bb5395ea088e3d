//! GPU attestation: is the evidence of the GPU genuine, fresh and of this workload?
//!
//! # What it proves
//! That NVIDIA's root vouches for the device, that the device signed its measurements for our challenge, that firmware is
//! as the reference values say, and that it is the GPU of this guest.
//!
//! # Why it matters: the attack
//! Model weights and prompts leave the CPU's protection for the GPU. A host that answers with the evidence of another GPU,
//! or of one with debug firmware, reads them there.
//!
//! # How each depth is read
//! - declared and loaded: nothing.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: SPDM measurements
//!   and certificate chains of GPUs and switches, and what a verifier's token claims. A confidential pod that asks for GPUs
//!   (`nvidia.com/gpu`, `nvidia.com/pgpu` or a model's name) must present evidence of as many different ones; until then it
//!   is unproven. A GPU belongs to the guest whose CPU evidence names its answer (a bundle of `wardline/evidence/v1`).
//!   Without that it is unproven, also where GPU and CPU answer one nonce: a host can ask any GPU with it.
//!   It is exposed (`not-joined-to-cpu`) where GPU and CPU evidence of one pod cannot be answers to one question: one of them
//!   was held against the nonce that was asked with (`--nonce`, or that of its line) and answers another, and the CPU's report
//!   data does not hold the GPU's nonce. Without a nonce differing values show nothing, because report data may be a digest of
//!   the nonce and more. The same for RA-TLS and Azure, whose report data is the digest of a key: both stay unproven.
//! - recorded: a token that was kept.
//!
//! # How to fix
//! Release nothing to the workload; update driver and VBIOS to versions with reference values, start the GPU in production
//! mode, and ask it with the nonce of the CPU's evidence.
//!
//! # References
//! - DMTF DSP0274 (SPDM 1.1), GET_MEASUREMENTS; NVIDIA nvtrust, Attestation SDK

use crate::judging_evidence::{Question, each_evidence};
use crate::presented_gpus::judge_presented_gpus;
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "GPU attestation",
    question: "Is the evidence of the GPU genuine, fresh and of this workload?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "bad-chain-or-signature",
            severity: Severity::Critical,
            title: "the chain does not end in NVIDIA's root, or the measurements are not signed by the device",
            remedy: "release nothing to this device",
        },
        Cause {
            slug: "nonce-mismatch",
            severity: Severity::Critical,
            title: "the evidence answers another challenge",
            remedy: "ask the device with a nonce of your own",
        },
        Cause {
            slug: "not-joined-to-cpu",
            severity: Severity::High,
            title: "nothing shows that it is the GPU of this guest",
            remedy: "ask GPU and CPU with one nonce, or appraise inside the attested guest",
        },
        Cause {
            slug: "measurement-mismatch",
            severity: Severity::Critical,
            title: "firmware differs from the reference values",
            remedy: "install driver and VBIOS that NVIDIA publishes reference values for",
        },
        Cause {
            slug: "firmware-floor",
            severity: Severity::High,
            title: "driver or VBIOS is older than the policy asks for",
            remedy: "update driver and VBIOS",
        },
        Cause {
            slug: "protected-pcie-wrong",
            severity: Severity::Medium,
            title: "protected PCIe is not as the claimed topology needs it",
            remedy: "set protected PCIe up for the whole board",
        },
        Cause {
            slug: "token-claims",
            severity: Severity::Critical,
            title: "what the verifier's token claims does not hold",
            remedy: "reject the token; ask the verifier again with a fresh nonce",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence, and whether every GPU that confidential pods ask for presented some.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "gpu/attestation",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    // Of several reasons the first is told: which GPU is silent matters more than what another one leaves open.
    judge_presented_gpus(estate, claims);
    each_evidence(estate, claims, &question);
}

/// Every check of a device.
fn answers(attested: &Attested, _check: &AttestedCheck) -> bool {
    attested.is_of_gpu()
}
