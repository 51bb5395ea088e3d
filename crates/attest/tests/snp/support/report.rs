//! Reports of our own.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use rcgen::KeyPair;

/// The nonce that minted reports answer.
pub(crate) const NONCE: [u8; 32] = [0x5a; 32];

/// The measurement of minted reports.
pub(crate) const MEASUREMENT: [u8; 48] = [0x11; 48];

/// A report before it is signed.
#[derive(Clone)]
pub(crate) struct Report(pub(crate) Vec<u8>);

impl Report {
    /// A report of a version, processor, TCB version and chip, with nothing wrong with it.
    pub(crate) fn new(version: u8, processor: [u8; 3], tcb: [u8; 8], chip: &[u8]) -> Self {
        let report = Report(vec![0; 0x4a0])
            .with(0x00, &[version])
            .with(0x04, &[3])
            .with(0x08, &0x0003_0000_u64.to_le_bytes())
            .with(0x34, &[1])
            .with(0x38, &tcb)
            .with(0x40, &[0x25])
            .with(0x50, &NONCE)
            .with(0x90, &MEASUREMENT)
            .with(0x140, &[0x33; 32])
            .with(0x180, &tcb)
            .with(0x1a0, chip)
            .with(0x1e0, &tcb)
            .with(0x1e8, &[21, 55, 1, 0, 21, 55, 1, 0])
            .with(0x1f0, &tcb);
        if version >= 3 {
            report.with(0x188, &processor)
        } else {
            report
        }
    }

    /// The report with other bytes at a place.
    pub(crate) fn with(mut self, at: usize, bytes: &[u8]) -> Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// The report with a key's signature.
    pub(crate) fn signed(mut self, key: &KeyPair) -> Vec<u8> {
        let signer =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, key.serialized_der())
                .expect("a key");
        let signature = signer
            .sign(&SystemRandom::new(), &self.0[..0x2a0])
            .expect("a signature");
        let (r, s) = signature.as_ref().split_at(48);
        for (at, number) in [(0x2a0, r), (0x2e8, s)] {
            let turned: Vec<u8> = number.iter().rev().copied().collect();
            self.0[at..at + 48].copy_from_slice(&turned);
        }
        self.0
    }
}
