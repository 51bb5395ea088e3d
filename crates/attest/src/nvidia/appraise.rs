//! The steps, in their order.

use super::chain::Chain;
use super::policy::NvidiaPolicy;
use super::rim::Manifests;
use super::{attributes, device_identity, firmware, identity};
use crate::crypto::{Scheme, hex, sha256};
use crate::report_data::SHORTEST_NONCE;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::Certificate;
use crate::{Appraisal, Kind};
use wire::tee::nvidia::{Evidence, FieldKind};

const SPDM: &str = "DMTF DSP0274 1.1.1";
/// All measurements are asked for.
const ALL: u8 = 0xff;

/// Appraises what a GPU or a switch answered, with its certificates, and with the challenge where there was one. Without
/// certificates they are looked for in the verifier's collateral.
#[must_use]
pub fn appraise(
    verifier: &Verifier,
    evidence: &[u8],
    certificates: &[Certificate],
    nonce: Option<&[u8]>,
) -> Appraisal {
    let evidence = match Evidence::parse(evidence) {
        Ok(evidence) => evidence,
        Err(error) => {
            let check = Check::fail("SPDM measurements", "tee/evidence-genuine#malformed")
                .value(error.to_string())
                .source(SPDM);
            return Appraisal::unreadable(Kind::NvidiaGpu, check);
        }
    };
    let mut appraisal = Appraisal::new(if evidence.is_switch() {
        Kind::NvidiaSwitch
    } else {
        Kind::NvidiaGpu
    });
    let nothing_pinned = NvidiaPolicy::default();
    let policy = verifier.policy.nvidia.as_ref().unwrap_or(&nothing_pinned);
    claims(&evidence, &mut appraisal);
    structure(&evidence, &mut appraisal);
    let found;
    let certificates = if certificates.is_empty() {
        found = signers(verifier, &evidence);
        found.as_slice()
    } else {
        certificates
    };
    let ders: Vec<&[u8]> = certificates.iter().map(Certificate::der).collect();
    // A DER certificate ends itself, so the parts cannot run into each other.
    let chain = verifier
        .nvidia
        .chains
        .get(&ders.concat(), || Chain::of(verifier, certificates));
    if let Some(leaf) = &chain.leaf {
        // A device has one, and never another: it tells it from all others.
        let key = sha256(leaf.subject_public_key_info());
        appraisal.claim("SHA-256 of the device's key", hex(&key));
    }
    chain.report(verifier, &mut appraisal);
    key(&evidence, &chain, &mut appraisal);
    appraisal.add(StepName::Signature, signature(&evidence, &chain));
    let manifests = Manifests::of(verifier, &evidence, chain.leaf.as_ref());
    manifests.report(
        |rim| identity::leans_on(rim, &evidence, policy),
        &mut appraisal,
    );
    firmware::versions(&evidence, policy, &manifests, &mut appraisal);
    let identity = identity::identity(&evidence, policy, &manifests);
    attributes::report(&evidence, policy, &mut appraisal);
    appraisal.add(StepName::Attributes, identity::debug(&identity));
    for check in identity {
        appraisal.add(StepName::Identity, check);
    }
    appraisal.add(StepName::Freshness, freshness(&evidence, nonce));
    appraisal.add(StepName::Binding, binding());
    appraisal.close("there was nothing to look at");
    appraisal
}

/// The device's certificate among the collateral, where the evidence came without: the one whose key signed it. Those above it are
/// found from there. Where none signed it but only one device's is given, that one: it is then told that it does not fit.
fn signers(verifier: &Verifier, evidence: &Evidence<'_>) -> Vec<Certificate> {
    let of_devices: Vec<&Certificate> = verifier
        .collateral
        .certificates
        .iter()
        .filter(|one| !one.is_authority() && device_identity::of(one).is_some())
        .collect();
    let signer = of_devices.iter().copied().find(|one| {
        one.public_key(Scheme::P384Fixed)
            .is_some_and(|key| key.verifies(evidence.signed, evidence.signature))
    });
    let only = match of_devices.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    signer.or(only).into_iter().cloned().collect()
}

fn claims(evidence: &Evidence<'_>, appraisal: &mut Appraisal) {
    for field in &evidence.opaque {
        appraisal.claim(field.kind.name(), field.shown());
    }
    appraisal.claim("request nonce", hex(evidence.request.nonce));
    for measurement in &evidence.measurements {
        // Unused ones are zero, and are most of the 64.
        if measurement.value.iter().any(|byte| *byte != 0) {
            let value = format!("{} {}", measurement.index, hex(measurement.value));
            appraisal.claim("measurement", value);
        }
    }
}

fn structure(evidence: &Evidence<'_>, appraisal: &mut Appraisal) {
    let count = evidence.measurements.len();
    let fields = evidence.opaque.len();
    let check = Check::pass("SPDM measurements")
        .value(format!("{count} measurements, {fields} fields"))
        .source(SPDM);
    appraisal.add(
        StepName::Structure,
        if evidence.trailing.is_empty() {
            check
        } else {
            check.detail("one byte follows the signature; nothing signs it, and it is not read")
        },
    );
    if evidence.request.operation != ALL || count == 0 {
        appraisal.add(
            StepName::Structure,
            Check::unproven(
                "measurements that were asked for",
                "the request did not ask for all of them: what is missing here may be what matters",
            )
            .value(format!("{:#04x}", evidence.request.operation))
            .limit("0xff (all)")
            .source(SPDM),
        );
    }
}

