//! What a control concludes once all depths are merged.

use std::fmt;

/// The verdict of a control on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The question does not arise; a reason is given.
    NotApplicable,
    /// The protection holds as deep as it was looked at.
    Protected,
    /// It could not be told; a reason is given. Never counts as protected.
    Unproven,
    /// The protection is missing.
    Exposed,
    /// A claim at one depth is refuted at a deeper one.
    Contradicted,
}

impl Verdict {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "n/a",
            Verdict::Protected => "protected",
            Verdict::Unproven => "unproven",
            Verdict::Exposed => "exposed",
            Verdict::Contradicted => "contradicted",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
