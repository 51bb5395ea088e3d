//! Whether driver and firmware are known: the ones that the policy names, or that NVIDIA's reference manifests describe.

use super::measurements;
use super::policy::{Index, NvidiaPolicy};
use super::rim::{Manifests, Rim, active, differing};
use crate::crypto::hex;
use crate::policy::Hex;
use crate::step::{Check, Outcome};
use std::collections::BTreeMap;
use wire::tee::nvidia::rim::Reference;
use wire::tee::nvidia::{Evidence, Measurement};

const WHAT: &str = "measurements";
const MISMATCH: &str = "gpu/attestation#measurement-mismatch";
/// NVIDIA does change values: the manifest of firmware 96.00.5E.00.01 of June 2023 (nvtrust) names another one of index 9 than that of
/// December 2023 (attestation-sdk).
const OTHER: &str = "other firmware or another driver than this manifest describes; where it is not the newest of its release, fetch it anew first: NVIDIA changes values";

/// What a policy pins, by index.
type Pins = BTreeMap<Index, Vec<Hex<48>>>;

/// Every measurement that the device made must be pinned or stand in a manifest: knowing some proves nothing about the rest. Where a
/// measurement is pinned and stands in a manifest, it must be as both say.
pub(super) fn identity(
    evidence: &Evidence<'_>,
    policy: &NvidiaPolicy,
    manifests: &Manifests<'_>,
) -> Vec<Check> {
    let (pins, source) = pins(evidence, policy);
    if pins.is_empty() && manifests.counting().next().is_none() {
        return vec![nothing_known(manifests).source(source)];
    }
    let mut checks = against_pins(evidence, pins, source);
    for rim in manifests.counting() {
        checks.extend(against_manifest(evidence, rim));
    }
    checks.extend(conflict(manifests));
    checks.extend(unknown(evidence, pins, manifests));
    if checks.is_empty() {
        checks.push(Check::unproven(WHAT, "the device made none"));
    }
    checks
}

/// Whether a manifest is what shows the identity of some measurement: no pin does.
pub(super) fn leans_on(rim: &Rim, evidence: &Evidence<'_>, policy: &NvidiaPolicy) -> bool {
    let (pins, _) = pins(evidence, policy);
    measurements::made(evidence)
        .any(|one| !pins.contains_key(&Index(one.index)) && describes(rim, one.index))
}

fn pins<'p>(evidence: &Evidence<'_>, policy: &'p NvidiaPolicy) -> (&'p Pins, &'static str) {
    if evidence.is_switch() {
        let source = "policy, nvidia.switch-measurements";
        (&policy.switch_measurements, source)
    } else {
        (&policy.measurements, "policy, nvidia.measurements")
    }
}

fn nothing_known(manifests: &Manifests<'_>) -> Check {
    let needed = manifests.needed();
    let named = if needed.is_empty() {
        String::new()
    } else {
        format!(" {}", needed.join(" and "))
    };
    Check::unproven(
        WHAT,
        format!(
            "no measurements are pinned, and NVIDIA's reference manifests (RIM){named} are not at hand: genuine hardware, unknown firmware and driver"
        ),
    )
}

fn against_pins(evidence: &Evidence<'_>, pins: &Pins, source: &'static str) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut held = 0;
    for (Index(index), accepted) in pins {
        let found = measurements::at(*index, evidence);
        if found.is_some_and(|found| accepted.iter().any(|one| one.0 == *found.value)) {
            held += 1;
        } else {
            let check = differs(*index, found).limit("one of the pinned values");
            checks.push(check.source(source).detail(
                "other firmware or another driver than the reviewed one runs on this device",
            ));
        }
    }
    if held > 0 {
        let of = evidence.measurements.len();
        let check = Check::pass(WHAT).value(format!("{held} of {of} are as pinned"));
        checks.push(check.source(source));
    }
    checks
}

