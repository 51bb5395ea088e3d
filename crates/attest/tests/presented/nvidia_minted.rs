//! GPU evidence made under a root of the test's own.

use crate::minted::{AT, Minted, Wish, key, public_key_info};
use evidence::nvidia::{DEVICE_IDENTITY, FIRMWARE, device_identity, unsigned};
use wardline_attest::nvidia::appraise;
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Collateral, Kind, Outcome, Policy, Roots, StepName, Verdict, Verifier,
};

const NONCE: [u8; 32] = [7; 32];

/// A GPU with all that stands above it.
struct Gpu {
    root: Minted,
    middle: Minted,
    rom: Minted,
    leaf: Minted,
}

impl Gpu {
    fn new() -> Self {
        Gpu::with(2040, FIRMWARE)
    }

    fn with(last_year: i32, firmware: [u8; 48]) -> Self {
        let root = Wish::authority("Device Identity CA").self_signed();
        let middle = Wish::authority("Provisioner ICA").issued_by(&root);
        let rom_key = key();
        let identity = device_identity(&public_key_info(&rom_key), &firmware);
        let rom = Wish::authority("GSP BROM").for_key(rom_key, &middle);
        let leaf = Wish {
            years: (2020, last_year),
            extensions: vec![(DEVICE_IDENTITY, identity)],
            ..Wish::leaf("GSP FMC LF")
        }
        .issued_by(&rom);
        Gpu {
            root,
            middle,
            rom,
            leaf,
        }
    }

    fn chain(&self) -> Vec<Certificate> {
        [&self.leaf, &self.rom, &self.middle, &self.root]
            .map(|one| one.certificate.clone())
            .to_vec()
    }

    /// Evidence, signed by the leaf's key.
    fn evidence(&self) -> Vec<u8> {
        self.evidence_for(&NONCE)
    }

    fn evidence_for(&self, nonce: &[u8; 32]) -> Vec<u8> {
        let mut evidence = unsigned(nonce);
        let signature = self.leaf.sign_fixed(&evidence);
        evidence.extend(signature);
        evidence
    }

    fn verifier(&self) -> Verifier {
        self.verifier_with(Collateral::default(), "")
    }

    fn verifier_with(&self, collateral: Collateral, policy: &str) -> Verifier {
        let roots = Roots {
            intel: Vec::new(),
            amd: Vec::new(),
            nvidia: vec![self.root.certificate.clone()],
            nvidia_rim: Vec::new(),
        };
        Verifier::new(roots, collateral, Policy::parse(policy).unwrap(), AT)
    }

    fn appraise(&self) -> Appraisal {
        appraise(&self.verifier(), &self.evidence(), &self.chain(), None)
    }
}

fn cause(appraisal: &Appraisal, step: StepName) -> Option<&'static str> {
    appraisal.step(step).unwrap().decisive().unwrap().cause
}

const EVERYTHING_PINNED: &str = "[nvidia]\ndriver-min = \"550.90.07\"\nvbios-min = [\"96.00.9F.00.01\"]\nmode = \"single\"\n[nvidia.measurements]\n1 = [\"010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101\"]\n";

/// Lists of both authorities above the chip's own.
fn lists(gpu: &Gpu, revoked: &[&Certificate], years: (i32, i32)) -> Collateral {
    let mut collateral = Collateral::default();
    for authority in [&gpu.root, &gpu.middle] {
        collateral.add(&authority.crl(revoked, years)).unwrap();
    }
    collateral
}

#[test]
fn a_gpu_alone_is_shown_but_for_its_machine() {
    let gpu = Gpu::new();
    let verifier = gpu.verifier_with(lists(&gpu, &[], (2025, 2026)), EVERYTHING_PINNED);
    let appraisal = appraise(&verifier, &gpu.evidence(), &gpu.chain(), Some(&NONCE));
    for step in &appraisal.steps {
        let expected = match step.name {
            StepName::Binding => Outcome::Unproven,
            _ => Outcome::Pass,
        };
        assert_eq!(step.outcome(), expected, "{step:#?}");
    }
    assert_eq!(
        cause(&appraisal, StepName::Binding),
        Some("gpu/attestation#not-joined-to-cpu")
    );
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
}

#[test]
fn a_gpu_whose_firmware_nobody_pinned_is_never_protected() {
    let gpu = Gpu::new();
    let floors = EVERYTHING_PINNED
        .split("[nvidia.measurements]")
        .next()
        .unwrap();
    let verifier = gpu.verifier_with(lists(&gpu, &[], (2025, 2026)), floors);
    let appraisal = appraise(&verifier, &gpu.evidence(), &gpu.chain(), Some(&NONCE));
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
}

#[test]
fn certificates_in_any_order_make_the_same_chain() {
    let gpu = Gpu::new();
    let mut chain = gpu.chain();
    chain.reverse();
    let appraisal = appraise(&gpu.verifier(), &gpu.evidence(), &chain, None);
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);
}

