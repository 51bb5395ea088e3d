//! What stands beside evidence in the same JSON object: certificates, event logs, nonces.

use super::{Evidence, Piece, decoded};
use crate::collateral::{Collateral, NotCollateral};
use crate::crypto::unhex;
use crate::snp;
use crate::x509::Certificate;
use serde_json::{Map, Value};

/// Where agents put the event log of a trust domain.
const EVENT_LOGS: [&str; 3] = ["cc_eventlog", "ccel", "event_log"];

/// Where they put certificates: base64 or PEM.
const CERTIFICATES: [&str; 3] = ["vcek", "certificate", "certificates"];

/// The bytes of a field: hexadecimal or base64; JSON inside a string as it stands.
pub(super) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if text.trim_start().starts_with('{') {
        return Some(text.as_bytes().to_vec());
    }
    decoded(text)
}

/// A piece with what its object holds beside it.
pub(super) fn beside(
    object: &Map<String, Value>,
    mut evidence: Evidence,
) -> Result<Evidence, String> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    match &mut evidence.piece {
        Piece::IntelQuote { event_log, .. } => {
            // A name that several tools use for several things: what is not the firmware's log is not read as one.
            *event_log = EVENT_LOGS
                .into_iter()
                .filter_map(text)
                .filter_map(decoded)
                .find(|log| !log.is_empty());
        }
        Piece::SnpReport { certificates, .. } => {
            certificates.extend(chain(object)?);
            if let Some(table) = text("auxblob").and_then(decoded)
                && !table.is_empty()
            {
                let (found, _) =
                    snp::certificates(&table).map_err(|error| format!("`auxblob`: {error}"))?;
                certificates.extend(found);
            }
            for name in CERTIFICATES {
                certificates.extend(text(name).map_or(Ok(Vec::new()), |text| named(name, text))?);
            }
        }
        _ => {}
    }
    if evidence.nonce.is_none() {
        evidence.nonce = text("nonce")
            .and_then(unhex)
            .filter(|nonce| !nonce.is_empty());
    }
    Ok(evidence)
}

fn named(name: &str, text: &str) -> Result<Vec<Certificate>, String> {
    let mut held = Collateral::default();
    held.add(text.as_bytes())
        .map_err(|NotCollateral(why)| format!("`{name}`: {why}"))?;
    Ok(held.certificates)
}

/// `cert_chain` as the `sev` crate writes it: entries of a certificate table, each with its kind and its bytes as numbers. Of
/// what is no certificate (revocation lists) nothing is taken, as from the table itself.
fn chain(object: &Map<String, Value>) -> Result<Vec<Certificate>, String> {
    let entries = object.get("cert_chain").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter(|entry| {
            let kind = entry.get("cert_type").and_then(Value::as_str);
            matches!(kind, Some("ARK" | "ASK" | "VCEK" | "VLEK"))
        })
        .map(|entry| {
            let data = entry.get("data").cloned().unwrap_or_default();
            let bytes: Vec<u8> =
                serde_json::from_value(data).map_err(|error| format!("`cert_chain`: {error}"))?;
            // The bytes are DER, or PEM where somebody loaded them so into the host.
            let mut held = Collateral::default();
            held.add(&bytes)
                .map_err(|NotCollateral(why)| format!("`cert_chain`: {why}"))?;
            Ok(held.certificates)
        })
        .collect::<Result<Vec<_>, String>>()
        .map(|found| found.into_iter().flatten().collect())
}