fn against_manifest(evidence: &Evidence<'_>, rim: &Rim) -> Vec<Check> {
    let release = rim.release();
    let mut checks: Vec<Check> = differing(rim, evidence)
        .map(|(reference, found)| {
            differs(reference.index + 1, found)
                .limit(expected(reference))
                .source(format!(
                    "NVIDIA RIM of {release}, index {} ({})",
                    reference.index, reference.name
                ))
                .detail(OTHER)
        })
        .collect();
    let made = measurements::made(evidence);
    let described = made.filter(|one| describes(rim, one.index)).count();
    let wrong = differing(rim, evidence)
        .filter(|(_, found)| found.is_some_and(|found| found.value.iter().any(|byte| *byte != 0)))
        .count();
    if described > wrong {
        let (held, of) = (described - wrong, evidence.measurements.len());
        let check = Check::pass(WHAT).value(format!("{held} of {of} are those of {release}"));
        checks.push(check.source("NVIDIA RIM"));
    }
    checks
}

fn differs(index: u8, found: Option<&Measurement<'_>>) -> Check {
    let value = found.map_or_else(|| "missing".to_owned(), |found| hex(found.value));
    Check::fail(format!("measurement {index}"), MISMATCH).value(value)
}

fn expected(reference: &Reference) -> String {
    match reference.values.as_slice() {
        [only] => hex(only),
        several => format!("one of {} values", several.len()),
    }
}

/// Whether a manifest says what a measurement, counted from 1, is to be.
fn describes(rim: &Rim, index: u8) -> bool {
    active(rim).any(|reference| reference.index + 1 == index)
}

/// A measurement is the driver's or the firmware's. NVIDIA's verifiers refuse manifests that both claim it.
fn conflict(manifests: &Manifests<'_>) -> Option<Check> {
    let mut rims = manifests.counting();
    let (first, second) = (rims.next()?, rims.next()?);
    let claimed: Vec<String> = active(first)
        .map(|reference| reference.index + 1)
        .filter(|index| describes(second, *index))
        .map(|index| index.to_string())
        .collect();
    (!claimed.is_empty()).then(|| {
        Check::unproven(
            "measurements in both manifests",
            "driver and firmware cannot both make them: which manifest is right is not known",
        )
        .value(claimed.join(", "))
        .source("NVIDIA RIM")
    })
}

/// The measurements that neither the policy nor a manifest speaks of.
fn unknown(evidence: &Evidence<'_>, pins: &Pins, manifests: &Manifests<'_>) -> Option<Check> {
    let unknown: Vec<String> = measurements::made(evidence)
        .filter(|one| !pins.contains_key(&Index(one.index)))
        .filter(|one| !manifests.counting().any(|rim| describes(rim, one.index)))
        .map(|one| one.index.to_string())
        .collect();
    let needed = manifests.needed();
    let why = if needed.is_empty() {
        "what they measure may be anything, and NVIDIA's manifests do not say: pin them".to_owned()
    } else {
        format!(
            "what they measure may be anything: pin them too, or give NVIDIA's manifest {}",
            needed.join(" and ")
        )
    };
    (!unknown.is_empty()).then(|| {
        Check::unproven("measurements that are not known", why)
            .value(unknown.join(", "))
            .source("policy, NVIDIA RIM")
    })
}

/// Whether debugging is off. Evidence has no field for it: a device in developer mode runs other firmware, so its
/// measurements tell. NVIDIA's verifiers conclude it from the same (attestation-sdk 73c032eb, `gpu/verify.cpp`).
pub(super) fn debug(identity: &[Check]) -> Check {
    const WHAT: &str = "debugging off (no developer mode)";
    let shown = identity.iter().all(|check| check.outcome == Outcome::Pass);
    if shown {
        Check::pass(WHAT).value("shown by the measurements")
    } else {
        Check::unproven(
            WHAT,
            "evidence has no field for it; only measurements that are all known show it",
        )
    }
}
