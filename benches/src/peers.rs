//! Other tools. Only what comes from a package registry or is installed already.

use crate::measure::Program;
use crate::say;
use std::path::Path;
use std::process::Command;

/// A fixed piece of work for the processor. It carries recorded costs of other tools over to this machine.
const REFERENCE_LOOP: &str = "x=0\nfor i in range(3000000): x=(x*31+i)&0xffffff\n";

/// Where checkov is installed: below the workspace, whatever the working directory.
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/peers");

/// What kube-linter 0.8.3 with its default checks costs in units of the reference loop, by number of manifests: recorded once,
/// for machines on which it is not installed.
pub(crate) const KUBE_LINTER: [(usize, f64); 2] = [(200, 0.19), (1000, 0.66)];

/// The reference loop.
pub(crate) fn reference() -> Program {
    Program::new(
        "reference loop",
        &["python3", "-S", "-c", REFERENCE_LOOP],
        &[0],
    )
}

/// The other tools that can run here. checkov is installed into `target/peers`; kube-linter and KICS must be installed.
///
/// # Errors
///
/// When checkov cannot be installed.
pub(crate) fn found() -> Result<Vec<Program>, String> {
    let mut tools = vec![checkov(Path::new(PEERS))?];
    if is_installed("kube-linter") {
        // 1: it found something.
        tools.push(Program::new(
            "kube-linter",
            &["kube-linter", "lint", "{}"],
            &[0, 1],
        ));
    } else {
        say(
            "kube-linter is not installed; its recorded cost is used (build it: docs/benchmarks.md)",
        );
    }
    if is_installed("kics") {
        // Its exit status counts what it found: 20 to 60.
        let words = [
            "kics",
            "scan",
            "-p",
            "{}",
            "-t",
            "Kubernetes",
            "--no-progress",
            "--silent",
        ];
        tools.push(Program::new("KICS", &words, &[0, 20, 30, 40, 50, 60]));
    } else {
        say("KICS is not installed; left out");
    }
    Ok(tools)
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("version").output().is_ok()
}

fn checkov(venv: &Path) -> Result<Program, String> {
    let checkov = venv.join("bin/checkov");
    if !checkov.is_file() {
        say("installing checkov into target/peers");
        done(Command::new("python3").args(["-m", "venv"]).arg(venv))?;
        done(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "checkov"]))?;
    }
    let version = Command::new(&checkov)
        .arg("--version")
        .output()
        .map_err(|error| format!("checkov: {error}"))?;
    let name = format!(
        "checkov {}",
        String::from_utf8_lossy(&version.stdout).trim()
    );
    let path = checkov.display().to_string();
    let words = [
        &path,
        "-d",
        "{}",
        "--framework",
        "kubernetes",
        "--compact",
        "-o",
        "json",
        "--skip-download",
        "--quiet",
    ];
    Ok(Program::new(&name, &words, &[0, 1]))
}

fn done(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{}: {status}", command.get_program().display())),
        Err(error) => Err(format!("{}: {error}", command.get_program().display())),
    }
}
