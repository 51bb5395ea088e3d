//! What must hold for any input, and what spans promise.

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
