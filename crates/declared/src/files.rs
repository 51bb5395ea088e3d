//! Finds and reads files: bounded, in a fixed order, every failure typed.

mod walk;

pub use walk::tree;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
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
    Text(decode::Text),
    /// Not a text, with the text it starts with: a reader tells a damaged file from data by it.
    Binary(String),
    /// Too large to be read, with the text it starts with: a reader tells a dump of manifests from a log by it.
    TooLarge(String),
    /// Nothing that has a content: a pipe, a socket, a device.
    Special,
    /// A symbolic link to what is not on this machine: a path of an image, or something that is made later.
    Dangling,
    /// Could not be read: why, and what to do.
    Unreadable(String),
}

/// How much is looked at of a file that is too large.
const SAMPLE: usize = 64 << 10;

/// Reads one file, named relative to `root`.
#[must_use]
pub fn one(root: &Path, path: &Path) -> Found {
    // Before opening: to open a pipe is to wait for its writer.
    let content = match path.metadata() {
        Ok(metadata) if metadata.is_file() => read(path),
        Ok(_) => Err(io::Error::other(NOT_REGULAR)),
        Err(error) => Err(error),
    };
    found(root, path, content)
}

/// Reads a file of a tree. The walk has seen that it is a regular one, so nobody is asked again: asking costs as much as opening.
fn walked(root: &Path, path: &Path) -> Found {
    found(root, path, read(path))
}

const NOT_REGULAR: &str = "not a regular file";

fn found(root: &Path, path: &Path, content: io::Result<(Content, Option<u32>)>) -> Found {
    let (content, mode) = match content {
        Ok((content, mode)) => (content, mode),
        Err(error) => (
            Content::Unreadable(format!("cannot be read: {error}")),
            None,
        ),
    };
    Found {
        path: walk::relative(root, path),
        content,
        mode,
    }
}

/// Turns bytes into content.
#[must_use]
pub fn content(bytes: Vec<u8>) -> Content {
    if bytes.len() > MAX_TEXT {
        return too_large(bytes.get(..SAMPLE).unwrap_or(&bytes));
    }
    let binary = decode::looks_binary(&bytes).then(|| decode::text_before_nul(&bytes));
    match (decode::decode(bytes), binary) {
        (Ok(text), _) => Content::Text(text),
        (Err(DecodeError::Binary), start) => Content::Binary(start.unwrap_or_default()),
        (Err(error), _) => Content::Unreadable(error.to_string()),
    }
}

/// A text that is cut off may end within a character or a line; the last line does not count.
fn too_large(start: &[u8]) -> Content {
    if decode::looks_binary(start) {
        return Content::Binary(decode::text_before_nul(start));
    }
    let lines = start
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(start.len(), |end| end + 1);
    let whole = start.get(..lines).unwrap_or(start).to_vec();
    Content::TooLarge(decode::decode(whole).map_or_else(|_| String::new(), |text| text.text))
}

/// Reads a regular file.
fn read(path: &Path) -> io::Result<(Content, Option<u32>)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other(NOT_REGULAR));
    }
    let mode = permission_bits(&metadata);
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if length > MAX_TEXT {
        let mut start = Vec::with_capacity(SAMPLE);
        file.take(SAMPLE as u64).read_to_end(&mut start)?;
        return Ok((too_large(&start), mode));
    }
    // One byte past the limit tells a file that grew too large meanwhile from one that just fits.
    let mut bytes = Vec::with_capacity(length + 1);
    file.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    Ok((content(bytes), mode))
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

#[cfg(all(test, unix))]
mod tests {
    use super::{Content, one, tree};
    use crate::progress::Progress;
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
        let found = tree(&root, &Progress::default());
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
