//! Certificates, revocation lists, OCSP responses and chains, as far as vendors of hardware use them.
//!
//! These chains carry no host names, and their roots are pinned: what a TLS library checks beyond that does not apply, and
//! what an auditor wants to know (which certificate, which day) a TLS library does not say.

mod certificate;
mod chain;
mod crl;
mod ocsp;
mod pem;
mod standing;

pub use certificate::{Certificate, Extension};
pub use chain::{ChainError, Path};
pub use crl::Crl;
pub use ocsp::{OcspError, OcspResponse};
pub use pem::{Block, blocks, chain};
pub(crate) use standing::{Answer, Kind, Lapse, Source, Standing, Word};

use der::ErrorKind;
use std::fmt;

/// Why bytes are no certificate or revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerError {
    /// What was being read.
    pub what: &'static str,
    /// Offset in the DER bytes, where it is known.
    pub offset: Option<u32>,
    /// What is wrong there.
    pub problem: ErrorKind,
}

impl DerError {
    pub(crate) fn new(what: &'static str, error: &der::Error) -> Self {
        DerError {
            what,
            offset: error.position().map(u32::from),
            problem: error.kind(),
        }
    }
}

impl fmt::Display for DerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.problem)?;
        match self.offset {
            Some(offset) => write!(f, " at byte {offset}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DerError {}

/// The most bytes of a certificate or of one part of a chain that are read. Vendors' certificates take two kilobytes.
const MAX_CERTIFICATE: usize = 64 << 10;

/// The most bytes of a revocation list that are read. Intel's Platform CA list takes tens of kilobytes.
const MAX_CRL: usize = 32 << 20;
