//! What the sources of a machine are asked with.

use ::attest::base64;
use ::attest::bundle::BundledPiece;
use ::attest::crypto::{hex, sha256};
use ::attest::devices::{self, Digest};

/// A verifier's nonce, and the devices that the CPU is to speak for.
pub(super) struct Challenge<'n> {
    nonce: &'n [u8],
    devices: Vec<Digest>,
}

impl<'n> Challenge<'n> {
    /// The nonce alone: for devices, and for machines without any.
    pub(super) fn alone(nonce: &'n [u8]) -> Self {
        Challenge {
            nonce,
            devices: Vec::new(),
        }
    }

    /// With what the devices answered, in the order of the bundle.
    pub(super) fn with_devices(nonce: &'n [u8], evidence: &[Vec<u8>]) -> Self {
        Challenge {
            nonce,
            devices: evidence.iter().map(|one| devices::digest(one)).collect(),
        }
    }

    /// What a CPU puts into its evidence: the nonce with zeros behind it, or what nonce and devices come to.
    pub(super) fn report_data(&self) -> [u8; 64] {
        let joined = devices::report_data(self.nonce, &self.devices);
        if let (false, Some(data)) = (self.devices.is_empty(), joined) {
            return data;
        }
        let mut data = [0; 64];
        for (to, from) in data.iter_mut().zip(self.nonce) {
            *to = *from;
        }
        data
    }

    /// What a TPM puts into its quote, which takes less than a CPU: the nonce, or the digest of what nonce and devices come to.
    pub(super) fn qualifying_data(&self) -> Vec<u8> {
        if self.devices.is_empty() {
            self.nonce.to_vec()
        } else {
            sha256(&self.report_data()).to_vec()
        }
    }

    /// What answered it, as a piece of a bundle.
    pub(super) fn answered(&self, kind: &str, evidence: &[u8]) -> BundledPiece {
        BundledPiece {
            kind: kind.to_owned(),
            evidence: base64::encode(evidence),
            nonce: Some(hex(self.nonce)),
            devices: self.devices.iter().map(|digest| hex(digest)).collect(),
            ..BundledPiece::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::attest::report_data::{Answer, answer};

    #[test]
    fn without_devices_the_nonce_is_asked_with() {
        let challenge = Challenge::alone(&[7; 32]);
        assert_eq!(
            answer(&challenge.report_data(), &[7; 32]),
            Some(Answer::Plain)
        );
        assert_eq!(challenge.qualifying_data(), [7; 32]);
        assert!(challenge.answered("tdx-quote", b"quote").devices.is_empty());
    }

    /// A verifier works out the report data from nonce and devices, and finds it in a TPM's quote as a digest.
    #[test]
    fn a_tpm_is_asked_with_the_digest_of_what_a_cpu_is_asked_with() {
        let devices = [b"one".to_vec(), b"two".to_vec()];
        let challenge = Challenge::with_devices(&[7; 32], &devices);
        let asked = challenge.report_data();
        let mut quoted = [0; 64];
        quoted[..32].copy_from_slice(&challenge.qualifying_data());
        assert_eq!(answer(&quoted, &asked), Some(Answer::Digest("SHA-256")));
        let piece = challenge.answered("azure-snp", b"{}");
        assert_eq!(piece.devices[1], hex(&devices::digest(b"two")));
        assert_eq!(piece.nonce, Some("07".repeat(32)));
    }
}
