//! Driver and firmware: their versions against floors.

use super::policy::NvidiaPolicy;
use super::rim::{Manifests, Part};
use super::version::Version;
use crate::Appraisal;
use crate::step::{Check, StepName};
use wire::tee::nvidia::Evidence;

/// How far behind driver and firmware are.
pub(super) fn versions(
    evidence: &Evidence<'_>,
    policy: &NvidiaPolicy,
    manifests: &Manifests<'_>,
    appraisal: &mut Appraisal,
) {
    let released = |part| manifests.has(part);
    let driver = driver(evidence, policy, released(Part::Driver));
    appraisal.add(StepName::Tcb, driver);
    let vbios = vbios(evidence, policy, released(Part::Firmware));
    appraisal.add(StepName::Tcb, vbios);
}

fn driver(evidence: &Evidence<'_>, policy: &NvidiaPolicy, is_released: bool) -> Check {
    const WHAT: &str = "driver version";
    let Some(text) = evidence.driver_version() else {
        return if evidence.is_switch() {
            Check::not_applicable(WHAT, "a switch names no driver")
        } else {
            Check::unproven(WHAT, "the evidence names no driver")
        };
    };
    let found = Version::driver(text);
    let floor = policy.driver_min.as_ref();
    let check = against_floor(WHAT, found, floor, "driver-min", is_released);
    check.value(text.to_owned())
}

fn vbios(evidence: &Evidence<'_>, policy: &NvidiaPolicy, is_released: bool) -> Check {
    const WHAT: &str = "firmware (VBIOS) version";
    let Some(text) = evidence.vbios_version() else {
        return Check::unproven(WHAT, "the evidence names no firmware version");
    };
    let found = Version::vbios(&text);
    let mut floors = policy.vbios_min.iter();
    let floor = floors.find(|floor| found.as_ref().is_some_and(|found| found.same_family(floor)));
    against_floor(WHAT, found, floor, "vbios-min", is_released).value(text)
}

fn against_floor(
    what: &'static str,
    found: Option<Version>,
    floor: Option<&Version>,
    key: &'static str,
    is_released: bool,
) -> Check {
    let Some(found) = found else {
        return Check::unproven(what, "not a version that can be compared");
    };
    let Some(floor) = floor else {
        let but = if is_released {
            ": NVIDIA's manifest shows that it was released, not that it is recent enough"
        } else {
            ""
        };
        let why = format!("the policy sets no floor for it (`nvidia.{key}`){but}");
        return Check::unproven(what, why);
    };
    let check = if found >= *floor {
        Check::pass(what)
    } else {
        Check::fail(what, "gpu/attestation#firmware-floor")
            .detail("older than what is accepted: update it, and attest again")
    };
    check
        .limit(format!("{floor} or newer"))
        .source(format!("policy, nvidia.{key}"))
}
