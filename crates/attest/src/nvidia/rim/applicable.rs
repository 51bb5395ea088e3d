//! Which manifests are about a device: those of its driver and of its firmware, by chip and version.
//!
//! A manifest does not say which boards it is for. NVIDIA's verifiers ask a service for it by an id that project, SKU and version make up
//! (nvtrust 02817309, `cc_admin.py`; attestation-sdk 73c032eb, `gpu/evidence.cpp`, `switch/evidence.cpp`), and then compare the
//! version alone. Here the version is compared, and the chip.

use super::{Held, Rim};
use crate::Appraisal;
use crate::nvidia::measurements;
use crate::step::{Check, Outcome, StepName};
use crate::verifier::Verifier;
use crate::x509::Certificate;
use std::sync::Arc;
use wire::tee::nvidia::rim::Reference;
use wire::tee::nvidia::{Evidence, FieldKind, Measurement};

/// What a manifest is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nvidia) enum Part {
    Driver,
    Firmware,
}

/// A part of a device, with the manifest that is about it.
pub(in crate::nvidia) struct Applicable<'v> {
    pub(in crate::nvidia) part: Part,
    /// The id that NVIDIA's service knows the manifest by.
    id: String,
    chosen: Option<(&'v Rim, Arc<Held>)>,
    /// Other manifests of the same release.
    passed_over: Vec<Arc<Held>>,
}

impl<'v> Applicable<'v> {
    /// The manifest, where its values count.
    pub(in crate::nvidia) fn rim(&self) -> Option<&'v Rim> {
        let (rim, held) = self.chosen.as_ref()?;
        held.counts.then_some(*rim)
    }

    /// What would have to be given, where there is none that counts.
    pub(in crate::nvidia) fn needed(&self) -> Option<String> {
        match &self.chosen {
            Some((_, held)) if held.counts => None,
            Some(_) => Some(format!("{} (the one at hand does not hold)", self.id)),
            None => Some(self.id.clone()),
        }
    }
}

/// The manifests at hand, as they concern one device.
pub(in crate::nvidia) struct Manifests<'v> {
    pub(in crate::nvidia) parts: Vec<Applicable<'v>>,
    /// Those of other releases or devices.
    others: Vec<&'v Rim>,
}

impl<'v> Manifests<'v> {
    /// O(manifests at hand): versions are compared, and those that apply are verified once.
    pub(in crate::nvidia) fn of(
        verifier: &'v Verifier,
        evidence: &Evidence<'_>,
        leaf: Option<&Certificate>,
    ) -> Self {
        let chip = chip(evidence, leaf);
        let wanted = wanted(evidence, chip.as_deref());
        let edition = if evidence.is_switch() {
            "SWITCH"
        } else {
            "GPU"
        };
        let (mut others, mut fitting) = (Vec::new(), vec![Vec::new(); wanted.len()]);
        for (at, rim) in verifier.collateral.rims.iter().enumerate() {
            let manifest = &rim.manifest;
            let is_of_chip = chip.as_ref().is_none_or(|chip| *chip == manifest.product);
            let mut parts = wanted.iter().zip(&mut fitting);
            let part = parts.find(|((_, version, _), _)| {
                is_of_chip
                    && manifest.edition == edition
                    && version.eq_ignore_ascii_case(&manifest.version)
            });
            match part {
                Some((_, of_part)) => of_part.push((at, rim)),
                None => others.push(rim),
            }
        }
        let parts = wanted.into_iter().zip(fitting);
        Manifests {
            parts: parts
                .map(|((part, _, id), fitting)| {
                    let mut held = verified(verifier, fitting);
                    let best = best(evidence, &held);
                    Applicable {
                        part,
                        id,
                        chosen: best.map(|at| held.remove(at)),
                        passed_over: held.into_iter().map(|(_, held)| held).collect(),
                    }
                })
                .collect(),
            others,
        }
    }

    /// The manifests whose values count.
    pub(in crate::nvidia) fn counting(&self) -> impl Iterator<Item = &'v Rim> {
        self.parts.iter().filter_map(Applicable::rim)
    }

    /// The ids of those that would have to be given.
    pub(in crate::nvidia) fn needed(&self) -> Vec<String> {
        self.parts.iter().filter_map(Applicable::needed).collect()
    }

    /// Whether one of a part counts.
    pub(in crate::nvidia) fn has(&self, part: Part) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|one| one.part == part && one.rim().is_some())
    }

    /// What the manifests themselves came to. Whether somebody revoked a signer matters where something `leans` on the manifest; that
    /// somebody did always counts.
    pub(in crate::nvidia) fn report(
        &self,
        leans: impl Fn(&Rim) -> bool,
        appraisal: &mut Appraisal,
    ) {
        for part in &self.parts {
            let Some((rim, held)) = &part.chosen else {
                continue;
            };
            let is_needed = held.counts && leans(rim);
            for check in &held.revocation {
                if is_needed || check.outcome == Outcome::Fail {
                    add_once(appraisal, StepName::Revocation, check);
                }
            }
            for check in &held.checks {
                add_once(appraisal, StepName::Collateral, check);
            }
            if !part.passed_over.is_empty() {
                appraisal.add(StepName::Collateral, passed_over(rim, &part.passed_over));
            }
        }
        if !self.others.is_empty() {
            appraisal.add(StepName::Collateral, unused(&self.others));
        }
    }
}

