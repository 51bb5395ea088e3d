//! Programs that are published as Go modules, built from them.

use crate::packages::Need;
use crate::{LabError, Result, command};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The tool chain. An older `go` fetches the release that a module asks for as a module of its own.
pub(crate) const GO: Need = Need {
    program: "go",
    package: "golang-go",
};

/// From empty caches and on a busy machine a large program takes its time.
const LIMIT: Duration = Duration::from_secs(5400);

/// Modules and compiled packages are shared with everything else on the machine that `go` builds in the same way.
const SETTINGS: [(&str, &str); 3] = [
    ("CGO_ENABLED", "0"),
    ("GOFLAGS", "-mod=mod -trimpath -buildvcs=false"),
    ("GOWORK", "off"),
];

/// Builds the program of a package at a version into a directory, by a module that only exists for that.
///
/// # Errors
///
/// When `go` is missing, the module can't be had or does not compile.
pub(crate) fn build(into: &Path, package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let module = into.join("module");
    fs::create_dir_all(&module).map_err(|error| LabError::at(&module, error))?;
    run(&module, &["mod", "init", "wardline.example/lab/programs"])?;
    run(&module, &["get", &format!("{package}@{version}")])?;
    let file = into.join(program);
    let output = format!("../{program}");
    run(
        &module,
        &["build", "-ldflags", "-s -w", "-o", &output, package],
    )?;
    Ok(file)
}

fn run(dir: &Path, words: &[&str]) -> Result<()> {
    let mut go = Command::new(GO.path()?);
    go.args(words).current_dir(dir).envs(SETTINGS);
    let verb = words.first().copied().unwrap_or_default();
    command::must(&format!("go {verb}"), &go, LIMIT).map(drop)
}
