//! Quotes through the files that Gramine gives to what runs inside an enclave.
//!
//! Rules: Gramine, "Attestation and Secret Provisioning", `/dev/attestation`.

use super::system::System;
use std::io;
use std::path::Path;

/// Where the files are.
pub(super) const DIRECTORY: &str = "dev/attestation";

/// Asks for a quote over 64 bytes.
pub(super) fn quote(system: &impl System, asked: &[u8; 64]) -> Result<Vec<u8>, String> {
    let directory = Path::new(DIRECTORY);
    let failed = |name: &str, error: io::Error| format!("{name}: {error}");
    system
        .write(&directory.join("user_report_data"), asked)
        .map_err(|error| failed("user_report_data", error))?;
    let quote = system
        .read(&directory.join("quote"))
        .map_err(|error| failed("quote", error))?;
    if quote.is_empty() {
        return Err(
            "quote: empty; the manifest needs sgx.remote_attestation = \"dcap\"".to_owned(),
        );
    }
    Ok(quote)
}
