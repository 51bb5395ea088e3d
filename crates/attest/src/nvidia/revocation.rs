//! Whether NVIDIA withdrew a device or an authority.

use crate::Appraisal;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::{Answer, Certificate, Kind, Lapse, Path, Source, Standing, Word};

const UNKNOWN: &str = "tee/evidence-genuine#revocation-unknown";
const LISTS: &str = "RFC 5280, section 6.3; lists at crl.ndis.nvidia.com";
const RESPONSES: &str = "RFC 6960, section 4.2; ocsp.ndis.nvidia.com";

/// Looks up every certificate that an authority outside the chip issued. The device's own comes from its boot ROM, which keeps
/// no list and has no responder (nvtrust leaves it out too, and NVIDIA's responder refuses the question); where it hangs off the root itself
/// there is no boot ROM between them.
pub(super) fn of_device(path: &Path, verifier: &Verifier) -> Vec<LookedUp> {
    let by_rom = usize::from(path.certificates().len() > 2);
    let pairs = path.certificates().array_windows().skip(by_rom);
    pairs
        .map(|[certificate, issuer]| look_up(certificate, issuer, verifier))
        .collect()
}

/// What looking for a certificate came to.
#[derive(Debug)]
pub(super) struct LookedUp {
    /// Whether it is revoked: a check of the step `revocation`.
    pub(super) revocation: Check,
    /// Whether what says so is current: a check of the step `collateral`. `None` where nothing is needed that is.
    pub(super) window: Option<Check>,
}

impl LookedUp {
    pub(super) fn report(&self, appraisal: &mut Appraisal) {
        appraisal.add(StepName::Revocation, self.revocation.clone());
        if let Some(window) = &self.window {
            appraisal.add(StepName::Collateral, window.clone());
        }
    }
}

/// Looks a certificate up in the lists and responses at hand.
pub(super) fn look_up(
    certificate: &Certificate,
    issuer: &Certificate,
    verifier: &Verifier,
) -> LookedUp {
    let collateral = &verifier.collateral;
    let at_hand = Source {
        lists: &collateral.crls,
        responses: &collateral.responses,
        certificates: &collateral.certificates,
        at: verifier.at,
    };
    let what = format!("revocation of `{}`", certificate.common_name());
    let by = issuer.common_name();
    let standing = at_hand.standing(certificate, issuer);
    let check = match standing {
        Standing::Untold => Check::unproven(
            what,
            format!(
                "no list of `{by}` and no OCSP response about this certificate at hand: give one with --collateral"
            ),
        )
        .cause(UNKNOWN)
        .source(RESPONSES),
        Standing::Forged(kind) => Check::fail(what, "tee/evidence-genuine#bad-signature")
            .detail(match kind {
                Kind::List(_) => format!("the list at hand is not signed by `{by}`"),
                Kind::Response => format!(
                    "the OCSP response at hand is not signed by `{by}`, nor by a responder that it certified for this"
                ),
            })
            .source(source(kind)),
        Standing::Revoked(answer) => Check::fail(what, "tee/evidence-genuine#revoked")
            .value(revoked(&answer))
            .detail("NVIDIA withdrew this device or its batch: take it out of service")
            .source(source(answer.kind)),
        Standing::Clear(answer) => Check::pass(what)
            .value(clear(answer.kind))
            .source(source(answer.kind)),
        Standing::Open(answer) => Check::unproven(what, open(&answer))
            .cause(UNKNOWN)
            .source(source(answer.kind)),
    };
    let window = match standing {
        Standing::Clear(answer) | Standing::Open(answer) => {
            Some(window(&answer, certificate, issuer, verifier))
        }
        Standing::Untold | Standing::Forged(_) | Standing::Revoked(_) => None,
    };
    LookedUp {
        revocation: check,
        window,
    }
}

fn source(kind: Kind) -> &'static str {
    match kind {
        Kind::List(_) => LISTS,
        Kind::Response => RESPONSES,
    }
}

fn revoked(answer: &Answer) -> String {
    let said = answer.from.date();
    match (answer.kind, answer.word) {
        (Kind::List(_), _) => format!("on the list of {said}"),
        (Kind::Response, Word::Revoked(Some((since, reason)))) => {
            let why = reason.map_or("no reason given", reason_word);
            format!("since {} ({why}), by the response of {said}", since.date())
        }
        (Kind::Response, _) => format!("on hold (certificateHold), by the response of {said}"),
    }
}

/// `CRLReason`, RFC 5280 5.3.1.
fn reason_word(reason: u8) -> &'static str {
    match reason {
        0 => "unspecified",
        1 => "keyCompromise",
        2 => "cACompromise",
        3 => "affiliationChanged",
        4 => "superseded",
        5 => "cessationOfOperation",
        6 => "certificateHold",
        8 => "removeFromCRL",
        9 => "privilegeWithdrawn",
        10 => "aACompromise",
        _ => "a reason that is not known",
    }
}

fn clear(kind: Kind) -> String {
    match kind {
        Kind::List(length) => format!("not among {length}"),
        Kind::Response => "good".to_owned(),
    }
}

/// Why an answer does not decide.
fn open(answer: &Answer) -> &'static str {
    match (answer.lapse, answer.kind) {
        (None, _) => {
            "unknown: the responder does not know this certificate, so whether it is revoked nobody says"
        }
        (Some(Lapse::Later), _) => {
            "the OCSP response was made after the time of appraisal, and says nothing of it"
        }
        (Some(Lapse::Over), Kind::List(_)) => "the list is not current at the time of appraisal",
        (Some(Lapse::Over), Kind::Response) => {
            "the OCSP response is not current at the time of appraisal"
        }
        (Some(Lapse::ResponderOutside), _) => {
            "the certificate of its responder does not hold at the time of appraisal"
        }
        (Some(Lapse::ResponderRevoked), _) => "the certificate of its responder is revoked",
        (Some(Lapse::ResponderUnknown), _) => {
            "whether its responder is revoked is not known: give a list of the same issuer"
        }
    }
}

/// Whether what was used is current.
fn window(
    answer: &Answer,
    certificate: &Certificate,
    issuer: &Certificate,
    verifier: &Verifier,
) -> Check {
    let what = match answer.kind {
        Kind::List(_) => format!("revocation list of `{}`", issuer.common_name()),
        Kind::Response => format!("OCSP response about `{}`", certificate.common_name()),
    };
    let check = match answer.lapse {
        None | Some(Lapse::ResponderUnknown | Lapse::ResponderRevoked) => Check::pass(what),
        Some(Lapse::Later) => {
            Check::unproven(what, "appraise at a time when it was made, with --at")
                .limit(verifier.at.to_string())
        }
        Some(Lapse::Over | Lapse::ResponderOutside) => {
            Check::fail(what, "tee/collateral-freshness#expired")
                .limit(verifier.at.date())
                .detail("fetch it anew, or appraise at the time of the evidence with --at")
        }
    };
    check.value(span(answer)).source(source(answer.kind))
}

/// Lists live for weeks, responses for hours.
fn span(answer: &Answer) -> String {
    match (answer.kind, answer.to) {
        (Kind::Response, Some(to)) => format!("{} to {to}", answer.from),
        (Kind::List(_), Some(to)) => format!("{} to {}", answer.from.date(), to.date()),
        (_, None) => format!("{} to open", answer.from.date()),
    }
}
