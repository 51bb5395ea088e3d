//! Why bytes are no answer of an OCSP responder.

use crate::x509::DerError;
use der::asn1::ObjectIdentifier;
use std::fmt;

/// Why bytes are no OCSP response that could be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OcspError {
    /// They are not laid out as one.
    Der(DerError),
    /// They are longer than any.
    TooLong(usize),
    /// The responder gave no answer, and says why.
    Unsuccessful(u8),
    /// It is of another version or type than the one that everybody uses.
    OtherForm(String),
    /// It holds more of something than is read.
    TooMany(&'static str),
    /// It must not be used by whoever does not know one of its extensions.
    UnknownExtension(ObjectIdentifier),
    /// It names certificates, or was signed, in a way that is not known here.
    UnknownAlgorithm(ObjectIdentifier),
}

impl From<der::Error> for OcspError {
    fn from(error: der::Error) -> Self {
        OcspError::Der(DerError::new("OCSP response", &error))
    }
}

impl fmt::Display for OcspError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = "OCSP response";
        match self {
            OcspError::Der(error) => error.fmt(f),
            OcspError::TooLong(length) => write!(f, "{what}: {length} bytes are too many"),
            OcspError::Unsuccessful(status) => {
                write!(f, "{what}: the responder gave no answer: {}", word(*status))
            }
            OcspError::OtherForm(form) => write!(f, "{what}: {form} is not known here"),
            OcspError::TooMany(parts) => write!(f, "{what}: too many {parts}"),
            OcspError::UnknownExtension(oid) => {
                write!(f, "{what}: the critical extension {oid} is not known here")
            }
            OcspError::UnknownAlgorithm(oid) => {
                write!(f, "{what}: the algorithm {oid} is not known here")
            }
        }
    }
}

impl std::error::Error for OcspError {}

/// `OCSPResponseStatus`, RFC 6960 4.2.1. NVIDIA's responder says `unauthorized` of certificates whose issuer it does not speak for, such as a
/// device's own.
fn word(status: u8) -> String {
    match status {
        1 => "malformedRequest".to_owned(),
        2 => "internalError".to_owned(),
        3 => "tryLater".to_owned(),
        5 => "sigRequired".to_owned(),
        6 => "unauthorized: it does not speak for the issuer of this certificate".to_owned(),
        other => format!("status {other}"),
    }
}
