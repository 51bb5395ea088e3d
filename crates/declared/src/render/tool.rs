//! Runs a renderer: found on the PATH, without a shell, without the network, bounded in time and output.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};
use text::limits::MAX_TEXT;

/// The longest that one rendering may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// The most of a renderer's complaints that is kept, in bytes; only their first line is shown.
const MAX_COMPLAINT: usize = 64 << 10;

/// How often a renderer that has closed its output is asked whether it has ended.
const POLL: Duration = Duration::from_millis(5);

/// Where every connection ends at once: the discard port of this machine. A renderer that wants to fetch something
/// is told to go through it.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The only variables that a renderer inherits. Without `HOME` and `KUBECONFIG` it knows no cluster and no credential;
/// without `PATH` it can start no other program, such as `git` for a remote base or a plugin.
const INHERITED: [&str; 5] = ["TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG"];

/// Finds a program on a search path (the value of `PATH`). Relative entries are passed over: the tree that is judged
/// may be the current directory, and must not bring its own `helm`.
pub(super) fn find(program: &str, search_path: &OsStr) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(search_path)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(&name))
        .find(|candidate| is_executable(candidate))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// The command that runs `program` cut off from credentials, other programs and the network.
pub(super) fn isolated(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    for name in INHERITED {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
        command.env(name, NOWHERE);
    }
    // Helm loads plugins at start, before it looks at its arguments (helm 3, pkg/cli/environment.go).
    command.env("HELM_NO_PLUGINS", "1");
    command
}

/// What a renderer wrote, or the reason why there is nothing, in words.
pub(super) fn output(mut command: Command, patience: Duration) -> Result<Vec<u8>, String> {
    let deadline = Instant::now() + patience;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let result = watched(&mut child, deadline, patience);
    if result.is_err() {
        // It may still run. Both calls fail only where it has ended already.
        let _ = child.kill();
    }
    let _ = child.wait();
    result
}

fn watched(child: &mut Child, deadline: Instant, patience: Duration) -> Result<Vec<u8>, String> {
    let out = collect(child.stdout.take(), MAX_TEXT);
    let complaint = collect(child.stderr.take(), MAX_COMPLAINT);
    let too_slow = || {
        format!(
            "did not end within {} seconds and was stopped",
            patience.as_secs()
        )
    };
    // The pipes are read by threads of their own: a grandchild may keep them open beyond the end of the child.
    let text = received(&out, deadline).ok_or_else(too_slow)?;
    if text.len() > MAX_TEXT {
        return Err(format!(
            "wrote more than {} MiB and was stopped",
            MAX_TEXT >> 20
        ));
    }
    let status = ended(child, deadline).ok_or_else(too_slow)?;
    if status.success() {
        return Ok(text);
    }
    let complaint = received(&complaint, deadline).unwrap_or_default();
    Err(failure(status, &complaint))
}

/// Reads up to `limit` bytes and one more, which tells that there is too much.
fn collect(pipe: Option<impl Read + Send + 'static>, limit: usize) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let taken = pipe.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes);
            // The receiver may have given up; then nobody wants the bytes.
            let _ = sender.send(bytes);
            // What is left is read and dropped: a closed pipe would end the program before its own message.
            let _ = taken.and_then(|_| io::copy(&mut pipe, &mut io::sink()));
        }
    });
    receiver
}

fn received(pipe: &Receiver<Vec<u8>>, deadline: Instant) -> Option<Vec<u8>> {
    pipe.recv_timeout(deadline.saturating_duration_since(Instant::now()))
        .ok()
}

fn ended(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// The first line of the complaint, which is where both renderers say what is wrong.
fn failure(status: ExitStatus, complaint: &[u8]) -> String {
    let complaint = String::from_utf8_lossy(complaint);
    let line = complaint
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty());
    match line {
        Some(line) => format!("failed: {line}"),
        None => format!("failed with {status}"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{find, isolated, output};
    use std::ffi::OsStr;
    use std::path::Path;
    use std::time::{Duration, Instant};

    fn shell(script: &str, patience: Duration) -> Result<Vec<u8>, String> {
        let mut command = isolated(Path::new("/bin/sh"));
        command.args(["-c", script]);
        output(command, patience)
    }

    #[test]
    fn what_it_writes_is_returned() {
        let written = shell("echo out; echo aside >&2", Duration::from_secs(20));
        assert_eq!(written.as_deref(), Ok(&b"out\n"[..]));
    }

    #[test]
    fn a_renderer_that_hangs_is_stopped() {
        let started = Instant::now();
        for script in ["while :; do :; done", "exec >&-; while :; do :; done"] {
            let reason = shell(script, Duration::from_millis(300)).expect_err("it hangs");
            assert!(reason.contains("was stopped"), "{reason}");
        }
        // What it started may outlive it and hold its output open.
        let reason = shell("/bin/sleep 4 & exit 0", Duration::from_millis(300));
        assert!(reason.is_err());
        assert!(started.elapsed() < Duration::from_secs(3));
    }

    #[test]
    fn much_complaint_does_not_block_it() {
        let script = "i=0; while [ $i -lt 9000 ]; do echo 0123456789012345678901234567890 >&2; i=$((i+1)); done; echo out";
        assert_eq!(
            shell(script, Duration::from_secs(20)).as_deref(),
            Ok(&b"out\n"[..])
        );
    }

    #[test]
    fn it_knows_no_credential_and_no_way_out() {
        let script = "echo \"$HOME|$KUBECONFIG|$HTTPS_PROXY\"";
        let written = shell(script, Duration::from_secs(20)).expect("it runs");
        assert_eq!(written, b"||http://127.0.0.1:9\n");
    }

    #[test]
    fn relative_entries_of_the_search_path_are_passed_over() {
        assert_eq!(find("sh", OsStr::new("bin:.:")), None);
        assert_eq!(
            find("sh", OsStr::new(".:/bin")).as_deref(),
            Some(Path::new("/bin/sh"))
        );
        assert_eq!(find("no-such-renderer", OsStr::new("/bin")), None);
    }
}
