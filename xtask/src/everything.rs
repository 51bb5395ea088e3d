//! `cargo xtask test`: everything that must hold before a merge. Continuous integration runs this and nothing else, so
//! what passes here passes there.

mod source_files;

use crate::control_pages;
use lab::packages::Need;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// One thing that must hold. The checks go on after a failure, so that one run shows all of them.
struct Step {
    name: &'static str,
    holds: fn(&Path) -> Result<(), String>,
}

const STEPS: &[Step] = &[
    Step {
        name: "toolchain components",
        holds: components,
    },
    Step {
        name: "format",
        holds: format,
    },
    Step {
        name: "skeletons are filled in",
        holds: source_files::no_skeletons,
    },
    Step {
        name: "clippy",
        holds: |root| {
            cargo(
                root,
                "clippy --workspace --all-targets --quiet -- -D warnings",
            )
        },
    },
    Step {
        name: "licences, banned crates and sources",
        holds: dependencies,
    },
    Step {
        // Their tests pass without them, with a note; here they run.
        name: "programs that tests ask",
        holds: |_| lab::packages::install(PROGRAMS).map_err(|error| error.to_string()),
    },
    Step {
        name: "tests",
        holds: |root| cargo(root, "test --workspace --no-fail-fast"),
    },
    Step {
        // They need another toolchain to run, but not to compile: without this they would fall behind unseen.
        name: "fuzz targets compile",
        holds: |root| cargo(root, "check --quiet --manifest-path fuzz/Cargo.toml --bins"),
    },
    Step {
        name: "layer laws",
        holds: |root| cargo(root, "test --workspace --quiet --test laws"),
    },
    Step {
        name: "demo expectations",
        holds: |root| {
            cargo(
                root,
                "test --workspace --quiet --test demo -- --nocapture --test-threads=1",
            )
        },
    },
    Step {
        name: "pages of the controls are fresh",
        holds: |root| control_pages::run(root, &["--check"]).map(drop),
    },
    Step {
        name: "real services against the truth table",
        holds: |root| {
            cargo(
                root,
                "test --package wardline-lab --features live --test live -- --nocapture --test-threads=2",
            )
        },
    },
    Step {
        name: "release build",
        holds: |root| cargo(root, "build --release --package wardline"),
    },
    Step {
        name: "release binary finds nothing in the hardened demo",
        holds: |root| {
            cargo(
                root,
                "run --release --quiet --package wardline -- check demo/meridian-hardened",
            )
        },
    },
];

/// A TPM, and what fills it; a C compiler, for a stand-in of the GPU driver's library.
const PROGRAMS: &[Need] = &[
    Need {
        program: "swtpm",
        package: "swtpm",
    },
    Need {
        program: "tpm2_createprimary",
        package: "tpm2-tools",
    },
    Need {
        program: "cc",
        package: "gcc",
    },
];

/// Runs every step and says which failed.
///
/// # Errors
///
/// When a step fails.
pub(crate) fn run(workspace: &Path) -> Result<String, String> {
    let mut summary = String::new();
    let mut failed = 0;
    for (index, step) in STEPS.iter().enumerate() {
        say(&format!(
            "==> [{}/{}] {}",
            index + 1,
            STEPS.len(),
            step.name
        ));
        let start = Instant::now();
        let outcome = (step.holds)(workspace);
        let word = match outcome {
            Ok(()) => "ok    ",
            Err(why) => {
                failed += 1;
                say(&format!("{}: {why}", step.name));
                "FAILED"
            }
        };
        summary += &format!(
            "{word} {:>6.1} s  {}\n",
            start.elapsed().as_secs_f64(),
            step.name
        );
    }
    say(&format!("==> summary\n{summary}"));
    match failed {
        0 => Ok("everything holds".to_owned()),
        _ => Err(format!("{failed} of {} steps failed", STEPS.len())),
    }
}

/// rustfmt and clippy; asks rustup for them only where they are missing.
fn components(workspace: &Path) -> Result<(), String> {
    let is_there = |program: &str| {
        Command::new(program)
            .arg("--version")
            .current_dir(workspace)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if is_there("rustfmt") && is_there("cargo-clippy") {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add", "rustfmt", "clippy"]);
    status(workspace, &mut rustup)
}

/// What may be built in (`deny.toml`), where cargo-deny is installed. Continuous integration does not build it: that takes
/// longer than all other steps together, and `crates/wardline/tests/laws` holds the bans without it. Advisories are left to
/// `cargo deny check`: their database is on the network and changes without a commit, so they must not fail one.
fn dependencies(workspace: &Path) -> Result<(), String> {
    let is_there = Command::new("cargo-deny")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        say(
            "note: cargo-deny is not installed, so licences and sources are not checked here (cargo install cargo-deny --locked)",
        );
        return Ok(());
    }
    cargo(workspace, "deny --locked check bans licenses sources")
}

/// `cargo fmt` sees only the modules that a source file names, so the files that build scripts register are checked by name.
fn format(workspace: &Path) -> Result<(), String> {
    let named = cargo(workspace, "fmt --all --check");
    let files = source_files::registered(workspace)?;
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024"]).args(files);
    named.and(status(workspace, &mut rustfmt))
}

fn cargo(workspace: &Path, words: &str) -> Result<(), String> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(words.split(' '));
    status(workspace, &mut command)
}

fn status(workspace: &Path, command: &mut Command) -> Result<(), String> {
    match command.current_dir(workspace).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(format!("{}: {error}", command.get_program().display())),
    }
}

fn say(line: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(std::io::stdout(), "{line}");
}
