//! Channel binding: does the evidence belong to the channel and the machine that presented it?
//!
//! # What it proves
//! That the evidence holds the key of the channel or of the virtual TPM that presented it, and that event logs lead to the
//! registers that were signed.
//!
//! # Why it matters: the attack
//! Good evidence can be passed on: a machine in the middle relays that of a genuine guest and ends the TLS connection
//! itself. Only the hash of the channel's key in the report data shows who is at the other end.
//!
//! # How each depth is read
//! - declared and loaded: nothing.
//! - observed: evidence given with `wardline check --evidence`, appraised down to the vendor's root: report data against
//!   the key of the RA-TLS certificate, runtime data against the virtual TPM's key, event logs replayed. Evidence that
//!   came without a channel has none to be bound to.
//! - recorded: a certificate and its evidence that were kept together.
//!
//! # How to fix
//! Use an RA-TLS library that puts the hash of the key into the report data, and check it on both ends.
//!
//! # References
//! - Gramine, RA-TLS: report data is the hash of the public key; TCG DICE attestation architecture, tagged evidence
//! - Azure confidential VMs: runtime data and HCLAkPub

use crate::judging_evidence::{Question, each_evidence};
use model::{Cause, Claims, Estate, Family, Meta, Safety, Severity, Stage};
use settings::tee::{Attested, AttestedCheck};

/// What this control is.
pub const META: Meta = Meta {
    title: "Channel binding",
    question: "Does the evidence belong to the channel and the machine that presented it?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "tls-key-unbound",
            severity: Severity::High,
            title: "the evidence does not hold the key of the connection: somebody may stand between",
            remedy: "bind the key: its hash belongs into the report data",
        },
        Cause {
            slug: "vtpm-unbound",
            severity: Severity::Critical,
            title: "the hardware's report does not hold the key of the virtual TPM",
            remedy: "trust nothing that this virtual TPM signs",
        },
        Cause {
            slug: "pcr-replay",
            severity: Severity::Critical,
            title: "the event log or the registers do not lead to what was signed",
            remedy: "trust nothing in the log; ask for new evidence",
        },
        Cause {
            slug: "certificate-self-check",
            severity: Severity::High,
            title: "the RA-TLS certificate's own signature or window fails",
            remedy: "make a new certificate",
        },
    ],
    safety: Safety::Manual,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every piece of evidence.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let question = Question {
        control: "tee/channel-binding",
        meta: &META,
        answers,
        milder_when_open: &[],
    };
    each_evidence(estate, claims, &question);
}

/// What ties it to the channel.
fn answers(attested: &Attested, check: &AttestedCheck) -> bool {
    attested.is_of_cpu() && &*check.step == "binding"
}
