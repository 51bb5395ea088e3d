//! What a host hands out beside a report.

use crate::x509::Certificate;
use wire::tee::snp::{CertificateTable, Guid};

/// The certificates of a certificate table (`auxblob` of configfs-tsm, or what follows a report in an extended one), and what
/// is wrong with its other entries. The host makes this table: nothing in it is trusted before a chain is found. The
/// revocation list that it may hold is not used: an old one would hide what was revoked since.
///
/// # Errors
///
/// When it is no such table.
pub fn certificates(table: &[u8]) -> Result<(Vec<Certificate>, Vec<String>), wire::Error> {
    let table = CertificateTable::parse(table)?;
    let mut certificates = Vec::new();
    let mut problems = Vec::new();
    for entry in table.entries {
        if !matches!(entry.guid, Guid::ARK | Guid::ASK | Guid::VCEK | Guid::VLEK) {
            continue;
        }
        match Certificate::from_der(entry.content) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => problems.push(format!("entry {}: {error}", entry.guid)),
        }
    }
    Ok((certificates, problems))
}
