//! How the device is given to the guest.

use super::policy::{Mode, NvidiaPolicy};
use crate::Appraisal;
use crate::step::{Check, StepName};
use wire::tee::nvidia::{Evidence, FieldKind};

const ON: u8 = 0xaa;
const OFF: u8 = 0x55;
const CAUSE: &str = "gpu/attestation#protected-pcie-wrong";
const SOURCE: &str = "nvtrust, opaque data types PROTECTED_PCIE_STATUS and FEATURE_FLAG";

/// The attributes that evidence names.
pub(super) fn report(evidence: &Evidence<'_>, policy: &NvidiaPolicy, appraisal: &mut Appraisal) {
    if evidence.is_switch() {
        appraisal.add(
            StepName::Attributes,
            Check::not_applicable("mode", "a switch has none of its own"),
        );
        return;
    }
    appraisal.add(StepName::Attributes, decoder(evidence));
    appraisal.add(StepName::Attributes, mode(evidence, policy));
}

/// A switch that is either on or off.
fn state(evidence: &Evidence<'_>, kind: FieldKind) -> Result<Option<bool>, String> {
    match evidence.opaque(kind) {
        None => Ok(None),
        Some([ON]) => Ok(Some(true)),
        Some([OFF]) => Ok(Some(false)),
        Some(other) => Err(crate::crypto::hex(other)),
    }
}

fn decoder(evidence: &Evidence<'_>) -> Check {
    const WHAT: &str = "video decoder (NVDEC0_STATUS)";
    let source = "nvtrust, NVDEC_STATUS";
    match state(evidence, FieldKind::NVDEC0_STATUS) {
        Ok(Some(false)) => Check::pass(WHAT).value("0x55 (off)").source(source),
        Ok(Some(true)) => Check::pass(WHAT)
            .value("0xaa (on)")
            .source(source)
            .detail("its firmware is measurement 36, which then must be known too"),
        Ok(None) => Check::unproven(WHAT, "the evidence does not say").source(source),
        Err(other) => Check::unproven(WHAT, "neither on (aa) nor off (55)")
            .value(other)
            .source(source),
    }
}

fn mode(evidence: &Evidence<'_>, policy: &NvidiaPolicy) -> Check {
    const WHAT: &str = "mode (PROTECTED_PCIE_STATUS, FEATURE_FLAG)";
    let flag = evidence.opaque(FieldKind::FEATURE_FLAG);
    let named = flag.map(Mode::of);
    let protected = state(evidence, FieldKind::PROTECTED_PCIE_STATUS);
    let shown = |text: &str| {
        format!(
            "{text}{}",
            flag.map_or("", |_| ", as the feature flag says")
        )
    };
    let (found, value) = match (&protected, named) {
        (Ok(Some(true)), None | Some(Some(Mode::Ppcie))) => {
            (Mode::Ppcie, shown("protected PCIe on"))
        }
        (Ok(Some(false)), Some(Some(mode @ (Mode::Single | Mode::Multi)))) => {
            (mode, format!("protected PCIe off, feature flag {mode}"))
        }
        // Firmware before the feature flag knew one GPU, or protected PCIe.
        (Ok(Some(false)), None) => (Mode::Single, shown("protected PCIe off")),
        _ => {
            return Check {
                cause: Some(CAUSE),
                ..Check::unproven(
                    WHAT,
                    "the two fields contradict each other, or are none that is known",
                )
                .value(contradiction(evidence))
                .source(SOURCE)
            };
        }
    };
    let check = match policy.mode {
        None => Check::unproven(WHAT, "the policy names no mode (`nvidia.mode`)"),
        Some(expected) if expected == found => Check::pass(WHAT).limit(expected.to_string()),
        Some(expected) => Check {
            cause: Some(CAUSE),
            ..Check::unproven(
                WHAT,
                "the GPU is given to the guest in another way than the policy says: links that the policy counts on may be open",
            )
            .limit(expected.to_string())
        },
    };
    check.value(value).source(SOURCE)
}

fn contradiction(evidence: &Evidence<'_>) -> String {
    let of = |kind| {
        let value = evidence.opaque(kind);
        value.map_or_else(|| "absent".to_owned(), crate::crypto::hex)
    };
    format!(
        "PROTECTED_PCIE_STATUS {}, FEATURE_FLAG {}",
        of(FieldKind::PROTECTED_PCIE_STATUS),
        of(FieldKind::FEATURE_FLAG)
    )
}
