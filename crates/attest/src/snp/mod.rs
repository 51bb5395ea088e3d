//! Reports of AMD SEV-SNP.

mod policy;

pub use policy::SnpPolicy;

/// What reports share: chains.
#[derive(Debug, Default)]
pub(crate) struct Memory {}
