//! Evidence of several devices in one JSON file, as nvtrust's tools write and read it.

use crate::base64;
use crate::crypto::unhex;
use crate::x509::{Certificate, blocks};
use serde_json::Value;

/// The most devices of one file. A board has 8 GPUs and 4 switches.
const MOST: usize = 1024;

/// What one device presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// The generation that the file names: `HOPPER`, `LS10`. Nothing signs it.
    pub architecture: String,
    /// The SPDM messages.
    pub evidence: Vec<u8>,
    /// The device's certificates.
    pub certificates: Vec<Certificate>,
    /// The nonce that the file says was asked for. Nothing signs it: only the challenger's own record makes evidence fresh.
    pub nonce: Option<Vec<u8>>,
}

/// Reads a collection: a list of objects with `evidence` (base64), `certificate` (base64 of PEM, or PEM), and mostly `nonce`
/// (hexadecimal) and `arch`. One object alone is a list of one.
///
/// # Errors
///
/// Names the entry and the field that is missing or damaged.
pub fn collection(text: &str) -> Result<Vec<Presented>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("JSON: {error}"))?;
    collection_of(&value)
}

/// Reads a collection that is part of other JSON: see [`collection`].
///
/// # Errors
///
/// Names the entry and the field that is missing or damaged.
pub fn collection_of(value: &Value) -> Result<Vec<Presented>, String> {
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        one => std::slice::from_ref(one),
    };
    if entries.is_empty() || entries.len() > MOST {
        return Err(format!(
            "holds {} devices, expected 1 to {MOST}",
            entries.len()
        ));
    }
    entries
        .iter()
        .enumerate()
        .map(|(number, entry)| presented(entry).map_err(|why| format!("device {number}: {why}")))
        .collect()
}

fn presented(entry: &Value) -> Result<Presented, String> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let evidence = text("evidence").ok_or("no `evidence`")?;
    let certificates = text("certificate").ok_or("no `certificate`")?;
    let nonce = text("nonce").filter(|nonce| !nonce.is_empty());
    Ok(Presented {
        architecture: text("arch").unwrap_or_default().to_owned(),
        evidence: base64::decode(evidence).ok_or("`evidence` is no base64")?,
        certificates: chain(certificates)?,
        nonce: nonce
            .map(|nonce| unhex(nonce).ok_or("`nonce` is no hexadecimal"))
            .transpose()?,
    })
}

fn chain(text: &str) -> Result<Vec<Certificate>, String> {
    let decoded = if text.contains("-----BEGIN ") {
        text.to_owned()
    } else {
        let bytes = base64::decode(text).ok_or("`certificate` is no base64")?;
        String::from_utf8(bytes).map_err(|_| "`certificate` is no PEM")?
    };
    let certificates: Vec<Certificate> = blocks(&decoded)
        .into_iter()
        .map(|block| {
            let bytes = block.bytes.ok_or("a certificate is no base64")?;
            Certificate::from_der(&bytes).map_err(|error| error.to_string())
        })
        .collect::<Result<_, String>>()?;
    if certificates.is_empty() {
        return Err("`certificate` holds none".to_owned());
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_damaged_is_named() {
        for (text, why) in [
            ("", "JSON"),
            ("[]", "holds 0 devices"),
            ("[1]", "device 0: no `evidence`"),
            (r#"[{"evidence": ""}]"#, "device 0: no `certificate`"),
            (
                r#"{"evidence": "*", "certificate": ""}"#,
                "`evidence` is no base64",
            ),
            (
                r#"{"evidence": "", "certificate": ""}"#,
                "`certificate` holds none",
            ),
            (
                r#"{"evidence": "", "certificate": "/w=="}"#,
                "`certificate` is no PEM",
            ),
            (
                r#"{"evidence": "", "certificate": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"}"#,
                "device 0: certificate",
            ),
        ] {
            let error = collection(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
