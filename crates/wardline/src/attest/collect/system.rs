//! The few things that collecting does with files of the kernel.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The largest file that is read. Event logs are kept in areas of up to some hundred kilobytes.
const LARGEST: u64 = 8 << 20;

/// Files of the kernel, by their paths from the root without its slash. A trait because no plain directory behaves like configfs:
/// there, making a directory makes the files in it, and reading one asks the hardware.
pub(super) trait System {
    /// Whether something is there.
    fn exists(&self, path: &Path) -> bool;
    /// Makes a directory.
    fn make(&self, path: &Path) -> io::Result<()>;
    /// Removes a directory.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Reads a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Writes into a file that is there, at once.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Opens a device that answers what is written to it.
    fn open(&self, path: &Path) -> io::Result<File>;
}

/// The files below a directory.
pub(super) struct Files {
    root: PathBuf,
}

impl Files {
    pub(super) fn new(root: &Path) -> Self {
        Files {
            root: root.to_owned(),
        }
    }

    /// The library of the GPU driver: by its name where the system's own files are meant, because the loader knows the folders;
    /// below another root in one folder only.
    pub(super) fn driver_library(&self) -> PathBuf {
        const NAME: &str = "libnvidia-ml.so.1";
        if self.root == Path::new("/") {
            return PathBuf::from(NAME);
        }
        // A path with a slash in it is looked for nowhere else.
        Path::new(".").join(&self.root).join("usr/lib").join(NAME)
    }
}

impl System for Files {
    fn exists(&self, path: &Path) -> bool {
        self.root.join(path).exists()
    }

    fn make(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(self.root.join(path))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(self.root.join(path))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.root.join(path))?
            .take(LARGEST)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // One call: the kernel takes the whole of it, or refuses.
        let mut file = OpenOptions::new().write(true).open(self.root.join(path))?;
        match file.write(bytes)? {
            written if written == bytes.len() => Ok(()),
            _ => Err(io::Error::other("written in part only")),
        }
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(self.root.join(path))
    }
}
