//! What a text or some bytes hold, recognised by content.

use crate::appraisal::Appraisal;
use crate::base64;
use crate::crypto::unhex;
use crate::intel;
use crate::verifier::Verifier;
use std::fmt;
use wire::tee::intel::Quote;

/// A piece of evidence that was found in an input.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What tells it from others of the same input: `GPU 3`. Empty where it is the only one.
    pub label: String,
    /// The nonce that stands beside it in the input. What the user gives goes before it: whoever made the input made this one, too.
    pub nonce: Option<Vec<u8>>,
    /// The evidence.
    pub piece: Piece,
}

/// Evidence by its form.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A quote of SGX or TDX.
    IntelQuote(Vec<u8>),
}

/// Why an input holds no evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvidence(pub String);

impl fmt::Display for NotEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotEvidence {}

/// The largest input that is looked at. Evidence with all its certificates takes some tens of kilobytes.
pub const LARGEST: usize = 16 << 20;

impl Evidence {
    /// The evidence in an input: raw, or as hexadecimal or base64. Recognised by content.
    ///
    /// # Errors
    ///
    /// When there is none: says what it looks like, and what was expected.
    pub fn all_in(bytes: &[u8]) -> Result<Vec<Evidence>, NotEvidence> {
        if bytes.len() > LARGEST {
            return Err(NotEvidence(format!(
                "{} bytes, more than any evidence has",
                bytes.len()
            )));
        }
        if let Some(evidence) = binary(bytes) {
            return Ok(vec![evidence]);
        }
        let decoded = std::str::from_utf8(bytes).ok().and_then(decoded);
        decoded
            .and_then(|bytes| binary(&bytes))
            .map(|evidence| vec![evidence])
            .ok_or_else(|| NotEvidence(expected(bytes)))
    }
}

/// Evidence in its raw form.
fn binary(bytes: &[u8]) -> Option<Evidence> {
    Quote::looks_like(bytes).then(|| Evidence {
        label: String::new(),
        nonce: None,
        piece: Piece::IntelQuote(bytes.to_vec()),
    })
}

/// The bytes of a text of hexadecimal digits (`0x` in front or not, blanks between) or of base64.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let digits: String = text
        .strip_prefix("0x")
        .unwrap_or(text)
        .split_ascii_whitespace()
        .collect();
    unhex(&digits).or_else(|| base64::decode(text))
}

fn expected(bytes: &[u8]) -> String {
    let found = match bytes {
        [] => "empty".to_owned(),
        [0x7f, b'E', b'L', b'F', ..] => "a program".to_owned(),
        _ if std::str::from_utf8(bytes).is_ok() => "a text that is no evidence".to_owned(),
        _ => "bytes that start like no evidence".to_owned(),
    };
    format!(
        "{found}; expected a quote of SGX or TDX, a report of SEV-SNP, evidence of an NVIDIA GPU, an RA-TLS certificate or a token"
    )
}

impl Verifier {
    /// Appraises a piece of evidence. `nonce` is what the asker asked with.
    #[must_use]
    pub fn appraise(&self, evidence: &Evidence, nonce: Option<&[u8]>) -> Appraisal {
        let nonce = nonce.or(evidence.nonce.as_deref());
        match &evidence.piece {
            Piece::IntelQuote(quote) => intel::appraise(self, quote, nonce),
        }
    }
}
