//! Step `tcb`: how old the firmware is, by the policy's floor, and whether the four TCB versions make sense together.
//!
//! AMD publishes no list of levels: only a policy can say what is too old.

use super::policy::SnpPolicy;
use crate::step::Check;
use wire::tee::snp::{Product, Report, Tcb};

const BELOW: &str = "tee/tcb-level#committed-below-floor";
const SOURCE: &str = "AMD 56860, TCB_VERSION and SNP_COMMIT";

/// The checks of the step.
pub(super) fn checks(
    report: &Report<'_>,
    product: Option<Product>,
    policy: Option<&SnpPolicy>,
) -> Vec<Check> {
    let shown = |tcb: Tcb| match product {
        Some(product) => tcb.components(product.tcb_layout()).to_string(),
        None => crate::crypto::hex(&tcb.0),
    };
    let mut checks = vec![reported(report, &shown), committed(report, &shown, policy)];
    checks.extend(floor(report, product, policy));
    checks.push(launch(report, product, policy, &shown));
    checks
}

fn reported(report: &Report<'_>, shown: &impl Fn(Tcb) -> String) -> Check {
    const WHAT: &str = "REPORTED_TCB against CURRENT_TCB";
    let check = if report.current_tcb.is_at_least(report.reported_tcb) {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, BELOW).detail("vouches for newer firmware than runs: inconsistent")
    };
    check
        .value(shown(report.reported_tcb))
        .limit(format!("at most {}", shown(report.current_tcb)))
        .source(SOURCE)
}

fn committed(
    report: &Report<'_>,
    shown: &impl Fn(Tcb) -> String,
    policy: Option<&SnpPolicy>,
) -> Check {
    const WHAT: &str = "COMMITTED_TCB against CURRENT_TCB";
    let (now, kept) = (report.current_firmware, report.committed_firmware);
    let check = if !report.current_tcb.is_at_least(report.committed_tcb) || now < kept {
        Check::fail(WHAT, BELOW).detail("less runs than was committed: inconsistent")
    } else if report.current_tcb == report.committed_tcb && now == kept {
        Check::pass(WHAT)
    } else if policy.is_some_and(|policy| policy.provisional_firmware) {
        Check::pass(WHAT)
            .detail("not yet committed, which the policy accepts (snp.provisional-firmware)")
    } else {
        Check::unproven(
            WHAT,
            "the host can roll the firmware back to what is committed: commit it, or accept it (snp.provisional-firmware)",
        )
        .cause(BELOW)
    };
    check
        .value(format!("{}, firmware {kept}", shown(report.committed_tcb)))
        .limit(format!("{}, firmware {now}", shown(report.current_tcb)))
        .source(SOURCE)
}

fn floor(report: &Report<'_>, product: Option<Product>, policy: Option<&SnpPolicy>) -> Vec<Check> {
    const WHAT: &str = "REPORTED_TCB against the policy's floor";
    let Some(product) = product else {
        return vec![Check::unproven(WHAT, "the processor is not known here")];
    };
    let shown = |tcb: Tcb| tcb.components(product.tcb_layout());
    let Some(floor) = policy.and_then(|policy| policy.tcb_min.of(product)) else {
        return vec![
            Check::unproven(
                WHAT,
                format!(
                    "the policy names none for {product} (snp.tcb-min.{}): nobody said what is too old",
                    product.name().to_lowercase()
                ),
            )
            .value(shown(report.reported_tcb).to_string()),
        ];
    };
    let judge = |what, tcb: Tcb, fails: &dyn Fn(String) -> Check| {
        let short = floor.shortfall(shown(tcb));
        let check = if short.is_empty() {
            Check::pass(what)
        } else {
            fails(short)
        };
        check
            .value(shown(tcb).to_string())
            .limit(floor.to_string())
            .source("policy snp.tcb-min")
    };
    vec![
        judge(WHAT, report.reported_tcb, &|short| {
            Check::fail(WHAT, BELOW)
                .detail(format!("too old: {short}; update the platform's firmware"))
        }),
        judge(
            "COMMITTED_TCB against the policy's floor",
            report.committed_tcb,
            &|short| {
                Check::unproven(
                    "COMMITTED_TCB against the policy's floor",
                    format!("the host can roll the firmware back behind the floor: {short}"),
                )
                .cause(BELOW)
            },
        ),
    ]
}

fn launch(
    report: &Report<'_>,
    product: Option<Product>,
    policy: Option<&SnpPolicy>,
    shown: &impl Fn(Tcb) -> String,
) -> Check {
    const WHAT: &str = "LAUNCH_TCB";
    let value = shown(report.launch_tcb);
    let floor = product.and_then(|product| {
        let floor = policy?.launch_tcb_min.of(product)?;
        Some((
            floor,
            floor.shortfall(report.launch_tcb.components(product.tcb_layout())),
        ))
    });
    match floor {
        // Below CURRENT is normal: firmware is updated under running guests.
        None => Check::not_applicable(
            WHAT,
            "the policy names no floor for it (snp.launch-tcb-min)",
        ),
        Some((floor, short)) if short.is_empty() => Check::pass(WHAT).limit(floor.to_string()),
        Some((floor, short)) => Check::unproven(
            WHAT,
            format!("the guest was started on old firmware: {short}"),
        )
        .limit(floor.to_string())
        .cause(BELOW),
    }
    .value(value)
    .source("policy snp.launch-tcb-min")
}
