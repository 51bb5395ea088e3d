//! Virtual machines of our own in the manner of Azure: the whole ladder up to `protected`.

use crate::support::scene::Scene;
use crate::support::{assert_step, outcomes};
use attest::azure::{self, Presented, PresentedQuote, TpmEvidence};
use attest::policy::Derived;
use attest::{Appraisal, Evidence, Outcome, Piece, Policy, StepName, Verdict, base64, crypto};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};

const NONCE: [u8; 32] = [0xa7; 32];
const REGISTER: [u8; 32] = [0x77; 32];

/// A machine: its TPM's key, and all that it hands out.
struct Machine {
    scene: Scene,
    hcl_report: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Machine {
    fn new(key_id: &str) -> Self {
        Machine::that_quotes(key_id, &[REGISTER])
    }

    /// A machine whose quote covers registers from 0 on, with these values.
    fn that_quotes(key_id: &str, registers: &[[u8; 32]]) -> Self {
        let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        // RSAPublicKey in DER: two headers and the sign's zero stand before the modulus, the exponent behind it.
        let modulus = &key.public_key().as_ref()[9..9 + 256];
        let runtime = format!(
            "{{\"keys\":[{{\"kid\":\"{key_id}\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"{}\"}}],\"user-data\":\"\"}}",
            base64::encode(modulus)
        );
        let mut report_data = [0; 64];
        report_data[..32].copy_from_slice(&crypto::sha256(runtime.as_bytes()));
        let mut scene = Scene::milan(|report| report.with(0x50, &report_data));
        let register = crypto::hex(&REGISTER);
        scene
            .policy
            .push_str(&format!("[vtpm.pcr]\n0 = [\"{register}\"]\n"));
        let message = quote(registers);
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            &message,
            &mut signature,
        )
        .expect("a signature");
        Machine {
            hcl_report: hcl_report(&scene.report, runtime.as_bytes()),
            scene,
            message,
            signature,
        }
    }

    fn appraise(&self) -> Appraisal {
        self.appraise_with(&[REGISTER])
    }

    /// With values of registers that somebody hands in beside the quote.
    fn appraise_with(&self, pcrs: &[[u8; 32]]) -> Appraisal {
        let tpm = TpmEvidence {
            message: &self.message,
            signature: &self.signature,
            pcrs,
        };
        let verifier = self.scene.verifier();
        azure::appraise(
            &verifier,
            &self.hcl_report,
            Some(&tpm),
            &self.scene.certificates,
            || None,
            Some(&NONCE),
        )
    }
}

fn hcl_report(report: &[u8], runtime: &[u8]) -> Vec<u8> {
    let length = u32::try_from(runtime.len()).expect("short");
    let mut bytes = b"HCLA".to_vec();
    for number in [2, 0, 2, 0, 0, 0, 0_u32] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend_from_slice(report);
    for number in [length + 20, 1, 2, 1, length] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend_from_slice(runtime);
    bytes.resize(2600, 0);
    bytes
}

/// A quote of registers from 0 on.
fn quote(registers: &[[u8; 32]]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 2, 0, 0xb, 0, 32];
    bytes.extend(NONCE);
    bytes.extend([0; 25]);
    let bitmap = u8::try_from((1 << registers.len()) - 1).expect("few registers");
    bytes.extend([0, 0, 0, 1, 0, 0xb, 3, bitmap, 0, 0, 0, 32]);
    bytes.extend(crypto::sha256(&registers.concat()));
    bytes
}

#[test]
fn everything_at_hand_is_protected() {
    let mut machine = Machine::new("HCLAkPub");
    let appraisal = machine.appraise();
    let expected = "structure=pass chain=pass revocation=pass key=pass signature=pass tcb=pass attributes=pass identity=pass \
         freshness=pass binding=pass collateral=pass";
    assert_eq!(outcomes(&appraisal), expected, "{appraisal:#?}");
    assert_eq!(appraisal.verdict(), Verdict::Protected);
    // The same signature inside of the structure in which the TPM hands it out.
    machine.signature.splice(..0, [0, 0x14, 0, 0xb, 1, 0]);
    assert_eq!(machine.appraise().verdict(), Verdict::Protected);
}

