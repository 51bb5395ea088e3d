//! Reports of appraisals: what evidence of trusted hardware proves, for people and for machines.

pub mod json;
pub mod text;

use attest::{Appraisal, Instant, Verdict};

/// A piece of evidence with what came of it.
#[derive(Debug)]
pub struct Appraised {
    /// The file, relative to the input; `-` for standard input.
    pub file: String,
    /// What tells it from others of the file: a label, or a fleet's identifier.
    pub id: String,
    /// Its appraisal.
    pub appraisal: Appraisal,
}

/// An input that held no evidence.
#[derive(Debug)]
pub struct NotExamined {
    /// The file.
    pub path: String,
    /// Why, and what to do.
    pub reason: String,
}

/// Everything that a run appraised.
#[derive(Debug)]
pub struct Report {
    /// The instant of appraisal.
    pub at: Instant,
    /// Whether the user chose the instant.
    pub is_chosen: bool,
    /// The evidence.
    pub evidence: Vec<Appraised>,
    /// Inputs without evidence.
    pub not_examined: Vec<NotExamined>,
    /// What else the reader must know: which files were used, and how.
    pub notes: Vec<String>,
}

/// How many pieces of evidence came to each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Everything was shown.
    pub protected: u64,
    /// Something was refuted.
    pub exposed: u64,
    /// Something was not shown.
    pub unproven: u64,
    /// Lines or files that were no evidence.
    pub unreadable: u64,
}

impl Tally {
    /// Counts a verdict.
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Protected => self.protected += 1,
            Verdict::Exposed => self.exposed += 1,
            Verdict::Unproven => self.unproven += 1,
        }
    }

    /// All pieces of evidence.
    #[must_use]
    pub fn evidence(&self) -> u64 {
        self.protected + self.exposed + self.unproven
    }
}

impl Report {
    /// How many pieces came to each verdict.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally {
            unreadable: u64::try_from(self.not_examined.len()).unwrap_or(u64::MAX),
            ..Tally::default()
        };
        for appraised in &self.evidence {
            tally.count(appraised.appraisal.verdict());
        }
        tally
    }
}
