//! What a confidential VM of Azure keeps in its virtual TPM: the paravisor's report, and the key that the report vouches for.
//!
//! Rules: Microsoft, "Guest attestation for Confidential VMs", and kinvolk/azure-cvm-tooling, az-cvm-vtpm/src/vtpm/mod.rs (e4e4407):
//! the index, the key, all registers of the SHA-256 bank. Form: version 1 of what Trustee's attesters write.

use super::challenge::Challenge;
use super::sources::{Found, Source, bundled};
use super::system::System;
use super::tpm::{Quote, Tpm};
use ::attest::base64;
use ::attest::crypto::hex;
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use wire::tee::azure::{HclReport, TeeReport};

const DEVICE: &str = "dev/tpmrm0";

/// Where the paravisor keeps its report.
const REPORT: u32 = 0x0140_0001;

/// The key whose public part is in the report.
const KEY: u32 = 0x8100_0003;

/// Asks the TPM.
pub(super) fn all(system: &impl System, challenge: &Challenge<'_>) -> Vec<Source> {
    let device = match system.open(Path::new(DEVICE)) {
        Ok(device) => device,
        Err(error) => {
            return vec![named(match error.kind() {
                ErrorKind::NotFound => Found::Missing(
                    "not there; needs a virtual TPM, and only evidence of Azure lies in one"
                        .to_owned(),
                ),
                ErrorKind::PermissionDenied => Found::Failed(format!(
                    "cannot be opened: {error}; run it as root, or as a member of the group tss"
                )),
                _ => Found::Failed(format!("cannot be opened: {error}")),
            })];
        }
    };
    through(&mut Tpm::new(device), challenge)
}

/// Asks a TPM that is open.
fn through<D: Read + Write>(tpm: &mut Tpm<D>, challenge: &Challenge<'_>) -> Vec<Source> {
    let report = match tpm.memory(REPORT) {
        Ok(Some(report)) => report,
        Ok(None) => {
            return vec![named(Found::There(format!(
                "a TPM without Azure's report: it has no index {REPORT:#010x}"
            )))];
        }
        Err(why) => return vec![named(Found::Failed(why))],
    };
    let hardware = match HclReport::parse(&report) {
        Ok(parsed) => parsed.tee_report,
        Err(why) => {
            return vec![named(Found::Failed(format!(
                "the index {REPORT:#010x} holds no report: {why}"
            )))];
        }
    };
    let piece = tpm
        .quote(KEY, &challenge.qualifying_data())
        .and_then(|quote| bundled(evidence(&report, &quote).as_bytes(), challenge));
    vec![
        named(piece.map_or_else(Found::Failed, Found::Evidence)),
        unfetched(hardware),
    ]
}

fn named(found: Found) -> Source {
    Source {
        name: "/dev/tpmrm0".into(),
        found,
    }
}

fn evidence(report: &[u8], quote: &Quote) -> String {
    let registers: Vec<String> = quote.registers.iter().map(|value| hex(value)).collect();
    // The alphabet for addresses is what Trustee reads.
    let report = base64::encode(report).replace('+', "-").replace('/', "_");
    json!({
        "version": 1,
        "hcl_report": report,
        "tpm_quote": {
            "message": hex(&quote.message),
            "signature": hex(&quote.signature),
            "pcrs": registers,
        },
    })
    .to_string()
}

/// What a piece with this report is taken for.
pub(super) fn kind(report: &[u8]) -> &'static str {
    match HclReport::parse(report).map(|report| report.tee_report) {
        Ok(TeeReport::Tdx(_)) => "azure-tdx",
        _ => "azure-snp",
    }
}

/// What a verifier needs besides, and what only a service of Azure hands out: it is not asked, because nothing is connected to.
fn unfetched(hardware: TeeReport<'_>) -> Source {
    let (name, need) = match hardware {
        TeeReport::Tdx(_) => (
            "Azure's TD quote",
            "not fetched; a verifier needs it: post the TDREPORT to http://169.254.169.254/acc/tdquote, and give the quote as td_quote beside hcl_report",
        ),
        TeeReport::Snp(_) => (
            "Azure's VCEK",
            "not fetched; a verifier needs it: give the vcekCert of http://169.254.169.254/metadata/THIM/amd/certification as --collateral",
        ),
    };
    Source {
        name: name.into(),
        found: Found::Missing(need.to_owned()),
    }
}

#[cfg(test)]
mod tests;
