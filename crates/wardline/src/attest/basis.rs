//! What all evidence of a run is held against: instant, policy, roots, collateral.

use super::collateral;
use crate::cli::VerifyArgs;
use crate::exit::Failure;
use crate::output::name;
use ::attest::{Collateral, Instant, Policy, Roots, Verifier};
use std::path::{Path, PathBuf};

/// What was given on the command line.
pub(super) struct Basis<'a> {
    /// The instant of appraisal.
    pub(super) at: Instant,
    /// What stands in for the vendors' roots.
    pub(super) other_roots: Option<&'a Path>,
    policy: Policy,
    roots: Roots,
    collateral: &'a [PathBuf],
}

impl<'a> Basis<'a> {
    pub(super) fn of(arguments: &'a VerifyArgs) -> Result<Self, Failure> {
        let other_roots = arguments.trusted_root.as_deref();
        Ok(Basis {
            at: instant(arguments.at.as_deref())?,
            other_roots,
            policy: policy(arguments.policy.as_deref())?,
            roots: roots(other_roots)?,
            collateral: &arguments.collateral,
        })
    }

    /// A verifier that leans on the collateral of the command line, and on some files besides.
    pub(super) fn verifier(&self, besides: &[PathBuf]) -> Result<Verifier, Failure> {
        let mut held = collateral::read(self.collateral)?;
        for path in besides {
            collateral::add(&mut held, path)?;
        }
        Ok(Verifier::new(
            self.roots.clone(),
            held,
            self.policy.clone(),
            self.at,
        ))
    }
}

/// A verifier under the vendors' roots, with what the command line names.
pub(crate) fn verifier(
    collateral: &[PathBuf],
    policy_file: Option<&Path>,
    at: Option<&str>,
) -> Result<Verifier, Failure> {
    Ok(Verifier::new(
        roots(None)?,
        collateral::read(collateral)?,
        policy(policy_file)?,
        instant(at)?,
    ))
}

fn instant(at: Option<&str>) -> Result<Instant, Failure> {
    match at {
        Some(text) => Instant::parse(text).map_err(|why| Failure::new(format!("--at: {why}"))),
        None => Ok(Instant(jiff::Timestamp::now().as_second())),
    }
}

fn policy(path: Option<&Path>) -> Result<Policy, Failure> {
    let Some(path) = path else {
        return Ok(Policy::default());
    };
    let text = String::from_utf8(collateral::bytes(path)?)
        .map_err(|_| Failure::new(format!("{} is not UTF-8", name(path))))?;
    Policy::parse(&text).map_err(|why| Failure::new(format!("policy {}: {why}", name(path))))
}

/// The vendors' roots, or those that a test laboratory made for itself.
fn roots(other: Option<&Path>) -> Result<Roots, Failure> {
    let Some(path) = other else {
        return Roots::pinned().map_err(|error| Failure::new(format!("pinned roots: {error}")));
    };
    let mut held = Collateral::default();
    collateral::add(&mut held, path)?;
    Ok(Roots {
        intel: held.certificates.clone(),
        amd: held.certificates.clone(),
        nvidia: held.certificates.clone(),
        nvidia_rim: held.certificates,
    })
}
