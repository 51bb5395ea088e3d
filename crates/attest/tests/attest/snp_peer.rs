//! The same reports through the sev crate: where both judge, both accept or both refuse.
//!
//! The sev crate verifies signatures only: of the report by the endorsement key, and of the chain by its own root. It knows no pinned
//! root, no windows, no revocation, and does not compare the key's certificate with the report: those differences are meant, and
//! what Wardline adds is in `tests/snp`. And it hashes the report as it writes it anew, not as it came: bytes of a TCB version that it has
//! no name for, and those above a signature's numbers, may be changed without its noticing.

use evidence::intel::YEARS;
use evidence::snp::Amd;
use evidence::vectors;
use sev::certs::snp::{Certificate as PeerCertificate, Verifiable};
use sev::firmware::guest::AttestationReport;
use sev::parser::ByteParser;
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier, snp,
};

/// Whether the sev crate accepts a report from the key of a certificate.
fn peer(report: &[u8], certificate: &[u8]) -> Result<(), String> {
    let certificate = PeerCertificate::from_der(certificate).map_err(|error| error.to_string())?;
    let report = AttestationReport::from_bytes(report).map_err(|error| error.to_string())?;
    (&certificate, &report)
        .verify()
        .map_err(|error| error.to_string())
}

fn ours(verifier: &Verifier, report: &[u8], certificate: &[u8]) -> Appraisal {
    let certificate = Certificate::from_der(certificate).expect("a certificate");
    snp::appraise(verifier, report, &[certificate], None)
}

fn verifier(amd: Vec<Certificate>) -> Verifier {
    let roots = Roots {
        amd,
        ..Roots::pinned().expect("roots")
    };
    Verifier::new(
        roots,
        Collateral::default(),
        Policy::default(),
        Instant(1_750_000_000),
    )
}

/// The bytes of the four TCB versions that have no meaning on Milan and Genoa, and those of the signature above its numbers.
fn is_unnamed(position: usize) -> bool {
    let in_tcb = [0x38, 0x180, 0x1e0, 0x1f0]
        .iter()
        .any(|tcb| (tcb + 2..tcb + 6).contains(&position));
    in_tcb || (0x2d0..0x2e8).contains(&position) || (0x318..0x330).contains(&position)
}

fn agree(what: &str, verifier: &Verifier, report: &[u8], certificate: &[u8]) {
    let appraisal = ours(verifier, report, certificate);
    let theirs = peer(report, certificate);
    let is_signed = appraisal.outcome(StepName::Signature) == Outcome::Pass;
    assert_eq!(is_signed, theirs.is_ok(), "{what}: {theirs:?}");
}

#[test]
fn real_reports_are_judged_alike() {
    let pairs = [
        ("snp/test-report.bin", "snp/test-vcek.der"),
        ("snp/test-vlek-report.bin", "snp/test-vlek.der"),
        (
            "snp/go-sev-guest/attestation.bin",
            "snp/go-sev-guest/vcek.testcer",
        ),
        // Another chip's key.
        ("snp/test-report.bin", "snp/virtee/vcek_milan.der"),
    ];
    let verifier = verifier(Roots::pinned().expect("roots").amd);
    for (report, certificate) in pairs {
        let (Some(mut report_bytes), Some(certificate_bytes)) =
            (vectors::read(report), vectors::read(certificate))
        else {
            return;
        };
        report_bytes.truncate(0x4a0);
        let what = format!("{report} by {certificate}");
        agree(&what, &verifier, &report_bytes, &certificate_bytes);
        // Where the bytes of the report's fields are, and where its signature is.
        for position in (0..0x330).step_by(7) {
            let mut changed = report_bytes.clone();
            changed[position] ^= 0x10;
            let what = format!("{what}, byte {position:#x} changed");
            if is_unnamed(position) {
                let appraisal = ours(&verifier, &changed, &certificate_bytes);
                assert_ne!(
                    appraisal.outcome(StepName::Signature),
                    Outcome::Pass,
                    "{what}"
                );
            } else {
                agree(&what, &verifier, &changed, &certificate_bytes);
            }
        }
    }
}

#[test]
fn minted_reports_are_judged_alike() {
    let amd = Amd::new(YEARS);
    let root = Certificate::from_der(amd.root()).expect("a root");
    let verifier = verifier(vec![root]);
    let (one, other) = (amd.chip(1), amd.chip(2));
    let report = one.report([0x5a; 64]);
    agree("its own key", &verifier, &report, &one.certificate);
    agree("another chip's key", &verifier, &report, &other.certificate);
    let mut changed = report.clone();
    changed[0x90] ^= 1;
    agree("another measurement", &verifier, &changed, &one.certificate);
}
