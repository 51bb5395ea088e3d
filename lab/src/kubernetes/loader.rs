//! The loader of `--encryption-provider-config`: what the API server itself says of a file.
//!
//! It reads the file before it reads the audit policy. Given a policy that is not there it always ends within a second or
//! two: with a word about the file where it refuses it, else with a word about the policy. No etcd is needed.

mod cases;
mod compared;

pub use cases::{Case, cases};
pub use compared::{disagreements, surprises};

use super::build;
use crate::cache::Cache;
use crate::recipe::Capture;
use crate::{LabError, Result, certificates, command, ports};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

/// The file in the captures of a release that holds the answers.
pub const FILE: &str = "encryption-configurations.jsonl";
const LIMIT: Duration = Duration::from_secs(120);
/// Processes at a time.
const SIDE_BY_SIDE: usize = 2;

/// A case with the API server's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// The name of the case.
    pub case: String,
    /// More flags of the API server.
    pub flags: Vec<String>,
    /// The file.
    pub text: String,
    /// Why the API server refuses the file; `None` where it takes it.
    pub refusal: Option<String>,
}

/// kube-apiserver, as far as it has to run to load a file.
#[derive(Debug)]
pub struct Loader {
    program: PathBuf,
    dir: tempfile::TempDir,
}

impl Loader {
    /// # Errors
    ///
    /// When kube-apiserver can't be built.
    pub fn new(cache: &Cache) -> Result<Loader> {
        let dir = tempfile::tempdir().map_err(|error| LabError::failed("loader", error))?;
        certificates::self_signed(dir.path(), "own")?;
        Ok(Loader {
            program: build::api_server(cache)?,
            dir,
        })
    }

    /// Asks about one case.
    ///
    /// # Errors
    ///
    /// When the API server ends in another way than the two that are known.
    pub fn load(&self, case: &Case) -> Result<Loaded> {
        let file = self.dir.path().join(format!("{}.yaml", case.name));
        fs::write(&file, &case.text).map_err(|error| LabError::failed(&case.name, error))?;
        let said = command::run(
            "kube-apiserver",
            &self.command(&file, case, ports::free()?),
            LIMIT,
        )?;
        let error = error_in(&said.text);
        let refusal = match error {
            Some(error) if error.contains("audit policy") => None,
            Some(error) => Some(tidy(&error, &file)),
            None => {
                let last = said.text.lines().last().unwrap_or_default();
                return Err(LabError::failed(&case.name, last));
            }
        };
        Ok(Loaded {
            case: case.name.clone(),
            flags: case.flags.clone(),
            text: case.text.clone(),
            refusal,
        })
    }

    /// Asks about every case, two at a time, in their order.
    ///
    /// # Errors
    ///
    /// As [`Loader::load`].
    pub fn load_all(&self) -> Result<Vec<Loaded>> {
        let all = cases();
        let open = Mutex::new(all.iter().enumerate());
        let done = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..SIDE_BY_SIDE {
                scope.spawn(|| {
                    loop {
                        let next = lock(&open).next();
                        let Some((index, case)) = next else { return };
                        let loaded = self.load(case);
                        lock(&done).push((index, loaded));
                    }
                });
            }
        });
        let mut done = done
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, loaded)| loaded).collect()
    }

    fn command(&self, file: &Path, case: &Case, port: u16) -> Command {
        let own = |ending: &str| {
            self.dir
                .path()
                .join(format!("own.{ending}"))
                .display()
                .to_string()
        };
        let (certificate, key) = (own("pem"), own("key"));
        let mut command = Command::new(&self.program);
        command
            .args([
                "--etcd-servers=http://127.0.0.1:1",
                "--bind-address=127.0.0.1",
            ])
            .arg(format!("--secure-port={port}"))
            .args(["--advertise-address=127.0.0.1", "--authorization-mode=RBAC"])
            .args([
                "--service-cluster-ip-range=10.96.0.0/12",
                "--service-account-issuer=https://lab",
            ])
            .arg(format!("--service-account-key-file={key}"))
            .arg(format!("--service-account-signing-key-file={key}"))
            .arg(format!("--tls-cert-file={certificate}"))
            .arg(format!("--tls-private-key-file={key}"))
            .args([
                "--audit-policy-file=/nonexistent/policy.yaml",
                "--audit-log-path=-",
            ])
            .arg(format!("--encryption-provider-config={}", file.display()))
            .args(&case.flags);
        command
    }
}

/// The error without the file's path. The API server quotes one that holds quotes of its own.
fn tidy(error: &str, file: &Path) -> String {
    let text: String = serde_json::from_str(error).unwrap_or_else(|_| error.to_owned());
    text.replace(&file.display().to_string(), "FILE")
}

/// The error with which the API server ends. One of several lines stands indented below its name.
fn error_in(log: &str) -> Option<String> {
    let mut lines = log.lines();
    let error = lines.find_map(|line| Some(line.split_once("\"command failed\" err=")?.1))?;
    if error != "<" {
        return Some(error.to_owned());
    }
    let below: Vec<&str> = lines
        .map_while(|line| line.strip_prefix('\t'))
        .map(str::trim)
        .collect();
    Some(below.join(" "))
}

/// The answers as a capture.
///
/// # Errors
///
/// When one can't be written as JSON.
pub fn capture(all: &[Loaded]) -> Result<Capture> {
    let mut text = Vec::new();
    for loaded in all {
        text.push(serde_json::to_string(loaded).map_err(|error| LabError::failed(FILE, error))?);
    }
    Ok(Capture {
        file: FILE.to_owned(),
        about: "Files for --encryption-provider-config and what kube-apiserver says of each, one JSON object a line: the case, \
                more flags, the file, and the error with which it ends; null where it takes the file. Keys are dummies."
            .to_owned(),
        text: text.join("\n"),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