#[test]
fn no_byte_of_quote_signature_and_runtime_data_may_change() {
    let mut machine = Machine::new("HCLAkPub");
    for at in 0..machine.message.len() {
        machine.message[at] ^= 1;
        assert_eq!(
            machine.appraise().outcome(StepName::Binding),
            Outcome::Fail,
            "{at}"
        );
        machine.message[at] ^= 1;
    }
    for at in (0..machine.signature.len()).step_by(17) {
        machine.signature[at] ^= 1;
        assert_eq!(
            machine.appraise().outcome(StepName::Binding),
            Outcome::Fail,
            "{at}"
        );
        machine.signature[at] ^= 1;
    }
    for at in (1236..1600).step_by(7) {
        machine.hcl_report[at] ^= 1;
        assert_eq!(
            machine.appraise().outcome(StepName::Binding),
            Outcome::Fail,
            "{at}"
        );
        machine.hcl_report[at] ^= 1;
    }
}

/// The digest in a quote is over all its registers: where one value is held back, none of the others is shown.
#[test]
fn a_value_beside_a_quote_that_nothing_shows_is_no_identity() {
    let machine = Machine::that_quotes("HCLAkPub", &[[0x66; 32], [0x55; 32]]);
    // The policy pins register 0 to another value than the machine has, and the evidence claims just that.
    let appraisal = machine.appraise_with(&[REGISTER]);
    assert_step(&appraisal, StepName::Identity, Outcome::Unproven, None);
    assert_eq!(appraisal.outcome(StepName::Binding), Outcome::Unproven);
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
    let replayed = machine.appraise_with(&[REGISTER, [0x55; 32]]);
    assert_eq!(replayed.outcome(StepName::Binding), Outcome::Fail);
    assert_ne!(replayed.outcome(StepName::Identity), Outcome::Pass);
}

/// A policy is derived from registers that the TPM signed, all of them or none.
#[test]
fn only_quoted_registers_are_pinned() {
    let machine = Machine::that_quotes("HCLAkPub", &[REGISTER, [0x55; 32]]);
    let derive = |pcrs: &[[u8; 32]]| {
        let evidence = Evidence::from(Piece::Azure(Presented {
            tpm: Some(PresentedQuote {
                message: machine.message.clone(),
                signature: machine.signature.clone(),
                pcrs: pcrs.to_vec(),
            }),
            ..Presented::of_report(machine.hcl_report.clone())
        }));
        let mut derived = Derived::default();
        let added = derived.evidence("run.json", &evidence);
        added.map(|()| Policy::parse(&derived.to_toml()).expect("a policy").vtpm)
    };
    let pinned = derive(&[REGISTER, [0x55; 32]])
        .expect("quoted")
        .expect("a section");
    assert_eq!(pinned.pcr.len(), 2);
    let error = derive(&[REGISTER]).unwrap_err();
    assert!(error.contains("PCR 1"), "{error}");
    let error = derive(&[[0x66; 32], [0x55; 32]]).unwrap_err();
    assert!(error.contains("not those that it signed"), "{error}");
    assert_eq!(derive(&[]), Ok(None));
}

#[test]
fn a_key_of_another_name_signs_no_quotes() {
    let appraisal = Machine::new("HCLEkPub").appraise();
    let unbound = Some("tee/channel-binding#vtpm-unbound");
    assert_step(&appraisal, StepName::Binding, Outcome::Fail, unbound);
}

#[test]
fn a_truncated_report_is_unreadable() {
    let mut machine = Machine::new("HCLAkPub");
    machine.hcl_report.truncate(1300);
    let malformed = Some("tee/evidence-genuine#malformed");
    assert_step(
        &machine.appraise(),
        StepName::Structure,
        Outcome::Fail,
        malformed,
    );
}
