//! Evidence in its raw forms.

use super::{Evidence, Piece};
use crate::azure;
use crate::ra_tls;
use crate::x509::Certificate;
use wire::tee::intel::Quote;
use wire::tee::snp::Report;

/// What raw bytes are. `None` where they start like no evidence.
pub(super) fn recognise(bytes: &[u8]) -> Option<Result<Vec<Evidence>, String>> {
    if Quote::looks_like(bytes) {
        let quote = bytes.to_vec();
        return one(Piece::IntelQuote {
            quote,
            event_log: None,
        });
    }
    if bytes.starts_with(b"HCLA") {
        return one(Piece::Azure(azure::Presented::of_report(bytes.to_vec())));
    }
    if is_spdm(bytes) {
        return one(Piece::Nvidia {
            messages: bytes.to_vec(),
            certificates: Vec::new(),
        });
    }
    if let Some(report) = snp_report(bytes) {
        return one(Piece::SnpReport {
            report: report.to_vec(),
            certificates: Vec::new(),
        });
    }
    // A certificate is a DER sequence with a length of two bytes.
    match bytes {
        [0x30, 0x82, ..] => Certificate::from_der(bytes).ok().map(|certificate| {
            let found = of_certificate(&certificate);
            if found.is_empty() {
                return Err(WITHOUT_EVIDENCE.to_owned());
            }
            Ok(found)
        }),
        _ => None,
    }
}

/// Said of certificates of which none is an RA-TLS certificate.
pub(super) const WITHOUT_EVIDENCE: &str = "a certificate that carries no evidence; if the evidence needs it, give it as collateral (--collateral)";

fn one(piece: Piece) -> Option<Result<Vec<Evidence>, String>> {
    Some(Ok(vec![piece.into()]))
}

/// The quotes inside an RA-TLS certificate.
pub(super) fn of_certificate(certificate: &Certificate) -> Vec<Evidence> {
    let found = ra_tls::presented(certificate);
    let is_one = found.len() == 1;
    found
        .into_iter()
        .map(|presented| {
            let form = match &presented {
                Ok(presented) => presented.form,
                Err(malformed) => malformed.form,
            };
            Evidence {
                label: if is_one {
                    String::new()
                } else {
                    form.to_string()
                },
                ..Piece::RaTls {
                    certificate: certificate.clone(),
                    presented,
                }
                .into()
            }
        })
        .collect()
}

/// An SPDM 1.1 `GET_MEASUREMENTS` request of 37 bytes with the response behind it.
fn is_spdm(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x11, 0xe0]) && bytes.get(37..39) == Some(&[0x11, 0x60])
}

/// A report alone or with a certificate table behind it; or the firmware's answer around it (AMD 56860, MSG_REPORT_RSP: status,
/// length, 24 bytes reserved), which `/dev/sev-guest` hands out in a longer buffer.
fn snp_report(bytes: &[u8]) -> Option<&[u8]> {
    const ANSWER: usize = 32;
    let size = Report::SIZE;
    let head = bytes.get(..ANSWER)?;
    let (status_and_length, reserved) = head.split_at(8);
    if status_and_length == [0, 0, 0, 0, 0xa0, 0x04, 0, 0] && reserved.iter().all(|byte| *byte == 0)
    {
        return bytes.get(ANSWER..ANSWER + size);
    }
    let version = u32::from_le_bytes(bytes.first_chunk().copied()?);
    let algorithm = bytes.get(0x34..)?.first_chunk().copied()?;
    let is_plausible = (1..=64).contains(&version)
        && bytes.len() >= size
        && (bytes.len() == size || u32::from_le_bytes(algorithm) == 1);
    is_plausible.then_some(bytes)
}
