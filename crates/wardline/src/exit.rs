//! How a run ends.

use std::fmt;
use std::process::ExitCode;

/// The exit status of a run that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing at or above the threshold.
    Fine,
    /// Findings at or above the threshold.
    Findings,
    /// No input was recognised.
    NothingRecognised,
    /// Something was unreadable, or less was proven than asked for.
    Incomplete,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::NothingRecognised => 3,
            Exit::Incomplete => 4,
        })
    }
}

/// Why a run could not do its work: wrong usage, wrong configuration, or a failing system. Exit status 2.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure, in words that say what to do.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Failure(message.into())
    }

    /// The status of every failure.
    pub(crate) fn code() -> ExitCode {
        ExitCode::from(2)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
