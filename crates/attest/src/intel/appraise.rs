//! A quote, step by step.

use super::vouched::Vouched;
use super::{attributes, identity, set_up, tcb};
use crate::appraisal::{Appraisal, Kind};
use crate::crypto::hex;
use crate::report_data;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use wire::tee::intel::{Body, EnclaveReport, Header, Quote, TdReport, TeeType};

/// Appraises a quote of SGX or TDX. `nonce` is what the asker had put into the report data, where it is known.
#[must_use]
pub fn appraise(verifier: &Verifier, bytes: &[u8], nonce: Option<&[u8]>) -> Appraisal {
    let quote = match Quote::read(bytes) {
        Ok(quote) => quote,
        Err(error) => {
            let kind = if bytes.get(4) == Some(&0x81) {
                Kind::TdxQuote
            } else {
                Kind::SgxQuote
            };
            return Appraisal::unreadable(
                kind,
                Check::fail("quote", "tee/evidence-genuine#bad-signature")
                    .detail(error.to_string()),
            );
        }
    };
    let mut appraisal = Appraisal::new(match quote.header.tee_type {
        TeeType::Sgx => Kind::SgxQuote,
        TeeType::Tdx => Kind::TdxQuote,
    });
    appraisal.add(StepName::Structure, structure(&quote));
    let vouched = verifier
        .intel
        .vouched(verifier, quote.header.tee_type, &quote.signature);
    let add_all = |appraisal: &mut Appraisal, step, checks: &[Check]| {
        checks
            .iter()
            .for_each(|check| appraisal.add(step, check.clone()));
    };
    add_all(&mut appraisal, StepName::Chain, &vouched.chain);
    add_all(&mut appraisal, StepName::Revocation, &vouched.revocation);
    appraisal.add(StepName::Key, vendor(&quote.header));
    add_all(&mut appraisal, StepName::Key, &vouched.qe);
    appraisal.add(StepName::Signature, signature(&quote, &vouched));
    add_all(&mut appraisal, StepName::Collateral, &vouched.collateral);
    let policy = &verifier.policy;
    match &quote.body {
        Body::Enclave(report) => {
            add_all(
                &mut appraisal,
                StepName::Tcb,
                &tcb::checks(verifier, &vouched, None),
            );
            add_all(
                &mut appraisal,
                StepName::Attributes,
                &attributes::of_enclave(report),
            );
            add_all(
                &mut appraisal,
                StepName::Identity,
                &identity::of_enclave(policy.sgx.as_ref(), report),
            );
            claim_enclave(&mut appraisal, report);
        }
        Body::TrustDomain(report) => {
            let info = vouched
                .support
                .as_deref()
                .and_then(|support| support.tcb_info(verifier));
            add_all(
                &mut appraisal,
                StepName::Tcb,
                &tcb::checks(verifier, &vouched, Some(report)),
            );
            add_all(
                &mut appraisal,
                StepName::Attributes,
                &attributes::of_trust_domain(verifier, report, info.map(|info| &info.content)),
            );
            add_all(
                &mut appraisal,
                StepName::Identity,
                &identity::of_trust_domain(policy.tdx.as_ref(), report),
            );
            claim_trust_domain(&mut appraisal, report);
        }
    }
    add_all(
        &mut appraisal,
        StepName::Attributes,
        &set_up::checks(&policy.tcb, vouched.platform.as_ref()),
    );
    if let Some(platform) = &vouched.platform {
        appraisal.claim("FMSPC", hex(&platform.fmspc));
        appraisal.claim("PCK platform", platform.described());
    }
    appraisal.claim("REPORTDATA", hex(quote.report_data()));
    appraisal.add(
        StepName::Freshness,
        report_data::freshness(quote.report_data(), nonce),
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

fn structure(quote: &Quote<'_>) -> Check {
    let version = quote.header.version;
    let body = match &quote.body {
        Body::Enclave(_) => "SGX enclave",
        Body::TrustDomain(report) => match report.td15 {
            None => "TD 1.0",
            Some(td15) if td15.extended.is_none() => "TD 1.5",
            Some(_) => "TD 1.5 extended",
        },
    };
    let value = format!("version {version}, {body}");
    let check = Check::pass("quote").value(value);
    // Quoting services fill fixed buffers, mostly with zeros.
    if quote.trailing.iter().all(|byte| *byte == 0) {
        check
    } else {
        check.detail(format!(
            "{} bytes behind the quote, which nothing signs and nobody reads",
            quote.trailing.len()
        ))
    }
}

fn vendor(header: &Header<'_>) -> Check {
    const WHAT: &str = "quoting enclave's vendor";
    if *header.qe_vendor == Header::INTEL {
        Check::pass(WHAT).value("Intel")
    } else {
        Check::fail(WHAT, "tee/evidence-genuine#qe-identity-mismatch")
            .value(hex(header.qe_vendor))
            .limit(hex(&Header::INTEL))
    }
}

fn signature(quote: &Quote<'_>, vouched: &Vouched) -> Check {
    const WHAT: &str = "quote signature";
    let verifies = vouched
        .key
        .as_ref()
        .is_some_and(|key| key.verifies(quote.signed, quote.signature.signature));
    if verifies {
        Check::pass(WHAT).value("ECDSA P-256 by the attestation key over header and body")
    } else {
        Check::fail(WHAT, "tee/evidence-genuine#bad-signature")
            .detail("the attestation key did not sign this header and body: they were changed")
    }
}

fn claim_enclave(appraisal: &mut Appraisal, report: &EnclaveReport<'_>) {
    appraisal.claim("MRENCLAVE", hex(report.mr_enclave));
    appraisal.claim("MRSIGNER", hex(report.mr_signer));
    appraisal.claim("ISVPRODID", report.isv_prod_id.to_string());
    appraisal.claim("ISVSVN", report.isv_svn.to_string());
    appraisal.claim("ATTRIBUTES", hex(report.attributes));
    if report.has_separation() {
        appraisal.claim("ISVFAMILYID", hex(report.isv_family_id));
        appraisal.claim("ISVEXTPRODID", hex(report.isv_ext_prod_id));
        appraisal.claim("CONFIGID", hex(report.config_id));
        appraisal.claim("CONFIGSVN", report.config_svn.to_string());
    }
}

fn claim_trust_domain(appraisal: &mut Appraisal, report: &TdReport<'_>) {
    appraisal.claim("MRTD", hex(report.mr_td));
    for (name, value) in ["RTMR0", "RTMR1", "RTMR2", "RTMR3"]
        .into_iter()
        .zip(report.rtmr)
    {
        appraisal.claim(name, hex(value));
    }
    appraisal.claim("MRCONFIGID", hex(report.mr_config_id));
    appraisal.claim("MROWNER", hex(report.mr_owner));
    appraisal.claim("MROWNERCONFIG", hex(report.mr_owner_config));
    appraisal.claim("TDATTRIBUTES", format!("{:016x}", report.td_attributes));
    appraisal.claim("TEE_TCB_SVN", hex(report.tee_tcb_svn));
    appraisal.claim("MRSEAM", hex(report.mr_seam));
    if let Some(extended) = report.td15.and_then(|td15| td15.extended) {
        appraisal.claim("TDID", hex(extended.td_id));
    }
}