fn key(evidence: &Evidence<'_>, chain: &Chain, appraisal: &mut Appraisal) {
    const FIRMWARE: &str = "firmware that holds the key (FWID)";
    const CAUSE: &str = "gpu/attestation#bad-chain-or-signature";
    let source = "TCG DICE, extension 2.23.133.5.4.1 of the device certificate";
    let Some(leaf) = &chain.leaf else {
        let why = "the device's certificate is not at hand";
        return appraisal.add(StepName::Key, Check::unproven(FIRMWARE, why));
    };
    let identity = match device_identity::of(leaf) {
        Some(Ok(identity)) => identity,
        Some(Err(error)) => {
            let check = Check::fail(FIRMWARE, CAUSE).value(format!("extension: {error}"));
            return appraisal.add(StepName::Key, check.source(source));
        }
        None => {
            let check = Check::fail(FIRMWARE, CAUSE)
                .value("no such extension")
                .detail("not a certificate that a device's boot ROM issues to its firmware");
            return appraisal.add(StepName::Key, check.source(source));
        }
    };
    if let Some(issuer) = chain.issuer() {
        const WHAT: &str = "key of the layer below (boot ROM)";
        let check = if identity.device_key == issuer.subject_public_key_info() {
            Check::pass(WHAT).value(issuer.common_name().to_owned())
        } else {
            Check::fail(WHAT, CAUSE).value("not the issuer's key")
        };
        appraisal.add(StepName::Key, check.source(source));
    }
    let certified = hex(&identity.firmware);
    let check = match evidence.opaque(FieldKind::FIRMWARE_ID) {
        Some(reported) if reported == identity.firmware => Check::pass(FIRMWARE).value(certified),
        Some(reported) => Check::fail(FIRMWARE, CAUSE)
            .value(hex(reported))
            .limit(certified)
            .detail("the evidence names other firmware than its certificate: they do not belong together"),
        None if evidence.is_switch() => Check::pass(FIRMWARE)
            .value(certified)
            .detail("from the certificate alone: a switch does not repeat it in its evidence"),
        None => Check::unproven(FIRMWARE, "the evidence does not name its firmware").limit(certified),
    };
    appraisal.add(StepName::Key, check.source(source));
}

fn signature(evidence: &Evidence<'_>, chain: &Chain) -> Check {
    const WHAT: &str = "signature over request and response";
    let Some(leaf) = &chain.leaf else {
        return Check::unproven(WHAT, "the device's certificate is not at hand");
    };
    let source = format!("{SPDM}; ECDSA P-384 with SHA-384");
    let holds = chain
        .key
        .as_ref()
        .is_some_and(|key| key.verifies(evidence.signed, evidence.signature));
    let check = if holds {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, "gpu/attestation#bad-chain-or-signature")
            .detail("the evidence was altered, or these are the certificates of another device")
    };
    check
        .value(format!("key of `{}`", leaf.common_name()))
        .source(source)
}

fn freshness(evidence: &Evidence<'_>, nonce: Option<&[u8]>) -> Check {
    const WHAT: &str = "nonce of the request";
    let found = evidence.request.nonce;
    let check = match nonce {
        None if found.iter().all(|byte| *byte == 0) => {
            Check::fail(WHAT, "tee/evidence-freshness#constant-report-data")
                .detail("made without any challenge: a copy of it is as good as the original")
        }
        None => Check::unproven(
            WHAT,
            "no nonce was given: whoever asked for the evidence knows it",
        ),
        Some(nonce) if answers(found, nonce) => Check::pass(WHAT),
        Some(nonce) => Check::fail(WHAT, "gpu/attestation#nonce-mismatch")
            .limit(hex(nonce))
            .detail(if nonce.len() < SHORTEST_NONCE {
                "a nonce of less than 8 bytes proves nothing: ask with a random one of 32"
            } else {
                "this answers another challenge: an old answer, or another's"
            }),
    };
    check.value(hex(found)).source(SPDM)
}

/// Whether a request asked with a nonce. A shorter one has zeros behind it, as in report data of processors, so that one nonce asks
/// both; one that is guessed too easily asks nothing.
fn answers(found: &[u8; 32], nonce: &[u8]) -> bool {
    nonce.len() >= SHORTEST_NONCE
        && found
            .strip_prefix(nonce)
            .is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
}

/// GPU evidence alone never says in which machine the GPU is.
fn binding() -> Check {
    Check {
        cause: Some("gpu/attestation#not-joined-to-cpu"),
        ..Check::unproven(
            "device in the CPU's evidence",
            "it came alone: this may be the GPU of another machine; a bundle joins it to its CPU's evidence (attest collect)",
        )
    }
}
