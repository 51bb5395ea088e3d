//! Evidence of trusted execution environments and GPUs.

pub mod azure;
pub mod intel;
pub mod snp;
