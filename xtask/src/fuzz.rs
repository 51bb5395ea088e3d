//! `cargo xtask fuzz`: the fuzz targets need a nightly toolchain and cargo-fuzz, which nothing else here needs.

use std::path::Path;
use std::process::{Command, Stdio};

/// Builds all targets, or runs the named one with the arguments that follow.
///
/// # Errors
///
/// When the tools are missing, with the commands that install them; when a build fails or a target finds a crash.
pub(crate) fn run(workspace: &Path, words: &[&str]) -> Result<String, String> {
    let mut command = Command::new("rustup");
    command
        .args(["run", "nightly", "cargo", "fuzz"])
        .current_dir(workspace);
    let is_there = |mut probe: Command| {
        probe
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    let mut probe = Command::new("rustup");
    probe.args(["run", "nightly", "cargo", "fuzz", "--version"]);
    if !is_there(probe) {
        return Err("fuzzing needs a nightly toolchain and cargo-fuzz:\n  rustup toolchain install nightly\n  cargo install cargo-fuzz".to_owned());
    }
    match words.split_first() {
        None => command.arg("build"),
        Some((target, rest)) => command.args(["run", target]).args(rest),
    };
    match command.status() {
        Ok(status) if status.success() => Ok("fuzz: done".to_owned()),
        Ok(status) => Err(format!("cargo fuzz: {status}")),
        Err(error) => Err(format!("rustup: {error}")),
    }
}
