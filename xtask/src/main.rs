//! The project's own chores.

mod control_pages;
mod everything;
mod fuzz;
mod key_tables;
mod new_control;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask CHORE

  test                          everything that must hold before a merge
  new-control COMPONENT/NAME    the skeleton of a control and of its fixture
  docs [--check]                writes the pages of the controls; --check only compares
  fuzz [SECONDS]                runs every fuzz target for so long (60 unless said)
  fuzz TARGET [ARGUMENT...]     runs one, with arguments of libFuzzer
  key-tables --hadoop FILE --spark DIR
                                the keys and defaults that the products know";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let workspace = workspace();
    let done = match words.split_first() {
        Some((&"test", [])) => everything::run(workspace),
        Some((&"new-control", rest)) => new_control::run(workspace, rest),
        Some((&"docs", rest)) => control_pages::run(workspace, rest),
        Some((&"fuzz", rest)) => fuzz::run(workspace, rest),
        Some((&"key-tables", rest)) => key_tables::run(rest),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(said) => {
            // Nothing can be done about a closed terminal.
            let _ = writeln!(std::io::stdout(), "{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "xtask: {why}");
            ExitCode::from(2)
        }
    }
}

/// The root of the workspace: the folder above this crate's.
fn workspace() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}
