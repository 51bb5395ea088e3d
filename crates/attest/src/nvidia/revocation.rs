//! Whether NVIDIA withdrew a device or an authority.

use crate::Appraisal;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::{Certificate, Crl, Path};

const UNKNOWN: &str = "tee/evidence-genuine#revocation-unknown";
const SOURCE: &str = "RFC 5280, section 6.3; lists at crl.ndis.nvidia.com";

/// Looks up every certificate that an authority outside the chip issued. The device's own comes from its boot ROM, which keeps
/// no list (nvtrust leaves it out too); where it hangs off the root itself there is no boot ROM between them.
pub(super) fn report(path: &Path, verifier: &Verifier, appraisal: &mut Appraisal) {
    let by_rom = usize::from(path.certificates().len() > 2);
    for pair in path.certificates().windows(2).skip(by_rom) {
        if let [certificate, issuer] = pair {
            let looked_up = look_up(certificate, issuer, verifier);
            appraisal.add(StepName::Revocation, looked_up.revocation);
            if let Some(list) = looked_up.list {
                appraisal.add(StepName::Collateral, list);
            }
        }
    }
}

/// What looking for a certificate came to.
pub(super) struct LookedUp {
    /// Whether it is revoked: a check of the step `revocation`.
    pub(super) revocation: Check,
    /// Whether the list is current: a check of the step `collateral`. `None` without a list.
    pub(super) list: Option<Check>,
}

/// Looks a certificate up in the newest list of its issuer that is at hand.
pub(super) fn look_up(
    certificate: &Certificate,
    issuer: &Certificate,
    verifier: &Verifier,
) -> LookedUp {
    let mut current = None;
    let what = format!("`{}` in the list of its issuer", certificate.common_name());
    let lists = &verifier.collateral.crls;
    let newest = lists
        .iter()
        .filter(|list| list.covers(certificate) && list.is_signed_by(issuer))
        .max_by_key(|list| (list.is_current(verifier.at), list.this_update()));
    let check = match newest {
        None if lists.iter().any(|list| list.covers(certificate)) => {
            Check::fail(what, "tee/evidence-genuine#bad-signature").detail(format!(
                "the list at hand is not signed by `{}`",
                issuer.common_name()
            ))
        }
        None => Check {
            cause: Some(UNKNOWN),
            ..Check::unproven(
                what,
                format!(
                    "no list of `{}` at hand: give it with --collateral; what it does not list NVIDIA answers by OCSP alone, which is not asked here",
                    issuer.common_name()
                ),
            )
        },
        // What was revoked once stays revoked, however old the list is.
        Some(list) if list.revokes(certificate) => {
            Check::fail(what, "tee/evidence-genuine#revoked")
                .value(format!("on the list of {}", list.this_update().date()))
                .detail("NVIDIA withdrew this device or its batch: take it out of service")
        }
        Some(list) => {
            let is_current = list.is_current(verifier.at);
            current = Some(window(list, issuer, verifier));
            if is_current {
                Check::pass(what).value(format!("not among {}", list.len()))
            } else {
                Check {
                    cause: Some(UNKNOWN),
                    ..Check::unproven(what, "the list is not current at the time of appraisal")
                }
            }
        }
    };
    LookedUp {
        revocation: check.source(SOURCE),
        list: current,
    }
}

fn window(list: &Crl, issuer: &Certificate, verifier: &Verifier) -> Check {
    let what = format!("revocation list of `{}`", issuer.common_name());
    let end = list.next_update().map(|next| next.date());
    let check = if list.is_current(verifier.at) {
        Check::pass(what)
    } else {
        Check::fail(what, "tee/collateral-freshness#expired")
            .limit(verifier.at.date())
            .detail("fetch it anew, or appraise at the time of the evidence with --at")
    };
    check
        .value(format!(
            "{} to {}",
            list.this_update().date(),
            end.as_deref().unwrap_or("open")
        ))
        .source(SOURCE)
}
