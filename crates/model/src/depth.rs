//! How we know.

use std::fmt;

/// How deep the knowledge behind a claim goes. The order is that of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// Files say so.
    Declared,
    /// The running service says so.
    Loaded,
    /// The wire or the hardware showed it.
    Observed,
    /// Logs and metadata show that it happened.
    Recorded,
}

impl Depth {
    /// All depths, shallowest first.
    pub const ALL: [Depth; 4] = [
        Depth::Declared,
        Depth::Loaded,
        Depth::Observed,
        Depth::Recorded,
    ];

    /// The word used in output and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Depth::Declared => "declared",
            Depth::Loaded => "loaded",
            Depth::Observed => "observed",
            Depth::Recorded => "recorded",
        }
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
