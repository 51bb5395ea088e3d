//! What is to be read.

use crate::exit::Failure;
use declared::Input;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use text::limits::MAX_TEXT;

/// Whether a path stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// A path that does not exist is wrong usage, not an unreadable input; most likely it is misspelt.
pub(super) fn ensure_present(paths: &[PathBuf]) -> Result<(), Failure> {
    for path in paths {
        // A dangling link is there, but its target is not.
        if !is_stdin(path) && !path.exists() && path.symlink_metadata().is_err() {
            return Err(Failure::new(missing(path)));
        }
    }
    Ok(())
}

fn missing(path: &Path) -> String {
    const COMMANDS: [&str; 6] = ["check", "explain", "controls", "init", "completions", "man"];
    let given = path.display().to_string();
    let shown = report::escape::line(&given);
    let message = format!("there is no file or directory `{shown}`");
    match audit::nearest::nearest(&shown, COMMANDS) {
        Some(command) => format!("{message}; did you mean the command `{command}`?"),
        None => message,
    }
}

/// The inputs. Standard input is read here, and only once.
pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let mut has_stdin = false;
    for path in paths {
        if !is_stdin(path) {
            inputs.push(Input::Path(path.clone()));
        } else if !has_stdin {
            has_stdin = true;
            inputs.push(Input::Bytes("<stdin>".into(), stdin()?));
        }
    }
    Ok(inputs)
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte past the limit tells a text that is too large from one that just fits.
    io::stdin()
        .lock()
        .take(MAX_TEXT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}