#[test]
fn a_root_of_its_own_fails_and_the_rest_is_still_reported() {
    let (gpu, other) = (Gpu::new(), Gpu::new());
    // The other one's root has the very same name.
    let appraisal = appraise(
        &other.verifier(),
        &gpu.evidence(),
        &gpu.chain(),
        Some(&NONCE),
    );
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    assert_eq!(
        cause(&appraisal, StepName::Chain),
        Some("tee/evidence-genuine#root-not-pinned")
    );
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Freshness), Outcome::Pass);
    assert_eq!(appraisal.verdict(), Verdict::Exposed);
}

#[test]
fn an_expired_leaf_is_named() {
    let appraisal = Gpu::with(2024, FIRMWARE).appraise();
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    assert_eq!(
        cause(&appraisal, StepName::Chain),
        Some("tee/evidence-genuine#expired-at-evidence-time")
    );
    let decisive = appraisal.step(StepName::Chain).unwrap().decisive().unwrap();
    assert!(decisive.value.contains("GSP FMC LF"), "{decisive:?}");
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);
}

#[test]
fn a_certificate_of_another_chain_in_the_middle_fails() {
    let (gpu, other) = (Gpu::new(), Gpu::new());
    let mut chain = gpu.chain();
    chain[1] = other.rom.certificate.clone();
    let appraisal = appraise(&gpu.verifier(), &gpu.evidence(), &chain, None);
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    assert_eq!(
        cause(&appraisal, StepName::Chain),
        Some("gpu/attestation#bad-chain-or-signature")
    );
    let decisive = appraisal.step(StepName::Chain).unwrap().decisive().unwrap();
    assert!(decisive.value.contains("GSP FMC LF"), "{decisive:?}");
}

#[test]
fn other_firmware_than_the_certificates_fails_at_the_key() {
    let appraisal = Gpu::with(2040, [0x5b; 48]).appraise();
    assert_eq!(appraisal.outcome(StepName::Key), Outcome::Fail);
    assert_eq!(
        cause(&appraisal, StepName::Key),
        Some("gpu/attestation#bad-chain-or-signature")
    );
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);
}

#[test]
fn a_leaf_without_firmware_identity_or_from_another_rom_fails_at_the_key() {
    let mut gpu = Gpu::new();
    gpu.leaf = Wish::leaf("GSP FMC LF").issued_by(&gpu.rom);
    assert_eq!(gpu.appraise().outcome(StepName::Key), Outcome::Fail);

    let identity = device_identity(&public_key_info(&key()), &FIRMWARE);
    gpu.leaf = Wish {
        extensions: vec![(DEVICE_IDENTITY, identity)],
        ..Wish::leaf("GSP FMC LF")
    }
    .issued_by(&gpu.rom);
    let appraisal = gpu.appraise();
    assert_eq!(appraisal.outcome(StepName::Key), Outcome::Fail);
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);

    gpu.leaf = Wish {
        extensions: vec![(DEVICE_IDENTITY, vec![0x30, 3, 2, 1, 1])],
        ..Wish::leaf("GSP FMC LF")
    }
    .issued_by(&gpu.rom);
    assert_eq!(gpu.appraise().outcome(StepName::Key), Outcome::Fail);
}

#[test]
fn another_nonce_fails() {
    let gpu = Gpu::new();
    for nonce in [[8; 32].as_slice(), &NONCE[..31], &[]] {
        let appraisal = appraise(&gpu.verifier(), &gpu.evidence(), &gpu.chain(), Some(nonce));
        assert_eq!(appraisal.outcome(StepName::Freshness), Outcome::Fail);
        assert_eq!(
            cause(&appraisal, StepName::Freshness),
            Some("gpu/attestation#nonce-mismatch")
        );
    }
}

#[test]
fn a_shorter_nonce_has_zeros_behind_it() {
    let gpu = Gpu::new();
    let mut asked = [0; 32];
    asked[..16].fill(9);
    let evidence = gpu.evidence_for(&asked);
    let fresh = |nonce: &[u8]| {
        appraise(&gpu.verifier(), &evidence, &gpu.chain(), Some(nonce)).outcome(StepName::Freshness)
    };
    assert_eq!(fresh(&[9; 16]), Outcome::Pass);
    assert_eq!(fresh(&asked), Outcome::Pass);
    for nonce in [
        [9; 15].as_slice(),
        &[9; 17],
        // Longer than any request.
        &[asked, [0; 32]].concat(),
        // Too short to prove anything.
        &[9; 7],
    ] {
        assert_eq!(fresh(nonce), Outcome::Fail, "{nonce:?}");
    }
}

