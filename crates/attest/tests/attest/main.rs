//! Evidence of real hardware, and evidence made for the tests.

mod intel;
mod intel_minted;
mod intel_peer;
mod vectors;
