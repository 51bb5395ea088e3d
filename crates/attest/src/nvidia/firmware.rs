//! Driver and firmware: their versions against floors, their measurements against pinned ones.

use super::policy::{Index, NvidiaPolicy};
use super::version::Version;
use crate::Appraisal;
use crate::crypto::hex;
use crate::step::{Check, Outcome, StepName};
use wire::tee::nvidia::{Evidence, FieldKind, Measurement};

/// The measurement of the video decoder's firmware. NVIDIA's verifiers leave it out where the decoder is off.
const NVDEC0: u8 = 36;
const NVDEC0_ON: u8 = 0xaa;

/// How far behind driver and firmware are.
pub(super) fn versions(evidence: &Evidence<'_>, policy: &NvidiaPolicy, appraisal: &mut Appraisal) {
    appraisal.add(StepName::Tcb, driver(evidence, policy));
    appraisal.add(StepName::Tcb, vbios(evidence, policy));
}

fn driver(evidence: &Evidence<'_>, policy: &NvidiaPolicy) -> Check {
    const WHAT: &str = "driver version";
    let Some(text) = evidence.driver_version() else {
        return if evidence.is_switch() {
            Check::not_applicable(WHAT, "a switch names no driver")
        } else {
            Check::unproven(WHAT, "the evidence names no driver")
        };
    };
    let found = Version::driver(text);
    let check = against_floor(WHAT, found, policy.driver_min.as_ref(), "driver-min");
    check.value(text.to_owned())
}

fn vbios(evidence: &Evidence<'_>, policy: &NvidiaPolicy) -> Check {
    const WHAT: &str = "firmware (VBIOS) version";
    let Some(text) = evidence.vbios_version() else {
        return Check::unproven(WHAT, "the evidence names no firmware version");
    };
    let found = Version::vbios(&text);
    let mut floors = policy.vbios_min.iter();
    let floor = floors.find(|floor| found.as_ref().is_some_and(|found| found.same_family(floor)));
    against_floor(WHAT, found, floor, "vbios-min").value(text)
}

fn against_floor(
    what: &'static str,
    found: Option<Version>,
    floor: Option<&Version>,
    key: &'static str,
) -> Check {
    let Some(found) = found else {
        return Check::unproven(what, "not a version that can be compared");
    };
    let Some(floor) = floor else {
        return Check::unproven(
            what,
            format!(
                "the policy sets no floor for it (`nvidia.{key}`), and NVIDIA's reference manifests (RIM) are not at hand"
            ),
        );
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

/// Whether driver and firmware are the ones that the policy names. Pinning some measurements proves nothing about the rest, so
/// this holds only where every measurement that the device made is pinned.
pub(super) fn identity(evidence: &Evidence<'_>, policy: &NvidiaPolicy) -> Vec<Check> {
    const WHAT: &str = "measurements";
    let (pinned, source) = if evidence.is_switch() {
        let source = "policy, nvidia.switch-measurements";
        (&policy.switch_measurements, source)
    } else {
        (&policy.measurements, "policy, nvidia.measurements")
    };
    if pinned.is_empty() {
        return vec![
            Check::unproven(
                WHAT,
                "no measurements are pinned, and NVIDIA's reference manifests (RIM) are not at hand: genuine hardware, unknown firmware and driver",
            )
            .source(source),
        ];
    }
    let mut checks = Vec::new();
    let mut held = 0;
    for (index, accepted) in pinned {
        let mut made = evidence.measurements.iter();
        let found = made.find(|measurement| Index(measurement.index) == *index);
        if !found.is_some_and(|found| accepted.iter().any(|one| one.0 == *found.value)) {
            checks.push(differs(*index, found).source(source));
        } else {
            held += 1;
        }
    }
    let unpinned: Vec<String> = evidence
        .measurements
        .iter()
        .filter(|measurement| is_made(measurement, evidence))
        .filter(|measurement| !pinned.contains_key(&Index(measurement.index)))
        .map(|measurement| measurement.index.to_string())
        .collect();
    if held > 0 {
        let of = evidence.measurements.len();
        checks.push(
            Check::pass(WHAT)
                .value(format!("{held} of {of} are as pinned"))
                .source(source),
        );
    }
    if !unpinned.is_empty() {
        checks.push(
            Check::unproven(
                "measurements that are not pinned",
                "what they measure may be anything: pin them too",
            )
            .value(unpinned.join(", "))
            .source(source),
        );
    }
    checks
}

fn differs(index: Index, found: Option<&Measurement<'_>>) -> Check {
    let Index(number) = index;
    let what = format!("measurement {number}");
    let value = found.map_or_else(|| "missing".to_owned(), |found| hex(found.value));
    Check::fail(what, "gpu/attestation#measurement-mismatch")
        .value(value)
        .limit("one of the pinned values")
        .detail("other firmware or another driver than the reviewed one runs on this device")
}

/// Whether a measurement was made: unused ones are zero, and the decoder's does not count where the decoder is off.
fn is_made(measurement: &Measurement<'_>, evidence: &Evidence<'_>) -> bool {
    let is_zero = measurement.value.iter().all(|byte| *byte == 0);
    let decoder_is_on = evidence.opaque(FieldKind::NVDEC0_STATUS) == Some(&[NVDEC0_ON]);
    !is_zero && (measurement.index != NVDEC0 || decoder_is_on)
}

/// Whether debugging is off. Evidence has no field for it: a device in developer mode runs other firmware, so its
/// measurements tell.
pub(super) fn debug(identity: &[Check]) -> Check {
    const WHAT: &str = "debugging off (no developer mode)";
    let shown = identity.iter().all(|check| check.outcome == Outcome::Pass);
    if shown {
        Check::pass(WHAT).value("shown by the pinned measurements")
    } else {
        Check::unproven(
            WHAT,
            "evidence has no field for it; only measurements that are all as pinned show it",
        )
    }
}
