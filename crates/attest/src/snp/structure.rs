//! Step `structure`.

use super::evidence::certificates;
use crate::appraisal::Appraisal;
use crate::step::{Check, StepName};
use crate::x509::Certificate;
use wire::tee::snp::Report;

const MALFORMED: &str = "tee/evidence-genuine#malformed";

/// Adds what is to be said of the layout. Returns the certificates that follow the report, where it is an extended one.
pub(super) fn check(
    appraisal: &mut Appraisal,
    report: &Report<'_>,
    behind: &[u8],
) -> Vec<Certificate> {
    let mut add = |check| appraisal.add(StepName::Structure, check);
    let version = report.version.to_string();
    add(if report.is_known_version() {
        Check::pass("report version").value(version)
    } else {
        Check::unproven(
            "report version",
            "read as version 5: what a later one adds is not judged",
        )
        .value(version)
        .limit("2 to 5")
        .source("AMD 56860, ATTESTATION_REPORT")
    });
    if let Some(at) = report.reserved_set {
        add(Check::unproven(
            "reserved bytes",
            "they are signed, and say something that is not known here",
        )
        .value(format!("set from byte {at:#x} on")));
    }
    if let Some(at) = report.signature.reserved_set {
        // Nothing signs them, so they could carry anything past whoever trusts the whole file.
        add(Check::fail("bytes behind r and s", MALFORMED)
            .value(format!("set at byte {at:#x}"))
            .limit("zero")
            .source("AMD 56860, signature format"));
    }
    let unknown = report.key_info.unknown();
    if unknown != 0 {
        add(Check::unproven(
            "KEY_INFO reserved bits",
            "they are signed, and say something that is not known here",
        )
        .value(format!("{unknown:#x}")));
    }
    extended(behind, &mut add)
}

fn extended(behind: &[u8], add: &mut impl FnMut(Check)) -> Vec<Certificate> {
    // Firmware hands reports out in buffers that are larger.
    if behind.iter().all(|byte| *byte == 0) {
        return Vec::new();
    }
    match certificates(behind) {
        Ok((certificates, problems)) => {
            add(Check::pass("certificate table")
                .value(format!("{} certificates", certificates.len())));
            for problem in problems {
                add(Check::unproven("certificate table", problem));
            }
            certificates
        }
        Err(error) => {
            add(Check::fail("bytes behind the report", MALFORMED)
                .value(format!("{} bytes", behind.len()))
                .detail(format!("neither zeros nor a certificate table: {error}")));
            Vec::new()
        }
    }
}
