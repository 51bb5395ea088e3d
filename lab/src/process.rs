//! The processes of services: started in the background, logged, ended with the lab.

use crate::{LabError, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::{Duration, Instant};

/// How long a service gets to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// How much of a log an error quotes.
const QUOTED_LINES: usize = 5;

/// A running service. Ends when it is dropped, and with the process that started it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    grace: Duration,
}

impl Process {
    /// Starts a program in the background; its output goes to `log`, at the end of what stands there.
    ///
    /// # Errors
    ///
    /// When the log can't be written or the program can't be started.
    pub fn start(name: &str, command: &Command, log: &Path) -> Result<Process> {
        let failed = |error: io::Error| LabError::failed(format!("starting {name}"), error);
        let output = File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(failed)?;
        let mut tied = tied_to_parent(command);
        tied.stdin(Stdio::null())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .process_group(0);
        let child = spawn_from_lasting_thread(tied).map_err(failed)?;
        Ok(Process {
            name: name.to_owned(),
            child,
            log: log.to_owned(),
            grace: GRACE,
        })
    }

    /// The same process, which will be ended at once: it has nothing to save and would take long to end by itself.
    #[must_use]
    pub fn without_grace(mut self) -> Process {
        self.grace = Duration::ZERO;
        self
    }

    /// What the service is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of the process, which is also that of its group.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Resident memory in KiB, as Linux counts it.
    #[must_use]
    pub fn resident_kib(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// An error about this service, with the end of its log.
    #[must_use]
    pub fn failure(&self, why: String) -> LabError {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        LabError::Failed {
            what: self.name.clone(),
            why: format!("{why}; its last words: {}", last_words(&text, QUOTED_LINES)),
            log: Some(self.log.clone()),
        }
    }

    /// Asks the service to end, and ends it where it does not.
    pub fn stop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.signal(Signal::TERM);
        let start = Instant::now();
        while start.elapsed() < self.grace {
            if self.ended().is_some() {
                // What it left behind in its group.
                self.signal(Signal::KILL);
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // The group may be gone already.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The last lines of what a program said, on one line.
pub(crate) fn last_words(text: &str, most_lines: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.get(lines.len().saturating_sub(most_lines)..);
    end.unwrap_or_default().join(" | ")
}

/// The same command, killed by the kernel when the lab's process ends, however that ends.
fn tied_to_parent(command: &Command) -> Command {
    let mut tied = Command::new("setpriv");
    tied.args(["--pdeathsig", "KILL", "--"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => tied.env(name, value),
            None => tied.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        tied.current_dir(directory);
    }
    tied
}

type Job = (Command, mpsc::Sender<io::Result<Child>>);

/// The kernel ends a tied process with the *thread* that started it. So one thread, which lasts, starts all.
fn spawn_from_lasting_thread(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (jobs, work) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            for (mut command, reply) in work {
                let _ = reply.send(command.spawn());
            }
        });
        jobs
    });
    let (reply, answer) = mpsc::channel();
    let ended = || io::Error::other("the thread that starts processes has ended");
    spawner.send((command, reply)).map_err(|_| ended())?;
    answer.recv().map_err(|_| ended())?
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
    fn ends_with_its_owner_and_takes_its_children_along() {
        let dir = tempfile::tempdir().expect("a directory");
        let log = dir.path().join("log");
        let mut process =
            Process::start("sleeper", &shell("sleep 600 & echo $!; wait"), &log).expect("started");
        crate::wait::until(&mut process, Duration::from_secs(10), || {
            fs::read_to_string(&log).is_ok_and(|text| text.ends_with('\n'))
        })
        .expect("wrote");
        let child = fs::read_to_string(&log).expect("a log");
        drop(process);
        let state = fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
        assert!(
            state.is_empty() || state.contains(" Z "),
            "the child still runs: {state}"
        );
    }

    #[test]
    fn outlives_the_thread_that_asked_for_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let log = dir.path().join("log");
        let mut process =
            std::thread::spawn(move || Process::start("sleeper", &shell("sleep 600"), &log))
                .join()
                .expect("no panic")
                .expect("started");
        std::thread::sleep(Duration::from_millis(200));
        assert!(process.ended().is_none());
    }

    #[test]
    fn an_early_end_quotes_the_log() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut process = Process::start(
            "broken",
            &shell("echo no such option; exit 3"),
            &dir.path().join("log"),
        )
        .expect("started");
        let error = crate::wait::until(&mut process, Duration::from_secs(10), || false)
            .expect_err("it ended");
        assert!(error.to_string().contains("no such option"), "{error}");
    }
}
