//! Walks a tree.

use super::{Content, Found, walked};
use crate::progress::Progress;
use ignore::WalkBuilder;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How many files are read in one go.
const BATCH: usize = 32;

/// Walks `root` and reads what it finds, in order of path. `.gitignore` is obeyed; symbolic links are followed within
/// the tree's own loops detected by the walker. While one core walks, the others read what it has found.
#[must_use]
pub fn tree(root: &Path, progress: &Progress) -> Vec<Found> {
    let read = Mutex::new(Vec::new());
    let (mut special, mut failures) = (Vec::new(), Vec::new());
    rayon::scope(|scope| {
        let hand_over = |batch: Vec<PathBuf>| {
            let read = &read;
            scope.spawn(move |_| {
                let found: Vec<Found> = batch.iter().map(|path| walked(root, path)).collect();
                read.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(found);
            });
        };
        let mut batch = Vec::with_capacity(BATCH);
        for entry in WalkBuilder::new(root)
            .follow_links(true)
            .require_git(false)
            .build()
        {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    progress.one_found();
                    batch.push(entry.into_path());
                    if batch.len() == BATCH {
                        hand_over(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
                    }
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
        hand_over(batch);
    });
    let mut found = read.into_inner().unwrap_or_else(PoisonError::into_inner);
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
