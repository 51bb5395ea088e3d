//! `wardline attest init`: a policy from what was reviewed.

use super::collateral;
use crate::cli::AttestInitArgs;
use crate::exit::{Exit, Failure};
use crate::output::{self, name};
use ::attest::policy::Derived;
use ::attest::{Collateral, Evidence, Instant, Outcome, Policy, Roots, StepName, Verifier};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub(crate) fn run(arguments: &AttestInitArgs) -> Result<Exit, Failure> {
    let mut derived = Derived::default();
    let sources = &arguments.sources;
    let verifier = verifier()?;
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
            genuine(path, &verifier, piece)?;
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

/// A verifier without anything but the vendors' roots: enough to see whether evidence is signed at all.
fn verifier() -> Result<Verifier, Failure> {
    let roots = Roots::pinned().map_err(|error| Failure::new(format!("pinned roots: {error}")))?;
    Ok(Verifier::new(
        roots,
        Collateral::default(),
        Policy::default(),
        Instant(jiff::Timestamp::now().as_second()),
    ))
}

/// Refuses evidence that nobody signed as it stands, and says what else speaks against pinning it.
fn genuine(path: &Path, verifier: &Verifier, evidence: &Evidence) -> Result<(), Failure> {
    let appraisal = verifier.appraise(evidence, None);
    let has_failed = |step: &StepName| appraisal.outcome(*step) == Outcome::Fail;
    if [StepName::Structure, StepName::Signature]
        .iter()
        .any(has_failed)
    {
        return Err(refused(
            path,
            "its signature does not hold: what it says was measured by nobody (attest verify tells more)",
        ));
    }
    let doubts = [StepName::Chain, StepName::Key, StepName::Attributes];
    let failed: Vec<&str> = doubts
        .iter()
        .filter(|step| has_failed(step))
        .map(|step| step.name())
        .collect();
    if !failed.is_empty() {
        output::warn(&format!(
            "note: {}: {} fails today: attest verify would not accept this run",
            name(path),
            failed.join(", ")
        ));
    }
    Ok(())
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
