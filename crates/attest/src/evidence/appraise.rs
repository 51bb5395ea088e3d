//! From a form to the appraisal of it.

use super::{Evidence, Piece};
use crate::appraisal::Appraisal;
use crate::azure;
use crate::ccel;
use crate::devices;
use crate::intel;
use crate::nvidia;
use crate::ra_tls;
use crate::snp;
use crate::step::{Outcome, StepName};
use crate::token;
use crate::verifier::Verifier;
use std::borrow::Cow;
use wire::tee::intel::{Body, Quote};

impl Verifier {
    /// Appraises a piece of evidence. `nonce` is what the asker asked with.
    ///
    /// A nonce that stands beside the evidence in its own input is no challenge: whoever made the input chose both. It can refute,
    /// but never prove.
    #[must_use]
    pub fn appraise(&self, evidence: &Evidence, nonce: Option<&[u8]>) -> Appraisal {
        let asked = nonce.or(evidence.nonce.as_deref());
        let challenge = asked.map(|asked| challenge(asked, &evidence.devices));
        let mut appraisal = piece(self, &evidence.piece, challenge.as_deref());
        if asked.is_some() && !evidence.devices.is_empty() {
            devices::mention(&mut appraisal, evidence.devices.len());
        }
        if nonce.is_none() && evidence.nonce.is_some() {
            distrust(&mut appraisal);
        }
        appraisal
    }
}

/// What evidence must answer: the nonce, or what the nonce and the devices come to.
fn challenge<'n>(nonce: &'n [u8], devices: &[devices::Digest]) -> Cow<'n, [u8]> {
    if devices.is_empty() {
        return Cow::Borrowed(nonce);
    }
    // A nonce that is too long was not asked with: itself, it is no answer.
    devices::report_data(nonce, devices)
        .map_or(Cow::Borrowed(nonce), |data| Cow::Owned(data.to_vec()))
}

fn piece(verifier: &Verifier, piece: &Piece, nonce: Option<&[u8]>) -> Appraisal {
    match piece {
        Piece::IntelQuote { quote, event_log } => {
            let mut appraisal = intel::appraise(verifier, quote, nonce);
            if let Some(log) = event_log {
                replay(&mut appraisal, quote, log);
            }
            appraisal
        }
        Piece::SnpReport {
            report,
            certificates,
        } => snp::appraise(verifier, report, certificates, nonce),
        Piece::Azure(presented) => azure::appraise_presented(verifier, presented, nonce),
        Piece::Nvidia {
            messages,
            certificates,
        } => nvidia::appraise(verifier, messages, certificates, nonce),
        Piece::RaTls {
            certificate,
            presented,
        } => ra_tls::appraise(verifier, certificate, presented.as_ref(), nonce),
        Piece::Token(text) => token::appraise(verifier, text, nonce),
    }
}

/// Holds the event log against the registers of the quote.
fn replay(appraisal: &mut Appraisal, quote: &[u8], log: &[u8]) {
    let Ok(quote) = Quote::read(quote) else {
        return;
    };
    if let Body::TrustDomain(report) = &quote.body {
        let registers = report.rtmr.map(|register| *register);
        for check in ccel::checks(log, &registers) {
            appraisal.add(StepName::Binding, check);
        }
    }
}

/// Takes back what an answer to the input's own nonce would prove.
fn distrust(appraisal: &mut Appraisal) {
    let steps = appraisal.steps.iter_mut();
    for step in steps.filter(|step| step.name == StepName::Freshness) {
        for check in &mut step.checks {
            if check.outcome == Outcome::Pass {
                check.outcome = Outcome::Unproven;
                check.detail = "it answers the nonce that stands beside it, but whoever made the file chose both: give the one that you asked with (--nonce HEX)".into();
            }
        }
    }
}
