//! SEV-SNP and Azure evidence, real and minted, against the step and outcome that each must have.

extern crate wardline_attest as attest;

mod flipped;
mod minted;
mod minted_azure;
mod real;
mod real_azure;
mod support;
