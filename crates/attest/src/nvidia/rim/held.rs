//! A manifest, verified. Depends on it and the verifier alone, so it is worked out once.

use super::Rim;
use crate::instant::Instant;
use crate::nvidia::revocation;
use crate::step::{Check, Outcome};
use crate::verifier::Verifier;
use crate::x509::{Certificate, ChainError, Path};

const SOURCE: &str = "NVIDIA CoRIM signing Root CA, pinned; W3C XML Signature 1.1";
const BAD_SIGNATURE: &str = "tee/evidence-genuine#bad-signature";

/// What verifying a manifest came to.
#[derive(Debug)]
pub(in crate::nvidia) struct Held {
    /// Checks of the step `collateral`.
    pub(in crate::nvidia) checks: Vec<Check>,
    /// Checks of the step `revocation`.
    pub(in crate::nvidia) revocation: Vec<Check>,
    /// Whether its values count: nothing failed, and the chain leads to the root. That neither list nor response is at hand leaves open whether
    /// somebody was revoked, which the step `revocation` says.
    pub(in crate::nvidia) counts: bool,
    /// When its signer's certificate began: of two manifests of one release the later one replaces the other.
    pub(in crate::nvidia) since: Option<Instant>,
}

impl Held {
    pub(in crate::nvidia) fn of(verifier: &Verifier, rim: &Rim) -> Self {
        let mut held = Held {
            checks: vec![signature(rim)],
            revocation: Vec::new(),
            counts: false,
            since: rim.signer().map(Certificate::not_before),
        };
        let mut windows = Vec::new();
        match path(verifier, rim) {
            Err(check) => held.checks.push(*check),
            Ok(path) => {
                let what = format!("signer of the manifest of {}", rim.release());
                let pass = Check::pass(what).value(path.names());
                held.checks.push(pass.source(SOURCE));
                held.checks.push(window(rim, &path, verifier));
                for [certificate, issuer] in path.certificates().array_windows() {
                    let looked_up = revocation::look_up(certificate, issuer, verifier);
                    held.revocation.push(looked_up.revocation);
                    windows.extend(looked_up.window);
                }
            }
        }
        let mut checks = held.checks.iter();
        let mut revocation = held.revocation.iter();
        held.counts = checks.all(|check| check.outcome == Outcome::Pass)
            && revocation.all(|check| check.outcome != Outcome::Fail);
        held.checks.extend(windows);
        held
    }
}

fn signature(rim: &Rim) -> Check {
    let what = format!("signature of the manifest of {}", rim.release());
    let is_signed = rim.key().is_some_and(|key| rim.is_signed_by(&key));
    let check = if !rim.is_unchanged() {
        Check::fail(what, BAD_SIGNATURE)
            .detail("the document was changed after it was signed: its values are not used")
    } else if !is_signed {
        Check::fail(what, BAD_SIGNATURE)
            .detail("the key of its certificate did not sign it: its values are not used")
    } else {
        Check::pass(what).value("all of the document but the signature")
    };
    check.source(SOURCE)
}

/// The way from the signer to NVIDIA's root.
fn path(verifier: &Verifier, rim: &Rim) -> Result<Path, Box<Check>> {
    let what = format!("signer of the manifest of {}", rim.release());
    let Some(signer) = rim.signer() else {
        let why = "it holds no signer's certificate, only authorities";
        return Err(Box::new(Check::unproven(what, why).source(SOURCE)));
    };
    let at_hand = rim
        .certificates
        .iter()
        .chain(&verifier.collateral.certificates);
    let pool: Vec<_> = at_hand.cloned().collect();
    Path::find(signer, &pool, &verifier.roots.nvidia_rim).map_err(|error| {
        let check = match error {
            ChainError::NoIssuer { .. } => Check::unproven(
                what,
                "a certificate is missing in it: its values are not used",
            ),
            ChainError::OtherRoot { .. } => {
                Check::fail(what, "tee/evidence-genuine#root-not-pinned")
                    .detail("anyone can sign with a root of their own: its values are not used")
            }
            ChainError::BadSignature { .. }
            | ChainError::NotAuthority { .. }
            | ChainError::TooLong
            | ChainError::TooDeep { .. }
            | ChainError::UnknownExtension { .. } => Check::fail(what, BAD_SIGNATURE)
                .detail("the chain was altered: the values of the manifest are not used"),
        };
        Box::new(check.value(error.to_string()).source(SOURCE))
    })
}

/// A manifest holds as long as the certificates of its signer. NVIDIA signs those that are in use anew.
fn window(rim: &Rim, path: &Path, verifier: &Verifier) -> Check {
    let what = format!("window of the manifest of {}", rim.release());
    let check = match path.outside(verifier.at) {
        None => {
            let until = path.earliest_expiry().map(|end| end.date());
            Check::pass(what).value(format!("until {}", until.unwrap_or_default()))
        }
        Some(outside) => Check::fail(what, "tee/collateral-freshness#expired")
            .value(format!(
                "`{}` runs from {} to {}",
                outside.common_name(),
                outside.not_before().date(),
                outside.not_after().date()
            ))
            .limit(format!("appraised at {}", verifier.at))
            .detail("its values are not used: fetch it anew, or appraise at the time of the evidence with --at"),
    };
    check.source("RFC 5280, section 4.1.2.5")
}
