//! Whether the authority that issued a certificate took it back: what its lists and its responders' answers say together, at an instant.
//!
//! - What was revoked stays revoked, however old the list or the answer is that says so.
//! - A hold (`certificateHold`, RFC 5280 5.3.1) can be lifted: it stands until a newer answer that is current takes it back. A list names
//!   numbers alone here, so whoever is on hold in a list is revoked. NVIDIA's verifiers let a hold pass where they are told to (nvtrust
//!   02817309, `allow_hold_cert`; attestation-sdk 73c032eb, `ocsp_allow_cert_hold`), and refuse it otherwise, as this does.
//! - Of all else the newest that is current decides. That nobody knows the certificate does not show that it is not revoked.

use super::ocsp::{self, OcspResponse, Signer, Single, Status};
use super::{Certificate, Crl};
use crate::instant::Instant;

/// How long an answer counts that does not say when the next one is due. RFC 6960 4.2.2.1 reads that as: there is newer information all the time.
/// NVIDIA's SDK gives it an hour (attestation-sdk 73c032eb, `nv_ocsp.h`, `DEFAULT_NEXT_UPDATE_TTL_SECONDS`); NVIDIA's responder names the next day.
const WITHOUT_END: i64 = 3_600;

/// How far a responder's clock may be ahead of the one that the appraisal goes by: an answer that was fetched just now must count. As `openssl
/// ocsp` has it (OpenSSL 3.0, `apps/ocsp.c`, `MAX_VALIDITY_PERIOD`).
const AHEAD: i64 = 300;

/// `certificateHold`.
const HOLD: u8 = 6;

/// What at hand may tell.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// Lists of any authority.
    pub(crate) lists: &'a [Crl],
    /// Responses of any responder.
    pub(crate) responses: &'a [OcspResponse],
    /// Certificates, of responders among others.
    pub(crate) certificates: &'a [Certificate],
    /// The instant.
    pub(crate) at: Instant,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing at hand is about it.
    Untold,
    /// What is about it was not made by whoever may say it.
    Forged(Kind),
    /// It is revoked.
    Revoked(Answer),
    /// It is not revoked.
    Clear(Answer),
    /// What is about it does not decide.
    Open(Answer),
}

/// What says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A list, with so many certificates in it.
    List(usize),
    /// An answer of a responder.
    Response,
}

/// What a list or a response says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) kind: Kind,
    pub(crate) word: Word,
    /// From when it tells.
    pub(crate) from: Instant,
    /// The last instant at which it counts, where there is one.
    pub(crate) to: Option<Instant>,
    /// Why it does not count at the instant.
    pub(crate) lapse: Option<Lapse>,
}

/// What is said. Ordered so that the worst comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// It is not revoked.
    Clear,
    /// Nobody knows it.
    Unknown,
    /// It may not be used for now.
    Held,
    /// It is revoked: since when, and why, where that is said.
    Revoked(Option<(Instant, Option<u8>)>),
}

/// Why something that was genuinely said does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lapse {
    /// It was said later.
    Later,
    /// The next one is due.
    Over,
    /// The responder's certificate does not hold at the instant.
    ResponderOutside,
    /// The authority revoked the responder.
    ResponderRevoked,
    /// The authority did not say that nobody needs to ask whether it revoked the responder, and no current list of it is at hand.
    ResponderUnknown,
}

impl Source<'_> {
    /// How a certificate stands that an authority issued.
    pub(crate) fn standing(&self, certificate: &Certificate, issuer: &Certificate) -> Standing {
        let mut answers = Vec::new();
        let mut forged = None;
        for list in self.lists.iter().filter(|list| list.covers(certificate)) {
            if list.is_signed_by(issuer) {
                answers.push(self.listed(list, certificate));
            } else {
                forged = forged.or(Some(Kind::List(list.len())));
            }
        }
        for response in self.responses {
            let mut about = response.about(certificate, issuer).peekable();
            if about.peek().is_none() {
                continue;
            }
            match response.signer(issuer, self.certificates) {
                Some(signer) => {
                    let lapse = self.responder(&signer, issuer);
                    answers.extend(about.map(|single| self.answered(single, lapse)));
                }
                None => forged = forged.or(Some(Kind::Response)),
            }
        }
        decided(&answers).unwrap_or(forged.map_or(Standing::Untold, Standing::Forged))
    }

    fn listed(&self, list: &Crl, certificate: &Certificate) -> Answer {
        Answer {
            kind: Kind::List(list.len()),
            word: if list.revokes(certificate) {
                Word::Revoked(None)
            } else {
                Word::Clear
            },
            from: list.this_update(),
            to: list.next_update(),
            lapse: (!list.is_current(self.at)).then_some(Lapse::Over),
        }
    }

    fn answered(&self, single: &Single, responder: Option<Lapse>) -> Answer {
        let from = single.this_update;
        let open_end = Instant(from.0.saturating_add(WITHOUT_END));
        let to = single.next_update.unwrap_or(open_end);
        let lapse = if from.0 > self.at.0.saturating_add(AHEAD) {
            Some(Lapse::Later)
        } else if self.at > to {
            Some(Lapse::Over)
        } else {
            responder
        };
        Answer {
            kind: Kind::Response,
            word: match single.status {
                Status::Good => Word::Clear,
                Status::Unknown => Word::Unknown,
                Status::Revoked {
                    reason: Some(HOLD), ..
                } => Word::Held,
                Status::Revoked { since, reason } => Word::Revoked(Some((since, reason))),
            },
            from,
            to: Some(to),
            lapse,
        }
    }

    /// Why a signer's word does not count. A responder's own standing is asked of lists alone, and of no other responder.
    fn responder(&self, signer: &Signer<'_>, issuer: &Certificate) -> Option<Lapse> {
        let Signer::Responder(responder) = signer else {
            return None;
        };
        let lists = Source {
            responses: &[],
            ..*self
        };
        match lists.standing(responder, issuer) {
            Standing::Revoked(_) => Some(Lapse::ResponderRevoked),
            _ if !responder.is_current(self.at) => Some(Lapse::ResponderOutside),
            Standing::Clear(_) => None,
            _ if ocsp::is_never_checked(responder) => None,
            _ => Some(Lapse::ResponderUnknown),
        }
    }
}

/// What genuine answers come to; `None` where there are none.
fn decided(answers: &[Answer]) -> Option<Standing> {
    let newest = |word: fn(Word) -> bool| {
        let said = answers.iter().filter(move |answer| word(answer.word));
        said.max_by_key(|answer| answer.from).copied()
    };
    if let Some(revoked) = newest(|word| matches!(word, Word::Revoked(_))) {
        return Some(Standing::Revoked(revoked));
    }
    if let Some(held) = newest(|word| word == Word::Held) {
        let is_lifted = answers.iter().any(|answer| {
            answer.word == Word::Clear && answer.lapse.is_none() && answer.from > held.from
        });
        if !is_lifted {
            return Some(Standing::Revoked(held));
        }
    }
    let best = answers
        .iter()
        .max_by_key(|answer| (answer.lapse.is_none(), answer.from, answer.word))?;
    Some(match (best.word, best.lapse) {
        (Word::Clear, None) => Standing::Clear(*best),
        _ => Standing::Open(*best),
    })
}
