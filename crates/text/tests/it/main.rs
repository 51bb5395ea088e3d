//! What must hold for any input, and what spans promise.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

mod corpus;
mod properties;
mod yaml;

/// The checks that the fuzz targets make, so that they also run where no fuzzer does.
#[allow(
    unreachable_pub,
    reason = "the fuzz targets call them from another crate"
)]
#[path = "../../../../fuzz/src/invariants.rs"]
mod invariants;
