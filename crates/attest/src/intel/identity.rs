//! The step `identity`: whether the code is the one that the policy names.

use super::policy::{SgxPolicy, TdxPolicy};
use super::published_signers::published;
use crate::crypto::hex;
use crate::policy::Hex;
use crate::step::Check;
use wire::tee::intel::{EnclaveReport, TdReport};

const NOT_YOURS: &str = "tee/code-identity#not-your-code";
const NO_POLICY: &str = "tee/code-identity#no-identity-policy";

/// Of an enclave.
pub(super) fn of_enclave(policy: Option<&SgxPolicy>, report: &EnclaveReport<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Some(origin) = published(report.mr_signer) {
        checks.push(
            Check::fail("signer", "tee/code-identity#sample-signer")
                .value(hex(report.mr_signer))
                .detail(format!("{origin}: anybody can sign an enclave with it")),
        );
    }
    let Some(policy) =
        policy.filter(|policy| !policy.mr_enclave.is_empty() || !policy.mr_signer.is_empty())
    else {
        checks.push(unpinned(
            "MRENCLAVE",
            report.mr_enclave,
            "genuine hardware, unknown code: pin sgx.mr-enclave of a reviewed build in a policy (attest init)",
        ));
        return checks;
    };
    if !policy.mr_enclave.is_empty() {
        checks.push(pinned(
            "MRENCLAVE",
            report.mr_enclave,
            &policy.mr_enclave,
            "policy sgx.mr-enclave",
        ));
    }
    if !policy.mr_signer.is_empty() {
        checks.push(pinned(
            "MRSIGNER",
            report.mr_signer,
            &policy.mr_signer,
            "policy sgx.mr-signer",
        ));
        if policy.mr_enclave.is_empty() {
            checks.extend(signer_alone(policy, report));
        }
    }
    checks.extend(separation(policy, report));
    checks
}

/// What the policy pins of key separation and sharing: the family and product that the signer named, and what the launcher configured.
fn separation(policy: &SgxPolicy, report: &EnclaveReport<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    if !policy.isv_family_id.is_empty() {
        checks.push(pinned(
            "ISVFAMILYID",
            report.isv_family_id,
            &policy.isv_family_id,
            "policy sgx.isv-family-id",
        ));
    }
    if !policy.isv_ext_prod_id.is_empty() {
        checks.push(pinned(
            "ISVEXTPRODID",
            report.isv_ext_prod_id,
            &policy.isv_ext_prod_id,
            "policy sgx.isv-ext-prod-id",
        ));
    }
    if !policy.config_id.is_empty() {
        checks.push(pinned(
            "CONFIGID",
            report.config_id,
            &policy.config_id,
            "policy sgx.config-id",
        ));
    }
    checks.extend(policy.config_svn_min.map(|least| {
        let check = if report.config_svn >= least {
            Check::pass("CONFIGSVN")
        } else {
            Check::fail("CONFIGSVN", NOT_YOURS)
                .source("policy sgx.config-svn-min")
                .detail("an older configuration than the policy accepts")
        };
        check
            .value(report.config_svn.to_string())
            .limit(format!("at least {least}"))
    }));
    checks
}

/// Where only the signer is pinned, product and security version must be, too: the signer has signed older builds.
fn signer_alone(policy: &SgxPolicy, report: &EnclaveReport<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    checks.push(match policy.isv_prod_id {
        None => Check::unproven(
            "ISVPRODID",
            "everything that the signer ever signs is admitted: pin sgx.mr-enclave, or sgx.isv-prod-id and sgx.isv-svn-min",
        )
        .value(report.isv_prod_id.to_string())
        .cause("tee/code-identity#signer-only"),
        Some(expected) if expected == report.isv_prod_id => {
            Check::pass("ISVPRODID").value(expected.to_string())
        }
        Some(expected) => Check::fail("ISVPRODID", NOT_YOURS)
            .value(report.isv_prod_id.to_string())
            .limit(expected.to_string())
            .source("policy sgx.isv-prod-id"),
    });
    checks.push(match policy.isv_svn_min {
        None | Some(0) => Check::unproven(
            "ISVSVN",
            "old builds with known holes are admitted: pin sgx.isv-svn-min above 0",
        )
        .value(report.isv_svn.to_string())
        .cause("tee/code-identity#no-svn-floor"),
        Some(min) if report.isv_svn >= min => Check::pass("ISVSVN")
            .value(report.isv_svn.to_string())
            .limit(format!("at least {min}")),
        Some(min) => Check::fail("ISVSVN", NOT_YOURS)
            .value(report.isv_svn.to_string())
            .limit(format!("at least {min}"))
            .source("policy sgx.isv-svn-min"),
    });
    checks
}

