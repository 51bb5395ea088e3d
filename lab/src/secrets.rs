//! Passwords of the lab: made up for one deployment.

use crate::{LabError, Result};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;

/// A password of 24 hexadecimal digits that nobody has used before.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn made_up() -> Result<String> {
    let mut bytes = [0; 12];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| LabError::failed("random numbers", error))?;
    let mut password = String::new();
    for byte in bytes {
        let _ = write!(password, "{byte:02x}");
    }
    Ok(password)
}
