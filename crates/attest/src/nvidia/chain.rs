//! The device's certificates: from the key that signs to the pinned root.

use super::revocation::{self, LookedUp};
use crate::crypto::{PublicKey, Scheme};
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::{Certificate, ChainError, Path};
use crate::{Appraisal, Instant};

const WHAT: &str = "device certificate chain";
const SOURCE: &str = "NVIDIA Device Identity CA, pinned; RFC 5280, section 6.1";

/// What all evidence of one device shares. Depends on its certificates and the verifier alone.
#[derive(Debug)]
pub(super) struct Chain {
    /// The device's own certificate; `None` where only authorities were presented.
    pub(super) leaf: Option<Certificate>,
    /// Its key, for the signature over the measurements.
    pub(super) key: Option<PublicKey>,
    /// The way to the root, or why there is none.
    path: Option<Result<Path, ChainError>>,
    /// What was found of those on the way.
    looked_up: Vec<LookedUp>,
}

impl Chain {
    /// The chain that certificates make. NVIDIA presents the device's own first; here it is the one that is no authority, so
    /// that the order does not matter.
    pub(super) fn of(verifier: &Verifier, certificates: &[Certificate]) -> Self {
        let leaf = certificates
            .iter()
            .find(|certificate| !certificate.is_authority());
        let pool: Vec<Certificate> = certificates
            .iter()
            .chain(&verifier.collateral.certificates)
            .cloned()
            .collect();
        let path = leaf.map(|leaf| Path::find(leaf, &pool, &verifier.roots.nvidia));
        let looked_up = match &path {
            Some(Ok(path)) => revocation::of_device(path, verifier),
            _ => Vec::new(),
        };
        Chain {
            leaf: leaf.cloned(),
            key: leaf.and_then(|leaf| leaf.public_key(Scheme::P384Fixed)),
            path,
            looked_up,
        }
    }

    /// The device's certificate and the one that issued it, where the chain holds.
    pub(super) fn issuer(&self) -> Option<&Certificate> {
        match &self.path {
            Some(Ok(path)) => path.certificates().get(1),
            _ => None,
        }
    }

    /// The steps that certificates decide.
    pub(super) fn report(&self, verifier: &Verifier, appraisal: &mut Appraisal) {
        match &self.path {
            None => {
                appraisal.add(
                    StepName::Chain,
                    Check::unproven(
                        WHAT,
                        "no certificate of the device itself was presented, only authorities: give the whole chain",
                    )
                    .source(SOURCE),
                );
            }
            Some(Err(error)) => appraisal.add(StepName::Chain, refused(error)),
            Some(Ok(path)) => {
                appraisal.add(
                    StepName::Chain,
                    Check::pass(WHAT).value(path.names()).source(SOURCE),
                );
                appraisal.add(StepName::Chain, windows(path, verifier.at));
                for looked_up in &self.looked_up {
                    looked_up.report(appraisal);
                }
            }
        }
        let Some(Ok(path)) = &self.path else {
            appraisal.add(
                StepName::Revocation,
                Check::unproven("device certificates", "there is no chain to ask about"),
            );
            appraisal.add(
                StepName::Collateral,
                Check::unproven(
                    "certificates",
                    "there is no chain whose windows could be told",
                ),
            );
            return;
        };
        let until = match path.earliest_expiry() {
            // 9999-12-31T23:59:59Z, which NVIDIA writes, means that there is none (RFC 5280, section 4.1.2.5).
            None | Some(Instant(253_402_300_799..)) => "valid without end".to_owned(),
            Some(end) => format!("valid until {end}"),
        };
        appraisal.add(
            StepName::Collateral,
            Check::pass("certificates").value(until).source(SOURCE),
        );
    }
}

fn refused(error: &ChainError) -> Check {
    let check = match error {
        ChainError::NoIssuer { .. } => Check::unproven(
            WHAT,
            "give the whole chain, from the device's certificate to NVIDIA Device Identity CA",
        ),
        ChainError::OtherRoot { .. } => Check::fail(WHAT, "tee/evidence-genuine#root-not-pinned")
            .detail("anyone can make a root of their own: this evidence shows no NVIDIA hardware"),
        ChainError::BadSignature { .. }
        | ChainError::NotAuthority { .. }
        | ChainError::TooLong
        | ChainError::TooDeep { .. }
        | ChainError::UnknownExtension { .. } => {
            Check::fail(WHAT, "gpu/attestation#bad-chain-or-signature")
                .detail("the chain was altered, or is put together from parts of others")
        }
    };
    check.value(error.to_string()).source(SOURCE)
}

fn windows(path: &Path, at: Instant) -> Check {
    const WHAT: &str = "certificate windows";
    match path.outside(at) {
        None => Check::pass(WHAT)
            .value(format!("all hold at {at}"))
            .source("RFC 5280, section 4.1.2.5"),
        Some(certificate) => Check::fail(WHAT, "tee/evidence-genuine#expired-at-evidence-time")
            .value(format!(
                "`{}` runs from {} to {}",
                certificate.common_name(),
                certificate.not_before(),
                certificate.not_after()
            ))
            .limit(format!("appraised at {at}"))
            .source("RFC 5280, section 4.1.2.5")
            .detail("if the evidence is old, appraise it at the time it was made"),
    }
}
