//! Whether a quote belongs to the certificate that carries it.

use super::{Binding, Presented};
use crate::crypto::{hex, sha256, sha384, sha512};
use crate::step::{Check, StepName};
use crate::x509::Certificate;
use crate::{Appraisal, Instant};
use wire::cbor::Reader;

const SOURCE: &str = "Interoperable RA-TLS; Gramine, ra_tls_verify_common.c";
const SELF_CHECK: &str = "tee/channel-binding#certificate-self-check";

/// Adds to the appraisal of a certificate's quote whether it belongs to that certificate. `report_data` is that of the quote.
pub fn bind(
    appraisal: &mut Appraisal,
    certificate: &Certificate,
    presented: &Presented,
    report_data: &[u8; 64],
    at: Instant,
) {
    appraisal.claim("RA-TLS form", presented.form.to_string());
    appraisal.claim("RA-TLS certificate", certificate.subject());
    for check in key(certificate, presented, report_data) {
        appraisal.add(StepName::Binding, check);
    }
    appraisal.add(StepName::Binding, own_signature(certificate));
    appraisal.add(StepName::Binding, window(certificate, at));
    if let Some(nonce) = nonce(presented, report_data) {
        appraisal.claim("RA-TLS nonce", hex(nonce));
    }
}

/// The nonce that the claims name, where the quote was made for these claims. Beside a quote for the key alone they may be anybody's: whoever
/// issues a certificate for the key writes them.
pub(super) fn nonce<'p>(presented: &'p Presented, report_data: &[u8; 64]) -> Option<&'p [u8]> {
    match &presented.binding {
        Binding::Claims(claims) if report_data.starts_with(&sha256(claims)) => {
            Claims::read(claims).ok()?.nonce
        }
        Binding::Claims(_) | Binding::Key => None,
    }
}

fn key(certificate: &Certificate, presented: &Presented, report_data: &[u8; 64]) -> Vec<Check> {
    const WHAT: &str = "report data against the TLS key";
    let info = certificate.subject_public_key_info();
    let (start, rest) = report_data.split_at(32);
    let by_key = start == sha256(info);
    let by_claims = match &presented.binding {
        Binding::Key => Err("it is not the SHA-256 of the key".to_owned()),
        Binding::Claims(claims) if start == sha256(claims) => {
            Claims::read(claims).and_then(|claims| claims.names(info))
        }
        Binding::Claims(_) => Err("it is the SHA-256 of neither the key nor the claims".to_owned()),
    };
    let check = match (by_key, by_claims) {
        (true, _) => Check::pass(WHAT).value("SHA-256 of the certificate's key"),
        (false, Ok(())) => {
            Check::pass(WHAT).value("SHA-256 of the claims, which name the certificate's key")
        }
        (false, Err(why)) => Check::fail(WHAT, "tee/channel-binding#tls-key-unbound")
            .value(hex(start))
            .limit(hex(&sha256(info)))
            .detail(format!(
                "{why}: whoever holds the key copied a quote that was made for another"
            )),
    };
    let mut checks = vec![check.source(SOURCE)];
    if rest.iter().any(|byte| *byte != 0) {
        checks.push(
            Check::unproven(
                "report data behind the digest",
                "zero in both forms of RA-TLS: made by something else, whose rules are not known here",
            )
            .value(hex(rest))
            .source(SOURCE),
        );
    }
    checks
}

/// The claims that a quote was made for.
struct Claims<'a> {
    /// The digest of the key, with IANA's number of its algorithm ("Named Information Hash Algorithm Registry").
    key_digest: Option<(u64, &'a [u8])>,
    nonce: Option<&'a [u8]>,
}

impl<'a> Claims<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, String> {
        Claims::parse(bytes).map_err(|error| format!("the claims cannot be read ({error})"))
    }

    fn parse(bytes: &'a [u8]) -> Result<Self, wire::Error> {
        let mut reader = Reader::new(bytes);
        let mut claims = Claims {
            key_digest: None,
            nonce: None,
        };
        for _ in 0..reader.map("claims")? {
            match reader.text("claim name")? {
                // Twice the same name, and readers would differ in which one they take.
                "pubkey-hash" if claims.key_digest.is_none() => {
                    let entry = reader.bytes("pubkey-hash")?;
                    claims.key_digest = Some(hash_entry(entry)?);
                }
                "nonce" if claims.nonce.is_none() => claims.nonce = Some(reader.bytes("nonce")?),
                "pubkey-hash" | "nonce" => {
                    return Err(reader.error("claim name", "the claim stands twice"));
                }
                _ => reader.skip("claim")?,
            }
        }
        reader.end("claims")?;
        Ok(claims)
    }

    /// Whether they name a key.
    fn names(&self, info: &[u8]) -> Result<(), String> {
        let Some((algorithm, digest)) = self.key_digest else {
            return Err("the claims name no key".to_owned());
        };
        let holds = match algorithm {
            1 => digest == sha256(info),
            7 => digest == sha384(info),
            8 => digest == sha512(info),
            other => {
                return Err(format!(
                    "the claims use hash algorithm {other}, expected 1, 7 or 8"
                ));
            }
        };
        holds
            .then_some(())
            .ok_or_else(|| "the claims name another key".to_owned())
    }
}

/// `[algorithm, digest]`.
fn hash_entry(bytes: &[u8]) -> Result<(u64, &[u8]), wire::Error> {
    let mut reader = Reader::new(bytes);
    if reader.array("hash entry")? != 2 {
        return Err(reader.error("hash entry", "not of two items"));
    }
    let entry = (
        reader.unsigned("hash algorithm")?,
        reader.bytes("hash value")?,
    );
    reader.end("hash entry")?;
    Ok(entry)
}

fn own_signature(certificate: &Certificate) -> Check {
    const WHAT: &str = "certificate's own signature";
    if !certificate.is_self_issued() {
        return Check::not_applicable(
            WHAT,
            format!(
                "issued by `{}`: whether that is trusted is the TLS client's question",
                certificate.issuer()
            ),
        );
    }
    let check = if certificate.is_signed_by(certificate) {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, SELF_CHECK).detail("the certificate was altered after it was made")
    };
    check.source("RFC 5280, section 6.1.3")
}

fn window(certificate: &Certificate, at: Instant) -> Check {
    const WHAT: &str = "certificate window";
    let value = format!(
        "{} to {}",
        certificate.not_before(),
        certificate.not_after()
    );
    let check = if certificate.is_current(at) {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, SELF_CHECK)
            .limit(format!("appraised at {at}"))
            .detail("the workload should have made a new certificate, with a new quote")
    };
    check.value(value).source("RFC 5280, section 4.1.2.5")
}
