//! `wardline attest init`: a policy from what was reviewed.

use super::collateral;
use crate::cli::AttestInitArgs;
use crate::exit::{Exit, Failure};
use crate::output::{self, name};
use ::attest::policy::Derived;
use ::attest::{Evidence, Policy};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub(crate) fn run(arguments: &AttestInitArgs) -> Result<Exit, Failure> {
    let mut derived = Derived::default();
    let sources = &arguments.sources;
    for path in &sources.sigstruct {
        let bytes = collateral::bytes(path)?;
        added(path, derived.sigstruct(&shown(path), &bytes))?;
    }
    for path in &sources.init_data {
        let text = String::from_utf8(collateral::bytes(path)?)
            .map_err(|_| Failure::new(format!("{} is not UTF-8", name(path))))?;
        added(path, derived.init_data(&shown(path), &text))?;
    }
    for path in &sources.evidence {
        let bytes = collateral::bytes(path)?;
        let pieces = Evidence::all_in(&bytes).map_err(|why| refused(path, &why.to_string()))?;
        for piece in &pieces {
            added(path, derived.evidence(&shown(path), piece))?;
        }
    }
    let text = derived.to_toml();
    // What is handed out must read as what it says.
    Policy::parse(&text).map_err(|why| Failure::new(format!("the derived policy: {why}")))?;
    match &arguments.output {
        Some(path) => write_new(path, &text)?,
        None => output::print(&text)?,
    }
    Ok(Exit::Fine)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn added(path: &Path, result: Result<(), String>) -> Result<(), Failure> {
    result.map_err(|why| refused(path, &why))
}

fn refused(path: &Path, why: &str) -> Failure {
    Failure::new(format!("{}: {}", name(path), report::escape::line(why)))
}

/// Writes a file that is not there yet: what somebody decided is never overwritten.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Failure::new(format!(
                "{} is there already; it stays as it is",
                name(path)
            )),
            _ => Failure::new(format!("cannot write {}: {error}", name(path))),
        })
}
