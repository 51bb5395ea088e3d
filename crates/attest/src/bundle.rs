//! A bundle: the evidence of one machine in one file, schema `wardline/evidence/v1`. Written by `wardline attest collect`.

use crate::base64;
use crate::crypto::unhex;
use crate::devices;
use crate::evidence::{Evidence, Piece};
use crate::x509::Certificate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The name of the schema.
pub const SCHEMA: &str = "wardline/evidence/v1";

/// A bundle as it stands in a file. Nothing in it is trusted: what it says beside the evidence is for reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// [`SCHEMA`].
    pub schema: String,
    /// When it was collected: RFC 3339.
    pub collected_at: String,
    /// What tells the machine from others, by name: kernel, provider. No secrets.
    #[serde(default)]
    pub host: BTreeMap<String, String>,
    /// The evidence.
    pub pieces: Vec<BundledPiece>,
}

/// A piece of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledPiece {
    /// What its collector took it for. Appraisals go by content.
    pub kind: String,
    /// The evidence in base64.
    pub evidence: String,
    /// Certificates that the host handed out beside it: base64 of DER, or PEM.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// The firmware's event log (CCEL) in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_log: Option<String>,
    /// What it was asked for with, in hexadecimal. Not to be taken from the bundle: the asker knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// SHA-384 of the evidence of each device that this CPU's evidence was asked for with, in hexadecimal: see [`crate::devices`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<String>,
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    ///
    /// When the value has another shape.
    pub fn of_json(value: &Value) -> Result<Self, String> {
        Bundle::deserialize(value).map_err(|error| format!("{SCHEMA}: {error}"))
    }

    /// The text of the file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        format!("{value:#}\n")
    }

    /// The evidence in it.
    ///
    /// # Errors
    ///
    /// Names the piece and the field that is damaged.
    pub fn evidence(&self) -> Result<Vec<Evidence>, String> {
        let is_one = self.pieces.len() == 1;
        let mut found = Vec::new();
        for (number, piece) in self.pieces.iter().enumerate() {
            let pieces = piece
                .evidence()
                .map_err(|why| format!("piece {number}: {why}"))?;
            found.extend(pieces.into_iter().map(|mut evidence| {
                if !is_one {
                    evidence.label = format!("piece {number} {}", evidence.label)
                        .trim_end()
                        .to_owned();
                }
                evidence
            }));
        }
        Ok(found)
    }
}

impl BundledPiece {
    fn evidence(&self) -> Result<Vec<Evidence>, String> {
        let bytes = base64::decode(&self.evidence).ok_or("`evidence` is no base64")?;
        let mut found = Evidence::all_in(&bytes).map_err(|why| why.to_string())?;
        let given = self.certificates()?;
        let log = self
            .event_log
            .as_deref()
            .map(|text| base64::decode(text).ok_or("`event_log` is no base64"))
            .transpose()?;
        let asked = self
            .nonce
            .as_deref()
            .map(|digits| unhex(digits).ok_or("`nonce` is no hexadecimal"))
            .transpose()?;
        let devices = self
            .devices
            .iter()
            .map(|digits| {
                let digest = unhex(digits).and_then(|bytes| bytes.try_into().ok());
                digest.ok_or("`devices`: not 96 hexadecimal digits")
            })
            .collect::<Result<Vec<devices::Digest>, _>>()?;
        // What stands beside a list belongs to none of it, and is not copied for each.
        if let [evidence] = found.as_mut_slice() {
            match &mut evidence.piece {
                Piece::IntelQuote { event_log, .. } if event_log.is_none() => {
                    event_log.clone_from(&log);
                }
                Piece::SnpReport { certificates, .. } | Piece::Nvidia { certificates, .. } => {
                    certificates.extend(given.iter().cloned());
                }
                Piece::Azure(presented) => presented.certificates.extend(given.iter().cloned()),
                _ => {}
            }
            if evidence.nonce.is_none() {
                evidence.nonce.clone_from(&asked);
            }
            evidence.devices = devices;
        }
        Ok(found)
    }

    fn certificates(&self) -> Result<Vec<Certificate>, String> {
        let mut held = crate::Collateral::default();
        for (number, text) in self.certificates.iter().enumerate() {
            held.add(text.as_bytes())
                .map_err(|why| format!("certificate {number}: {}", why.0))?;
        }
        Ok(held.certificates)
    }
}
