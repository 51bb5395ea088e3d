//! No byte of a report may change unnoticed.

use crate::support::scene::Scene;
use crate::support::vectors::{AT, certificates, read, verifier};
use attest::x509::Certificate;
use attest::{Outcome, StepName, Verdict, Verifier, snp};

/// Bytes that the signature covers.
const SIGNED: usize = 0x2a0;

fn assert_noticed(
    verifier: &Verifier,
    report: &[u8],
    certificates: &[Certificate],
    nonce: Option<&[u8]>,
) {
    let before_and_signature = [
        StepName::Structure,
        StepName::Chain,
        StepName::Key,
        StepName::Signature,
    ];
    for at in 0..report.len() {
        let mut flipped = report.to_vec();
        flipped[at] ^= 1 << (at % 8);
        let appraisal = snp::appraise(verifier, &flipped, certificates, nonce);
        assert_ne!(appraisal.verdict(), Verdict::Protected, "byte {at:#x}");
        let all_pass = before_and_signature
            .iter()
            .all(|step| appraisal.outcome(*step) == Outcome::Pass);
        assert!(!all_pass, "byte {at:#x}");
        if at < SIGNED {
            assert_ne!(
                appraisal.outcome(StepName::Signature),
                Outcome::Pass,
                "byte {at:#x}"
            );
        }
    }
}

#[test]
fn of_a_minted_report() {
    let scene = Scene::milan(|report| report);
    assert_eq!(scene.appraise().verdict(), Verdict::Protected);
    let nonce = scene.nonce.as_deref();
    assert_noticed(&scene.verifier(), &scene.report, &scene.certificates, nonce);
}

#[test]
fn of_a_real_report() {
    let Some(verifier) = verifier("", AT) else {
        return;
    };
    let report = read("snp/azure-genoa-report.bin").expect("a file beside the others");
    let key = certificates("snp/azure-genoa-vcek.pem").expect("a file beside the others");
    assert_noticed(&verifier, &report, &key, None);
}
