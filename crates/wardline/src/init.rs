//! `wardline init`: a commented configuration file.

use crate::cli::InitArgs;
use crate::exit::{Exit, Failure};
use crate::output;
use audit::config::{FILE_NAME, TEMPLATE};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

pub(crate) fn run(arguments: &InitArgs) -> Result<Exit, Failure> {
    let path = arguments.directory.join(FILE_NAME);
    // Opened only if it is new: what somebody decided is never overwritten.
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let written = file.and_then(|mut file| file.write_all(TEMPLATE.as_bytes()));
    match written {
        Ok(()) => {
            output::print(&format!(
                "wrote {}; every line is a comment until you uncomment it\n",
                output::name(&path)
            ))?;
            Ok(Exit::Fine)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::new(format!(
            "{} is there already; it stays as it is",
            output::name(&path)
        ))),
        Err(error) => Err(Failure::new(format!(
            "cannot write {}: {error}",
            output::name(&path)
        ))),
    }
}
