//! Azure's confidential virtual machines: a paravisor keeps the hardware's report in a virtual TPM, and the report binds the
//! TPM's keys. A quote of the TPM without that binding proves nothing; the report without a quote says nothing of the guest's
//! operating system.
//!
//! Source: Microsoft, "Guest attestation for Confidential VMs" (learn.microsoft.com/azure/confidential-computing).

mod appraise;
mod binding;
mod freshness;
mod identity;
mod policy;
mod presented;
mod runtime;

pub use appraise::{TdQuote, appraise};
pub(crate) use binding::Registers;
pub use binding::TpmEvidence;
pub use policy::{Register, VtpmPolicy};
pub use presented::{Presented, PresentedQuote, appraise_presented};
