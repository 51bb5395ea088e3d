//! Finds and reads files: bounded, in a fixed order, every failure typed.

use ignore::WalkBuilder;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use text::decode::{self, DecodeError};
use text::limits::MAX_TEXT;

/// A file that was found.
#[derive(Debug)]
pub struct Found {
    /// Path relative to the input, with `/`.
    pub path: String,
    /// What came of reading it.
    pub content: Content,
    /// Unix permission bits.
    pub mode: Option<u32>,
}

/// What came of reading a file.
#[derive(Debug)]
pub enum Content {
    /// A text.
    Text(String),
    /// Not a text; whether a reader would want the bytes is for a later release.
    Binary,
    /// Nothing that has a content: a pipe, a socket, a device.
    Special,
    /// Could not be read: why, and what to do. The second part is the text up to the error, if there is one.
    Unreadable(String),
}

/// Walks `root` and reads what it finds, in order of path. `.gitignore` is obeyed; symbolic links are followed within
/// the tree's own loops detected by the walker.
#[must_use]
pub fn tree(root: &Path) -> Vec<Found> {
    let (mut paths, mut failures) = (Vec::new(), Vec::new());
    let mut special = Vec::new();
    for entry in WalkBuilder::new(root)
        .follow_links(true)
        .require_git(false)
        .build()
    {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                paths.push(entry.into_path())
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
            Err(error) => failures.push(walk_failure(root, &error)),
        }
    }
    paths.sort_unstable();
    let mut found: Vec<Found> = paths
        .par_iter()
        .with_min_len(16)
        .map(|path| one(root, path))
        .collect();
    found.extend(special);
    found.extend(failures);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Reads one file, named relative to `root`.
#[must_use]
pub fn one(root: &Path, path: &Path) -> Found {
    let (content, mode) = match read(path) {
        Ok((bytes, mode)) => (content(bytes), mode),
        Err(error) => (
            Content::Unreadable(format!("cannot be read: {error}")),
            None,
        ),
    };
    Found {
        path: relative(root, path),
        content,
        mode,
    }
}

/// Turns bytes into content.
#[must_use]
pub fn content(bytes: Vec<u8>) -> Content {
    if bytes.len() > MAX_TEXT {
        return Content::Unreadable(format!(
            "larger than {} MiB, the limit for a configuration file",
            MAX_TEXT >> 20
        ));
    }
    match decode::decode(bytes) {
        Ok(text) => Content::Text(text.text),
        Err(DecodeError::Binary) => Content::Binary,
        Err(error) => Content::Unreadable(error.to_string()),
    }
}

fn read(path: &Path) -> io::Result<(Vec<u8>, Option<u32>)> {
    // Before opening: to open a pipe is to wait for its writer.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    // One byte past the limit tells a file that is too large from one that just fits.
    let mut bytes = Vec::with_capacity(
        usize::try_from(metadata.len())
            .unwrap_or(MAX_TEXT)
            .min(MAX_TEXT)
            + 1,
    );
    file.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes, permission_bits(&metadata)))
}

#[cfg(unix)]
fn permission_bits(metadata: &std::fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn permission_bits(_: &std::fs::Metadata) -> Option<u32> {
    None
}

fn walk_failure(root: &Path, error: &ignore::Error) -> Found {
    let path = path_of(error).map_or_else(|| String::from("."), |path| relative(root, &path));
    Found {
        path,
        content: Content::Unreadable(format!("cannot be walked: {}", reason(error))),
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
        ignore::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn relative(root: &Path, path: &Path) -> String {
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

#[cfg(all(test, unix))]
mod tests {
    use super::{Content, one, tree};
    use std::fs;
    use std::os::unix::net::UnixListener;

    #[test]
    fn what_is_no_file_is_listed_and_never_opened() {
        let root = std::env::temp_dir().join(format!("wardline-files-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a directory");
        let socket = root.join("b.sock");
        let _listener = UnixListener::bind(&socket).expect("a socket");
        fs::write(root.join("a.xml"), "<a/>").expect("a file");
        fs::write(root.join("c.xml"), "<a/>").expect("a file");
        let found = tree(&root);
        let alone = one(&root, &socket);
        fs::remove_dir_all(&root).expect("the directory is ours");
        let paths: Vec<&str> = found.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a.xml", "b.sock", "c.xml"]);
        assert!(
            found
                .iter()
                .any(|file| matches!(file.content, Content::Special))
        );
        assert!(
            matches!(alone.content, Content::Unreadable(reason) if reason.contains("not a regular file"))
        );
    }
}
