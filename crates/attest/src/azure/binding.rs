//! Step `binding`: hardware's report, TPM's key, TPM's quote and registers hang together.

use super::runtime::{Runtime, digest};
use crate::crypto::{hex, sha256};
use crate::step::Check;
use std::collections::BTreeMap;
use wire::tee::azure::{HclReport, TpmQuote, TpmSignature};

const UNBOUND: &str = "tee/channel-binding#vtpm-unbound";
const REPLAY: &str = "tee/channel-binding#pcr-replay";
const SOURCE: &str = "Microsoft, Guest attestation for Confidential VMs";

/// What a TPM said, as it came.
#[derive(Clone, Copy, Debug)]
pub struct TpmEvidence<'a> {
    /// TPMS_ATTEST.
    pub message: &'a [u8],
    /// TPMT_SIGNATURE, or the RSA signature alone.
    pub signature: &'a [u8],
    /// Values of the SHA-256 bank from register 0 on. Empty where they were not handed in.
    pub pcrs: &'a [[u8; 32]],
}

/// The checks of the step.
pub(super) fn checks(
    report: &HclReport<'_>,
    runtime: &Result<Runtime, String>,
    report_data: Option<&[u8; 64]>,
    tpm: Option<(&TpmEvidence<'_>, &Result<TpmQuote<'_>, wire::Error>)>,
) -> Vec<Check> {
    let mut checks = vec![runtime_data(report, report_data)];
    match tpm {
        None => checks.push(Check::unproven(
            "TPM quote",
            "none was given: the report says nothing of the guest's operating system",
        )),
        Some((evidence, quote)) => {
            checks.push(signature(runtime, evidence, quote));
            if let Ok(quote) = quote {
                checks.push(registers(evidence, quote));
            }
        }
    }
    checks
}

fn runtime_data(report: &HclReport<'_>, report_data: Option<&[u8; 64]>) -> Check {
    const WHAT: &str = "runtime data in the hardware's report";
    let Some(report_data) = report_data else {
        return Check::unproven(WHAT, "there is no report of the hardware to find it in")
            .source(SOURCE);
    };
    let digest = digest(report);
    let is_bound = report_data
        .strip_prefix(digest.as_slice())
        .is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
    let check = if is_bound {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, UNBOUND)
            .limit(hex(report_data))
            .detail("the hardware vouches for another TPM: these keys may be anybody's")
    };
    check.value(hex(&digest)).source(SOURCE)
}

fn signature(
    runtime: &Result<Runtime, String>,
    evidence: &TpmEvidence<'_>,
    quote: &Result<TpmQuote<'_>, wire::Error>,
) -> Check {
    const WHAT: &str = "TPM quote by the key in the runtime data";
    const TPM: &str = "TPM 2.0 Library, Part 2, TPMS_ATTEST and TPMT_SIGNATURE";
    let failed = |why: String| Check::fail(WHAT, UNBOUND).value(why).source(TPM);
    if let Err(error) = quote {
        return failed(error.to_string());
    }
    let key = match runtime
        .as_ref()
        .map_err(String::clone)
        .and_then(Runtime::attestation_key)
    {
        Ok(key) => key,
        Err(why) => return failed(why),
    };
    // Some tools hand the structure out, most only the number inside. No RSA signature is as short as the structure's head
    // leaves it, and one that looks like the structure by chance verifies as itself.
    let inner = TpmSignature::parse(evidence.signature).map(|parsed| parsed.signature);
    let is_signed = key.verifies(evidence.message, evidence.signature)
        || inner.is_ok_and(|inner| key.verifies(evidence.message, inner));
    if is_signed {
        Check::pass(WHAT).value("HCLAkPub").source(TPM)
    } else {
        failed("not signed by HCLAkPub".to_owned())
            .detail("another TPM made the quote, or it was changed")
    }
}

fn registers(evidence: &TpmEvidence<'_>, quote: &TpmQuote<'_>) -> Check {
    const WHAT: &str = "registers in the TPM quote";
    const TPM: &str = "TPM 2.0 Library, Part 2, TPMS_QUOTE_INFO";
    let check = match Registers::of(evidence, quote) {
        Registers::NotGiven => Check::unproven(WHAT, "their values were not given"),
        Registers::Missing(register) => Check::unproven(
            WHAT,
            format!("the value of PCR {register} was not given, so none of them is shown"),
        ),
        Registers::Quoted(_) => Check::pass(WHAT),
        Registers::Others => Check::fail(WHAT, REPLAY)
            .detail("the values beside the quote are not those that the TPM signed"),
    };
    check.value(hex(quote.pcr_digest)).source(TPM)
}

/// What the values beside a quote are. Nothing signs them one by one: the quote holds a digest over all that it covers, so either
/// all of them are shown or none is.
pub(crate) enum Registers<'a> {
    /// There are none.
    NotGiven,
    /// That of a register which the quote covers is missing.
    Missing(usize),
    /// The TPM signed their digest.
    Quoted(BTreeMap<usize, &'a [u8; 32]>),
    /// It signed another one.
    Others,
}

impl<'a> Registers<'a> {
    pub(crate) fn of(evidence: &TpmEvidence<'a>, quote: &TpmQuote<'_>) -> Self {
        if evidence.pcrs.is_empty() {
            return Registers::NotGiven;
        }
        let mut values = BTreeMap::new();
        let mut joined = Vec::with_capacity(evidence.pcrs.len() * 32);
        for register in selected(quote) {
            let Some(value) = evidence.pcrs.get(register) else {
                return Registers::Missing(register);
            };
            values.insert(register, value);
            joined.extend_from_slice(value);
        }
        if !values.is_empty() && sha256(&joined) == quote.pcr_digest {
            Registers::Quoted(values)
        } else {
            Registers::Others
        }
    }
}

/// The registers of the SHA-256 bank that a quote covers. Where it covers other banks too, the digest is over all of them,
/// and cannot be recomputed from this bank: the check fails closed.
fn selected<'a>(quote: &'a TpmQuote<'_>) -> impl Iterator<Item = usize> + 'a {
    const SHA_256: u16 = 0x000b;
    quote
        .selections
        .iter()
        .filter(|selection| selection.algorithm == SHA_256)
        .flat_map(|selection| selection.registers())
}