#[test]
fn a_revoked_authority_fails_and_a_stale_list_proves_nothing() {
    let gpu = Gpu::new();
    let judge = |revoked: &[&Certificate], years| {
        let verifier = gpu.verifier_with(lists(&gpu, revoked, years), "");
        let appraisal = appraise(&verifier, &gpu.evidence(), &gpu.chain(), None);
        (
            appraisal.outcome(StepName::Revocation),
            cause(&appraisal, StepName::Revocation),
        )
    };
    assert_eq!(judge(&[], (2025, 2026)), (Outcome::Pass, None));
    assert_eq!(
        judge(&[&gpu.rom.certificate], (2025, 2026)),
        (Outcome::Fail, Some("tee/evidence-genuine#revoked"))
    );
    assert_eq!(
        judge(&[], (2023, 2024)),
        (
            Outcome::Unproven,
            Some("tee/evidence-genuine#revocation-unknown")
        )
    );
    let verifier = gpu.verifier_with(lists(&gpu, &[], (2023, 2024)), "");
    let stale = appraise(&verifier, &gpu.evidence(), &gpu.chain(), None);
    assert_eq!(stale.outcome(StepName::Collateral), Outcome::Fail);
    // The newer list counts, in whatever order they are given.
    let mut both = lists(&gpu, &[], (2023, 2024));
    for authority in [&gpu.root, &gpu.middle] {
        both.add(&authority.crl(&[], (2025, 2026))).unwrap();
    }
    let verifier = gpu.verifier_with(both, "");
    let appraisal = appraise(&verifier, &gpu.evidence(), &gpu.chain(), None);
    assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Pass);
    // A list that another authority of the same name signed is a forged one.
    let other = Gpu::new();
    let verifier = gpu.verifier_with(lists(&other, &[], (2025, 2026)), "");
    let appraisal = appraise(&verifier, &gpu.evidence(), &gpu.chain(), None);
    assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Fail);
    assert_eq!(
        cause(&appraisal, StepName::Revocation),
        Some("tee/evidence-genuine#bad-signature")
    );
}

#[test]
fn without_certificates_or_without_a_boot_rom_every_step_still_says_why() {
    let mut gpu = Gpu::new();
    let appraisal = appraise(&gpu.verifier(), &gpu.evidence(), &[], Some(&NONCE));
    for step in [
        StepName::Chain,
        StepName::Revocation,
        StepName::Key,
        StepName::Signature,
        StepName::Collateral,
    ] {
        assert_eq!(appraisal.outcome(step), Outcome::Unproven, "{step}");
    }
    assert!(appraisal.steps.iter().all(|step| !step.checks.is_empty()));

    let info = gpu.root.certificate.subject_public_key_info();
    gpu.leaf = Wish {
        extensions: vec![(DEVICE_IDENTITY, device_identity(info, &FIRMWARE))],
        ..Wish::leaf("GSP FMC LF")
    }
    .issued_by(&gpu.root);
    let appraisal = gpu.appraise();
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Pass);
    let revocation = appraisal.step(StepName::Revocation).unwrap();
    assert_eq!(revocation.outcome(), Outcome::Unproven);
    assert!(revocation.checks[0].what.contains("GSP FMC LF"));
}

#[test]
fn truncated_evidence_fails_at_the_structure() {
    let gpu = Gpu::new();
    let evidence = gpu.evidence();
    for length in [0, 1, 36, 37, 100, evidence.len() - 1] {
        let appraisal = appraise(&gpu.verifier(), &evidence[..length], &gpu.chain(), None);
        assert_eq!(appraisal.kind, Kind::NvidiaGpu);
        assert_eq!(appraisal.outcome(StepName::Structure), Outcome::Fail);
        assert_eq!(
            cause(&appraisal, StepName::Structure),
            Some("tee/evidence-genuine#malformed")
        );
        assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Unproven);
    }
}

#[test]
fn no_change_of_one_byte_is_accepted() {
    let gpu = Gpu::new();
    let (evidence, chain, verifier) = (gpu.evidence(), gpu.chain(), gpu.verifier());
    for at in 0..evidence.len() {
        for change in [0x01, 0x80] {
            let mut changed = evidence.clone();
            changed[at] ^= change;
            let appraisal = appraise(&verifier, &changed, &chain, Some(&NONCE));
            assert_ne!(
                appraisal.outcome(StepName::Signature),
                Outcome::Pass,
                "byte {at}"
            );
            assert_eq!(appraisal.verdict(), Verdict::Exposed, "byte {at}");
        }
    }
}

#[test]
fn no_change_of_what_the_leaf_says_is_accepted() {
    let gpu = Gpu::new();
    let (evidence, verifier) = (gpu.evidence(), gpu.verifier());
    let der = gpu.leaf.certificate.der();
    // An outer and an inner sequence, each with a length of two bytes; the signature over the inner one follows.
    let signed = 8 + usize::from(u16::from_be_bytes([der[6], der[7]]));
    for at in 0..signed {
        let mut changed = der.to_vec();
        changed[at] ^= 0x01;
        let Ok(leaf) = Certificate::from_der(&changed) else {
            continue;
        };
        let mut chain = gpu.chain();
        chain[0] = leaf;
        let appraisal = appraise(&verifier, &evidence, &chain, None);
        assert_ne!(
            appraisal.outcome(StepName::Chain),
            Outcome::Pass,
            "byte {at}"
        );
    }
}
