//! What the collateral at hand says about one kind of platform: verified once, used for all its quotes.

use super::{QeIdentity, TcbInfo};
use crate::crypto::Scheme;
use crate::instant::Instant;
use crate::step::Check;
use crate::verifier::Verifier;
use crate::x509::{Certificate, Path};
use wire::tee::intel::TeeType;

/// The TCB info and QE identity that apply, with the checks of their signatures and windows.
#[derive(Debug)]
pub(super) struct Support {
    /// Index of the TCB info in the collateral.
    tcb_info: Option<usize>,
    /// Index of the QE identity in the collateral.
    qe_identity: Option<usize>,
    /// Checks of the step `collateral`.
    pub(super) checks: Vec<Check>,
    /// The certificates that sign the collateral, to be looked up in the root's revocation list.
    pub(super) signers: Vec<Certificate>,
}

const BAD_SIGNATURE: &str = "tee/evidence-genuine#bad-signature";
const EXPIRED: &str = "tee/collateral-freshness#expired";
const TCB_SIGNING: &str = "Intel SGX TCB Signing";

impl Support {
    /// Chooses what applies to a platform and verifies it. O(collateral).
    pub(super) fn of(verifier: &Verifier, fmspc: &[u8; 6], tee_type: TeeType) -> Self {
        let collateral = verifier.collateral();
        let is_tdx = tee_type == TeeType::Tdx;
        let infos = collateral.tcb_infos.iter().enumerate();
        let tcb_info = newest(
            infos
                .filter(|(_, info)| info.is_tdx() == is_tdx && info.content.fmspc.0 == *fmspc)
                .map(|(at, info)| (at, info.content.issue_date, info.content.next_update)),
            verifier.at(),
        );
        let id = if is_tdx { "TD_QE" } else { "QE" };
        let identities = collateral.qe_identities.iter().enumerate();
        let qe_identity = newest(
            identities
                .filter(|(_, identity)| identity.content.id == id)
                .map(|(at, identity)| {
                    (
                        at,
                        identity.content.issue_date,
                        identity.content.next_update,
                    )
                }),
            verifier.at(),
        );
        let mut support = Support {
            tcb_info,
            qe_identity,
            checks: Vec::new(),
            signers: Vec::new(),
        };
        match support.tcb_info(verifier) {
            Some(info) => support.verify(
                verifier,
                "TCB info",
                info.text.as_bytes(),
                &info.signature,
                (info.content.issue_date, info.content.next_update),
            ),
            None => support.checks.push(Check::unproven(
                "TCB info",
                format!(
                    "none at hand for {} platform {}: give Intel's answer with --collateral",
                    if is_tdx { "TDX" } else { "SGX" },
                    crate::crypto::hex(fmspc)
                ),
            )),
        }
        match support.qe_identity(verifier) {
            Some(identity) => support.verify(
                verifier,
                "QE identity",
                identity.text.as_bytes(),
                &identity.signature,
                (identity.content.issue_date, identity.content.next_update),
            ),
            None => support.checks.push(Check::unproven(
                "QE identity",
                format!("none at hand with id {id}: give Intel's answer with --collateral"),
            )),
        }
        support.compare_evaluations(verifier);
        support
    }

