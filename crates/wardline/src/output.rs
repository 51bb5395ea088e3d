//! Writing: to standard output, standard error, or a file. A reader that closed its end is no error.

use crate::exit::Failure;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// A path as messages show it: on one line, and without commands to the terminal.
pub(crate) fn name(path: &Path) -> String {
    report::escape::line(&path.display().to_string()).into_owned()
}

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes a line to standard error. Where that fails there is nobody left to tell.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a file.
pub(crate) fn file(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", name(path))))
}
