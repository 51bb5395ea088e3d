//! Evidence, and what appraisals lean on: nothing panics, every step is there, nothing is protected.

use attest::{Collateral, Evidence, Instant, Policy, Roots, StepName, Verifier};
use std::sync::OnceLock;

/// Any bytes as evidence. The vendors' roots are pinned and no policy is given, so nothing can be protected.
pub fn evidence(bytes: &[u8]) {
    static VERIFIER: OnceLock<Option<Verifier>> = OnceLock::new();
    let verifier = VERIFIER.get_or_init(|| {
        let roots = Roots::pinned().ok()?;
        let at = Instant(1_750_000_000);
        Some(Verifier::new(
            roots,
            Collateral::default(),
            Policy::default(),
            at,
        ))
    });
    let Some(verifier) = verifier else {
        return;
    };
    // Raw forms are recognised only by their first bytes: each is tried whatever they are.
    let mut appraisals = vec![
        attest::intel::appraise(verifier, bytes, None),
        attest::snp::appraise(verifier, bytes, &[], None),
        attest::azure::appraise(verifier, bytes, None, &[], || None, None),
    ];
    if let Ok(pieces) = Evidence::all_in(bytes) {
        appraisals.extend(pieces.iter().map(|piece| verifier.appraise(piece, None)));
    }
    for appraisal in &appraisals {
        assert_eq!(appraisal.steps.len(), StepName::ALL.len());
        assert!(appraisal.steps.iter().all(|step| !step.checks.is_empty()));
        assert_ne!(appraisal.verdict(), attest::Verdict::Protected);
    }
}

/// Any bytes as collateral or as a policy.
pub fn collateral(bytes: &[u8]) {
    let mut collateral = Collateral::default();
    if let Ok(added) = collateral.add(bytes) {
        assert_eq!(added, collateral.len());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Policy::parse(text);
        let _ = Instant::parse(text);
    }
}