    /// The TCB info that applies.
    pub(super) fn tcb_info<'v>(&self, verifier: &'v Verifier) -> Option<&'v TcbInfo> {
        verifier.collateral().tcb_infos.get(self.tcb_info?)
    }

    /// The QE identity that applies.
    pub(super) fn qe_identity<'v>(&self, verifier: &'v Verifier) -> Option<&'v QeIdentity> {
        verifier.collateral().qe_identities.get(self.qe_identity?)
    }

    /// Signature by a TCB signing certificate under the pinned root, and the window.
    fn verify(
        &mut self,
        verifier: &Verifier,
        what: &'static str,
        text: &[u8],
        signature: &[u8],
        (issued, due): (Instant, Instant),
    ) {
        let at = verifier.at();
        let collateral = verifier.collateral();
        // Renewed certificates of one name overlap: one that made the signature and is in its window is wanted.
        let signers = collateral
            .certificates
            .iter()
            .filter(|certificate| certificate.common_name() == TCB_SIGNING);
        let mut made: Vec<&Certificate> = signers
            .filter(|signer| {
                signer
                    .public_key(Scheme::P256Fixed)
                    .is_some_and(|key| key.verifies(text, signature))
            })
            .collect();
        made.sort_by_key(|signer| !signer.is_current(at));
        let check = match made.first() {
            None if collateral
                .certificates
                .iter()
                .any(|certificate| certificate.common_name() == TCB_SIGNING) =>
            {
                Check::fail(format!("{what} signature"), BAD_SIGNATURE)
                    .detail("no TCB signing certificate at hand made it: the document was changed, or belongs to another certificate")
            }
            None => Check::unproven(
                format!("{what} signature"),
                "no TCB signing certificate at hand",
            ),
            Some(signer) => {
                if !self.signers.contains(signer) {
                    self.signers.push((*signer).clone());
                }
                match Path::find(signer, &collateral.certificates, &verifier.roots.intel) {
                    Err(error) => Check::fail(
                        format!("{what} signer"),
                        "tee/evidence-genuine#root-not-pinned",
                    )
                    .value(signer.common_name().to_owned())
                    .detail(error.to_string()),
                    Ok(path) => match path.outside(at) {
                        Some(outside) => Check::fail(
                            format!("{what} signer"),
                            "tee/evidence-genuine#expired-at-evidence-time",
                        )
                        .value(window(outside))
                        .limit(at.to_string())
                        .detail(format!(
                            "`{}` is not valid at that time",
                            outside.common_name()
                        )),
                        None => Check::pass(format!("{what} signature")).value(path.names()),
                    },
                }
            }
        };
        self.checks.push(check);
        let range = format!("{} to {}", issued.date(), due.date());
        self.checks.push(if issued <= at && at <= due {
            Check::pass(format!("{what} window")).value(range)
        } else {
            Check::fail(format!("{what} window"), EXPIRED)
                .value(range)
                .limit(at.date())
                .detail(if at < issued {
                    "made after the time of appraisal".to_owned()
                } else {
                    format!(
                        "{} days past its end: fetch it anew, or appraise at the time of the evidence with --at",
                        at.days_since(due)
                    )
                })
        });
    }

    fn compare_evaluations(&mut self, verifier: &Verifier) {
        let (Some(info), Some(identity)) = (self.tcb_info(verifier), self.qe_identity(verifier))
        else {
            return;
        };
        let numbers = (
            info.content.tcb_evaluation_data_number,
            identity.content.tcb_evaluation_data_number,
        );
        let lower = numbers.0.min(numbers.1);
        let what = "TCB evaluation data number";
        let check = match verifier.policy.tcb.evaluation_min {
            Some(min) if lower < min => {
                Check::fail(what, "tee/collateral-freshness#evaluation-mismatch")
                    .limit(format!("at least {min}"))
                    .source("policy tcb.evaluation-min")
                    .detail(
                        "older advisories only are taken into account: fetch the collateral anew",
                    )
            }
            _ if numbers.0 != numbers.1 => Check::unproven(
                what,
                "of two rounds of advisories: the older document does not know what the newer one does; fetch both together",
            )
            .cause("tee/collateral-freshness#evaluation-mismatch"),
            _ => Check::pass(what),
        };
        self.checks.push(check.value(if numbers.0 == numbers.1 {
            lower.to_string()
        } else {
            format!(
                "{} (TCB info), {} (QE identity): the lower counts",
                numbers.0, numbers.1
            )
        }));
    }
}

/// A certificate's window, for output.
pub(super) fn window(certificate: &Certificate) -> String {
    format!(
        "{} to {}",
        certificate.not_before().date(),
        certificate.not_after().date()
    )
}

/// Of several documents the one that is current, and of those the one made last.
fn newest(
    documents: impl Iterator<Item = (usize, Instant, Instant)>,
    at: Instant,
) -> Option<usize> {
    documents
        .max_by_key(|(_, issued, due)| (*issued <= at && at <= *due, *issued))
        .map(|(index, ..)| index)
}
