//! Evidence in the JSON of agents, tools and services.

use super::fields::{self, bytes_of};
use super::{Evidence, MOST, Piece, is_token, within};
use crate::azure;
use crate::bundle::{Bundle, SCHEMA};
use crate::nvidia;
use crate::snp;
use serde_json::{Map, Value};

/// The largest text that is read as JSON: what it unpacks to in memory is some twenty times as large.
const LARGEST: usize = 4 << 20;

/// How deep evidence may lie: a broker's request holds an agent's answer, that holds a list of devices.
const DEEPEST: usize = 8;

/// Fields that hold evidence as hexadecimal or base64, by the tools that write them: Trustee and Intel Trust Authority (`quote`,
/// `evidence`, `report`), configfs-tsm copied field by field (`outblob`), others by the kind of it.
const HOLDERS: [&str; 10] = [
    "quote",
    "td_quote",
    "tdx_quote",
    "sgx_quote",
    "attestation_report",
    "snp_report",
    "report",
    "evidence",
    "outblob",
    "hcl_report",
];

/// The evidence in a JSON text.
pub(super) fn all_in(text: &str) -> Result<Vec<Evidence>, String> {
    if text.len() > LARGEST {
        return Err(format!(
            "JSON of {} bytes, more than {LARGEST} that evidence may take",
            text.len()
        ));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| format!("JSON: {error}"))?;
    let mut found = Vec::new();
    look(&value, "", 0, &mut found)?;
    if found.is_empty() && is_tpm_quote(&value) {
        return Err(
            "a TPM's quote alone: without the report that vouches for its key (hcl_report) it proves nothing"
                .to_owned(),
        );
    }
    Ok(found)
}

/// Adds the evidence in a value. `label` is the way to it.
fn look(value: &Value, label: &str, depth: usize, found: &mut Vec<Evidence>) -> Result<(), String> {
    if depth > DEEPEST || found.len() > MOST {
        return Ok(());
    }
    match value {
        Value::Object(object) => {
            let direct = of_object(value, object)?;
            if direct.is_empty() {
                for (name, inner) in object {
                    look_inside(name, inner, label, depth, found)?;
                }
            } else {
                add(found, label, direct);
            }
        }
        Value::Array(items) => {
            if is_service_answer(items) {
                add(found, label, vec![Piece::Token(value.to_string()).into()]);
            } else if items.first().is_some_and(is_device) {
                add(found, label, devices(value)?);
            } else {
                for (number, item) in items.iter().enumerate() {
                    if item.is_object() {
                        look(item, &joined(label, &number.to_string()), depth + 1, found)?;
                    }
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Looks into a field of an object that is no evidence itself. Agents put JSON into strings, too.
fn look_inside(
    name: &str,
    inner: &Value,
    label: &str,
    depth: usize,
    found: &mut Vec<Evidence>,
) -> Result<(), String> {
    let label = joined(label, name);
    match inner {
        Value::String(text) if text.trim_start().starts_with('{') => {
            match serde_json::from_str::<Value>(text) {
                Ok(inner) => look(&inner, &label, depth + 1, found),
                Err(_) => Ok(()),
            }
        }
        other => look(other, &label, depth + 1, found),
    }
}

fn joined(label: &str, name: &str) -> String {
    let name: String = name.chars().take(64).collect();
    if label.is_empty() {
        name
    } else {
        format!("{label}.{name}")
    }
}

/// Adds pieces, each with the way to it before its own label.
fn add(found: &mut Vec<Evidence>, label: &str, pieces: Vec<Evidence>) {
    found.extend(pieces.into_iter().map(|piece| {
        let label = match (label, piece.label.as_str()) {
            ("", own) => own.to_owned(),
            (way, "") => way.to_owned(),
            (way, own) => format!("{way} {own}"),
        };
        Evidence { label, ..piece }
    }));
}

/// The evidence that an object is. Empty where it is none itself.
fn of_object(value: &Value, object: &Map<String, Value>) -> Result<Vec<Evidence>, String> {
    if object.get("schema").and_then(Value::as_str) == Some(SCHEMA) {
        return Bundle::of_json(value)?.evidence();
    }
    if let Some(list) = object.get("device_evidence_list") {
        return devices(list);
    }
    if is_device(value) {
        return devices(value);
    }
    if let Some(presented) = azure::Presented::of_json(value) {
        return Ok(vec![Piece::Azure(presented?).into()]);
    }
    if let Some(report) = snp::report_of_json(object.get("attestation_report").unwrap_or(value)) {
        let piece = Piece::SnpReport {
            report: report?,
            certificates: Vec::new(),
        };
        return Ok(vec![fields::beside(object, piece.into())?]);
    }
    for name in HOLDERS {
        let Some(Value::String(text)) = object.get(name) else {
            continue;
        };
        let Some(bytes) = bytes_of(text) else {
            continue;
        };
        let pieces = within(&bytes, false).map_err(|why| format!("`{name}`: {why}"))?;
        match <[Evidence; 1]>::try_from(pieces) {
            Ok([piece]) => return Ok(vec![fields::beside(object, piece)?]),
            // What stands beside a list belongs to none of it, and is not copied for each.
            Err(pieces) if !pieces.is_empty() => return Ok(pieces),
            Err(_) => {}
        }
    }
    match object.get("token") {
        Some(Value::String(text)) if is_token(text.trim()) => {
            Ok(vec![Piece::Token(text.trim().to_owned()).into()])
        }
        _ => Ok(Vec::new()),
    }
}

/// `[["JWT", token], {"GPU-0": token}]`: the answer of NVIDIA's service.
fn is_service_answer(items: &[Value]) -> bool {
    let first = items.first().and_then(Value::as_array);
    first
        .and_then(|pair| pair.first())
        .is_some_and(|kind| kind == "JWT")
}

/// An entry of a collection of NVIDIA devices.
fn is_device(value: &Value) -> bool {
    value.get("evidence").is_some_and(Value::is_string)
        && value.get("certificate").is_some_and(Value::is_string)
}

fn devices(value: &Value) -> Result<Vec<Evidence>, String> {
    let devices = nvidia::collection_of(value)?;
    let is_one = devices.len() == 1;
    Ok(devices
        .into_iter()
        .enumerate()
        .map(|(number, device)| Evidence {
            label: if is_one {
                String::new()
            } else {
                format!("{} {number}", device.architecture)
                    .trim()
                    .to_owned()
            },
            nonce: device.nonce,
            devices: Vec::new(),
            piece: Piece::Nvidia {
                messages: device.evidence,
                certificates: device.certificates,
            },
        })
        .collect())
}

fn is_tpm_quote(value: &Value) -> bool {
    ["message", "signature", "pcrs"]
        .iter()
        .all(|name| value.get(name).is_some())
}
