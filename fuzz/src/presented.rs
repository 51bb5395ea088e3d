//! What must hold for anything that a device, a workload or a verifier presents.

use attest::{Appraisal, Collateral, Instant, Policy, Roots, StepName, Verdict, Verifier};
use std::sync::LazyLock;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    Verifier::new(
        Roots::pinned().expect("the files of the crate"),
        Collateral::default(),
        Policy::default(),
        Instant(1_750_000_000),
    )
});

/// Evidence of GPUs, event logs, RA-TLS certificates, tokens, init data, signature files and what TPMs answer: nothing panics, every step says
/// something, and nothing is protected, because nothing is pinned.
pub fn presented(bytes: &[u8]) {
    device(bytes);
    certificate(bytes);
    if let Ok(replay) = attest::ccel::Replay::of(bytes) {
        let held = replay.checks(&replay.registers);
        assert!(
            held.iter()
                .all(|check| check.outcome == attest::Outcome::Pass)
        );
    }
    if let Ok(structure) = wire::tee::intel_sigstruct::SigStruct::parse(bytes) {
        let _ = (
            attest::sigstruct::signer(&structure),
            attest::sigstruct::is_signed(&structure),
        );
    }
    let _ = wire::cbor::Reader::new(bytes).skip("item");
    tpm(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        sane(&attest::token::appraise(&VERIFIER, text, Some(&[7; 32])));
        let _ = attest::nvidia::collection(text);
        let _ = settings::init_data::read(text);
        if let Ok(text) = attest::init_data::unpack(text) {
            let _ = attest::init_data::digest(&text, attest::init_data::Field::HostData);
        }
    }
}

fn tpm(bytes: &[u8]) {
    let _ = (wire::tee::tpm::code(bytes), wire::tee::tpm::nv_size(bytes));
    if let Ok(data) = wire::tee::tpm::nv_data(bytes) {
        assert!(data.len() < bytes.len());
    }
    if let Ok(quoted) = wire::tee::tpm::quoted(bytes) {
        assert!(quoted.message.len() + quoted.signature.len() < bytes.len());
    }
    if let Ok(read) = wire::tee::tpm::pcr_values(bytes) {
        assert_eq!(read.registers.numbers().count(), read.values.len());
    }
}

fn device(bytes: &[u8]) {
    let appraisal = attest::nvidia::appraise(&VERIFIER, bytes, &[], None);
    sane(&appraisal);
    // Without certificates nobody signed it.
    assert_ne!(
        appraisal.outcome(StepName::Signature),
        attest::Outcome::Pass
    );
}

fn certificate(bytes: &[u8]) {
    let Ok(certificate) = attest::x509::Certificate::from_der(bytes) else {
        return;
    };
    for presented in attest::ra_tls::presented(&certificate)
        .into_iter()
        .flatten()
    {
        let mut appraisal = Appraisal::new(attest::Kind::RaTls);
        attest::ra_tls::bind(
            &mut appraisal,
            &certificate,
            &presented,
            &[7; 64],
            VERIFIER.at(),
        );
        // Bytes that are the digest of nothing bind nothing.
        assert_eq!(appraisal.outcome(StepName::Binding), attest::Outcome::Fail);
    }
}

fn sane(appraisal: &Appraisal) {
    assert!(appraisal.steps.iter().all(|step| !step.checks.is_empty()));
    assert_ne!(appraisal.verdict(), Verdict::Protected);
}
