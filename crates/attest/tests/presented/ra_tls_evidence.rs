//! RA-TLS certificates from their bytes to the verdict.

use crate::minted::{Wish, key, public_key_info};
use crate::ra_tls::{LEGACY, LEGACY_AS_WRITTEN, TAGGED, claims, report_data, tagged};
use evidence::intel::{AT, Enclave, Intel, Levels, Options, YEARS};
use wardline_attest::base64::encode;
use wardline_attest::crypto::{hex, sha256};
use wardline_attest::devices::digest;
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Collateral, Evidence, Instant, Kind, Outcome, Policy, Roots, StepName, Verdict,
    Verifier,
};

/// A verifier that pins the default enclave.
fn verifier(intel: &Intel) -> Verifier {
    let mut collateral = Collateral::default();
    let text = intel.collateral(false, &Levels::default());
    collateral.add(text.as_bytes()).unwrap();
    let roots = Roots {
        intel: vec![Certificate::from_der(intel.root()).unwrap()],
        amd: Vec::new(),
        nvidia: Vec::new(),
        nvidia_rim: Vec::new(),
    };
    let policy = format!("[sgx]\nmr-enclave = ['{}']", "e1".repeat(32));
    let policy = Policy::parse(&policy).unwrap();
    Verifier::new(roots, collateral, policy, Instant(AT))
}

fn quote(intel: &Intel, digest: [u8; 32]) -> Vec<u8> {
    intel.platform(Options::default()).enclave(&Enclave {
        report_data: report_data(digest),
        ..Enclave::default()
    })
}

fn appraise(verifier: &Verifier, file: &[u8], nonce: Option<&[u8]>) -> Vec<Appraisal> {
    let found = Evidence::all_in(file).unwrap();
    found
        .iter()
        .map(|evidence| verifier.appraise(evidence, nonce))
        .collect()
}

#[test]
fn the_key_of_the_channel_stands_in_for_a_nonce() {
    let intel = Intel::new(YEARS);
    let verifier = verifier(&intel);
    let key = key();
    let info = public_key_info(&key);
    let claims = claims(1, &sha256(&info));
    let extensions = vec![
        (LEGACY_AS_WRITTEN, quote(&intel, sha256(&info))),
        (TAGGED, tagged(&quote(&intel, sha256(&claims)), &claims)),
    ];
    let wish = Wish {
        extensions: extensions.clone(),
        ..Wish::leaf("RATLS")
    };
    let certificate = wish.self_signed_with(key).certificate;
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        encode(certificate.der())
    );
    for file in [certificate.der(), pem.as_bytes()] {
        let appraisals = appraise(&verifier, file, None);
        assert_eq!(appraisals.len(), 2);
        for appraisal in &appraisals {
            assert_eq!(appraisal.kind, Kind::RaTls);
            assert_eq!(appraisal.verdict(), Verdict::Protected, "{appraisal:#?}");
            assert_eq!(appraisal.outcome(StepName::Freshness), Outcome::Unproven);
        }
    }
    // The claims name a nonce.
    let asked = appraise(&verifier, certificate.der(), Some(&[9; 16]));
    assert_eq!(asked[0].outcome(StepName::Freshness), Outcome::Pass);
    let other = appraise(&verifier, certificate.der(), Some(&[8; 16]));
    assert_eq!(other[0].verdict(), Verdict::Exposed);
    assert_eq!(other[1].verdict(), Verdict::Protected, "it names none");

    // The same quotes in a certificate of another key.
    let wish = Wish {
        extensions,
        ..Wish::leaf("RATLS")
    };
    let copied = wish.self_signed().certificate;
    for appraisal in appraise(&verifier, copied.der(), None) {
        assert_eq!(appraisal.outcome(StepName::Binding), Outcome::Fail);
        assert_eq!(appraisal.verdict(), Verdict::Exposed);
    }
}

#[test]
fn what_should_hold_a_quote_and_does_not_is_exposed() {
    let verifier = verifier(&Intel::new(YEARS));
    for (oid, content) in [(TAGGED, vec![1]), (LEGACY, vec![3; 200])] {
        let wish = Wish {
            extensions: vec![(oid, content)],
            ..Wish::leaf("RATLS")
        };
        let certificate = wish.self_signed().certificate;
        let [appraisal] = appraise(&verifier, certificate.der(), None)
            .try_into()
            .unwrap();
        assert_eq!(appraisal.kind, Kind::RaTls);
        assert_eq!(appraisal.outcome(StepName::Structure), Outcome::Fail);
        assert_eq!(appraisal.verdict(), Verdict::Exposed);
    }
    let without = Wish::leaf("web server").self_signed().certificate;
    let error = Evidence::all_in(without.der()).unwrap_err();
    assert!(error.to_string().contains("carries no evidence"));
}

/// Claims that the quote was not made for say nothing, even where the quote holds the key: whoever issues a certificate for a known key
/// writes what he likes into it.
#[test]
fn a_nonce_in_claims_that_the_quote_does_not_hold_is_no_answer() {
    let intel = Intel::new(YEARS);
    let verifier = verifier(&intel);
    let key = key();
    let info = public_key_info(&key);
    let foreign = claims(1, &sha256(&info));
    let wish = Wish {
        extensions: vec![(TAGGED, tagged(&quote(&intel, sha256(&info)), &foreign))],
        ..Wish::leaf("RATLS")
    };
    let certificate = wish.self_signed_with(key).certificate;
    let appraisals = appraise(&verifier, certificate.der(), Some(&[9; 16]));
    assert_eq!(appraisals[0].outcome(StepName::Binding), Outcome::Pass);
    assert_eq!(
        appraisals[0].outcome(StepName::Freshness),
        Outcome::Unproven
    );
}

/// A bundle lists devices beside the evidence. A certificate that is protected by its key has said nothing of them.
#[test]
fn a_certificate_joins_no_devices() {
    let intel = Intel::new(YEARS);
    let verifier = verifier(&intel);
    let key = key();
    let info = public_key_info(&key);
    let wish = Wish {
        extensions: vec![(LEGACY, quote(&intel, sha256(&info)))],
        ..Wish::leaf("RATLS")
    };
    let certificate = wish.self_signed_with(key).certificate;
    let gpu = evidence::nvidia::unsigned(&[9; 32]);
    // Room for a signature: the layout is what counts here.
    let gpu = [gpu, vec![1; 96]].concat();
    let bundle = format!(
        "{{\"schema\":\"wardline/evidence/v1\",\"collected_at\":\"\",\"pieces\":[{{\"kind\":\"ra-tls\",\"evidence\":\"{}\",\"devices\":[\"{}\"]}},{{\"kind\":\"nvidia-gpu\",\"evidence\":\"{}\"}}]}}",
        encode(certificate.der()),
        hex(&digest(&gpu)),
        encode(&gpu)
    );
    let pieces = Evidence::all_in(bundle.as_bytes()).unwrap();
    for nonce in [None, Some([9; 32].as_slice())] {
        let appraisals = verifier.appraise_all(&pieces, nonce);
        assert_eq!(appraisals[0].verdict(), Verdict::Protected);
        assert_eq!(appraisals[1].kind, Kind::NvidiaGpu);
        assert_eq!(appraisals[1].outcome(StepName::Binding), Outcome::Unproven);
    }
}
