//! `cargo xtask fuzz`: the fuzz targets need a nightly toolchain and cargo-fuzz, which nothing else here needs.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How long each target runs unless said otherwise, in seconds.
const USUAL: u32 = 60;

/// What no input of the fuzzer's length may need: seconds for one input, and MiB for all of them.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=65536"];

/// Runs every target for some seconds, or the named one with the arguments that follow.
///
/// # Errors
///
/// When the tools are missing, with the commands that install them; when a build fails or a target finds a crash.
pub(crate) fn run(workspace: &Path, words: &[&str]) -> Result<String, String> {
    ensure_tools()?;
    let folder = workspace.join("fuzz");
    match words {
        [] => all(&folder, USUAL),
        [word] if word.parse::<u32>().is_ok() => all(&folder, word.parse().unwrap_or(USUAL)),
        [target, arguments @ ..] => {
            one(&folder, target, arguments).map(|()| format!("fuzz: {target} held"))
        }
    }
}

fn ensure_tools() -> Result<(), String> {
    let is_there = cargo_fuzz()
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if is_there {
        return Ok(());
    }
    Err("fuzzing needs a nightly toolchain and cargo-fuzz:\n  rustup toolchain install nightly\n  cargo install cargo-fuzz --locked".to_owned())
}

fn cargo_fuzz() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "fuzz"]);
    command
}

/// Every target, also those after one that failed, so that one run shows all of them.
fn all(folder: &Path, seconds: u32) -> Result<String, String> {
    build(folder)?;
    let targets = targets(folder)?;
    let limit = format!("-max_total_time={seconds}");
    let (mut summary, mut failed) = (String::new(), 0);
    for target in &targets {
        let start = Instant::now();
        let word = match one(folder, target, &[&limit]) {
            Ok(()) => "ok    ",
            Err(why) => {
                failed += 1;
                say(&format!("{target}: {why}"));
                "FAILED"
            }
        };
        let elapsed = start.elapsed().as_secs_f64();
        summary += &format!("{word} {elapsed:>6.1} s  {target}\n");
    }
    say(&format!("==> summary\n{summary}"));
    match failed {
        0 => Ok(format!("fuzz: {} targets held", targets.len())),
        _ => Err(format!("{failed} of {} targets failed", targets.len())),
    }
}

fn build(folder: &Path) -> Result<(), String> {
    finish(cargo_fuzz().arg("build").current_dir(folder))
}

/// One target over its seeds. What the fuzzer finds new goes to a folder that git ignores: seeds are chosen by people.
fn one(folder: &Path, target: &str, arguments: &[&str]) -> Result<(), String> {
    let found = folder.join("found").join(target);
    std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let mut command = cargo_fuzz();
    command
        .args(["run", target])
        .arg(&found)
        .arg(folder.join("corpus").join(target))
        .arg("--")
        .args(LIMITS)
        .args(arguments)
        .current_dir(folder);
    finish(&mut command)
}

/// The names of the targets, from their files.
fn targets(folder: &Path) -> Result<Vec<String>, String> {
    let sources = folder.join("fuzz_targets");
    let entries =
        std::fs::read_dir(&sources).map_err(|error| format!("{}: {error}", sources.display()))?;
    let mut targets: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            (path.extension()? == "rs").then_some(name)
        })
        .collect();
    targets.sort_unstable();
    Ok(targets)
}

fn finish(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("cargo fuzz: {status}")),
        Err(error) => Err(format!("rustup: {error}")),
    }
}

fn say(line: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(std::io::stdout(), "{line}");
}
