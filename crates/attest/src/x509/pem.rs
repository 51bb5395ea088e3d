//! PEM: text around DER.

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
