//! Clients and tools: run to their end, within a time and a size.

use crate::process::{Process, last_words};
use crate::{LabError, Result};
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

/// The most that is kept of a program's output, in bytes.
const MOST_OUTPUT: u64 = 4 << 20;
/// How much of it an error quotes.
const QUOTED_LINES: usize = 8;

/// How a program ended and what it said, standard output and standard error in the order written.
#[derive(Clone, Debug)]
pub struct Said {
    /// Whether it ended with status 0.
    pub succeeded: bool,
    /// What it said; bytes that are no UTF-8 are replaced.
    pub text: String,
}

/// Runs a program to its end.
///
/// # Errors
///
/// When it can't be started, says more than 4 MiB or is not done in time. An exit status other than 0 is no error here.
pub fn run(what: &str, command: &Command, limit: Duration) -> Result<Said> {
    let dir = tempfile::tempdir().map_err(|error| LabError::failed(what, error))?;
    let log = dir.path().join("output");
    let mut process = Process::start(what, command, &log)?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = process.ended() {
            break status;
        }
        if start.elapsed() > limit {
            return Err(process.failure(format!("not done after {} s", limit.as_secs())));
        }
        if fs::metadata(&log).is_ok_and(|log| log.len() > MOST_OUTPUT) {
            return Err(LabError::failed(what, "says more than 4 MiB"));
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let bytes = fs::read(&log).map_err(|error| LabError::failed(what, error))?;
    Ok(Said {
        succeeded: status.success(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// Runs a program to its end, which must be a good one. Returns what it said.
///
/// # Errors
///
/// As [`run`], and when the exit status is not 0; the error quotes what the program said.
pub fn must(what: &str, command: &Command, limit: Duration) -> Result<String> {
    let said = run(what, command, limit)?;
    if said.succeeded {
        return Ok(said.text);
    }
    Err(LabError::failed(what, last_words(&said.text, QUOTED_LINES)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn keeps_both_outputs_and_the_status() {
        let said = run(
            "shell",
            &shell("echo out; echo err >&2; exit 1"),
            Duration::from_secs(10),
        )
        .expect("it ran");
        assert_eq!((said.succeeded, said.text.as_str()), (false, "out\nerr\n"));
        let error = must(
            "shell",
            &shell("echo refused; exit 1"),
            Duration::from_secs(10),
        )
        .expect_err("status 1");
        assert!(error.to_string().contains("refused"), "{error}");
    }

    #[test]
    fn has_a_limit() {
        let start = Instant::now();
        assert!(run("shell", &shell("sleep 60"), Duration::from_millis(100)).is_err());
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
