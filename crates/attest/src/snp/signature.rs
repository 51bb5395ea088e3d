//! Which key signed a report, and step `signature`.

use super::endorsement::Endorsement;
use super::extension::{KeyExtension, Owner, is_endorsement};
use crate::step::Check;
use crate::verifier::Verifier;
use crate::x509::Certificate;
use std::sync::Arc;
use wire::tee::snp::{Report, SigningKey};

const BAD: &str = "tee/evidence-genuine#bad-signature";
const SOURCE: &str = "AMD 56860, ATTESTATION_REPORT, signature over bytes 0 to 0x29f";

/// Keys that are tried on one report. Evidence brings one or two; where the chip is masked, a fleet's collateral would bring
/// all chips with the same firmware.
const MOST_TRIED: usize = 16;

/// The key that belongs to a report.
pub(super) struct Signer {
    /// Its certificate and all that holds for it.
    pub(super) endorsement: Arc<Endorsement>,
    /// Whether it signed the report.
    has_signed: bool,
}

/// Finds the key: of those at hand the first that signed, the ones that name this chip and these versions first. Where none
/// signed, the one that fits best, so that the report says what is wrong with it.
pub(super) fn find(
    verifier: &Verifier,
    report: &Report<'_>,
    evidence: &[Certificate],
) -> Option<Signer> {
    let memory = &verifier.snp;
    let brought = evidence.iter().filter(|one| is_endorsement(one));
    let kept = memory.index(verifier).keys(report);
    let mut candidates: Vec<Arc<Endorsement>> = brought
        .chain(kept)
        .take(4 * MOST_TRIED)
        .map(|one| memory.endorsement(verifier, one, evidence))
        .collect();
    candidates
        .sort_by_cached_key(|one| std::cmp::Reverse(fit(one.extension.as_ref().ok(), report)));
    candidates.truncate(MOST_TRIED);
    let signature = report.signature.big_endian();
    let signed = signature.and_then(|signature| {
        candidates.iter().find(|one| {
            let key = one.key.as_ref();
            key.is_some_and(|key| key.verifies(report.signed, &signature))
        })
    });
    let has_signed = signed.is_some();
    signed.or(candidates.first()).map(|endorsement| Signer {
        endorsement: Arc::clone(endorsement),
        has_signed,
    })
}

/// How much of a report a key's certificate names.
fn fit(extension: Option<&KeyExtension>, report: &Report<'_>) -> usize {
    let Some(extension) = extension else {
        return 0;
    };
    let is_kind = match (&extension.owner, report.key_info.signing_key()) {
        (Owner::Chip(chip), SigningKey::Vcek) => 1 + usize::from(report.chip_id.starts_with(chip)),
        (Owner::Provider(_), SigningKey::Vlek) => 2,
        _ => 0,
    };
    2 * is_kind + usize::from(extension.tcb == report.reported_tcb)
}

/// The check of the step.
pub(super) fn check(report: &Report<'_>, signer: Option<&Signer>) -> Check {
    const WHAT: &str = "report signature";
    if report.signature_algorithm != 1 {
        return Check::fail(WHAT, "tee/evidence-genuine#malformed")
            .value(format!("algorithm {}", report.signature_algorithm))
            .limit("1 (ECDSA P-384 with SHA-384)")
            .source(SOURCE);
    }
    if report.key_info.masks_chip_key() || report.key_info.signing_key() == SigningKey::None {
        return Check::fail(WHAT, BAD)
            .value("not signed, as KEY_INFO says")
            .source(SOURCE)
            .detail(
                "the host keeps the firmware from signing: anybody could have written this report",
            );
    }
    if report.signature.big_endian().is_none() {
        return Check::fail(WHAT, BAD)
            .value("r or s takes more than 48 bytes")
            .source(SOURCE);
    }
    let Some(signer) = signer else {
        return Check::unproven(WHAT, "the certificate of the key is not at hand").source(SOURCE);
    };
    let name = signer.endorsement.certificate.common_name();
    if signer.has_signed {
        return Check::pass(WHAT)
            .value(format!("by the key of {name}"))
            .source(SOURCE);
    }
    let value = if signer.endorsement.key.is_none() {
        format!("the key of {name} is not on P-384")
    } else {
        format!("not by the key of {name}")
    };
    Check::fail(WHAT, BAD)
        .value(value)
        .source(SOURCE)
        .detail("the report was changed, or another chip, firmware or nobody's key signed it")
}
