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

/// The longest, kube-apiserver from empty caches, takes ten minutes on two idle cores, and on a busy machine its time.
const LIMIT: Duration = Duration::from_secs(5400);

/// Modules and compiled packages are shared with everything else on the machine that `go` builds in the same way.
const SETTINGS: [(&str, &str); 3] = [
    ("CGO_ENABLED", "0"),
    ("GOFLAGS", "-mod=mod -trimpath -buildvcs=false"),
    ("GOWORK", "off"),
];

/// No symbols and no debug information.
pub(crate) const SMALL: &str = "-s -w";

/// Builds the program of a package at a version into a directory, by a module that only exists for that.
///
/// # Errors
///
/// When `go` is missing, the module can't be had or does not compile.
pub(crate) fn build(into: &Path, package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let module = Module::new(into)?;
    module.get(&[&format!("{package}@{version}")])?;
    module.build(package, program, SMALL)?;
    Ok(into.join(program))
}

/// A Go module that only exists to build programs of others.
pub(crate) struct Module {
    dir: PathBuf,
}

impl Module {
    /// A new module below a directory.
    pub(crate) fn new(into: &Path) -> Result<Module> {
        let module = Module::of(into)?;
        module.run(&["mod", "init", "wardline.example/lab/programs"])?;
        Ok(module)
    }

    /// A module whose own files are given, by name and text.
    pub(crate) fn with_files(into: &Path, files: &[(&str, &str)]) -> Result<Module> {
        let module = Module::of(into)?;
        for (name, text) in files {
            let file = module.dir.join(name);
            fs::write(&file, text).map_err(|error| LabError::at(&file, error))?;
        }
        Ok(module)
    }

    fn of(into: &Path) -> Result<Module> {
        let dir = into.join("module");
        fs::create_dir_all(&dir).map_err(|error| LabError::at(&dir, error))?;
        Ok(Module { dir })
    }

    /// Asks for packages, each at a version.
    pub(crate) fn get(&self, packages: &[&str]) -> Result<()> {
        self.run(&[&["get"], packages].concat()).map(drop)
    }

    /// Builds a program into the directory above the module's.
    pub(crate) fn build(&self, package: &str, program: &str, linker_flags: &str) -> Result<()> {
        let output = format!("../{program}");
        self.run(&["build", "-ldflags", linker_flags, "-o", &output, package])
            .map(drop)
    }

    /// Runs `go` in the module. Returns what it said.
    pub(crate) fn run(&self, words: &[&str]) -> Result<String> {
        run(&self.dir, words)
    }
}

/// Runs `go` in a directory. Returns what it said.
pub(crate) fn run(dir: &Path, words: &[&str]) -> Result<String> {
    let mut go = Command::new(GO.path()?);
    go.args(words).current_dir(dir).envs(SETTINGS);
    let verb = words.first().copied().unwrap_or_default();
    command::must(&format!("go {verb}"), &go, LIMIT)
}
