//! Quotes of Intel SGX and TDX.

mod policy;
mod qe_identity;
mod status;
mod tcb_info;

pub use policy::{SgxPolicy, TcbPolicy, TdxPolicy};
pub use qe_identity::QeIdentity;
pub use status::TcbStatus;
pub use tcb_info::TcbInfo;

/// What quotes share: chains, collateral.
#[derive(Debug, Default)]
pub(crate) struct Memory {}
