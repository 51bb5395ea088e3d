//! Evidence of Azure in the JSON forms in which agents hand it out.

use super::vectors::read;
use attest::azure::TpmEvidence;
use attest::x509::Certificate;
use attest::{Collateral, base64, crypto};
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
        let either =
            |first: &str, second: &str| json.get(first).or_else(|| json.get(second)).cloned();
        let quote = either("quote", "tpm_quote").expect("a quote");
        let pcrs = quote["pcrs"].as_array().expect("registers").iter();
        let mut collateral = Collateral::default();
        if let Some(text) = json.get("vcek").and_then(Value::as_str) {
            let bytes = if text.contains("BEGIN") {
                text.as_bytes().to_vec()
            } else {
                base64::decode(text).expect("base64")
            };
            collateral.add(&bytes).expect("a certificate");
        }
        Some(Evidence {
            hcl_report: bytes(&either("report", "hcl_report").expect("a report")),
            message: bytes(&quote["message"]),
            signature: bytes(&quote["signature"]),
            pcrs: pcrs
                .map(|value| bytes(value).try_into().expect("32 bytes"))
                .collect(),
            certificates: collateral.certificates,
            td_quote: json.get("td_quote").map(bytes).unwrap_or_default(),
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

/// Bytes as a list of numbers, as hexadecimal or as base64.
fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => crypto::unhex(text)
            .or_else(|| base64::decode(text))
            .expect("bytes"),
        other => serde_json::from_value(other.clone()).expect("bytes"),
    }
}
