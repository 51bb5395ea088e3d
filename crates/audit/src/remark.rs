//! Decisions written beside what they accept: comments in files, annotations on Kubernetes objects.

use crate::glob::Glob;
use crate::{Finding, Note, Waiver};

/// A decision to accept findings, with the controls it names and the reason it gives.
#[derive(Debug)]
pub(crate) struct Remark {
    controls: Vec<Glob>,
    reason: Box<str>,
    /// `hadoop/core-site.xml:12`.
    stands_in: Box<str>,
    used: bool,
}

impl Remark {
    /// Reads `controls` (separated by commas) and a reason. A remark without either is a note and accepts nothing.
    pub(crate) fn new(controls: &str, reason: &str, stands_in: Box<str>) -> Result<Remark, Note> {
        let controls: Vec<Glob> = controls
            .split(',')
            .map(str::trim)
            .filter(|control| !control.is_empty())
            .map(Glob::new)
            .collect();
        let reason = reason.trim();
        let missing = match (controls.is_empty(), reason.is_empty()) {
            (true, _) => "this ignore names no control; nothing is ignored",
            (_, true) => "this ignore gives no reason; nothing is ignored",
            _ => {
                return Ok(Remark {
                    controls,
                    reason: reason.into(),
                    stands_in,
                    used: false,
                });
            }
        };
        Err(Note {
            place: stands_in,
            message: missing.into(),
        })
    }

    /// The waiver, if the remark means this finding.
    pub(crate) fn accept(&mut self, finding: &Finding) -> Option<Waiver> {
        let meant = self
            .controls
            .iter()
            .any(|control| control.names(finding.control, finding.cause));
        meant.then(|| {
            self.used = true;
            Waiver {
                reason: self.reason.clone(),
                owner: None,
                expires: None,
                stands_in: self.stands_in.clone(),
            }
        })
    }

    /// What to say if it accepted nothing although a control it names was run.
    pub(crate) fn unused(&self, was_run: impl Fn(&Glob) -> bool) -> Option<Note> {
        (!self.used && self.controls.iter().any(was_run)).then(|| Note {
            place: self.stands_in.clone(),
            message: "this ignore matches no finding: remove it".into(),
        })
    }
}
