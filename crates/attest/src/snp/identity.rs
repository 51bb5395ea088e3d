//! Step `identity`: whether the guest is one of ours.

use super::policy::SnpPolicy;
use crate::crypto::hex;
use crate::policy::Hex;
use crate::step::Check;
use wire::tee::snp::Report;

const NOT_YOURS: &str = "tee/code-identity#not-your-code";
const NO_POLICY: &str = "tee/code-identity#no-identity-policy";

/// The checks of the step.
pub(super) fn checks(report: &Report<'_>, policy: Option<&SnpPolicy>) -> Vec<Check> {
    let none = SnpPolicy::default();
    let policy = policy.unwrap_or(&none);
    let mut checks = vec![code(report, policy)];
    checks.extend(pinned(
        "ID_KEY_DIGEST",
        "snp.id-key-digest",
        report.id_key_digest,
        &policy.id_key_digest,
        NOT_YOURS,
    ));
    checks.extend(author(report, policy));
    checks.extend(pinned(
        "HOST_DATA",
        "snp.host-data",
        report.host_data,
        &policy.host_data,
        "tee/code-identity#init-data-mismatch",
    ));
    checks.extend(pinned(
        "FAMILY_ID",
        "snp.family-id",
        report.family_id,
        &policy.family_id,
        NOT_YOURS,
    ));
    checks.extend(pinned(
        "IMAGE_ID",
        "snp.image-id",
        report.image_id,
        &policy.image_id,
        NOT_YOURS,
    ));
    checks.extend(guest_svn(report, policy));
    checks.push(level(report, policy));
    checks
}

/// What the code is: its measurement, or whoever signs measurements. All else is given by whoever starts the guest.
fn code(report: &Report<'_>, policy: &SnpPolicy) -> Check {
    const WHAT: &str = "MEASUREMENT";
    let value = hex(report.measurement);
    if let Some(check) = pinned(
        WHAT,
        "snp.measurement",
        report.measurement,
        &policy.measurement,
        NOT_YOURS,
    ) {
        return check;
    }
    let is_signer_pinned = !policy.id_key_digest.is_empty() || !policy.author_key_digest.is_empty();
    if !is_signer_pinned {
        return Check::unproven(
            WHAT,
            "the policy pins neither a measurement nor a signer (snp.measurement): genuine hardware, unknown code",
        )
        .value(value)
        .cause(NO_POLICY);
    }
    if policy.guest_svn_min.is_some() {
        return Check::not_applicable(
            WHAT,
            "the policy pins who signs the ID block and the lowest version instead",
        )
        .value(value);
    }
    Check::unproven(
        WHAT,
        "only the signer is pinned: every build that it ever signed is accepted (snp.measurement or snp.guest-svn-min)",
    )
    .value(value)
    .cause("tee/code-identity#signer-only")
}

/// A field against a list. `None` where the list is empty: nothing was asked.
fn pinned<const N: usize>(
    what: &'static str,
    key: &'static str,
    found: &[u8; N],
    list: &[Hex<N>],
    cause: &'static str,
) -> Option<Check> {
    if list.is_empty() {
        return None;
    }
    let check = if list.iter().any(|Hex(one)| one == found) {
        Check::pass(what)
    } else {
        let limit: Vec<String> = list.iter().map(Hex::to_string).collect();
        Check::fail(what, cause)
            .limit(limit.join(", "))
            .detail("not among the values of the policy")
    };
    Some(check.value(hex(found)).source(key))
}

fn author(report: &Report<'_>, policy: &SnpPolicy) -> Option<Check> {
    const WHAT: &str = "AUTHOR_KEY_DIGEST";
    const KEY: &str = "snp.author-key-digest";
    let list = &policy.author_key_digest;
    if !list.is_empty() && !report.key_info.has_author_key() {
        return Some(
            Check::fail(WHAT, NOT_YOURS)
                .value("none (KEY_INFO bit 0 is clear)")
                .source(KEY)
                .detail("no author key certified the ID key"),
        );
    }
    pinned(WHAT, KEY, report.author_key_digest, list, NOT_YOURS)
}

fn guest_svn(report: &Report<'_>, policy: &SnpPolicy) -> Option<Check> {
    const WHAT: &str = "GUEST_SVN";
    let lowest = policy.guest_svn_min?;
    let check = if report.guest_svn >= lowest {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, NOT_YOURS).detail("an older build than the policy accepts")
    };
    Some(
        check
            .value(report.guest_svn.to_string())
            .limit(format!("at least {lowest}"))
            .source("snp.guest-svn-min"),
    )
}

fn level(report: &Report<'_>, policy: &SnpPolicy) -> Check {
    const WHAT: &str = "VMPL";
    const WRONG: &str = "tee/code-identity#wrong-vmpl";
    let value = report.vmpl.to_string();
    let check = match policy.vmpl {
        _ if report.vmpl > 3 => Check::fail(WHAT, WRONG)
            .limit("0 to 3")
            .detail("not asked for by the guest, but by its host"),
        Some(level) if level == report.vmpl => Check::pass(WHAT),
        Some(level) => Check::fail(WHAT, WRONG)
            .limit(level.to_string())
            .detail("another privilege level of the guest asked for the report"),
        None if report.vmpl == 0 => Check::pass(WHAT),
        None => Check::unproven(
            WHAT,
            "not the highest privilege level, and the policy does not say that this is meant (snp.vmpl)",
        )
        .cause(WRONG),
    };
    check.value(value).source("snp.vmpl")
}
