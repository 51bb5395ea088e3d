//! Evidence between the dashes of PEM.

use super::{Evidence, binary};
use crate::x509::{Certificate, blocks};

/// RA-TLS certificates, and quotes or reports that somebody wrapped for copying (`-----BEGIN SGX QUOTE-----`). Blocks of other
/// kinds are passed over.
pub(super) fn all_in(text: &str) -> Result<Vec<Evidence>, String> {
    let mut found = Vec::new();
    let mut has_certificate = false;
    for block in blocks(text) {
        let place = format!("the {} at byte {}", block.label, block.offset);
        let is_wrapped = ["QUOTE", "REPORT", "EVIDENCE"]
            .iter()
            .any(|word| block.label.ends_with(word));
        let is_certificate = block.label.ends_with("CERTIFICATE");
        if !is_wrapped && !is_certificate {
            continue;
        }
        let bytes = block.bytes.ok_or_else(|| format!("{place} is no base64"))?;
        if is_certificate {
            has_certificate = true;
            let certificate =
                Certificate::from_der(&bytes).map_err(|error| format!("{place}: {error}"))?;
            found.extend(binary::of_certificate(&certificate));
        } else {
            let inner = binary::recognise(&bytes)
                .unwrap_or_else(|| Err("bytes that start like no evidence".to_owned()));
            found.extend(inner.map_err(|why| format!("{place}: {why}"))?);
        }
    }
    if found.is_empty() && has_certificate {
        return Err(binary::WITHOUT_EVIDENCE.to_owned());
    }
    Ok(found)
}
