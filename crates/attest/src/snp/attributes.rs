//! Step `attributes`: what the guest's policy allows the host, and how the platform is set up.

use super::policy::{Abi, SnpPolicy};
use crate::step::Check;
use wire::tee::snp::Report;

const GUEST_POLICY: &str = "AMD 56860, Guest Policy";
const PLATFORM_INFO: &str = "AMD 56860, PLATFORM_INFO";

/// The checks of the step.
pub(super) fn checks(report: &Report<'_>, policy: Option<&SnpPolicy>) -> Vec<Check> {
    let none = SnpPolicy::default();
    let policy = policy.unwrap_or(&none);
    let mut checks = vec![debug(report), migration(report), reserved(report)];
    checks.extend(declared(report, policy));
    checks.push(aliases(report));
    checks.extend(platform(report, policy));
    checks
}

fn debug(report: &Report<'_>) -> Check {
    const WHAT: &str = "guest policy bit 19 (DEBUG)";
    if report.policy.allows_debug() {
        Check::fail(WHAT, "tee/debug-mode#snp-debug")
            .value("1")
            .limit("0")
            .source(GUEST_POLICY)
            .detail("the host may read and write the guest's memory: nothing is protected from it")
    } else {
        Check::pass(WHAT).value("0").source(GUEST_POLICY)
    }
}

fn migration(report: &Report<'_>) -> Check {
    const WHAT: &str = "guest policy bit 18 (MIGRATE_MA)";
    if report.policy.allows_migration_agent() {
        Check::fail(WHAT, "tee/guest-attributes#migratable")
            .value("1")
            .limit("0")
            .source(GUEST_POLICY)
            .detail("a migration agent that the host chooses can take the guest elsewhere")
    } else {
        Check::pass(WHAT).value("0").source(GUEST_POLICY)
    }
}

fn reserved(report: &Report<'_>) -> Check {
    const WHAT: &str = "guest policy reserved bits";
    let unknown = report.policy.unknown();
    let what_is_wrong = if !report.policy.has_reserved_one() {
        "bit 17 must be one: no firmware launches such a guest"
    } else if unknown != 0 {
        "bits are set whose meaning is not known here"
    } else {
        return Check::pass(WHAT)
            .value(format!("{:#x}", report.policy.0))
            .source(GUEST_POLICY);
    };
    Check::unproven(WHAT, what_is_wrong)
        .value(format!("{:#x}", report.policy.0))
        .cause("tee/guest-attributes#reserved-bits")
        .source(GUEST_POLICY)
}

/// What only a policy can ask for.
fn declared(report: &Report<'_>, policy: &SnpPolicy) -> Vec<Check> {
    const FLOOR: &str = "tee/guest-attributes#policy-floor";
    const SMT: &str = "tee/guest-attributes#smt-allowed";
    let guest = report.policy;
    let (major, minor) = guest.abi();
    let abi = Abi { major, minor };
    let bits = [
        (
            "guest policy bit 16 (SMT)",
            "snp.forbid-smt",
            policy.forbid_smt,
            guest.allows_smt(),
            false,
            SMT,
        ),
        (
            "guest policy bit 20 (SINGLE_SOCKET)",
            "snp.require-single-socket",
            policy.require_single_socket,
            guest.requires_single_socket(),
            true,
            FLOOR,
        ),
        (
            "guest policy bit 21 (CXL_ALLOW)",
            "snp.forbid-cxl",
            policy.forbid_cxl,
            guest.allows_cxl(),
            false,
            FLOOR,
        ),
        (
            "guest policy bit 22 (MEM_AES_256_XTS)",
            "snp.require-aes-256-xts",
            policy.require_aes_256_xts,
            guest.requires_aes_256_xts(),
            true,
            FLOOR,
        ),
        (
            "guest policy bit 23 (RAPL_DIS)",
            "snp.require-rapl-disabled",
            policy.require_rapl_disabled,
            guest.requires_rapl_disabled(),
            true,
            FLOOR,
        ),
        (
            "guest policy bit 24 (CIPHERTEXT_HIDING)",
            "snp.require-ciphertext-hiding",
            policy.require_ciphertext_hiding,
            guest.requires_ciphertext_hiding(),
            true,
            FLOOR,
        ),
        (
            "guest policy bit 25 (PAGE_SWAP_DISABLE)",
            "snp.require-page-swap-disabled",
            policy.require_page_swap_disabled,
            guest.disables_page_swap(),
            true,
            FLOOR,
        ),
    ];
    let mut checks = vec![minimum_abi(abi, policy.abi_min)];
    checks.extend(
        bits.into_iter()
            .map(|(what, key, asked, found, wanted, cause)| {
                bit(what, key, asked, found, wanted, cause)
            }),
    );
    checks
}

