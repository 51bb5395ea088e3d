//! What a text or some bytes hold, recognised by content.

mod appraise;
mod binary;
mod fields;
mod json;
mod pem;

use crate::azure;
use crate::base64;
use crate::crypto::unhex;
use crate::devices;
use crate::ra_tls;
use crate::x509::Certificate;
use std::fmt;

/// A piece of evidence that was found in an input.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What tells it from others of the same input: `GPU 3`. Empty where it is the only one.
    pub label: String,
    /// The nonce that stands beside it in the input. Whoever made the input made this one, too: an answer to it is no proof of
    /// freshness, but another answer is a failure.
    pub nonce: Option<Vec<u8>>,
    /// Digests of the devices' evidence that this CPU's evidence was asked for with, as the input says. Where there are any, the
    /// challenge is [`crate::devices::report_data`] of the nonce and them.
    pub devices: Vec<devices::Digest>,
    /// The evidence.
    pub piece: Piece,
}

/// Evidence by its form.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A quote of SGX or TDX.
    IntelQuote {
        /// The quote.
        quote: Vec<u8>,
        /// The event log that stood beside it, as the firmware keeps it (CCEL).
        event_log: Option<Vec<u8>>,
    },
    /// A report of SEV-SNP.
    SnpReport {
        /// The report, maybe with a certificate table behind it.
        report: Vec<u8>,
        /// The certificates that stood beside it.
        certificates: Vec<Certificate>,
    },
    /// What a confidential VM of Azure hands out.
    Azure(azure::Presented),
    /// What a GPU or a switch of NVIDIA answered.
    Nvidia {
        /// The SPDM messages.
        messages: Vec<u8>,
        /// The device's certificates. Where there are none, they are looked for in the collateral.
        certificates: Vec<Certificate>,
    },
    /// A certificate with a quote for its own key.
    RaTls {
        /// The certificate.
        certificate: Certificate,
        /// The quote inside, or why an extension that should hold one does not.
        presented: Result<ra_tls::Presented, ra_tls::Malformed>,
    },
    /// What a verifier said: a token, or several in the answer of a service.
    Token(String),
}

impl From<Piece> for Evidence {
    fn from(piece: Piece) -> Self {
        Evidence {
            label: String::new(),
            nonce: None,
            devices: Vec::new(),
            piece,
        }
    }
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

/// The most pieces of one input. A board has 8 GPUs and 4 switches.
const MOST: usize = 1024;

impl Evidence {
    /// The evidence in an input: raw; as hexadecimal, base64 or PEM; in the JSON of agents and tools; a token; a bundle. Recognised
    /// by content. Never empty.
    ///
    /// # Errors
    ///
    /// When there is none: says what it looks like, and what was expected. When there is, but a part of it is damaged: names
    /// the part.
    pub fn all_in(bytes: &[u8]) -> Result<Vec<Evidence>, NotEvidence> {
        if bytes.len() > LARGEST {
            return Err(NotEvidence(format!(
                "{} bytes, more than any evidence has",
                bytes.len()
            )));
        }
        let found = within(bytes, true).map_err(NotEvidence)?;
        if found.is_empty() {
            return Err(NotEvidence(expected(bytes)));
        }
        if found.len() > MOST {
            return Err(NotEvidence(format!(
                "{} pieces of evidence, expected {MOST} at most",
                found.len()
            )));
        }
        Ok(found)
    }
}

/// The evidence in some bytes, or in what they encode: tools wrap JSON into base64 once, none does it twice.
fn within(bytes: &[u8], may_be_encoded: bool) -> Result<Vec<Evidence>, String> {
    if let Some(found) = binary::recognise(bytes) {
        return found;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(Vec::new());
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with(['{', '[']) {
        return json::all_in(text);
    }
    if text.contains("-----BEGIN ") {
        return pem::all_in(text);
    }
    if is_token(text) {
        return Ok(vec![Piece::Token(text.to_owned()).into()]);
    }
    match decoded(text) {
        Some(inner) if may_be_encoded => within(&inner, false),
        _ => Ok(Vec::new()),
    }
}

/// Whether a text is a compact token: three parts between dots, the first of which starts like the JSON of a header.
fn is_token(text: &str) -> bool {
    text.starts_with("ey") && text.split('.').count() == 3 && !text.contains([' ', '\n'])
}

/// The bytes of a text of hexadecimal digits (`0x` in front or not, blanks between) or of base64.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").unwrap_or(text);
    // What is no hexadecimal shows it early: a megabyte of base64 is not copied for the question.
    let is_hexadecimal = digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace());
    if is_hexadecimal {
        let digits: String = digits.split_ascii_whitespace().collect();
        if let Some(bytes) = unhex(&digits) {
            return Some(bytes);
        }
    }
    base64::decode(text)
}

fn expected(bytes: &[u8]) -> String {
    let found = match bytes {
        [] => "empty".to_owned(),
        [0x7f, b'E', b'L', b'F', ..] => "a program".to_owned(),
        // A TCG log starts with an event of register 0 that extends nothing (EV_NO_ACTION); CCEL counts registers from 1.
        [0 | 1, 0, 0, 0, 3, 0, 0, 0, ..] => {
            "an event log, which belongs to a quote (--event-log)".to_owned()
        }
        [0x1f, 0x8b, ..] => "compressed (gzip): unpack it first".to_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) if text.trim_start().starts_with(['{', '[']) => {
                "JSON without evidence".to_owned()
            }
            Ok(_) => "a text that is no evidence".to_owned(),
            Err(_) => "bytes that start like no evidence".to_owned(),
        },
    };
    format!(
        "{found}; expected a quote of SGX or TDX, a report of SEV-SNP, evidence of Azure or of an NVIDIA GPU, an RA-TLS certificate, a token or a bundle"
    )
}

#[cfg(test)]
mod tests;
