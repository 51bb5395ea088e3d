//! Walks a tree.

use super::{Content, Found, walked};
use crate::progress::Progress;
use ignore::WalkBuilder;
use rayon::prelude::*;
use std::io;
use std::path::{Path, PathBuf};

/// Walks `root` and reads what it finds, in order of path. `.gitignore` is obeyed; symbolic links are followed within
/// the tree's own loops detected by the walker.
#[must_use]
pub fn tree(root: &Path, progress: &Progress) -> Vec<Found> {
    let (mut paths, mut failures) = (Vec::new(), Vec::new());
    let mut special = Vec::new();
    for entry in WalkBuilder::new(root)
        .follow_links(true)
        .require_git(false)
        .build()
    {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                progress.one_found();
                paths.push(entry.into_path());
            }
            // Opening a pipe would wait for its writer, and a device may have no end.
            Ok(entry) if entry.file_type().is_some_and(|kind| !kind.is_dir()) => {
                special.push(Found {
                    path: relative(root, entry.path()),
                    content: Content::Special,
                    mode: None,
                });
            }
            Ok(_) => {}
            Err(error) => failures.push(failure(root, &error)),
        }
    }
    // By bytes: paths compare component by component, which takes many times as long and is put right below.
    paths.sort_unstable_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
    let mut found: Vec<Found> = paths
        .par_iter()
        .with_min_len(16)
        .map(|path| walked(root, path))
        .collect();
    found.extend(special);
    found.extend(failures);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn failure(root: &Path, error: &ignore::Error) -> Found {
    let path = path_of(error);
    let is_dangling = error
        .io_error()
        .is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
        && path.as_deref().is_some_and(Path::is_symlink);
    Found {
        path: path.map_or_else(|| String::from("."), |path| relative(root, &path)),
        content: if is_dangling {
            Content::Dangling
        } else {
            Content::Unreadable(format!("cannot be walked: {}", reason(error)))
        },
        mode: None,
    }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

/// The reason without the absolute path, which says nothing new and may be private.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Loop { .. } => {
            String::from("a symbolic link leads back to a directory above it")
        }
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => reason(err),
        ignore::Error::Io(error) => of_system(error),
        other => other.to_string(),
    }
}

/// The walker wraps the system's error in one that repeats the path.
fn of_system(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(_) => error.to_string(),
        None => {
            let mut source = error.get_ref().and_then(|inner| inner.source());
            while let Some(next) = source.and_then(std::error::Error::source) {
                source = Some(next);
            }
            source.map_or_else(|| error.to_string(), ToString::to_string)
        }
    }
}

/// The path below `root`; that of the file itself where it is the root.
pub(super) fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let inside = if inside.as_os_str().is_empty() {
        Path::new(path.file_name().unwrap_or(path.as_os_str()))
    } else {
        inside
    };
    inside
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}
