//! What the user asks of an audit.

use crate::glob::Glob;
use crate::waiver::Rule;
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
    /// Waivers of the configuration file.
    pub waivers: Vec<Rule>,
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
            waivers: Vec::new(),
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

    /// Patterns of `only` and `skip` that name no control of `all`: most likely misspelt.
    pub fn unmatched<'o>(&'o self, all: &'o [Control]) -> impl Iterator<Item = &'o Glob> {
        let globs = self.only.iter().chain(&self.skip);
        globs.filter(move |glob| !all.iter().any(|control| glob.matches(control.id)))
    }
}
