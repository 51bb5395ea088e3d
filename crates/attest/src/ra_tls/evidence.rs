//! Where a certificate carries its quote.

use crate::x509::Certificate;
use der::asn1::ObjectIdentifier;
use std::fmt;
use wire::cbor::Reader;

/// TCG DICE "tagged evidence": the standard form, which Gramine writes from v1.8 on.
const TAGGED: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.5.4.9");
/// What Gramine's own number is meant to be.
const LEGACY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113741.1337.6");
/// What every release of Gramine writes: tag and length of the number stand inside the number, and its authors keep it for
/// compatibility (`ra_tls_common.h`, `NON_STANDARD_INTEL_SGX_QUOTE_OID`).
const LEGACY_AS_WRITTEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("0.6.9.42.840.113741.1337.6");

/// CBOR tag of a quote with claims (IANA "CBOR Tags").
const QUOTE: u64 = 60_000;
/// CBOR tag of a report that only the same machine can verify.
const REPORT: u64 = 60_001;

/// How a certificate carries its quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// TCG DICE tagged evidence: a quote and the claims that it was made for.
    Tagged,
    /// Gramine's own extension: the quote alone.
    Legacy,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Form::Tagged => "TCG DICE tagged evidence (2.23.133.5.4.9)",
            Form::Legacy => "Gramine quote extension (1.2.840.113741.1337.6)",
        })
    }
}

/// What the quote's report data was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The certificate's key.
    Key,
    /// Claims, one of which is the digest of the key. CBOR, as it stands in the certificate.
    Claims(Vec<u8>),
}

/// A quote that a certificate carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// How it carries it.
    pub form: Form,
    /// The quote.
    pub quote: Vec<u8>,
    /// What ties it to the certificate.
    pub binding: Binding,
}

/// Why an extension that should carry a quote does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Which extension.
    pub form: Form,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.form, self.why)
    }
}

impl std::error::Error for Malformed {}

/// The quotes that a certificate carries, the standard form first: the two of one certificate are different quotes. None where
/// it is no RA-TLS certificate.
#[must_use]
pub fn presented(certificate: &Certificate) -> Vec<Result<Presented, Malformed>> {
    let mut found = Vec::new();
    for extension in certificate.extensions() {
        if extension.oid == TAGGED {
            let form = Form::Tagged;
            let read = tagged(&extension.value);
            found.insert(0, read.map_err(|why| Malformed { form, why }));
        } else if extension.oid == LEGACY || extension.oid == LEGACY_AS_WRITTEN {
            found.push(Ok(Presented {
                form: Form::Legacy,
                quote: extension.value.clone(),
                binding: Binding::Key,
            }));
        }
    }
    found
}

/// `60000([quote, claims])`, both as byte strings.
fn tagged(bytes: &[u8]) -> Result<Presented, String> {
    let mut reader = Reader::new(bytes);
    match reader.tag("evidence tag").map_err(text)? {
        QUOTE => {}
        REPORT => {
            return Err(
                "tag 60001: a report, which only the machine that made it can verify".into(),
            );
        }
        other => return Err(format!("tag {other}, expected 60000 (a quote with claims)")),
    }
    let count = reader.array("evidence").map_err(text)?;
    if count != 2 {
        return Err(format!(
            "an array of {count}, expected two: quote and claims"
        ));
    }
    let quote = reader.bytes("quote").map_err(text)?.to_vec();
    let claims = reader.bytes("claims").map_err(text)?.to_vec();
    reader.end("evidence").map_err(text)?;
    Ok(Presented {
        form: Form::Tagged,
        quote,
        binding: Binding::Claims(claims),
    })
}

fn text(error: wire::Error) -> String {
    error.to_string()
}
