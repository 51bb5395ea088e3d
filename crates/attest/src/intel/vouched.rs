//! Who vouches for an attestation key: PCK chain, quoting enclave, collateral. Many quotes of a platform share all of it.

use super::levels::{State, isv_level};
use super::pck::Platform;
use super::revocation;
use super::support::{Support, window};
use crate::crypto::{PublicKey, Scheme, sha256};
use crate::step::Check;
use crate::verifier::Verifier;
use crate::x509::{Certificate, Path, chain};
use std::sync::Arc;
use wire::tee::intel::{Certification, EnclaveReport, QeCertification, SignatureData, TeeType};

/// Everything about a quote but the quote itself.
#[derive(Debug)]
pub(super) struct Vouched {
    /// The attestation key, where it is a valid one.
    pub(super) key: Option<PublicKey>,
    pub(super) chain: Vec<Check>,
    pub(super) revocation: Vec<Check>,
    pub(super) qe: Vec<Check>,
    pub(super) collateral: Vec<Check>,
    /// What the PCK certificate says, where there is one.
    pub(super) platform: Option<Platform>,
    /// The collateral that applies.
    pub(super) support: Option<Arc<Support>>,
    /// The state of the quoting enclave, where its identity is at hand.
    pub(super) qe_state: Option<State>,
}

const BAD_SIGNATURE: &str = "tee/evidence-genuine#bad-signature";
const QE_MISMATCH: &str = "tee/evidence-genuine#qe-identity-mismatch";

impl Vouched {
    pub(super) fn of(verifier: &Verifier, tee_type: TeeType, data: &SignatureData<'_>) -> Self {
        let mut point = Vec::with_capacity(65);
        point.push(4);
        point.extend(data.attestation_key);
        let mut vouched = Vouched {
            key: PublicKey::new(Scheme::P256Fixed, &point),
            chain: Vec::new(),
            revocation: Vec::new(),
            qe: Vec::new(),
            collateral: Vec::new(),
            platform: None,
            support: None,
            qe_state: None,
        };
        let found = certificates(verifier, data).unwrap_or_else(|check| {
            vouched.chain.push(*check);
            vouched.revocation.push(Check::unproven(
                "PCK certificate",
                "there is none to look up",
            ));
            Found::default()
        });
        if let Some(pck) = &found.pck {
            vouched.chain_of(verifier, pck, &found);
        }
        vouched.quoting_enclave(found.pck.as_ref(), data);
        if let Some(platform) = &vouched.platform {
            let support = verifier.intel.support(verifier, &platform.fmspc, tee_type);
            vouched.collateral.extend(support.checks.iter().cloned());
            for signer in &support.signers {
                for root in &verifier.roots.intel {
                    if signer.is_signed_by(root) {
                        revocation::of_certificate(
                            verifier,
                            signer,
                            root,
                            &mut vouched.revocation,
                            &mut Vec::new(),
                        );
                    }
                }
            }
            vouched.identity(verifier, &support, &data.qe);
            vouched.platform_matches(verifier, &support);
            vouched.support = Some(support);
        } else {
            vouched.collateral.push(Check::unproven(
                "TCB info and QE identity",
                "which ones apply is not known without the PCK certificate",
            ));
        }
        vouched
    }

