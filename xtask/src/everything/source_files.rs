//! The source files that build scripts register, and what must not be left in them.

use std::fs;
use std::path::{Path, PathBuf};

/// Crates whose build script registers modules by their place in the tree.
const REGISTERING: [&str; 2] = ["crates/controls", "crates/declared"];

/// Every Rust file below a folder of the registering crates' `src`.
///
/// # Errors
///
/// When a folder is not readable.
pub(super) fn registered(workspace: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for name in REGISTERING {
        collect(&workspace.join(name).join("src"), "rs", &mut files)?;
    }
    Ok(files)
}

/// Whether every control and fixture that `new-control` wrote has been filled in.
///
/// # Errors
///
/// When a file still says what to replace, or is not readable.
pub(super) fn no_skeletons(workspace: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    collect(&workspace.join("crates/controls/src"), "rs", &mut files)?;
    collect(
        &workspace.join("crates/controls/fixtures"),
        "md",
        &mut files,
    )?;
    let mut left = Vec::new();
    for path in files {
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let marked = text.lines().position(|line| line.contains("REPLACE:"));
        left.extend(marked.map(|line| format!("{}:{}", path.display(), line + 1)));
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("still a skeleton: {}", left.join(", ")))
    }
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, extension, files)?;
        } else if path.extension().is_some_and(|own| own == extension) {
            files.push(path);
        }
    }
    Ok(())
}
