//! The step `tcb`: the state of platform, module and quoting enclave, what is short, and how old it is.

use super::levels::{self, Shortfall, State, Svns};
use super::status::TcbStatus;
use super::tcb_info::{Content, ModuleIdentity};
use super::vouched::Vouched;
use crate::step::{Check, Outcome};
use crate::verifier::Verifier;
use wire::tee::intel::TdReport;

/// Checks of the step `tcb`. The state of a whole is that of the platform's level, with the TDX module and the quoting enclave;
/// of a TD 1.5 also what it is now, since modules are updated under running domains.
pub(super) fn checks(
    verifier: &Verifier,
    vouched: &Vouched,
    report: Option<&TdReport<'_>>,
) -> Vec<Check> {
    let info = vouched
        .support
        .as_deref()
        .and_then(|support| support.tcb_info(verifier));
    let (Some(platform), Some(info)) = (&vouched.platform, info) else {
        return vec![Check::unproven(
            "TCB level",
            "no TCB info of this platform at hand",
        )];
    };
    let content = &info.content;
    let svns = Svns {
        components: &platform.components,
        pce_svn: platform.pce_svn,
        tdx: report.map(|report| report.tee_tcb_svn),
    };
    let mut checks = Vec::new();
    let Some(mut whole) = evaluate(content, svns, &mut checks) else {
        return checks;
    };
    let mut current = None;
    if let Some(td15) = report.and_then(|report| report.td15) {
        let now = Svns {
            tdx: Some(td15.tee_tcb_svn2),
            ..svns
        };
        current = evaluate(content, now, &mut checks);
        if current.is_none() {
            return checks;
        }
    }
    match &vouched.qe_state {
        Some(qe) => {
            whole = whole.with_part(qe);
            current = current.map(|current| current.with_part(qe));
        }
        None => checks.push(Check::unproven(
            "quoting enclave level",
            "no QE identity at hand, or its version is in none of its levels",
        )),
    }
    if let Some(current) = &current {
        whole.status = match current.status {
            TcbStatus::Revoked => TcbStatus::Revoked,
            status => whole.status.with_current(status),
        };
    }
    let is_relaunch = matches!(
        whole.status,
        TcbStatus::TDRelaunchAdvised | TcbStatus::TDRelaunchAdvisedConfigurationNeeded
    );
    if is_relaunch {
        // The module at launch was old; the one that runs now counts.
        checks.retain(|check| check.outcome != Outcome::Fail);
    }
    let missing = shortfall_to_best(content, svns);
    checks.insert(0, state_check(verifier, &whole, &missing));
    checks
}

/// The state of a platform with these versions, its TDX module included; or the check that there is none.
fn evaluate(content: &Content, svns: Svns<'_>, checks: &mut Vec<Check>) -> Option<State> {
    let whole = reached(content, svns, checks)?;
    match svns.tdx {
        // Before major version 1 the components of the level judge the module.
        None | Some([_, 0, ..]) => Some(whole),
        Some([minor, major, ..]) => {
            module_state(content, *major, *minor, checks).map(|module| whole.with_part(&module))
        }
    }
}

/// The state of the level that is reached, or the check that none is.
fn reached(content: &Content, svns: Svns<'_>, checks: &mut Vec<Check>) -> Option<State> {
    if let Some(level) = levels::reached(content, svns) {
        return Some(State::of_level(level));
    }
    let lowest = levels::in_order(content).pop();
    let short = lowest.and_then(|level| levels::shortfalls(svns, level));
    checks.push(
        Check::fail("TCB level", "tee/tcb-level#below-lowest")
            .value("no matching level")
            .source(source(content))
            .detail(match short {
                Some(short) => format!(
                    "below the lowest level that Intel lists: {}",
                    listed(&short)
                ),
                None => "the TCB info lists no level for trust domains".to_owned(),
            }),
    );
    None
}

