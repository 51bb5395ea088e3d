//! Evidence of real hardware, and evidence made for the tests.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says what it did not run"
)]

mod intel;
mod intel_minted;
mod intel_peer;
mod intel_policy;
mod minted;
mod snp_peer;
