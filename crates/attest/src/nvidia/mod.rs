//! Evidence of NVIDIA GPUs and switches.

mod appraise;
mod attributes;
mod chain;
mod collection;
mod device_identity;
mod firmware;
mod identity;
mod measurements;
mod policy;
mod revocation;
mod rim;
mod version;

pub use appraise::appraise;
pub use collection::{Presented, collection, collection_of};
pub use policy::{Index, Mode, NvidiaPolicy};
pub use rim::Rim;
pub use version::Version;

use crate::memo::Memo;

/// What evidence shares: chains and reference manifests.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    chains: Memo<chain::Chain>,
    rims: Memo<rim::Held>,
}
