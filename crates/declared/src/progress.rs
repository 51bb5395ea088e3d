//! How far reading has come, for whoever looks on from another thread.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts that only grow.
#[derive(Debug, Default)]
pub struct Progress {
    found: AtomicUsize,
    read: AtomicUsize,
}

impl Progress {
    /// How many files were found so far.
    #[must_use]
    pub fn found(&self) -> usize {
        self.found.load(Ordering::Relaxed)
    }

    /// How many of them were read.
    #[must_use]
    pub fn read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    pub(crate) fn one_found(&self) {
        self.found.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn one_read(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }
}
