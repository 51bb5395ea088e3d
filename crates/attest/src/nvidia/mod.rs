//! Evidence of NVIDIA GPUs and switches.

mod policy;

pub use policy::NvidiaPolicy;

/// What evidence shares: chains.
#[derive(Debug, Default)]
pub(crate) struct Memory {}
