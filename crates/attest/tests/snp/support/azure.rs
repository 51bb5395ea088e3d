//! Evidence of Azure in the JSON forms in which agents hand it out.

use super::vectors::read;
use attest::azure::{Presented, TpmEvidence};
use attest::x509::Certificate;
use serde_json::Value;

/// The parts of evidence.
pub(crate) struct Evidence {
    pub(crate) hcl_report: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) pcrs: Vec<[u8; 32]>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) td_quote: Vec<u8>,
}

impl Evidence {
    /// Reads a file of the vectors, in any of the forms.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let json: Value = serde_json::from_slice(&read(name)?).expect("JSON");
        let presented = Presented::of_json(&json)
            .expect("evidence of Azure")
            .expect("all fields");
        let tpm = presented.tpm.expect("a quote");
        Some(Evidence {
            hcl_report: presented.hcl_report,
            message: tpm.message,
            signature: tpm.signature,
            pcrs: tpm.pcrs,
            certificates: presented.certificates,
            td_quote: presented.td_quote.unwrap_or_default(),
        })
    }

    /// What the TPM said.
    pub(crate) fn tpm(&self) -> TpmEvidence<'_> {
        TpmEvidence {
            message: &self.message,
            signature: &self.signature,
            pcrs: &self.pcrs,
        }
    }
}
