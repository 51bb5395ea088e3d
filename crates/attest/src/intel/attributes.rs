//! The step `attributes`: what in an enclave or trust domain lets the host in.

use super::tcb::module_of;
use super::tcb_info::Content;
use crate::crypto::hex;
use crate::step::Check;
use crate::verifier::Verifier;
use wire::tee::intel::{EnclaveReport, TdReport};

const DEBUG_TOOL: &str = "tee/debug-mode#debug-tool-flag";

/// Flags of ATTRIBUTES (Intel SDM volume 3D, table "Layout of ATTRIBUTES").
mod sgx {
    pub(super) const INIT: u64 = 1;
    pub(super) const DEBUG: u64 = 1 << 1;
    pub(super) const MODE64: u64 = 1 << 2;
    pub(super) const PROVISION_KEY: u64 = 1 << 4;
    pub(super) const EINITTOKEN_KEY: u64 = 1 << 5;
}

/// Bits of TDATTRIBUTES (Intel TDX module ABI, "ATTRIBUTES").
mod tdx {
    pub(super) const DEBUG: u64 = 1;
    /// Of the group that makes a domain untrusted: profiling.
    pub(super) const UNTRUSTED: u64 = 0x70;
    pub(super) const RESERVED: u64 = 0b1110 | 0x1ff << 7 | 0b1111 << 23 | 0x3fff_ffff << 32;
    pub(super) const SERVTD_EXT: u64 = 1 << 17;
    pub(super) const SEPT_VE_DISABLE: u64 = 1 << 28;
    pub(super) const MIGRATABLE: u64 = 1 << 29;
    pub(super) const PERFMON: u64 = 1 << 63;
}

/// Of an enclave.
pub(super) fn of_enclave(report: &EnclaveReport<'_>) -> Vec<Check> {
    let flags = report.flags();
    let value = format!("ATTRIBUTES {flags:#x}");
    let mut checks = vec![if flags & sgx::DEBUG == 0 {
        Check::pass("DEBUG is off").value(value.clone())
    } else {
        Check::fail("DEBUG is on", "tee/debug-mode#sgx-debug")
            .value(value.clone())
            .limit("bit 1 clear")
            .source("Intel SDM 3D, ATTRIBUTES")
            .detail("the host reads and writes the enclave's memory with a debugger: build and sign it without debug")
    }];
    if flags & sgx::INIT == 0 || flags & sgx::MODE64 == 0 {
        checks.push(
            Check::fail(
                "INIT or MODE64BIT is clear",
                "tee/evidence-genuine#bad-signature",
            )
            .value(value.clone())
            .detail("no processor reports on an enclave that is not initialised"),
        );
    }
    if flags & sgx::EINITTOKEN_KEY != 0 {
        checks.push(
            Check::fail("EINITTOKEN_KEY is on", DEBUG_TOOL)
                .value(value.clone())
                .detail("the enclave may launch others in Intel's place"),
        );
    }
    if flags & sgx::PROVISION_KEY != 0 {
        checks.push(
            Check::unproven(
                "PROVISION_KEY is on",
                "the enclave may recognise the platform for good; only quoting enclaves need it",
            )
            .value(value)
            .cause(DEBUG_TOOL),
        );
    }
    checks
}

