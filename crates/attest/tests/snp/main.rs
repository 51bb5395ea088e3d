//! SEV-SNP and Azure evidence, real and minted, against the step and outcome that each must have.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly, and says what it did not run"
)]

extern crate wardline_attest as attest;

mod flipped;
mod minted;
mod minted_azure;
mod minted_keys;
mod real;
mod real_azure;
mod support;
