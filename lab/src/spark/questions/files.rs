//! What stands on disk in clear.

use crate::spark::configuration::PLANTED;
use crate::spark::daemons::{Cluster, contains};
use crate::truth::{Answer, Question};
use crate::{LabError, Result};
use std::fs;
use std::path::Path;

const EVENT_LOG: Question = Question {
    id: "secret-in-event-log",
    asks: "does the event log hold a planted secret in clear?",
    causes: &[
        "spark/redaction#default-regex-gap",
        "spark/redaction#weakened",
    ],
};
const SHUFFLE: Question = Question {
    id: "shuffle-in-clear",
    asks: "do shuffle files on disk hold the data in clear?",
    causes: &[
        "spark/local-storage#plain-on-persistent-disk",
        "spark/local-storage#plain-on-pod-disk",
    ],
};

pub(super) fn ask(cluster: &Cluster) -> Result<Vec<Answer>> {
    let events = hits(&cluster.layout.events(), PLANTED.1.as_bytes())?;
    let shuffles = hits(&cluster.layout.local(), b"wardline-lab-clear-marker")?;
    Ok(vec![
        EVENT_LOG.answered(events.found > 0, events.to_string()),
        SHUFFLE.answered(shuffles.found > 0, shuffles.to_string()),
    ])
}

struct Hits {
    found: usize,
    files: usize,
}

impl std::fmt::Display for Hits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "in {} of {} files", self.found, self.files)
    }
}

/// In how many files of a tree some bytes stand.
fn hits(tree: &Path, wanted: &[u8]) -> Result<Hits> {
    let mut hits = Hits { found: 0, files: 0 };
    let mut open = vec![tree.to_owned()];
    while let Some(dir) = open.pop() {
        let entries = fs::read_dir(&dir).map_err(|error| LabError::at(&dir, error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            hits.files += 1;
            // Spark removes files while it runs.
            let bytes = fs::read(&path).unwrap_or_default();
            hits.found += usize::from(contains(&bytes, wanted));
        }
    }
    Ok(hits)
}