/// Of a trust domain.
pub(super) fn of_trust_domain(policy: Option<&TdxPolicy>, report: &TdReport<'_>) -> Vec<Check> {
    let nothing_pinned = TdxPolicy::default();
    let policy = policy.unwrap_or(&nothing_pinned);
    let [rtmr0, rtmr1, rtmr2, rtmr3] = report.rtmr;
    let mut checks = vec![if policy.mr_td.is_empty() {
        unpinned(
            "MRTD",
            report.mr_td,
            "genuine hardware, unknown code: pin tdx.mr-td and tdx.rtmr0 to rtmr3 of a reviewed image in a policy",
        )
    } else {
        pinned("MRTD", report.mr_td, &policy.mr_td, "policy tdx.mr-td")
    }];
    for (name, value, allowed, source) in [
        ("RTMR0", rtmr0, &policy.rtmr0, "policy tdx.rtmr0"),
        ("RTMR1", rtmr1, &policy.rtmr1, "policy tdx.rtmr1"),
        ("RTMR2", rtmr2, &policy.rtmr2, "policy tdx.rtmr2"),
        ("RTMR3", rtmr3, &policy.rtmr3, "policy tdx.rtmr3"),
    ] {
        if allowed.is_empty() && policy.mr_td.is_empty() {
            continue;
        }
        checks.push(if allowed.is_empty() {
            Check::unproven(
                name,
                "not pinned: kernel, command line and what follows may be anybody's",
            )
            .value(hex(value))
            .cause("tee/code-identity#runtime-registers-open")
        } else {
            pinned(name, value, allowed, source)
        });
    }
    for (name, value, allowed, source, cause) in [
        (
            "MRCONFIGID",
            report.mr_config_id,
            &policy.mr_config_id,
            "policy tdx.mr-config-id",
            "tee/code-identity#init-data-mismatch",
        ),
        (
            "MROWNER",
            report.mr_owner,
            &policy.mr_owner,
            "policy tdx.mr-owner",
            NOT_YOURS,
        ),
        (
            "MROWNERCONFIG",
            report.mr_owner_config,
            &policy.mr_owner_config,
            "policy tdx.mr-owner-config",
            NOT_YOURS,
        ),
    ] {
        if !allowed.is_empty() {
            let check = pinned(name, value, allowed, source);
            let cause = check.cause.map(|_| cause);
            checks.push(Check { cause, ..check });
        }
    }
    checks
}

fn unpinned(what: &'static str, value: &[u8], why: &'static str) -> Check {
    Check::unproven(what, why)
        .value(hex(value))
        .cause(NO_POLICY)
}

/// Whether a measurement is one of those that the policy allows.
fn pinned<const N: usize>(
    what: &'static str,
    value: &[u8; N],
    allowed: &[Hex<N>],
    source: &'static str,
) -> Check {
    if allowed.iter().any(|Hex(allowed)| allowed == value) {
        return Check::pass(what).value(hex(value)).source(source);
    }
    let limit: Vec<String> = allowed.iter().map(Hex::to_string).collect();
    Check::fail(what, NOT_YOURS)
        .value(hex(value))
        .limit(limit.join(", "))
        .source(source)
        .detail("other code than the policy names")
}
