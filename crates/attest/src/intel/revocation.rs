//! Intel's revocation lists: the root's over intermediates and signers of collateral, the PCK authorities' over platforms.

use crate::step::Check;
use crate::verifier::Verifier;
use crate::x509::{Certificate, Crl, Path};

const UNKNOWN: &str = "tee/evidence-genuine#revocation-unknown";

/// Checks of the steps `revocation` and `collateral` for a chain whose signatures hold.
pub(super) fn of_path(verifier: &Verifier, path: &Path) -> (Vec<Check>, Vec<Check>) {
    let (mut revocation, mut collateral) = (Vec::new(), Vec::new());
    for [certificate, issuer] in path.certificates().array_windows::<2>() {
        of_certificate(
            verifier,
            certificate,
            issuer,
            &mut revocation,
            &mut collateral,
        );
    }
    (revocation, collateral)
}

/// Looks a certificate up in its issuer's list.
pub(super) fn of_certificate(
    verifier: &Verifier,
    certificate: &Certificate,
    issuer: &Certificate,
    revocation: &mut Vec<Check>,
    collateral: &mut Vec<Check>,
) {
    let at = verifier.at();
    let what = format!("`{}` in the list of its issuer", certificate.common_name());
    let signed = |crl: &&Crl| crl.covers(certificate) && crl.is_signed_by(issuer);
    let lists = &verifier.collateral().crls;
    let newest = lists
        .iter()
        .filter(signed)
        .max_by_key(|crl| (crl.is_current(at), crl.this_update()));
    let Some(crl) = newest else {
        let has_forged = lists.iter().any(|crl| crl.covers(certificate));
        revocation.push(if has_forged {
            Check::fail(what, "tee/evidence-genuine#bad-signature").detail(format!(
                "the list at hand is not signed by `{}`",
                issuer.common_name()
            ))
        } else {
            Check::unproven(
                what,
                format!(
                    "no list of `{}` at hand: give it with --collateral",
                    issuer.common_name()
                ),
            )
            .cause(UNKNOWN)
        });
        return;
    };
    if crl.revokes(certificate) {
        revocation.push(
            Check::fail(what, "tee/evidence-genuine#revoked")
                .value(format!(
                    "serial {}",
                    crate::crypto::hex(certificate.serial())
                ))
                .detail("revoked: whoever has its key may sign anything"),
        );
        return;
    }
    let end = crl
        .next_update()
        .map_or_else(|| "open".to_owned(), |next| next.date());
    let range = format!("{} to {end}", crl.this_update().date());
    let window = format!("revocation list of `{}`", issuer.common_name());
    if crl.is_current(at) {
        revocation.push(Check::pass(what).value(format!("not among {}", crl.len())));
        collateral.push(Check::pass(window).value(range));
    } else {
        revocation.push(
            Check::unproven(what, "the list is not current at the time of appraisal")
                .value(range.clone())
                .cause(UNKNOWN),
        );
        collateral.push(
            Check::fail(window, "tee/collateral-freshness#expired")
                .value(range)
                .limit(at.date())
                .detail("fetch it anew, or appraise at the time of the evidence with --at"),
        );
    }
}
