//! The temporary directory of one deployment.

use crate::{LabError, Result};
use std::path::Path;
use tempfile::TempDir;

/// A directory that goes away with its owner once everything in it has started, and stays otherwise: then its logs say why.
#[derive(Debug)]
pub struct WorkDir {
    dir: Option<TempDir>,
    may_go: bool,
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
            .map(|dir| WorkDir {
                dir: Some(dir),
                may_go: false,
            })
            .map_err(|error| LabError::failed("temporary directory", error))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.as_ref().map_or(Path::new(""), TempDir::path)
    }

    /// Everything started: nobody needs the directory when its owner is gone.
    pub fn may_go(&mut self) {
        self.may_go = true;
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        if !self.may_go || std::thread::panicking() {
            // Forgets the directory without removing it.
            self.dir.take().map(TempDir::keep);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn stays_unless_everything_started() {
        for may_go in [true, false] {
            let mut dir = WorkDir::new("test").expect("made");
            let path = dir.path().to_owned();
            if may_go {
                dir.may_go();
            }
            drop(dir);
            assert_eq!(path.exists(), !may_go);
            let _ = std::fs::remove_dir(path);
        }
    }
}
