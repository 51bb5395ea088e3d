//! What the user asks of an audit.

use crate::glob::Glob;
use jiff::civil::Date;
use model::{Control, Depth, Severity, Stage};

/// The choices of one audit.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only controls of these stages; all if empty.
    pub stages: Vec<Stage>,
    /// Only facts of these depths; all if empty.
    pub depths: Vec<Depth>,
    /// Only controls that match; all if empty.
    pub only: Vec<Glob>,
    /// No controls that match.
    pub skip: Vec<Glob>,
    /// No findings below this severity.
    pub severity: Option<Severity>,
    /// The day on which waivers are judged.
    pub today: Date,
    /// What to put before a source's path to get the path as the configuration file names it: `deploy/`, or nothing.
    pub base: Box<str>,
}

impl Options {
    /// Everything, on the day `today`.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Options {
            stages: Vec::new(),
            depths: Vec::new(),
            only: Vec::new(),
            skip: Vec::new(),
            severity: None,
            today,
            base: Box::default(),
        }
    }

    /// Whether a control is to be run.
    #[must_use]
    pub fn wants(&self, control: &Control) -> bool {
        let any = |globs: &[Glob]| globs.iter().any(|glob| glob.matches(control.id));
        (self.stages.is_empty() || self.stages.contains(&control.meta.stage))
            && (self.only.is_empty() || any(&self.only))
            && !any(&self.skip)
    }

    /// Whether facts of a depth are to be judged.
    #[must_use]
    pub fn wants_depth(&self, depth: Depth) -> bool {
        self.depths.is_empty() || self.depths.contains(&depth)
    }

    /// Patterns of `only` that name no control of `all`. Such a pattern judges too little and would look fine.
    pub fn unmatched_only<'o>(&'o self, all: &'o [Control]) -> impl Iterator<Item = &'o Glob> {
        unmatched(&self.only, all)
    }

    /// Patterns of `skip` that name no control of `all`: misspelt, or of another release. They hide nothing.
    pub fn unmatched_skip<'o>(&'o self, all: &'o [Control]) -> impl Iterator<Item = &'o Glob> {
        unmatched(&self.skip, all)
    }
}

fn unmatched<'o>(globs: &'o [Glob], all: &'o [Control]) -> impl Iterator<Item = &'o Glob> {
    let globs = globs.iter();
    globs.filter(move |glob| !all.iter().any(|control| glob.matches(control.id)))
}

/// From which severity on findings fail a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Findings at least this bad.
    From(Severity),
    /// None.
    Never,
}

impl Threshold {
    /// The words that are understood, for messages.
    pub const WORDS: &'static str = "critical, high, medium, low or never";

    /// Reads a severity, or `never`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Threshold> {
        if word == "never" {
            return Some(Threshold::Never);
        }
        let mut severities = Severity::ALL.into_iter();
        let severity = severities.find(|severity| severity.as_str() == word)?;
        Some(Threshold::From(severity))
    }

    /// Whether a finding of this severity fails the check.
    #[must_use]
    pub fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Threshold::From(least) => severity >= least,
            Threshold::Never => false,
        }
    }
}
