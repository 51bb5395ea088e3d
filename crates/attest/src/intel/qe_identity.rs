//! Identities of quoting enclaves.

use super::tcb_info::{IsvLevel, Signed, instant};
use crate::collateral::NotCollateral;
use crate::instant::Instant;
use crate::policy::Hex;
use serde::Deserialize;
use serde_json::Value;

/// The identity of a quoting enclave with the signature over its exact bytes.
#[derive(Clone, Debug)]
pub struct QeIdentity {
    /// The signed text, byte for byte.
    pub text: String,
    /// The signature, r and s of 32 bytes each.
    pub signature: Vec<u8>,
    /// What the text says.
    pub content: Content,
}

/// What an identity says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// `QE` for SGX, `TD_QE` for TDX.
    pub id: String,
    /// The layout: 2, for `TD_QE` also 3.
    pub version: u32,
    /// When it was made.
    #[serde(deserialize_with = "instant")]
    pub issue_date: Instant,
    /// When the next one is due.
    #[serde(deserialize_with = "instant")]
    pub next_update: Instant,
    /// Which round of advisories it takes into account.
    pub tcb_evaluation_data_number: u32,
    /// MISCSELECT under the mask.
    pub miscselect: Hex<4>,
    /// Which bits of it count.
    pub miscselect_mask: Hex<4>,
    /// ATTRIBUTES under the mask.
    pub attributes: Hex<16>,
    /// Which bits of them count.
    pub attributes_mask: Hex<16>,
    /// Who signed the enclave.
    pub mrsigner: Hex<32>,
    /// Its product number.
    pub isvprodid: u16,
    /// Its levels, best first.
    pub tcb_levels: Vec<IsvLevel>,
}

impl QeIdentity {
    /// The identities of a JSON document: an answer of the provisioning service (`enclaveIdentity` and `signature`), or an
    /// object of a client (`qe_identity`, a text, and `qe_identity_signature`).
    ///
    /// # Errors
    ///
    /// When one of them is damaged.
    pub(crate) fn all_in(text: &str, value: &Value) -> Result<Vec<QeIdentity>, NotCollateral> {
        let fields = ["enclaveIdentity", "qe_identity"];
        let documents = Signed::documents(text, value, fields, "QE identity")?;
        Ok(documents
            .into_iter()
            .map(|(Signed { text, signature }, content)| QeIdentity {
                text,
                signature,
                content,
            })
            .collect())
    }
}
