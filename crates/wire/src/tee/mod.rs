//! Evidence of trusted execution environments and GPUs.

pub mod intel;
