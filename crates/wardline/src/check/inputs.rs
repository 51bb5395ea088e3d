//! What is to be read.

use crate::exit::Failure;
use crate::output;
use declared::Input;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use text::limits::MAX_TEXT;

/// Whether a path stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Whether standard input is all that is read.
pub(super) fn is_only_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().all(|path| is_stdin(path))
}

/// An input as messages name it.
pub(super) fn named(path: &Path) -> String {
    if is_stdin(path) {
        String::from("standard input")
    } else {
        output::name(path)
    }
}

/// What stands before the paths of a report for those who look from the current directory: the directory that was given.
/// Several inputs name their files so already.
pub(super) fn root(paths: &[PathBuf]) -> String {
    let [path] = paths else {
        return String::new();
    };
    if is_stdin(path) {
        return String::new();
    }
    let directory = if path.is_dir() {
        Some(path.as_path())
    } else {
        path.parent()
    };
    // An absolute path below the current directory is told from there.
    let here = std::env::current_dir().unwrap_or_default();
    let directory = directory.unwrap_or(Path::new(""));
    let directory = directory.strip_prefix(&here).unwrap_or(directory);
    let directory = directory.to_string_lossy().replace('\\', "/");
    let directory = directory.trim_start_matches("./").trim_end_matches('/');
    if directory.is_empty() || directory == "." {
        String::new()
    } else {
        format!("{directory}/")
    }
}

/// A path that does not exist is wrong usage, not an unreadable input; most likely it is misspelt.
pub(super) fn ensure_present(paths: &[PathBuf]) -> Result<(), Failure> {
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        // A dangling link is there, but its target is not.
        if let Err(error) = path.symlink_metadata() {
            return Err(Failure::new(match error.kind() {
                ErrorKind::NotFound => missing(path),
                _ => format!("cannot look at {}: {error}", output::name(path)),
            }));
        }
    }
    Ok(())
}

fn missing(path: &Path) -> String {
    const COMMANDS: [&str; 6] = ["check", "explain", "controls", "init", "completions", "man"];
    let shown = output::name(path);
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

#[cfg(test)]
mod tests {
    use super::root;
    use std::path::PathBuf;

    #[test]
    fn paths_start_at_the_current_directory() {
        let of = |path: &str| root(&[PathBuf::from(path)]);
        assert_eq!(of("."), "");
        assert_eq!(of("-"), "");
        assert_eq!(of("src"), "src/");
        assert_eq!(of("./src/"), "src/");
        assert_eq!(of("src/main.rs"), "src/");
        assert_eq!(of("Cargo.toml"), "");
        let here = std::env::current_dir().unwrap();
        assert_eq!(root(&[here.join("src")]), "src/");
        assert_eq!(root(&[here]), "");
        assert_eq!(root(&[PathBuf::from("a"), PathBuf::from("b")]), "");
    }
}
