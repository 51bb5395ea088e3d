//! The temporary directory of one deployment.

use crate::{LabError, Result};
use std::path::Path;
use tempfile::TempDir;

/// A directory that goes away with its owner, unless something went wrong in it.
#[derive(Debug)]
pub struct WorkDir {
    dir: Option<TempDir>,
}

impl WorkDir {
    /// Makes a directory named after a service, closed to other users.
    ///
    /// # Errors
    ///
    /// When it can't be made.
    pub fn new(service: &str) -> Result<WorkDir> {
        tempfile::Builder::new()
            .prefix(&format!("wardline-lab-{service}-"))
            .tempdir()
            .map(|dir| WorkDir { dir: Some(dir) })
            .map_err(|error| LabError::failed("temporary directory", error))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.as_ref().map_or(Path::new(""), TempDir::path)
    }

    /// Leaves the directory where it is, for reading its logs. Returns the path.
    pub fn keep(&mut self) -> std::path::PathBuf {
        self.dir.take().map(TempDir::keep).unwrap_or_default()
    }
}

impl Drop for WorkDir {
    /// A test that panics keeps its logs.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep();
        }
    }
}
