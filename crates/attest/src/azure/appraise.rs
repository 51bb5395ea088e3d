//! Evidence of Azure's confidential virtual machines.

use super::binding::{self, TpmEvidence};
use super::runtime::Runtime;
use super::{freshness, identity};
use crate::appraisal::{Appraisal, Kind};
use crate::snp;
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::x509::Certificate;
use wire::tee::azure::{HclReport, TeeReport, TpmQuote};

/// A TD quote, appraised.
#[derive(Clone, Debug)]
pub struct TdQuote {
    /// Its appraisal, made without a nonce: freshness and binding are judged here.
    pub appraisal: Appraisal,
    /// REPORTDATA of its body.
    pub report_data: [u8; 64],
}

/// Appraises a paravisor's report, with what belongs to it.
///
/// `certificates` came with the evidence of SEV-SNP. `td_quote` gives the quote that stands for the TDREPORT inside; it is
/// asked only where there is one. `nonce` is what the TPM's quote was asked for with.
pub fn appraise(
    verifier: &Verifier,
    hcl_report: &[u8],
    tpm: Option<&TpmEvidence<'_>>,
    certificates: &[Certificate],
    td_quote: impl FnOnce() -> Option<TdQuote>,
    nonce: Option<&[u8]>,
) -> Appraisal {
    let report = match HclReport::parse(hcl_report) {
        Ok(report) => report,
        Err(error) => {
            let why = Check::fail("HCL report", "tee/evidence-genuine#malformed")
                .value(error.to_string());
            return Appraisal::unreadable(Kind::Unknown, why);
        }
    };
    let (mut appraisal, report_data) = match report.tee_report {
        TeeReport::Snp(bytes) => {
            let (appraisal, parsed) =
                snp::appraise_unbound(verifier, Kind::AzureSnp, bytes, certificates);
            (appraisal, parsed.map(|parsed| *parsed.report_data))
        }
        TeeReport::Tdx(_) => of_td_quote(td_quote()),
    };
    // What the hardware alone would say of these two does not hold here: its report data is the digest of the runtime data.
    for step in &mut appraisal.steps {
        if matches!(step.name, StepName::Freshness | StepName::Binding) {
            step.checks.clear();
        }
    }
    let runtime = Runtime::parse(report.runtime_data);
    let quote = tpm.map(|tpm| (tpm, TpmQuote::parse(tpm.message)));
    let quote = quote.as_ref().map(|(tpm, quote)| (*tpm, quote));
    appraisal.add(StepName::Structure, structure(&report));
    for check in identity::checks(verifier.policy.vtpm.as_ref(), quote) {
        appraisal.add(StepName::Identity, check);
    }
    let fresh = freshness::check(&runtime, quote.map(|(_, quote)| quote), nonce);
    appraisal.add(StepName::Freshness, fresh);
    for check in binding::checks(&report, &runtime, report_data.as_ref(), quote) {
        appraisal.add(StepName::Binding, check);
    }
    claims(&mut appraisal, runtime.as_ref().ok());
    appraisal
}

fn of_td_quote(quote: Option<TdQuote>) -> (Appraisal, Option<[u8; 64]>) {
    match quote {
        Some(TdQuote {
            mut appraisal,
            report_data,
        }) => {
            appraisal.kind = Kind::AzureTdx;
            (appraisal, Some(report_data))
        }
        None => {
            let mut appraisal = Appraisal::new(Kind::AzureTdx);
            appraisal
                .close("no TD quote was given: a TDREPORT can be verified on its own machine only");
            (appraisal, None)
        }
    }
}

fn structure(report: &HclReport<'_>) -> Check {
    let version = report.version.to_string();
    if matches!(report.version, 1 | 2) {
        Check::pass("HCL report").value(version)
    } else {
        Check::unproven(
            "HCL report",
            "a version that is not known here, read as version 2",
        )
        .value(version)
    }
}

fn claims(appraisal: &mut Appraisal, runtime: Option<&Runtime>) {
    let Some(runtime) = runtime else { return };
    let configuration = &runtime.configuration;
    if let Some(id) = &configuration.vm_unique_id {
        appraisal.claim("vmUniqueId", id.clone());
    }
    if let Some(is_on) = configuration.secure_boot {
        appraisal.claim("secure-boot", is_on.to_string());
    }
    if let Some(is_on) = configuration.console_enabled {
        appraisal.claim("console-enabled", is_on.to_string());
    }
}
