//! A line that tells how far a long check has come. Only on a terminal, and only after a second.

use declared::Progress;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long nothing is said, and how often something is said then.
const PATIENCE: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(200);

/// The line. It is erased when this is dropped.
pub(super) struct Display {
    is_done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Display {
    /// Starts to watch, where somebody can see it.
    pub(super) fn start(progress: &Arc<Progress>, is_quiet: bool) -> Option<Display> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if is_quiet || is_dumb || !io::stderr().is_terminal() {
            return None;
        }
        let is_done = Arc::new(AtomicBool::new(false));
        let (progress, done) = (Arc::clone(progress), Arc::clone(&is_done));
        Some(Display {
            is_done,
            thread: Some(thread::spawn(move || watch(&progress, &done))),
        })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A failed write to the terminal is no failure of the check.
            let _ = thread.join();
        }
    }
}

fn watch(progress: &Progress, is_done: &AtomicBool) {
    thread::park_timeout(PATIENCE);
    let mut is_shown = false;
    while !is_done.load(Ordering::Relaxed) {
        say(&words(progress));
        is_shown = true;
        thread::park_timeout(INTERVAL);
    }
    if is_shown {
        say("");
    }
}

/// Replaces the line.
fn say(words: &str) {
    let _ = write!(io::stderr().lock(), "\r\x1b[K{words}");
}

fn words(progress: &Progress) -> String {
    let (found, read) = (progress.found(), progress.read());
    if read < found || found == 0 {
        format!("reading: {read} of {found} files")
    } else {
        format!("judging: {found} files")
    }
}
