//! Finds the configuration file that counts for an input.

use std::path::{Component, Path, PathBuf};

/// The file's name, searched from the input upwards.
pub const FILE_NAME: &str = ".wardline.toml";

/// The configuration file that counts for an input: in its directory, or the nearest one above, up to the repository's top
/// (a directory with `.git`) or the root of the file system.
#[must_use]
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    let directory = if start.is_dir() {
        start.as_path()
    } else {
        start.parent()?
    };
    for here in directory.ancestors() {
        let file = here.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        if here.join(".git").exists() {
            return None;
        }
    }
    None
}

/// What stands between the directory of a configuration file and an input, to be put before a source's path: `deploy/`, or
/// nothing where the input is that directory, is not beneath it, or does not exist.
#[must_use]
pub fn base(config: &Path, input: &Path) -> String {
    let between = || {
        let home = config.canonicalize().ok()?.parent()?.to_path_buf();
        let input = input.canonicalize().ok()?;
        let directory = if input.is_dir() {
            input.as_path()
        } else {
            input.parent()?
        };
        Some(directory.strip_prefix(home).ok()?.to_path_buf())
    };
    between()
        .unwrap_or_default()
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(format!("{}/", name.to_string_lossy())),
            _ => None,
        })
        .collect()
}