fn minimum_abi(found: Abi, asked: Option<Abi>) -> Check {
    const WHAT: &str = "guest policy minimum ABI";
    let check = match asked {
        None => Check::not_applicable(WHAT, "the policy asks for none (snp.abi-min)"),
        Some(asked) if found >= asked => Check::pass(WHAT).limit(asked.to_string()),
        Some(asked) => Check::unproven(
            WHAT,
            "the guest runs on older firmware than the policy asks for",
        )
        .limit(asked.to_string())
        .cause("tee/guest-attributes#policy-floor"),
    };
    check.value(found.to_string()).source("policy snp.abi-min")
}

/// A bit that a policy may ask for. Without a policy it is only shown.
fn bit(
    what: &'static str,
    key: &'static str,
    asked: bool,
    found: bool,
    wanted: bool,
    cause: &'static str,
) -> Check {
    let shown = |bit| if bit { "1" } else { "0" };
    let check = if !asked {
        Check::not_applicable(what, format!("the policy does not ask for it ({key})"))
    } else if found == wanted {
        Check::pass(what).limit(shown(wanted))
    } else {
        Check::unproven(what, format!("the policy asks for it ({key})"))
            .limit(shown(wanted))
            .cause(cause)
    };
    check.value(shown(found)).source(key)
}

fn aliases(report: &Report<'_>) -> Check {
    const WHAT: &str = "platform info bit 5 (ALIAS_CHECK_COMPLETE)";
    if report.version < 3 {
        return Check::not_applicable(WHAT, "reports say so from version 3 on")
            .source(PLATFORM_INFO);
    }
    if report.platform_info.alias_check_complete() {
        Check::pass(WHAT).value("1").source(PLATFORM_INFO)
    } else {
        Check::fail(WHAT, "tee/platform-configuration#alias-check-missing")
            .value("0")
            .limit("1")
            .source(PLATFORM_INFO)
            .detail("memory modules that lie about their size can replay the guest's memory (BadRAM, CVE-2024-21944)")
    }
}

fn platform(report: &Report<'_>, policy: &SnpPolicy) -> Vec<Check> {
    let info = report.platform_info;
    let mut checks = vec![
        bit(
            "platform info bit 0 (SMT_EN)",
            "snp.forbid-smt",
            policy.forbid_smt,
            info.smt(),
            false,
            "tee/platform-configuration#smt-on",
        ),
        bit(
            "platform info bit 3 (RAPL_DIS)",
            "snp.require-rapl-disabled",
            policy.require_rapl_disabled,
            info.rapl_disabled(),
            true,
            "tee/platform-configuration#rapl-readable",
        ),
        bit(
            "platform info bit 4 (CIPHERTEXT_HIDING_EN)",
            "snp.require-ciphertext-hiding",
            policy.require_ciphertext_hiding,
            info.ciphertext_hiding(),
            true,
            "tee/platform-configuration#no-ciphertext-hiding",
        ),
    ];
    if info.unknown() != 0 {
        checks.push(
            Check::pass("platform info reserved bits")
                .value(format!("{:#x}", info.unknown()))
                .detail("their meaning is not known here")
                .source(PLATFORM_INFO),
        );
    }
    checks
}
