//! Quotes of Intel SGX and TDX.
//!
//! The order and rules are those of Intel's quote verification library (DCAP), but every step is reported.

mod appraise;
mod attributes;
mod identity;
mod levels;
mod pck;
mod policy;
mod published_signers;
mod qe_identity;
mod revocation;
mod set_up;
mod status;
mod support;
mod tcb;
mod tcb_info;
mod vouched;

pub use appraise::appraise;
pub use pck::Platform;
pub use policy::{SgxPolicy, TcbPolicy, TdxPolicy};
pub use qe_identity::QeIdentity;
pub use status::TcbStatus;
pub use tcb_info::TcbInfo;

use crate::memo::Memo;
use crate::verifier::Verifier;
use std::sync::Arc;
use support::Support;
use vouched::Vouched;
use wire::tee::intel::{SignatureData, TeeType};

/// What quotes share: who vouches for their keys, and the collateral of their platforms.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    enclaves: Memo<Vouched>,
    trust_domains: Memo<Vouched>,
    enclave_platforms: Memo<Support>,
    trust_domain_platforms: Memo<Support>,
}

impl Memory {
    fn vouched(
        &self,
        verifier: &Verifier,
        tee_type: TeeType,
        data: &SignatureData<'_>,
    ) -> Arc<Vouched> {
        let memo = match tee_type {
            TeeType::Sgx => &self.enclaves,
            TeeType::Tdx => &self.trust_domains,
        };
        memo.get(data.vouching, || Vouched::of(verifier, tee_type, data))
    }

    fn support(&self, verifier: &Verifier, fmspc: &[u8; 6], tee_type: TeeType) -> Arc<Support> {
        let memo = match tee_type {
            TeeType::Sgx => &self.enclave_platforms,
            TeeType::Tdx => &self.trust_domain_platforms,
        };
        memo.get(fmspc, || Support::of(verifier, fmspc, tee_type))
    }
}
