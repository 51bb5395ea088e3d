//! AMD's certificates, from the evidence of real hardware.

use attest::x509::Certificate;
use attest::{Collateral, Instant, Policy, Roots, Verifier};

/// An instant at which all certificates of the vectors are in force.
pub(crate) const AT: Instant = Instant(1_750_000_000);

pub(crate) use evidence::vectors::read;

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
