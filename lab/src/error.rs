//! What can go wrong in the lab.

use std::fmt;
use std::path::{Path, PathBuf};

/// A result of the lab.
pub type Result<T> = std::result::Result<T, LabError>;

/// Why the lab could not do something.
#[derive(Debug)]
pub enum LabError {
    /// Something has to be installed first.
    Missing {
        /// What is missing: a program, a package, an artefact.
        what: String,
        /// How to get it.
        install: String,
    },
    /// A step failed.
    Failed {
        /// The step.
        what: String,
        /// What the program or the operating system said.
        why: String,
        /// Where to read more.
        log: Option<PathBuf>,
    },
}

impl LabError {
    /// A step failed for a reason that is known in full.
    pub fn failed(what: impl Into<String>, why: impl fmt::Display) -> Self {
        LabError::Failed {
            what: what.into(),
            why: why.to_string(),
            log: None,
        }
    }

    /// A file or directory could not be read, written or made.
    pub fn at(path: &Path, why: impl fmt::Display) -> Self {
        LabError::failed(path.display().to_string(), why)
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabError::Missing { what, install } => {
                write!(f, "{what} is missing; to install it: {install}")
            }
            LabError::Failed {
                what,
                why,
                log: None,
            } => write!(f, "{what}: {why}"),
            LabError::Failed {
                what,
                why,
                log: Some(log),
            } => write!(f, "{what}: {why} (more in {})", log.display()),
        }
    }
}

impl std::error::Error for LabError {}
