//! Evidence of real hardware. It is no part of the repository: where it is absent, tests say so and pass.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder with the files: `tee` below `WARDLINE_VECTORS`, or below `shared/vectors` beside the repository. `None`, with a note
/// on standard error, where it is not there.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    let folder = std::env::var_os("WARDLINE_VECTORS")
        .map_or(beside, PathBuf::from)
        .join("tee");
    if folder.is_dir() {
        return Some(folder);
    }
    // Past the capture of the test harness: a run without the files must not look like one with them.
    let _ = writeln!(
        std::io::stderr(),
        "NOT RUN: no evidence of real hardware at {}; set WARDLINE_VECTORS",
        folder.display()
    );
    None
}

/// A file's bytes.
///
/// # Panics
///
/// When the folder is there and the file is not.
#[must_use]
pub fn read(name: &str) -> Option<Vec<u8>> {
    let path = folder()?.join(name);
    Some(crate::authority::made(
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display())),
    ))
}

/// A file's bytes, where the folder holds it: `None`, with a note, in a folder that is older than the test.
#[must_use]
pub fn read_if_there(name: &str) -> Option<Vec<u8>> {
    let path = folder()?.join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        let _ = writeln!(std::io::stderr(), "NOT RUN: no {}", path.display());
    }
    bytes
}
