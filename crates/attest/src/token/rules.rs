//! What claims admit against themselves.

use super::Issuer;
use super::listed::shown;
use crate::step::{Check, StepName};
use serde_json::Value;

const GPU: &str = "gpu/attestation#token-claims";
/// Every word for debugging that is off begins so (RFC 9711, section 4.2.9).
const DISABLED: &str = "disabled";

/// What one claim comes to: the step that it concerns, and a check. `None` where it decides nothing.
pub(super) fn judge(
    issuer: Issuer,
    place: &str,
    name: &str,
    value: &Value,
) -> Option<(StepName, Check)> {
    debug(place, name, value)
        .or_else(|| nvidia(issuer, place, name, value))
        .or_else(|| general(place, name, value))
}

/// A claim that speaks for what was attested: as good as the token, whose signature is not verified.
fn claimed(what: &str, value: &Value) -> Check {
    Check::unproven(
        what.to_owned(),
        "the verifier claims it; the signature of its token is not verified here",
    )
    .value(shown(value))
}

fn refuted(what: &str, value: &Value, limit: &str, cause: &'static str) -> Check {
    Check::fail(what.to_owned(), cause)
        .value(shown(value))
        .limit(limit.to_owned())
        .detail("the verifier itself says so")
}

/// Flags that say whether the host may look inside.
fn debug(place: &str, name: &str, value: &Value) -> Option<(StepName, Check)> {
    let cause = match name {
        "sgx_is_debuggable" | "x-ms-sgx-is-debuggable" | "is-debuggable" => {
            "tee/debug-mode#sgx-debug"
        }
        "tdx_is_debuggable" | "tdx_td_attributes_debug" | "x-ms-tdx-td-attributes-debug" => {
            "tee/debug-mode#tdx-debug"
        }
        "sevsnp_is_debuggable" | "x-ms-sevsnpvm-is-debuggable" | "policy_debug_allowed" => {
            "tee/debug-mode#snp-debug"
        }
        "debug" if place.contains("td_attributes.") => "tee/debug-mode#tdx-debug",
        _ => return None,
    };
    // Some verifiers write `1` or `"true"`.
    let is_on = match value {
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_u64() != Some(0),
        Value::String(text) => !matches!(text.as_str(), "false" | "0" | ""),
        _ => true,
    };
    let check = if is_on {
        refuted(place, value, "false", cause)
    } else {
        claimed(place, value)
    };
    Some((StepName::Attributes, check))
}

/// Claims of NVIDIA's verifiers (nvtrust, policies of version 4).
fn nvidia(issuer: Issuer, place: &str, name: &str, value: &Value) -> Option<(StepName, Check)> {
    // Trustee and Intel Trust Authority hand on NVIDIA's claims inside their own.
    let is_nvidia = issuer == Issuer::Nvidia
        || name.starts_with("x-nvidia-")
        || place.contains("nvidia")
        || place.contains("nvgpu");
    if !is_nvidia {
        return None;
    }
    let text = value.as_str().unwrap_or_default();
    let (step, holds, limit) = match name {
        // The second is what verifiers before version 2 of the claims wrote.
        "measres" => (
            StepName::Identity,
            matches!(text, "success" | "comparison-successful"),
            "success",
        ),
        "dbgstat" => (StepName::Attributes, text.starts_with(DISABLED), DISABLED),
        "secboot" => (StepName::Attributes, *value == Value::Bool(true), "true"),
        // A policy of the verifier's user wrote a text here at times.
        "x-nvidia-overall-att-result" => (
            StepName::Identity,
            *value == Value::Bool(true) || text == "PASS",
            "true",
        ),
        "x-nvidia-cert-status" => (StepName::Key, text == "valid", "valid"),
        "x-nvidia-cert-ocsp-status" => (StepName::Revocation, text == "good", "good"),
        _ if name.starts_with("x-nvidia-") && value.is_boolean() => {
            (step_of(name), *value == Value::Bool(true), "true")
        }
        _ => return None,
    };
    let check = if holds {
        claimed(place, value)
    } else {
        refuted(place, value, limit, GPU)
    };
    Some((step, check))
}

/// The step that one of NVIDIA's many flags belongs to.
fn step_of(name: &str) -> StepName {
    if name.contains("nonce") {
        StepName::Freshness
    } else if name.contains("-attestation-report-") {
        StepName::Key
    } else {
        StepName::Identity
    }
}

/// Results of the other verifiers.
fn general(place: &str, name: &str, value: &Value) -> Option<(StepName, Check)> {
    let text = value.as_str().unwrap_or_default();
    match name {
        "dbgstat" => Some((
            StepName::Attributes,
            if text.starts_with(DISABLED) {
                claimed(place, value)
            } else if place.contains("sgx") {
                refuted(place, value, DISABLED, "tee/debug-mode#sgx-debug")
            } else if place.contains("snp") {
                refuted(place, value, DISABLED, "tee/debug-mode#snp-debug")
            } else {
                refuted(place, value, DISABLED, "tee/debug-mode#tdx-debug")
            },
        )),
        "attester_tcb_status" | "tcb_status" if value.is_string() => Some((
            StepName::Tcb,
            match text {
                "OutOfDate" | "OutOfDateConfigurationNeeded" => {
                    refuted(place, value, "UpToDate", "tee/tcb-level#out-of-date")
                }
                "Revoked" => refuted(place, value, "UpToDate", "tee/tcb-level#revoked-level"),
                _ => claimed(place, value),
            },
        )),
        "ear.status" => Some((StepName::Identity, ear(place, value))),
        "policy_ids_unmatched" if value.as_array().is_some_and(|ids| !ids.is_empty()) => Some((
            StepName::Identity,
            refuted(place, value, "none", "tee/code-identity#not-your-code"),
        )),
        "x-ms-compliance-status" => Some((StepName::Identity, claimed(place, value))),
        _ => None,
    }
}

/// The result for one part of the machine (draft-ietf-rats-ar4si, trustworthiness tiers).
fn ear(place: &str, value: &Value) -> Check {
    match value.as_str() {
        Some("contraindicated") => {
            let cause = if place.contains("submods.gpu") {
                GPU
            } else {
                "tee/code-identity#not-your-code"
            };
            refuted(place, value, "affirming", cause)
        }
        _ => claimed(place, value),
    }
}
