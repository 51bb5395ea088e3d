//! Claims that are shown for reading.

use super::Jwt;
use crate::Appraisal;
use serde_json::Value;

/// The most characters of a value that are shown.
const LONGEST: usize = 512;

/// Names whose values say what was attested. Where they stand in the token does not matter.
const LISTED: [&str; 42] = [
    "iss",
    "sub",
    "eat_nonce",
    "eat_profile",
    "hwmodel",
    "ueid",
    "measres",
    "dbgstat",
    "secboot",
    "x-nvidia-overall-att-result",
    "x-nvidia-gpu-driver-version",
    "x-nvidia-gpu-vbios-version",
    "x-nvidia-switch-bios-version",
    "ear.status",
    "ear.appraisal-policy-id",
    "ear.trustworthiness-vector",
    "tcb_status",
    "attester_type",
    "attester_tcb_status",
    "attester_tcb_date",
    "attester_advisory_ids",
    "policy_ids_matched",
    "policy_ids_unmatched",
    "sgx_mrenclave",
    "sgx_mrsigner",
    "tdx_mrtd",
    "tdx_mrconfigid",
    "tdx_report_data",
    "tdx_rtmr0",
    "tdx_rtmr1",
    "tdx_rtmr2",
    "tdx_rtmr3",
    "x-ms-attestation-type",
    "x-ms-compliance-status",
    "x-ms-policy-hash",
    "x-ms-sgx-mrenclave",
    "x-ms-sgx-mrsigner",
    "x-ms-sevsnpvm-launchmeasurement",
    "x-ms-sevsnpvm-hostdata",
    "x-ms-sevsnpvm-reportdata",
    "x-ms-sevsnpvm-vmpl",
    "measurement",
];

/// Every claim of a token with its place: `submods.cpu0.ear.status`. Bounded by the text that was parsed.
pub(super) fn all(token: &Jwt) -> Vec<(String, &str, &Value)> {
    let mut found = Vec::new();
    let mut left: Vec<(String, &str, &Value)> = token
        .claims
        .iter()
        .rev()
        .map(|(name, value)| (prefixed(&token.of, name), name.as_str(), value))
        .collect();
    while let Some((place, name, value)) = left.pop() {
        match value {
            Value::Object(inner) => {
                let inside = inner.iter().rev();
                left.extend(
                    inside.map(|(name, value)| (format!("{place}.{name}"), name.as_str(), value)),
                );
            }
            Value::Array(items) => {
                let inside = items.iter().enumerate().rev();
                left.extend(inside.map(|(at, value)| (format!("{place}[{at}]"), "", value)));
            }
            _ => {}
        }
        found.push((place, name, value));
    }
    found
}

fn prefixed(of: &str, name: &str) -> String {
    if of.is_empty() {
        name.to_owned()
    } else {
        format!("{of}: {name}")
    }
}

/// Notes the claims of a token that say what was attested.
pub(super) fn list(claims: &[(String, &str, &Value)], appraisal: &mut Appraisal) {
    for (place, name, value) in claims {
        let Some(listed) = LISTED.iter().find(|listed| *listed == name) else {
            continue;
        };
        let value: String = shown(value).chars().take(LONGEST).collect();
        appraisal.claim(
            listed,
            if place == name {
                value
            } else {
                format!("{value} ({place})")
            },
        );
    }
}

/// A value on one line.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
