//! A certificate with a quote for its own key.

use super::binding;
use super::{Malformed, Presented, bind};
use crate::appraisal::{Appraisal, Kind};
use crate::crypto::hex;
use crate::intel;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::Certificate;
use wire::tee::intel::Quote;

/// Appraises a quote that a certificate carries, and whether it belongs to the certificate's key.
///
/// `nonce` is compared with the one that the claims name: the quote's report data holds the key, so it can hold no nonce itself.
#[must_use]
pub fn appraise(
    verifier: &Verifier,
    certificate: &Certificate,
    presented: Result<&Presented, &Malformed>,
    nonce: Option<&[u8]>,
) -> Appraisal {
    let malformed = |why: String| {
        let check = Check::fail("quote in the certificate", "tee/evidence-genuine#malformed");
        Appraisal::unreadable(Kind::RaTls, check.value(why))
    };
    let presented = match presented {
        Ok(presented) => presented,
        Err(error) => return malformed(error.to_string()),
    };
    let quote = match Quote::read(&presented.quote) {
        Ok(quote) => quote,
        Err(error) => return malformed(format!("{}: {error}", presented.form)),
    };
    let mut appraisal = intel::appraise(verifier, &presented.quote, None);
    appraisal.claim("RA-TLS evidence", appraisal.kind.name());
    appraisal.kind = Kind::RaTls;
    // Those of a quote alone do not hold here: its report data is for the key, and the key is known.
    for step in &mut appraisal.steps {
        if matches!(step.name, StepName::Freshness | StepName::Binding) {
            step.checks.clear();
        }
    }
    bind(
        &mut appraisal,
        certificate,
        presented,
        quote.report_data(),
        verifier.at(),
    );
    let named = binding::nonce(presented, quote.report_data());
    appraisal.add(StepName::Freshness, freshness(named, nonce));
    appraisal
}

fn freshness(named: Option<&[u8]>, nonce: Option<&[u8]>) -> Check {
    const WHAT: &str = "nonce in the claims";
    let check = match (named, nonce) {
        (Some(named), Some(nonce)) if named == nonce && nonce.len() >= 8 => Check::pass(WHAT),
        (Some(_), Some(nonce)) => Check::fail(WHAT, "tee/evidence-freshness#nonce-missing")
            .limit(hex(nonce))
            .detail("made for another challenge"),
        (Some(_), None) => Check::unproven(WHAT, "no nonce was given to compare it with"),
        (None, _) => Check::unproven(
            WHAT,
            "the certificate answers no challenge: a handshake with its key makes it fresh",
        ),
    };
    check.value(named.map(hex).unwrap_or_default())
}
