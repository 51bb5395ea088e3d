//! Collateral from files and directories. Nothing is fetched.

use crate::exit::Failure;
use crate::output::{self, name};
use ::attest::Collateral;
use ::attest::collateral::NotCollateral;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file that is read as collateral. Revocation lists of large authorities take some hundred kilobytes.
const LARGEST: u64 = 32 << 20;

/// Reads what the user named. A file that holds no collateral is an error; in a directory it is passed over, with a note.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Collateral, Failure> {
    let mut collateral = Collateral::default();
    for path in paths {
        if path.is_dir() {
            for file in super::inputs::files(path)? {
                if let Err(NotCollateral(why)) = collateral.add(&bytes(&file)?) {
                    let why = report::escape::line(&why).into_owned();
                    output::warn(&format!("note: {}: {why}", name(&file)));
                }
            }
        } else {
            add(&mut collateral, path)?;
        }
    }
    Ok(collateral)
}

/// Adds what a file holds. That it holds none is an error.
pub(crate) fn add(collateral: &mut Collateral, path: &Path) -> Result<(), Failure> {
    match collateral.add(&bytes(path)?) {
        Ok(_) => Ok(()),
        Err(NotCollateral(why)) => Err(Failure::new(format!(
            "{} is no collateral: {}",
            name(path),
            report::escape::line(&why)
        ))),
    }
}

/// A file, unless it is larger than collateral is.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed =
        |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", name(path)));
    let file = fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(format!(
            "{} is larger than {} MiB",
            name(path),
            LARGEST >> 20
        )));
    }
    Ok(bytes)
}
