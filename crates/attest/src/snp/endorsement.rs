//! The certificate of an endorsement key, looked at once for all reports that it signed.

use super::extension::{KeyExtension, NotEndorsement};
use super::revocation;
use crate::crypto::{PublicKey, Scheme};
use crate::instant::Instant;
use crate::roots::Roots;
use crate::step::Check;
use crate::x509::{Certificate, ChainError, Crl, Path};

/// What holds for every report that a key signed: nothing here depends on one.
#[derive(Debug)]
pub(super) struct Endorsement {
    /// Its certificate.
    pub(super) certificate: Certificate,
    /// What the certificate says of chip and firmware.
    pub(super) extension: Result<KeyExtension, NotEndorsement>,
    /// The key, where it is on P-384.
    pub(super) key: Option<PublicKey>,
    /// The checks of step `chain`.
    pub(super) chain: Vec<Check>,
    /// The checks of step `revocation`.
    pub(super) revocation: Vec<Check>,
    /// The checks of step `collateral`.
    pub(super) collateral: Vec<Check>,
}

impl Endorsement {
    /// Looks at a certificate. `pool` holds the certificates that may stand between it and a root.
    pub(super) fn of(
        certificate: &Certificate,
        pool: &[Certificate],
        roots: &Roots,
        lists: &[Crl],
        at: Instant,
    ) -> Self {
        let extension = KeyExtension::of(certificate);
        let path = Path::find(certificate, pool, &roots.amd);
        let mut chain = vec![to_root(&path, extension.as_ref().ok())];
        let (revocation, collateral) = match &path {
            Ok(path) => {
                chain.extend(path.certificates().iter().map(|one| in_window(one, at)));
                let judged = revocation::judge(path, lists, at);
                let collateral = current(path, judged.list, at);
                (judged.checks, collateral)
            }
            Err(_) => {
                chain.push(in_window(certificate, at));
                let none = "no chain to a pinned root";
                (
                    vec![
                        Check::unproven("revocation", none)
                            .cause("tee/evidence-genuine#revocation-unknown"),
                    ],
                    vec![Check::unproven("certificates", none)],
                )
            }
        };
        Endorsement {
            extension,
            key: certificate.public_key(Scheme::P384Fixed),
            certificate: certificate.clone(),
            chain,
            revocation,
            collateral,
        }
    }
}

fn to_root(path: &Result<Path, ChainError>, extension: Option<&KeyExtension>) -> Check {
    const WHAT: &str = "chain to the product's root key";
    const SOURCE: &str = "AMD 55766, chapter 3; roots pinned in this program";
    const NOT_PINNED: &str = "tee/evidence-genuine#root-not-pinned";
    let path = match path {
        Ok(path) => path,
        Err(error) if error.is_missing() => {
            return Check::unproven(WHAT, error.to_string())
                .source(SOURCE)
                .cause(NOT_PINNED);
        }
        Err(error) => {
            let cause = match error {
                ChainError::BadSignature { .. } => "tee/evidence-genuine#bad-signature",
                _ => NOT_PINNED,
            };
            return Check::fail(WHAT, cause)
                .value(error.to_string())
                .source(SOURCE);
        }
    };
    let root = path
        .certificates()
        .last()
        .map_or("", Certificate::common_name);
    // Every product has its root, and all are pinned: a chain to the root of another one proves nothing of this one.
    match extension.map(|extension| format!("ARK-{}", extension.product)) {
        Some(expected) if expected != root => Check::fail(WHAT, NOT_PINNED)
            .value(path.names())
            .limit(expected)
            .source(SOURCE)
            .detail("a genuine root, but that of another product"),
        _ => Check::pass(WHAT).value(path.names()).source(SOURCE),
    }
}

fn in_window(certificate: &Certificate, at: Instant) -> Check {
    let what = format!("window of {}", certificate.common_name());
    let window = format!(
        "{} to {}",
        certificate.not_before(),
        certificate.not_after()
    );
    if certificate.is_current(at) {
        return Check::pass(what).value(window);
    }
    Check::fail(what, "tee/evidence-genuine#expired-at-evidence-time")
        .value(window)
        .limit(at.to_string())
        .detail("appraise at the time of the evidence (--at), or renew the certificate")
}

fn current(path: &Path, list: Option<&Crl>, at: Instant) -> Vec<Check> {
    const EXPIRED: &str = "tee/collateral-freshness#expired";
    let mut checks = Vec::new();
    match list {
        None => checks.push(Check::unproven("revocation list", "none was given")),
        Some(list) => {
            let window = revocation::window(list);
            checks.push(if list.is_current(at) {
                Check::pass("revocation list").value(window)
            } else {
                Check::fail("revocation list", EXPIRED)
                    .value(window)
                    .limit(at.to_string())
            });
        }
    }
    let next = list.and_then(Crl::next_update);
    if let Some(earliest) = path.earliest_expiry().into_iter().chain(next).min() {
        let check = if at <= earliest {
            Check::pass("earliest expiry").detail("the appraisal holds until then")
        } else {
            Check::fail("earliest expiry", EXPIRED).limit(at.to_string())
        };
        checks.push(check.value(earliest.to_string()));
    }
    checks
}
