//! Quotes of Intel SGX (version 3) and TDX (versions 4 and 5).
//!
//! Layouts: Intel SGX ECDSA Quote Library API, appendix A (version 3), and Intel TDX DCAP Quoting Library API, appendix A
//! (versions 4 and 5); all numbers little-endian, all signatures and keys big-endian.

mod enclave_report;
mod quote;
mod signature;
mod td_report;

pub use enclave_report::EnclaveReport;
pub use quote::{Body, Header, Quote, TeeType};
pub use signature::{Certification, QeCertification, SignatureData};
pub use td_report::{Td15, Td15Ex, TdReport};
