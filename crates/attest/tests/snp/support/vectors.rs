//! Evidence from real hardware. It is not part of the repository: tests say so and pass where it is absent.

use attest::x509::Certificate;
use attest::{Collateral, Instant, Policy, Roots, Verifier};
use std::path::PathBuf;

/// An instant at which all certificates of the vectors are in force.
pub(crate) const AT: Instant = Instant(1_750_000_000);

/// Where the vectors are: `WARDLINE_VECTORS`, or beside the repository.
pub(crate) fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("WARDLINE_VECTORS").map(PathBuf::from);
    let beside = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors"
    ));
    let found = named.unwrap_or(beside).join("tee");
    if found.is_dir() {
        return Some(found);
    }
    eprintln!(
        "NOT RUN: no vectors at {}; set WARDLINE_VECTORS",
        found.display()
    );
    None
}

/// A file of the vectors.
pub(crate) fn read(name: &str) -> Option<Vec<u8>> {
    let path = folder()?.join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The certificates of a file: PEM or DER.
pub(crate) fn certificates(name: &str) -> Option<Vec<Certificate>> {
    let mut collateral = Collateral::default();
    collateral.add(&read(name)?).expect("certificates");
    Some(collateral.certificates)
}

/// A verifier with AMD's roots and intermediates, and a policy.
pub(crate) fn verifier(policy: &str, at: Instant) -> Option<Verifier> {
    let mut collateral = Collateral::default();
    for product in ["milan", "genoa", "turin"] {
        let file = read(&format!("snp/{product}_ask_ark_asvk.pem"))?;
        collateral.add(&file).expect("AMD's certificates");
    }
    let roots = Roots::pinned().expect("pinned roots");
    let policy = Policy::parse(policy).expect("a policy");
    Some(Verifier::new(roots, collateral, policy, at))
}
