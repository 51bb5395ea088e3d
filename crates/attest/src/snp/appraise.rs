//! The steps of a report's appraisal, in their order. Each is judged whatever the others say.

use super::{attributes, claims, identity, key, signature, structure, tcb};
use crate::appraisal::{Appraisal, Kind};
use crate::report_data;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::Certificate;
use wire::tee::snp::Report;

/// Appraises a report of 1184 bytes, or an extended one with a certificate table behind it.
///
/// `certificates` came with the evidence; those of the verifier's collateral count too. `nonce` is what the evidence was
/// asked for with.
#[must_use]
pub fn appraise(
    verifier: &Verifier,
    report: &[u8],
    certificates: &[Certificate],
    nonce: Option<&[u8]>,
) -> Appraisal {
    let parsed = match Report::parse(report) {
        Ok(parsed) => parsed,
        Err(error) => return unreadable(Kind::SnpReport, &error),
    };
    let mut appraisal = judge(verifier, Kind::SnpReport, &parsed, report, certificates);
    appraisal.add(
        StepName::Freshness,
        report_data::freshness(parsed.report_data, nonce),
    );
    appraisal.add(
        StepName::Binding,
        Check::not_applicable(
            "channel",
            "the evidence was not presented over a channel that is known here",
        ),
    );
    appraisal
}

/// Appraises a report whose report data is bound to something else than a nonce: the caller judges freshness and binding.
/// `None` for the report where it could not be read.
pub(crate) fn appraise_unbound<'a>(
    verifier: &Verifier,
    kind: Kind,
    report: &'a [u8],
    certificates: &[Certificate],
) -> (Appraisal, Option<Report<'a>>) {
    match Report::parse(report) {
        Ok(parsed) => {
            let appraisal = judge(verifier, kind, &parsed, report, certificates);
            (appraisal, Some(parsed))
        }
        Err(error) => (unreadable(kind, &error), None),
    }
}

fn unreadable(kind: Kind, error: &wire::Error) -> Appraisal {
    let check =
        Check::fail("SNP report", "tee/evidence-genuine#malformed").value(error.to_string());
    Appraisal::unreadable(kind, check)
}

fn judge(
    verifier: &Verifier,
    kind: Kind,
    report: &Report<'_>,
    bytes: &[u8],
    certificates: &[Certificate],
) -> Appraisal {
    let mut appraisal = Appraisal::new(kind);
    let behind = bytes.get(Report::SIZE..).unwrap_or_default();
    let mut evidence = structure::check(&mut appraisal, report, behind);
    evidence.extend_from_slice(certificates);

    let signer = signature::find(verifier, report, &evidence);
    let signer = signer.as_ref();
    let policy = verifier.policy.snp.as_ref();
    let extension = signer.and_then(|signer| signer.endorsement.extension.as_ref().ok());
    let product = key::product_of(report, extension);

    let mut add = |step, checks: Vec<Check>| {
        for check in checks {
            appraisal.add(step, check);
        }
    };
    if let Some(signer) = signer {
        let endorsement = &signer.endorsement;
        add(StepName::Chain, endorsement.chain.clone());
        add(StepName::Revocation, endorsement.revocation.clone());
        add(StepName::Collateral, endorsement.collateral.clone());
    }
    add(StepName::Key, key::checks(report, signer));
    add(StepName::Signature, vec![signature::check(report, signer)]);
    add(StepName::Tcb, tcb::checks(report, product, policy));
    add(StepName::Attributes, attributes::checks(report, policy));
    add(StepName::Identity, identity::checks(report, policy));
    claims::add(&mut appraisal, report, product);
    for step in [StepName::Chain, StepName::Revocation, StepName::Collateral] {
        if signer.is_none() {
            let why = "the certificate of the signing key is not at hand";
            appraisal.add(step, Check::unproven(step.name(), why));
        }
    }
    appraisal
}