/// The manifest's values that the device does not have, each with the measurement that it has instead.
pub(in crate::nvidia) fn differing<'e>(
    rim: &'e Rim,
    evidence: &'e Evidence<'e>,
) -> impl Iterator<Item = (&'e Reference, Option<&'e Measurement<'e>>)> {
    active(rim)
        .filter(|reference| measurements::counts(reference.index + 1, evidence))
        .map(|reference| (reference, measurements::at(reference.index + 1, evidence)))
        .filter(|(reference, found)| {
            !found.is_some_and(|found| reference.values.iter().any(|one| one == found.value))
        })
}

/// The values of a manifest that are to be compared.
pub(in crate::nvidia) fn active(rim: &Rim) -> impl Iterator<Item = &Reference> {
    let references = rim.manifest.references.iter();
    references.filter(|reference| reference.is_active)
}

fn verified<'v>(
    verifier: &'v Verifier,
    fitting: Vec<(usize, &'v Rim)>,
) -> Vec<(&'v Rim, Arc<Held>)> {
    let rims = fitting.into_iter().map(|(at, rim)| {
        // Collateral never changes in a verifier, so the place in it names the manifest.
        let make = || Held::of(verifier, rim);
        (rim, verifier.nvidia.rims.get(&at.to_le_bytes(), make))
    });
    rims.collect()
}

/// Of several manifests of one release one that counts, and of those the newest: NVIDIA signs them anew, with other values (the
/// sample of 96.00.5E.00.01 in nvtrust and that in attestation-sdk differ in index 9), and its service hands out the last one alone. Of
/// those that are equally new one that the device agrees with.
fn best(evidence: &Evidence<'_>, held: &[(&Rim, Arc<Held>)]) -> Option<usize> {
    let ranked = held.iter().enumerate().rev();
    // `max_by_key` would give the last one.
    let best = ranked.max_by_key(|(_, (rim, held))| {
        let agrees = differing(rim, evidence).next().is_none();
        (held.counts, held.since, agrees)
    });
    best.map(|(at, _)| at)
}

/// The chip: devices whose drivers differ by it name it, the others' certificates do (`GH100 A01 GSP FMC LF`,
/// `LS_10 A01 FSP FMC LF`).
fn chip(evidence: &Evidence<'_>, leaf: Option<&Certificate>) -> Option<String> {
    let certified = leaf.and_then(|leaf| leaf.common_name().split(' ').next());
    let name = evidence.text(FieldKind::CHIP_INFO).or(certified)?;
    let name = name.replace('_', "");
    let is_chip = name.len() > 2
        && name.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
        && name.bytes().skip(2).all(|byte| byte.is_ascii_digit());
    is_chip.then_some(name)
}

/// The parts of a device, each with its version and the id of its manifest.
fn wanted(evidence: &Evidence<'_>, chip: Option<&str>) -> Vec<(Part, String, String)> {
    let mut parts = Vec::new();
    if let Some(version) = evidence.driver_version() {
        let id = match chip {
            Some(chip) if chip.starts_with("GB") => format!("NV_GPU_CC_DRIVER_{chip}_{version}"),
            Some(chip) => format!("NV_GPU_DRIVER_{chip}_{version}"),
            None => format!("the driver's ({version})"),
        };
        parts.push((Part::Driver, version.to_owned(), id));
    }
    if let Some(version) = evidence.vbios_version() {
        let fields = [
            FieldKind::PROJECT,
            FieldKind::PROJECT_SKU,
            FieldKind::CHIP_SKU,
        ];
        let board: Option<Vec<&str>> = if evidence.is_switch() {
            // A switch does not name its board. There is one.
            (chip == Some("LS10")).then(|| vec!["5612", "0002", "890"])
        } else {
            fields
                .map(|field| evidence.text(field))
                .into_iter()
                .collect()
        };
        let id = match board {
            Some(board) => {
                let device = if evidence.is_switch() {
                    "NV_SWITCH_BIOS"
                } else {
                    "NV_GPU_VBIOS"
                };
                let number = version.replace('.', "");
                format!("{device}_{}_{number}", board.join("_")).to_ascii_uppercase()
            }
            None => format!("the firmware's ({version})"),
        };
        parts.push((Part::Firmware, version, id));
    }
    parts
}

fn passed_over(rim: &Rim, others: &[Arc<Held>]) -> Check {
    let broken = others.iter().filter(|held| !held.counts).count();
    Check::not_applicable(
        format!("other manifests of {}", rim.release()),
        "not used: another one of this release is, which holds and is the newest",
    )
    .value(format!("{}, of which {broken} do not hold", others.len()))
}

fn unused(others: &[&Rim]) -> Check {
    const SHOWN: usize = 8;
    let mut releases: Vec<String> = others.iter().take(SHOWN).map(|rim| rim.release()).collect();
    if others.len() > SHOWN {
        releases.push(format!("{} more", others.len() - SHOWN));
    }
    Check::not_applicable(
        "other reference manifests",
        "not used: of another version, chip or kind of device",
    )
    .value(releases.join(", "))
}

/// Manifests share authorities and their lists.
fn add_once(appraisal: &mut Appraisal, step: StepName, check: &Check) {
    let is_there = appraisal
        .step(step)
        .is_some_and(|step| step.checks.contains(check));
    if !is_there {
        appraisal.add(step, check.clone());
    }
}
