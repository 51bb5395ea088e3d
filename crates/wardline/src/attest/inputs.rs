//! Files of evidence.

use crate::exit::Failure;
use crate::output::name;
use std::fs;
use std::path::{Path, PathBuf};

/// Directories inside directories that are followed.
const DEEPEST: usize = 16;

/// The regular files below a directory, in order of path. Links are not followed: evidence is not kept behind them, and they may
/// lead anywhere.
pub(crate) fn files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    collect(directory, 0, &mut files)?;
    files.sort_unstable();
    Ok(files)
}

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", name(directory)));
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_file() {
            files.push(entry.path());
        } else if kind.is_dir() && depth < DEEPEST {
            collect(&entry.path(), depth + 1, files)?;
        }
    }
    Ok(())
}
