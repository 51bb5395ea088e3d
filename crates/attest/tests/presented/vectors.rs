//! Evidence files of real hardware. They are not part of the repository: where they are absent, tests say so and pass.

use std::path::{Path, PathBuf};

/// The folder with the files, if it is there.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let folder = std::env::var_os("WARDLINE_VECTORS")
        .map_or(beside, PathBuf::from)
        .join("tee");
    if folder.is_dir() {
        return Some(folder);
    }
    println!(
        "note: no evidence of real hardware at {}; skipped",
        folder.display()
    );
    None
}

/// A file's bytes.
pub(crate) fn read(path: &str) -> Option<Vec<u8>> {
    let path = folder()?.join(path);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
