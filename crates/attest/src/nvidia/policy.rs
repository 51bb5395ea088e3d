//! Which GPUs and switches are accepted.

use super::version::Version;
use crate::policy::Hex;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use std::collections::BTreeMap;
use std::fmt;

/// The `[nvidia]` section of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct NvidiaPolicy {
    /// The oldest driver that is accepted: `"550.90.07"`.
    #[serde(deserialize_with = "driver_floor")]
    pub driver_min: Option<Version>,
    /// The oldest firmware that is accepted, one per family: `["96.00.9F.00.01"]`. The first two numbers name the family
    /// (96.00 is H100, 96.10 is the LS10 switch).
    #[serde(deserialize_with = "vbios_floors")]
    pub vbios_min: Vec<Version>,
    /// Measurements of reviewed firmware and drivers by their index in the evidence, from 1 (reference manifests count from
    /// 0), each with the values that are accepted. GPUs only.
    pub measurements: BTreeMap<Index, Vec<Hex<48>>>,
    /// The same for switches, whose indices mean other things. Some of their values differ from switch to switch of one board.
    pub switch_measurements: BTreeMap<Index, Vec<Hex<48>>>,
    /// How GPUs are given to the guest.
    pub mode: Option<Mode>,
}

/// The index of a measurement, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index(pub u8);

/// How GPUs are given to the guest (`FEATURE_FLAG`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// One GPU alone.
    Single,
    /// Several GPUs whose links are encrypted.
    Multi,
    /// All GPUs and switches of a board with protected PCIe: the links between them are in the clear, but belong to the guest.
    Ppcie,
}

impl Mode {
    /// The mode that a device names.
    pub(super) fn of(flag: &[u8]) -> Option<Self> {
        let (first, rest) = flag.split_first()?;
        match first {
            _ if rest.iter().any(|byte| *byte != 0) => None,
            0 => Some(Mode::Single),
            1 => Some(Mode::Multi),
            2 => Some(Mode::Ppcie),
            _ => None,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Mode::Single => "single",
            Mode::Multi => "multi",
            Mode::Ppcie => "ppcie",
        })
    }
}

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(0) | Err(_) => Err(D::Error::custom(format!(
                "`{text}` is no index of a measurement: they run from 1 to 255 (those of reference manifests, from 0, plus one)"
            ))),
            Ok(index) => Ok(Index(index)),
        }
    }
}

fn driver_floor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Version::driver(&text)
        .map(Some)
        .ok_or_else(|| D::Error::custom(format!("`{text}` is no driver version such as 550.90.07")))
}

fn vbios_floors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Version>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| {
            Version::vbios(text).ok_or_else(|| {
                D::Error::custom(format!(
                    "`{text}` is no firmware version such as 96.00.9F.00.01"
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn reads_every_key() {
        let digest = "ab".repeat(48);
        let text = format!(
            "[nvidia]\ndriver-min = \"550.90.07\"\nvbios-min = [\"96.00.9F.00.01\"]\nmode = \"ppcie\"\n[nvidia.measurements]\n12 = [\"{digest}\"]\n"
        );
        let policy = Policy::parse(&text).unwrap().nvidia.unwrap();
        assert_eq!(policy.driver_min, Version::driver("550.90.7"));
        assert_eq!(policy.vbios_min, [Version::vbios("96.00.9f.0.1").unwrap()]);
        assert_eq!(policy.mode, Some(Mode::Ppcie));
        assert_eq!(
            policy.measurements.get(&Index(12)),
            Some(&vec![Hex([0xab; 48])])
        );
    }

    #[test]
    fn what_would_pin_nothing_is_an_error() {
        for text in [
            "[nvidia]\ndriver-min = \"latest\"",
            "[nvidia]\nvbios-min = [\"96.00.XX\"]",
            "[nvidia]\nvbios-min = [\"96\"]",
            "[nvidia]\nmode = \"devtools\"",
            "[nvidia.measurements]\n0 = []",
            "[nvidia.measurements]\nfirst = []",
            "[nvidia]\ndriver = \"550\"",
        ] {
            assert!(Policy::parse(text).is_err(), "{text}");
        }
    }
}