    fn chain_of(&mut self, verifier: &Verifier, pck: &Certificate, found: &Found) {
        match Platform::of(pck) {
            Some(Ok(platform)) => self.platform = Some(platform),
            Some(Err(error)) => self.chain.push(
                Check::fail("PCK certificate", "tee/evidence-genuine#root-not-pinned")
                    .value(pck.common_name().to_owned())
                    .detail(format!("its SGX extension cannot be read: {error}")),
            ),
            None => self.chain.push(
                Check::fail("PCK certificate", "tee/evidence-genuine#root-not-pinned")
                    .value(pck.common_name().to_owned())
                    .detail("has no SGX extension: not a platform's certificate"),
            ),
        }
        match Path::find(pck, &found.pool, &verifier.roots.intel) {
            Ok(path) => {
                self.chain.push(
                    Check::pass("PCK chain")
                        .value(path.names())
                        .source("pinned Intel SGX Root CA"),
                );
                let mut presented = found.presented.iter();
                if let Some(stranger) =
                    presented.find(|certificate| !path.certificates().contains(certificate))
                {
                    self.chain.push(
                        Check::fail(
                            "certificates in the quote",
                            "tee/evidence-genuine#root-not-pinned",
                        )
                        .value(stranger.common_name().to_owned())
                        .detail("stands among them and is no part of the chain: it was exchanged"),
                    );
                }
                let at = verifier.at();
                self.chain.push(match path.outside(at) {
                    Some(outside) => Check::fail(
                        "PCK chain windows",
                        "tee/evidence-genuine#expired-at-evidence-time",
                    )
                    .value(window(outside))
                    .limit(at.date())
                    .detail(format!(
                        "`{}` is not valid at that time",
                        outside.common_name()
                    )),
                    None => Check::pass("PCK chain windows").value(
                        path.earliest_expiry()
                            .map(|end| format!("until {}", end.date()))
                            .unwrap_or_default(),
                    ),
                });
                let (revocation, collateral) = revocation::of_path(verifier, &path);
                self.revocation.extend(revocation);
                self.collateral.extend(collateral);
            }
            Err(error) => {
                let check = if error.is_missing() {
                    Check::unproven("PCK chain", error.to_string())
                        .cause("tee/evidence-genuine#root-not-pinned")
                } else {
                    Check::fail("PCK chain", "tee/evidence-genuine#root-not-pinned")
                        .detail(error.to_string())
                };
                self.chain.push(check.source("pinned Intel SGX Root CA"));
                self.revocation.push(Check::unproven(
                    "PCK certificate",
                    "a chain that does not hold has no revocation list",
                ));
            }
        }
    }

    /// The quoting enclave's report: signed by the platform's key, and about this attestation key.
    fn quoting_enclave(&mut self, pck: Option<&Certificate>, data: &SignatureData<'_>) {
        let report = &data.qe.report;
        self.qe
            .push(match pck.map(|pck| pck.public_key(Scheme::P256Fixed)) {
                None => Check::unproven(
                    "QE report signature",
                    "no PCK certificate to verify it with",
                ),
                Some(key) => {
                    let verifies =
                        key.is_some_and(|key| key.verifies(report.bytes, data.qe.report_signature));
                    if verifies {
                        Check::pass("QE report signature").value("by the platform's key (PCK)")
                    } else {
                        Check::fail("QE report signature", BAD_SIGNATURE)
                            .detail("the platform's key did not sign the quoting enclave's report")
                    }
                }
            });
        let mut vouches_for = data.attestation_key.to_vec();
        vouches_for.extend(data.qe.authentication_data);
        let (digest, rest) = report.report_data.split_at(32);
        let is_about_key = digest == sha256(&vouches_for) && rest.iter().all(|byte| *byte == 0);
        self.qe.push(if is_about_key {
            Check::pass("attestation key in the QE report").value("its SHA-256")
        } else {
            Check::fail("attestation key in the QE report", QE_MISMATCH)
                .detail("the quoting enclave's report is about another key")
        });
        if self.key.is_none() {
            self.qe
                .push(Check::fail("attestation key", BAD_SIGNATURE).detail("not a point on P-256"));
        }
    }

