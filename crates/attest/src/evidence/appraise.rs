//! From a form to the appraisal of it.

use super::{Evidence, Piece};
use crate::appraisal::Appraisal;
use crate::azure;
use crate::ccel;
use crate::intel;
use crate::nvidia;
use crate::ra_tls;
use crate::snp;
use crate::step::{Outcome, StepName};
use crate::token;
use crate::verifier::Verifier;
use wire::tee::intel::{Body, Quote};

impl Verifier {
    /// Appraises a piece of evidence. `nonce` is what the asker asked with.
    ///
    /// A nonce that stands beside the evidence in its own input is no challenge: whoever made the input chose both. It can refute,
    /// but never prove.
    #[must_use]
    pub fn appraise(&self, evidence: &Evidence, nonce: Option<&[u8]>) -> Appraisal {
        if nonce.is_some() {
            return piece(self, &evidence.piece, nonce);
        }
        let mut appraisal = piece(self, &evidence.piece, evidence.nonce.as_deref());
        if evidence.nonce.is_some() {
            distrust(&mut appraisal);
        }
        appraisal
    }
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
