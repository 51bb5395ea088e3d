//! PEM: text around DER.

use super::Certificate;
use crate::base64;

/// A block of a PEM text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What stands between the dashes: `CERTIFICATE`, `X509 CRL`.
    pub label: String,
    /// The bytes; `None` where the text inside is no base64.
    pub bytes: Option<Vec<u8>>,
    /// Offset of its first dash in the text.
    pub offset: usize,
}

/// The blocks of a text, in order. Text around them is skipped, as every reader of PEM does. A block without an end is none.
/// O(length of the text).
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    const BEGIN: &str = "-----BEGIN ";
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(BEGIN)) {
        let offset = at + start;
        let behind = offset + BEGIN.len();
        at = behind;
        let Some((label, rest)) = text.get(behind..).and_then(|rest| rest.split_once("-----"))
        else {
            break;
        };
        let Some((body, _)) = rest.split_once("-----END ") else {
            break;
        };
        if label.len() > 64 || label.contains('\n') {
            continue;
        }
        at = behind + label.len() + 5 + body.len();
        found.push(Block {
            label: label.to_owned(),
            bytes: base64::decode(body),
            offset,
        });
    }
    found
}

/// The certificates of a chain inside evidence: nothing but certificates and blanks, zeros at the end. Nobody signs the text around
/// them, so nothing may hide there.
///
/// # Errors
///
/// Says what stands where a certificate should, with its offset in the text.
pub fn chain(text: &[u8]) -> Result<Vec<Certificate>, String> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    const END: &[u8] = b"-----END CERTIFICATE-----";
    let end = text
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    let mut rest = text.get(..end).unwrap_or(text);
    let mut chain = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return Ok(chain);
        }
        let at = end - rest.len();
        let body = rest
            .strip_prefix(BEGIN)
            .ok_or_else(|| format!("byte {at}: not the start of a certificate"))?;
        let length = memchr::memmem::find(body, END)
            .ok_or_else(|| format!("byte {at}: the certificate does not end"))?;
        let (body, behind) = body.split_at(length);
        let der = std::str::from_utf8(body)
            .ok()
            .and_then(base64::decode)
            .ok_or_else(|| format!("byte {at}: the certificate is no base64"))?;
        chain.push(Certificate::from_der(&der).map_err(|error| format!("byte {at}: {error}"))?);
        rest = behind.get(END.len()..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_blocks_between_other_text() {
        let text = "Bag attributes\n-----BEGIN A-----\nAAEC\n-----END A-----\n\n-----BEGIN B C-----\r\n!!\r\n-----END B C-----\n-----BEGIN D-----\nAA==\n";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found.first(),
            Some(&Block {
                label: "A".to_owned(),
                bytes: Some(vec![0, 1, 2]),
                offset: 15
            })
        );
        assert_eq!(found.get(1).map(|block| block.bytes.clone()), Some(None));
    }
}
