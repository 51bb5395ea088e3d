//! What a report says of itself, for reading.

use crate::appraisal::Appraisal;
use crate::crypto::hex;
use wire::tee::snp::{Product, Report, Tcb};

/// Notes what a report says of itself.
pub(super) fn add(appraisal: &mut Appraisal, report: &Report<'_>, product: Option<Product>) {
    let tcb = |tcb: Tcb| match product {
        Some(product) => tcb.components(product.tcb_layout()).to_string(),
        None => hex(&tcb.0),
    };
    appraisal.claim("VERSION", report.version.to_string());
    if let Some(product) = product {
        appraisal.claim("PRODUCT", product.name());
    }
    appraisal.claim("MEASUREMENT", hex(report.measurement));
    appraisal.claim("HOST_DATA", hex(report.host_data));
    appraisal.claim("REPORT_DATA", hex(report.report_data));
    appraisal.claim("CHIP_ID", hex(report.chip_id));
    appraisal.claim("REPORT_ID", hex(report.report_id));
    appraisal.claim("VMPL", report.vmpl.to_string());
    appraisal.claim("POLICY", format!("{:#x}", report.policy.0));
    appraisal.claim("PLATFORM_INFO", format!("{:#x}", report.platform_info.0));
    appraisal.claim("GUEST_SVN", report.guest_svn.to_string());
    appraisal.claim("FAMILY_ID", hex(report.family_id));
    appraisal.claim("IMAGE_ID", hex(report.image_id));
    appraisal.claim("ID_KEY_DIGEST", hex(report.id_key_digest));
    if report.key_info.has_author_key() {
        appraisal.claim("AUTHOR_KEY_DIGEST", hex(report.author_key_digest));
    }
    appraisal.claim("REPORTED_TCB", tcb(report.reported_tcb));
    appraisal.claim("CURRENT_TCB", tcb(report.current_tcb));
    appraisal.claim("COMMITTED_TCB", tcb(report.committed_tcb));
    appraisal.claim("LAUNCH_TCB", tcb(report.launch_tcb));
    appraisal.claim("FIRMWARE", report.current_firmware.to_string());
    if let Some(vectors) = report.mitigations {
        appraisal.claim("LAUNCH_MIT_VECTOR", format!("{:#x}", vectors.launch));
        appraisal.claim("CURRENT_MIT_VECTOR", format!("{:#x}", vectors.current));
    }
}
