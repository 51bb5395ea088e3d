//! Evidence of trusted execution environments and GPUs.

pub mod azure;
pub mod ccel;
pub mod intel;
pub mod intel_sigstruct;
pub mod nvidia;
pub mod snp;
pub mod tpm;