/// The state of the TDX module, by the identity of its major version.
fn module_state(content: &Content, major: u8, minor: u8, checks: &mut Vec<Check>) -> Option<State> {
    let what = format!("TDX module {major}, security version {minor}");
    let Some(module) = module_of(content, major) else {
        checks.push(
            Check::fail(what, "tee/guest-attributes#module-unknown")
                .source(source(content))
                .detail("Intel lists no module of this major version"),
        );
        return None;
    };
    let Some(level) = levels::isv_level(&module.tcb_levels, u16::from(minor)) else {
        checks.push(
            Check::fail(what, "tee/guest-attributes#module-old")
                .source(source(content))
                .detail("below every level that Intel lists for the module"),
        );
        return None;
    };
    let state = State::of_isv_level(level);
    let check = if state.status.is_refused() {
        Check::fail(what, "tee/guest-attributes#module-old")
            .detail(format!("level of {}", state.date.date()))
    } else {
        Check::pass(what)
    };
    checks.push(check.value(state.status.name()).source(source(content)));
    Some(state)
}

/// The identity of a module by its major version.
pub(super) fn module_of(content: &Content, major: u8) -> Option<&ModuleIdentity> {
    let wanted = format!("TDX_{major:02X}");
    content
        .tdx_module_identities
        .iter()
        .find(|identity| identity.id.eq_ignore_ascii_case(&wanted))
}

/// What is short of the best level that Intel calls up to date, or of the best one at all.
fn shortfall_to_best(content: &Content, svns: Svns<'_>) -> Vec<Shortfall> {
    let levels = levels::in_order(content);
    let best = levels
        .iter()
        .find(|level| level.tcb_status == TcbStatus::UpToDate)
        .or_else(|| levels.first());
    best.and_then(|level| levels::shortfalls(svns, level))
        .unwrap_or_default()
}

fn state_check(verifier: &Verifier, state: &State, missing: &[Shortfall]) -> Check {
    const WHAT: &str = "TCB level";
    let status = state.status;
    let is_accepted = verifier.policy.tcb.accept.contains(&status);
    let check = match status {
        TcbStatus::UpToDate => Check::pass(WHAT),
        TcbStatus::OutOfDate | TcbStatus::OutOfDateConfigurationNeeded | TcbStatus::Unknown => {
            Check::fail(WHAT, "tee/tcb-level#out-of-date")
        }
        TcbStatus::Revoked => Check::fail(WHAT, "tee/tcb-level#revoked-level"),
        _ if is_accepted => Check::pass(WHAT).source("policy tcb.accept"),
        TcbStatus::SWHardeningNeeded => Check::unproven(
            WHAT,
            "the enclave's own code must hold the mitigations; if it does, accept the state in the policy (tcb.accept)",
        )
        .cause("tee/tcb-level#hardening-needed"),
        TcbStatus::ConfigurationNeeded | TcbStatus::ConfigurationAndSWHardeningNeeded => {
            Check::unproven(
                WHAT,
                "the platform's configuration leaves the advisories open (hyper-threading for one), and code must hold mitigations; if both are settled, accept the state in the policy (tcb.accept)",
            )
            .cause("tee/tcb-level#configuration-needed")
        }
        TcbStatus::TDRelaunchAdvised | TcbStatus::TDRelaunchAdvisedConfigurationNeeded => {
            Check::unproven(
                WHAT,
                "launched before the platform was updated: launch the trust domain anew",
            )
            .cause("tee/tcb-level#relaunch-advised")
        }
    };
    let mut detail = check.detail.clone().into_owned();
    let mut add = |part: String| {
        if !detail.is_empty() {
            detail.push_str("; ");
        }
        detail.push_str(&part);
    };
    if !state.advisories.is_empty() {
        add(state.advisories.join(", "));
    }
    if status != TcbStatus::UpToDate && !missing.is_empty() {
        add(format!("short of the newest level: {}", listed(missing)));
    }
    if status.is_refused() {
        add(
            "update BIOS, microcode or module by the advisories; no policy can accept this state"
                .to_owned(),
        );
    }
    let age = verifier.at().days_since(state.date);
    check
        .value(format!(
            "{status}, level of {} ({age} days old)",
            state.date.date()
        ))
        .limit("UpToDate")
        .detail(detail)
}

fn listed(short: &[Shortfall]) -> String {
    let parts: Vec<String> = short
        .iter()
        .map(|Shortfall { part, has, needs }| format!("{part} has {has} of {needs}"))
        .collect();
    parts.join(", ")
}

fn source(content: &Content) -> String {
    format!(
        "TCB info of {}, evaluation {}",
        content.issue_date.date(),
        content.tcb_evaluation_data_number
    )
}