/// Of a trust domain, and of the module that runs it.
pub(super) fn of_trust_domain(
    verifier: &Verifier,
    report: &TdReport<'_>,
    info: Option<&Content>,
) -> Vec<Check> {
    let bits = report.td_attributes;
    let value = format!("TDATTRIBUTES {bits:#x}");
    let is_set = |bit: u64| bits & bit != 0;
    let policy = verifier.policy.tdx.as_ref();
    let mut checks = vec![if is_set(tdx::DEBUG) {
        Check::fail("DEBUG is on", "tee/debug-mode#tdx-debug")
            .value(value.clone())
            .limit("bit 0 clear")
            .source("Intel TDX module ABI, ATTRIBUTES")
            .detail("the host reads and writes the trust domain's memory: launch it without debug")
    } else {
        Check::pass("DEBUG is off").value(value.clone())
    }];
    if is_set(tdx::UNTRUSTED) {
        checks.push(
            Check::fail("profiling is on", "tee/debug-mode#tdx-debug")
                .value(value.clone())
                .limit("bits 4 to 6 clear"),
        );
    }
    if is_set(tdx::RESERVED) {
        checks.push(
            Check::unproven("reserved bits are set", "their meaning is not known")
                .value(value.clone())
                .cause("tee/guest-attributes#reserved-bits"),
        );
    }
    checks.push(sept_ve(
        verifier,
        is_set(tdx::SEPT_VE_DISABLE),
        value.clone(),
    ));
    checks.push(if is_set(tdx::MIGRATABLE) {
        Check::fail("MIGRATABLE is on", "tee/guest-attributes#migratable")
            .value(value.clone())
            .detail("a migration service may move the domain's state to another machine")
    } else {
        Check::pass("MIGRATABLE is off").value(value.clone())
    });
    let expects_service = policy.is_some_and(|policy| policy.service_td);
    // What was bound at the start, and in the extended body what is bound now.
    let bound = report.td15.and_then(|td15| {
        let now = td15
            .extended
            .map(|extended| extended.current_service_td_hash);
        [Some(td15.mr_service_td), now]
            .into_iter()
            .flatten()
            .find(|hash| hash.iter().any(|byte| *byte != 0))
    });
    if (is_set(tdx::SERVTD_EXT) || bound.is_some()) && !expects_service {
        checks.push(
            Check::fail("a service trust domain takes part", "tee/guest-attributes#service-td")
                .value(bound.map_or_else(|| value.clone(), |hash| hex(hash)))
                .detail("another domain takes part in this one: expected ones are named in the policy (tdx.service-td)"),
        );
    }
    if is_set(tdx::PERFMON) {
        checks.push(
            Check::unproven(
                "PERFMON is on",
                "performance counters tell the host and others what the domain does",
            )
            .value(value)
            .cause("tee/guest-attributes#perfmon"),
        );
    }
    checks.push(module(report, info));
    checks
}

/// Whether accesses to pages that the host takes away raise an exception that the host can aim.
fn sept_ve(verifier: &Verifier, is_disabled: bool, value: String) -> Check {
    const WHAT: &str = "SEPT_VE_DISABLE is clear";
    const CAUSE: &str = "tee/guest-attributes#sept-ve-enabled";
    let policy = verifier.policy.tdx.as_ref();
    if is_disabled {
        return Check::pass("SEPT_VE_DISABLE is set").value(value);
    }
    if policy.is_some_and(|policy| policy.paravisor) {
        return Check::not_applicable(
            WHAT,
            "a paravisor takes the exceptions (policy tdx.paravisor)",
        )
        .value(value);
    }
    if policy.is_some_and(|policy| !policy.mr_td.is_empty()) {
        // The code is known; a Linux guest disables the exception itself or stops (arch/x86/coco/tdx, disable_sept_ve).
        return Check::unproven(
            WHAT,
            "a measured Linux guest disables the exception itself, or stops at boot; other guests do not",
        )
        .value(value)
        .cause(CAUSE);
    }
    Check::fail(WHAT, CAUSE)
        .value(value)
        .limit("bit 28 set")
        .source("Intel TDX module ABI, ATTRIBUTES")
        .detail("the host can make an unknown guest take exceptions at places of its choice; where a paravisor takes them (Azure), say so in the policy (tdx.paravisor)")
}

/// The TDX module: Intel's, without attributes of its own.
fn module(report: &TdReport<'_>, info: Option<&Content>) -> Check {
    const WHAT: &str = "TDX module";
    const CAUSE: &str = "tee/guest-attributes#module-unknown";
    let [_, major, ..] = *report.tee_tcb_svn;
    let listed = info.and_then(|info| match module_of(info, major) {
        Some(identity) if major > 0 => Some(&identity.module),
        _ => info.tdx_module.as_ref(),
    });
    let signer = hex(report.mr_signer_seam);
    let Some(listed) = listed else {
        return Check::unproven(WHAT, "no TCB info at hand that names its signer").value(signer);
    };
    let mut is_right = *report.mr_signer_seam == listed.mrsigner.0;
    for ((actual, expected), mask) in report
        .seam_attributes
        .iter()
        .zip(&listed.attributes.0)
        .zip(&listed.attributes_mask.0)
    {
        // Bits outside the mask are not defined yet: none may be set.
        is_right &= actual & mask == *expected && actual & !mask == 0;
    }
    let is_intel = report.mr_signer_seam.iter().all(|byte| *byte == 0);
    if is_right {
        Check::pass(WHAT)
            .value(if is_intel {
                "signed by Intel".to_owned()
            } else {
                signer
            })
            .source("TCB info, tdxModule")
    } else {
        Check::fail(WHAT, CAUSE)
            .value(format!(
                "MRSIGNERSEAM {signer}, SEAMATTRIBUTES {}",
                hex(report.seam_attributes)
            ))
            .source("TCB info, tdxModule")
            .detail("not Intel's module, or one with attributes that Intel does not allow")
    }
}