    /// The quoting enclave against Intel's identity for it.
    fn identity(&mut self, verifier: &Verifier, support: &Support, qe: &QeCertification<'_>) {
        const WHAT: &str = "quoting enclave";
        let Some(identity) = support.qe_identity(verifier) else {
            self.qe
                .push(Check::unproven(WHAT, "no QE identity at hand"));
            return;
        };
        let identity = &identity.content;
        let report = &qe.report;
        let wrong = [
            (*report.mr_signer != identity.mrsigner.0, "MRSIGNER"),
            (report.isv_prod_id != identity.isvprodid, "ISVPRODID"),
            (
                !masked(
                    report.attributes,
                    &identity.attributes_mask.0,
                    &identity.attributes.0,
                ),
                "ATTRIBUTES",
            ),
            (
                !masked(
                    report.misc_select,
                    &identity.miscselect_mask.0,
                    &identity.miscselect.0,
                ),
                "MISCSELECT",
            ),
        ];
        let wrong: Vec<&str> = wrong
            .iter()
            .filter_map(|(is_wrong, name)| is_wrong.then_some(*name))
            .collect();
        self.qe.push(if wrong.is_empty() {
            Check::pass(WHAT)
                .value(format!(
                    "Intel's {}, ISVSVN {}",
                    identity.id, report.isv_svn
                ))
                .source("QE identity")
        } else {
            Check::fail(WHAT, QE_MISMATCH)
                .value(describe(report))
                .source("QE identity")
                .detail(format!(
                    "{} are not those of Intel's quoting enclave",
                    wrong.join(", ")
                ))
        });
        self.qe_state = isv_level(&identity.tcb_levels, report.isv_svn).map(State::of_isv_level);
        if self.qe_state.is_none() {
            self.qe.push(
                Check::fail("quoting enclave level", "tee/tcb-level#below-lowest")
                    .value(format!("ISVSVN {}", report.isv_svn))
                    .detail("below every level that Intel lists"),
            );
        }
    }

    /// The collateral is about this platform.
    fn platform_matches(&mut self, verifier: &Verifier, support: &Support) {
        let (Some(platform), Some(info)) = (&self.platform, support.tcb_info(verifier)) else {
            return;
        };
        if platform.pce_id != info.content.pce_id.0 {
            self.qe.push(
                Check::fail("PCEID", "tee/evidence-genuine#platform-mismatch")
                    .value(crate::crypto::hex(&platform.pce_id))
                    .limit(info.content.pce_id.to_string())
                    .source("TCB info"),
            );
        }
    }
}

/// The PCK certificate, and what its chain may be made of.
#[derive(Default)]
struct Found {
    pck: Option<Certificate>,
    pool: Vec<Certificate>,
    /// What the quote holds: all of it must be the chain.
    presented: Vec<Certificate>,
}

fn certificates(verifier: &Verifier, data: &SignatureData<'_>) -> Result<Found, Box<Check>> {
    let at_hand = &verifier.collateral().certificates;
    match data.qe.certification {
        Certification::Chain(pem) => {
            let presented = chain(pem).map_err(damaged)?;
            let pck = presented.first().cloned();
            if pck.is_none() {
                return Err(damaged("there is none".to_owned()));
            }
            let mut pool = presented.clone();
            pool.extend(at_hand.iter().cloned());
            Ok(Found {
                pck,
                pool,
                presented,
            })
        }
        Certification::Identifier { kind, .. } => {
            let signed = |certificate: &&Certificate| {
                certificate
                    .public_key(Scheme::P256Fixed)
                    .is_some_and(|key| key.verifies(data.qe.report.bytes, data.qe.report_signature))
            };
            match at_hand.iter().find(signed) {
                Some(pck) => Ok(Found {
                    pck: Some(pck.clone()),
                    pool: at_hand.clone(),
                    presented: Vec::new(),
                }),
                None => Err(Box::new(Check::unproven(
                    "PCK certificate",
                    format!(
                        "the quote names its platform only (certification data of type {kind}), and no certificate at hand signed its QE report: give the PCK certificate with --collateral"
                    ),
                ))),
            }
        }
    }
}

fn damaged(why: String) -> Box<Check> {
    Box::new(
        Check::fail("PCK chain", "tee/evidence-genuine#root-not-pinned").detail(format!(
            "the certificates in the quote cannot be read: {why}"
        )),
    )
}

/// Whether a value under a mask is the expected one.
fn masked(value: &[u8], mask: &[u8], expected: &[u8]) -> bool {
    value
        .iter()
        .zip(mask)
        .zip(expected)
        .all(|((value, mask), expected)| value & mask == *expected)
}

fn describe(report: &EnclaveReport<'_>) -> String {
    format!(
        "MRSIGNER {}, ISVPRODID {}, ISVSVN {}",
        crate::crypto::hex(report.mr_signer),
        report.isv_prod_id,
        report.isv_svn
    )
}
