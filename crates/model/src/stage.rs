//! The three stages of data's life.

use std::fmt;

/// Where the data is when a control guards it. Access control counts to the stage whose data it guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Moving between components.
    Transit,
    /// Stored.
    Rest,
    /// Being computed on.
    Use,
}

impl Stage {
    /// All stages, in the order of reports.
    pub const ALL: [Stage; 3] = [Stage::Transit, Stage::Rest, Stage::Use];

    /// The word used in output and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Transit => "transit",
            Stage::Rest => "rest",
            Stage::Use => "use",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
