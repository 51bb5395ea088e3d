//! Tokens: what a verifier elsewhere said of evidence. Claims, never our own proof.
//!
//! A token's signature would have to be verified with a key that the user pinned; keys that a token brings, or that its issuer's
//! web server hands out today, prove nothing about the day it was made. So tokens are read, what they admit against themselves
//! counts, and what they claim for themselves stays unproven.

mod appraise;
mod issuer;
mod jwt;
mod listed;
mod rules;

pub use appraise::appraise;
pub use issuer::Issuer;
pub use jwt::{Jwt, tokens};

#[cfg(test)]
mod tests;
