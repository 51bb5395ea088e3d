//! Guest attributes: do the trust domain's attributes, its module and the SEV-SNP guest policy keep the host out?
//!
//! # What it proves
//! That no attribute of the guest opens a way in beside debug: no migration agent or service domain that was not asked for,
//! a TDX module of Intel that is not behind, no exceptions that the host may inject into a guest that does not expect them.
//!
//! # Why it matters: the attack
//! A guest that may be migrated can be moved by an agent that its owner never measured, with all memory. A trust domain
//! whose SEPT_VE_DISABLE is clear lets the host take pages away and watch, or answer in their place, while the guest
//! handles the exception.
//!
//! # How each depth is read
//! - declared and loaded: nothing.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: attributes, module
//!   and policy that the hardware signed, against what `--policy` asks for. An enclave of SGX has none of these.
//! - recorded: evidence that was kept is read the same way.
//!
//! # How to fix
//! Change the launch configuration of the guest (Kata: the shim's `snp_guest_policy`, or the guest's attributes), update
//! the TDX module, and admit the new measurement before restarting.
//!
//! # References
//! - Intel TDX module ABI, TD_ATTRIBUTES and MRSIGNERSEAM; Linux arch/x86/coco/tdx, disable_sept_ve
//! - AMD SEV-SNP Firmware ABI (56860), guest policy

use crate::judging_evidence::{Question, each_evidence};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Guest attributes",
    question: "Do the trust domain's attributes, its module and the SEV-SNP guest policy keep the host out?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "sept-ve-enabled",
            severity: Severity::High,
            title: "the host may take pages away from the trust domain while it runs: SEPT_VE_DISABLE is clear",
            remedy: "start the trust domain with SEPT_VE_DISABLE",
        },
        Cause {
            slug: "migratable",
            severity: Severity::High,
            title: "the guest may be migrated by an agent outside of its measurement",
            remedy: "start the guest without the migration attribute",
        },
        Cause {
            slug: "service-td",
            severity: Severity::High,
            title: "a service trust domain takes part that was not expected",
            remedy: "start the trust domain without it, or pin it in the policy",
        },
        Cause {
            slug: "module-unknown",
            severity: Severity::High,
            title: "the TDX module is not one that Intel vouches for",
            remedy: "load the module that Intel signed",
        },
        Cause {
            slug: "module-old",
            severity: Severity::High,
            title: "the TDX module is older than its identity asks for",
            remedy: "update the TDX module",
        },
        Cause {
            slug: "reserved-bits",
            severity: Severity::Medium,
            title: "attributes are set whose meaning is not known",
            remedy: "start the guest without them, or update Wardline",
        },
        Cause {
            slug: "smt-allowed",
            severity: Severity::Medium,
            title: "the guest may run beside others on one core, which the policy forbids",
            remedy: "start the guest with policy bit 16 clear",
        },
        Cause {
            slug: "policy-floor",
            severity: Severity::Medium,
            title: "the guest's policy is weaker than the one that is asked for",
            remedy: "start the guest with the policy that is asked for",
        },
        Cause {
            slug: "perfmon",
            severity: Severity::Medium,
            title: "performance counters tell the host what the trust domain does",
            remedy: "start the trust domain without PERFMON",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/guest-attributes",
        meta: &META,
        answers,
        milder_when_open: &["sept-ve-enabled"],
    };
    each_evidence(estate, claims, &question);
}

/// What the guest was started with. Debug is tee/debug-mode's question, the platform tee/platform-configuration's.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_guest()
        && &*check.step == "attributes"
        && !check.what.contains("DEBUG")
        && !check.what.starts_with("platform")
}
