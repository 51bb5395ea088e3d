//! Reports of processors of our own: what real ones do not show.

use crate::support::authority::{Authority, ENDORSEMENT, Endorses, INTERMEDIATE};
use crate::support::report::{MEASUREMENT, NONCE, Report};
use crate::support::{assert_step, outcomes};
use attest::x509::Certificate;
use attest::{
    Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verdict, Verifier, snp,
};

const AT: Instant = Instant(1_750_000_000);
const MILAN: [u8; 3] = [0x19, 0x01, 0x01];
const TURIN: [u8; 3] = [0x1a, 0x02, 0x01];
const TCB: [u8; 8] = [4, 0, 0, 0, 0, 0, 24, 217];
const TURIN_TCB: [u8; 8] = [1, 2, 3, 4, 0, 0, 0, 80];
const CHIP: [u8; 64] = [0xc1; 64];

const MISMATCH: Option<&str> = Some("tee/evidence-genuine#snp-key-mismatch");
const PROTECTED: &str = "structure=pass chain=pass revocation=pass key=pass signature=pass tcb=pass attributes=pass \
     identity=pass freshness=pass binding=n/a collateral=pass";

/// Everything at hand for a verdict of `protected`; tests take one thing away.
pub(crate) struct Scene {
    pub(crate) roots: Vec<Certificate>,
    pub(crate) lists: Vec<Vec<u8>>,
    pub(crate) policy: String,
    pub(crate) at: Instant,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) report: Vec<u8>,
    pub(crate) nonce: Option<Vec<u8>>,
}

impl Scene {
    fn of(authority: &Authority, endorses: &Endorses, report: Report) -> Self {
        let endorsement = authority.endorse(endorses);
        let measurement = attest::crypto::hex(&MEASUREMENT);
        Scene {
            roots: vec![authority.root()],
            lists: vec![authority.list(&[])],
            policy: format!(
                "[snp]\nmeasurement = [\"{measurement}\"]\n[snp.tcb-min.milan]\nsnp = 24\n[snp.tcb-min.turin]\nsnp = 4\n"
            ),
            at: AT,
            certificates: vec![endorsement.certificate, authority.intermediate()],
            report: report.signed(&endorsement.key),
            nonce: Some(NONCE.to_vec()),
        }
    }

    /// A report of version 3 of a Milan processor, changed before it is signed.
    pub(crate) fn milan(change: impl FnOnce(Report) -> Report) -> Self {
        let authority = Authority::new("Milan");
        let report = change(Report::new(3, MILAN, TCB, &CHIP));
        Scene::of(&authority, &authority.usual(TCB, &CHIP), report)
    }

    /// The same with another certificate.
    fn endorsed(change: impl FnOnce(&mut Endorses)) -> Self {
        let authority = Authority::new("Milan");
        let mut endorses = authority.usual(TCB, &CHIP);
        change(&mut endorses);
        Scene::of(&authority, &endorses, Report::new(3, MILAN, TCB, &CHIP))
    }

    pub(crate) fn verifier(&self) -> Verifier {
        let mut collateral = Collateral::default();
        for list in &self.lists {
            collateral.add(list).expect("a list");
        }
        let roots = Roots {
            intel: Vec::new(),
            amd: self.roots.clone(),
            nvidia: Vec::new(),
        };
        let policy = Policy::parse(&self.policy).expect("a policy");
        Verifier::new(roots, collateral, policy, self.at)
    }

    pub(crate) fn appraise(&self) -> Appraisal {
        let nonce = self.nonce.as_deref();
        snp::appraise(&self.verifier(), &self.report, &self.certificates, nonce)
    }
}

#[test]
fn everything_at_hand_is_protected() {
    let appraisal = Scene::milan(|report| report).appraise();
    assert_eq!(outcomes(&appraisal), PROTECTED, "{appraisal:#?}");
    assert_eq!(appraisal.verdict(), Verdict::Protected);
}

#[test]
fn version_5_of_turin() {
    let authority = Authority::new("Turin");
    let chip = [0xc2; 8];
    let report = Report::new(5, TURIN, TURIN_TCB, &chip)
        .with(0x1f8, &[3])
        .with(0x200, &[7]);
    let scene = Scene::of(&authority, &authority.usual(TURIN_TCB, &chip), report);
    let appraisal = scene.appraise();
    assert_eq!(outcomes(&appraisal), PROTECTED, "{appraisal:#?}");
    let claim = |name| {
        appraisal
            .claims
            .iter()
            .find(|claim| claim.name == name)
            .map(|claim| claim.value.as_str())
    };
    assert_eq!(claim("PRODUCT"), Some("Turin"));
    assert_eq!(claim("CURRENT_MIT_VECTOR"), Some("0x7"));
    assert_eq!(
        claim("REPORTED_TCB"),
        Some("fmc 1, bootloader 2, tee 3, snp 4, microcode 80")
    );
}

#[test]
fn a_wrapped_hardware_id_is_read() {
    let appraisal = Scene::endorsed(|endorses| endorses.is_wrapped = true).appraise();
    assert_eq!(outcomes(&appraisal), PROTECTED);
}

#[test]
fn a_certificate_table_behind_the_report_is_read() {
    let mut scene = Scene::milan(|report| report);
    let guids = [
        0x63da758d_e664_4564_adc5_f4b93be8accd_u128,
        0x4ab7b379_bbac_4fe4_a02f_05aef327c782,
    ];
    let (mut list, mut contents) = (Vec::new(), Vec::new());
    for (guid, certificate) in guids.into_iter().zip(scene.certificates.drain(..)) {
        list.extend(guid.to_be_bytes());
        list.extend(
            u32::try_from(72 + contents.len())
                .expect("short")
                .to_le_bytes(),
        );
        list.extend(
            u32::try_from(certificate.der().len())
                .expect("short")
                .to_le_bytes(),
        );
        contents.extend_from_slice(certificate.der());
    }
    list.extend([0; 24]);
    scene.report.extend(list);
    scene.report.extend(contents);
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
    scene.report.truncate(0x4a0);
    scene.report.extend(*b"what is this");
    let appraisal = scene.appraise();
    assert_step(
        &appraisal,
        StepName::Structure,
        Outcome::Fail,
        Some("tee/evidence-genuine#malformed"),
    );
}

#[test]
fn revoked_keys() {
    let authority = Authority::new("Milan");
    for serial in [INTERMEDIATE, ENDORSEMENT] {
        let mut scene = Scene::of(
            &authority,
            &authority.usual(TCB, &CHIP),
            Report::new(3, MILAN, TCB, &CHIP),
        );
        scene.lists = vec![authority.list(&[1, serial])];
        let appraisal = scene.appraise();
        assert_step(
            &appraisal,
            StepName::Revocation,
            Outcome::Fail,
            Some("tee/evidence-genuine#revoked"),
        );
        assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
    }
}

#[test]
fn missing_stale_and_forged_lists() {
    let mut scene = Scene::milan(|report| report);
    let unknown = Some("tee/evidence-genuine#revocation-unknown");
    let genuine = std::mem::take(&mut scene.lists);
    assert_step(
        &scene.appraise(),
        StepName::Revocation,
        Outcome::Unproven,
        unknown,
    );
    scene.lists = vec![Authority::new("Milan").list(&[INTERMEDIATE])];
    let bad = Some("tee/evidence-genuine#bad-signature");
    assert_step(&scene.appraise(), StepName::Revocation, Outcome::Fail, bad);
    scene.lists.extend(genuine);
    assert_step(&scene.appraise(), StepName::Revocation, Outcome::Pass, None);
    scene.at = Instant::parse("2028-01-01T00:00:00Z").expect("an instant");
    let appraisal = scene.appraise();
    assert_step(&appraisal, StepName::Revocation, Outcome::Unproven, unknown);
    assert_step(
        &appraisal,
        StepName::Collateral,
        Outcome::Fail,
        Some("tee/collateral-freshness#expired"),
    );
    assert_step(&appraisal, StepName::Chain, Outcome::Pass, None);
}

#[test]
fn a_root_of_the_same_name_is_another_root() {
    let mut scene = Scene::milan(|report| report);
    let own = std::mem::replace(&mut scene.roots, vec![Authority::new("Milan").root()]);
    let not_pinned = Some("tee/evidence-genuine#root-not-pinned");
    // The evidence brings the root that it wants to be believed.
    scene.certificates.extend(own);
    assert_step(
        &scene.appraise(),
        StepName::Chain,
        Outcome::Fail,
        not_pinned,
    );
    scene.certificates.pop();
    let appraisal = scene.appraise();
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
}

#[test]
fn a_chain_to_the_root_of_another_product() {
    let authority = Authority::new("Milan");
    let mut endorses = authority.usual(TCB, &CHIP);
    endorses.product = "Genoa-B1";
    let scene = Scene::of(
        &authority,
        &endorses,
        Report::new(3, [0x19, 0x11, 1], TCB, &CHIP),
    );
    let appraisal = scene.appraise();
    assert_step(
        &appraisal,
        StepName::Chain,
        Outcome::Fail,
        Some("tee/evidence-genuine#root-not-pinned"),
    );
    assert_step(&appraisal, StepName::Key, Outcome::Pass, None);
}

#[test]
fn a_missing_intermediate_is_not_a_failure() {
    let mut scene = Scene::milan(|report| report);
    scene.certificates.truncate(1);
    let appraisal = scene.appraise();
    assert_step(
        &appraisal,
        StepName::Chain,
        Outcome::Unproven,
        Some("tee/evidence-genuine#root-not-pinned"),
    );
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
}

#[test]
fn expired_certificates() {
    let mut scene = Scene::milan(|report| report);
    scene.at = Instant::parse("2032-01-01T00:00:00Z").expect("an instant");
    let expired = Some("tee/evidence-genuine#expired-at-evidence-time");
    assert_step(&scene.appraise(), StepName::Chain, Outcome::Fail, expired);
    scene.at = Instant::parse("2023-01-01T00:00:00Z").expect("an instant");
    assert_step(&scene.appraise(), StepName::Chain, Outcome::Fail, expired);
}

#[test]
fn keys_that_do_not_belong_to_the_report() {
    let other_chip = Scene::endorsed(|endorses| endorses.chip = Some(vec![0xc3; 64]));
    let other_tcb = Scene::endorsed(|endorses| endorses.tcb[7] = 216);
    let providers = Scene::endorsed(|endorses| endorses.chip = None);
    let other_product = Scene::milan(|report| report.with(0x188, &TURIN));
    let masked_key = Scene::milan(|report| report.with(0x48, &[2]));
    for scene in [other_chip, other_tcb, providers, other_product, masked_key] {
        let appraisal = scene.appraise();
        assert_step(&appraisal, StepName::Key, Outcome::Fail, MISMATCH);
        assert_step(&appraisal, StepName::Chain, Outcome::Pass, None);
        assert_eq!(appraisal.verdict(), Verdict::Exposed);
    }
}

#[test]
fn a_certificate_without_versions_vouches_for_nothing() {
    let scene = Scene::endorsed(|endorses| endorses.product = "Rome-A0");
    assert_step(&scene.appraise(), StepName::Key, Outcome::Fail, MISMATCH);
}

#[test]
fn a_masked_chip_cannot_be_told() {
    let scene = Scene::milan(|report| report.with(0x1a0, &[0; 64]));
    let appraisal = scene.appraise();
    assert_step(&appraisal, StepName::Key, Outcome::Unproven, MISMATCH);
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
}

#[test]
fn the_right_key_is_found_among_many() {
    let authority = Authority::new("Milan");
    let mut scene = Scene::of(
        &authority,
        &authority.usual(TCB, &CHIP),
        Report::new(3, MILAN, TCB, &CHIP),
    );
    for at in 0..6 {
        let mut tcb = TCB;
        tcb[7] -= at;
        let other = authority.endorse(&authority.usual(tcb, &CHIP));
        scene.certificates.insert(0, other.certificate);
    }
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
}

#[test]
fn attributes_that_let_the_host_in() {
    let policy = |bits: u64| Scene::milan(|report| report.with(8, &bits.to_le_bytes())).appraise();
    let cases = [
        (0x000b_0000, Outcome::Fail, "tee/debug-mode#snp-debug"),
        (
            0x0007_0000,
            Outcome::Fail,
            "tee/guest-attributes#migratable",
        ),
        (
            0x0001_0000,
            Outcome::Unproven,
            "tee/guest-attributes#reserved-bits",
        ),
        (
            0x8003_0000,
            Outcome::Unproven,
            "tee/guest-attributes#reserved-bits",
        ),
    ];
    for (bits, outcome, cause) in cases {
        assert_step(&policy(bits), StepName::Attributes, outcome, Some(cause));
    }
    let appraisal = Scene::milan(|report| report.with(0x40, &[5])).appraise();
    let missing = Some("tee/platform-configuration#alias-check-missing");
    assert_step(&appraisal, StepName::Attributes, Outcome::Fail, missing);
}

#[test]
fn what_only_a_policy_forbids() {
    let mut scene = Scene::milan(|report| report);
    let policy = scene.policy.clone();
    let cases = [
        ("forbid-smt = true", "tee/guest-attributes#smt-allowed"),
        (
            "require-ciphertext-hiding = true",
            "tee/guest-attributes#policy-floor",
        ),
        ("abi-min = \"1.55\"", "tee/guest-attributes#policy-floor"),
    ];
    for (line, cause) in cases {
        scene.policy = policy.replace("[snp]", &format!("[snp]\n{line}"));
        assert_step(
            &scene.appraise(),
            StepName::Attributes,
            Outcome::Unproven,
            Some(cause),
        );
    }
}

#[test]
fn versions_that_make_no_sense_together() {
    let below = Some("tee/tcb-level#committed-below-floor");
    let mut older = TCB;
    older[6] = 23;
    let mut newer = TCB;
    newer[6] = 25;
    let cases = [
        (0x38, older, Outcome::Fail),
        (0x1e0, newer, Outcome::Fail),
        (0x1e0, older, Outcome::Unproven),
    ];
    for (at, tcb, outcome) in cases {
        let appraisal = Scene::milan(|report| report.with(at, &tcb)).appraise();
        assert_step(&appraisal, StepName::Tcb, outcome, below);
    }
    // Firmware that was updated under a running guest.
    let appraisal = Scene::milan(|report| report.with(0x1f0, &older)).appraise();
    assert_step(&appraisal, StepName::Tcb, Outcome::Pass, None);
}

#[test]
fn code_that_is_not_ours() {
    let mut scene = Scene::milan(|report| report);
    let policy = scene.policy.clone();
    let cases = [
        (
            "",
            Outcome::Unproven,
            "tee/code-identity#no-identity-policy",
        ),
        (
            "[snp]\nhost-data = [\"HOST\"]",
            Outcome::Fail,
            "tee/code-identity#init-data-mismatch",
        ),
        (
            "[snp]\nvmpl = 2",
            Outcome::Fail,
            "tee/code-identity#wrong-vmpl",
        ),
        (
            "[snp]\nguest-svn-min = 4",
            Outcome::Fail,
            "tee/code-identity#not-your-code",
        ),
        (
            "[snp]\nid-key-digest = [\"ZERO\"]",
            Outcome::Unproven,
            "tee/code-identity#signer-only",
        ),
        (
            "[snp]\nauthor-key-digest = [\"ZERO\"]",
            Outcome::Fail,
            "tee/code-identity#not-your-code",
        ),
    ];
    for (text, outcome, cause) in cases {
        scene.policy = text
            .replace("HOST", &"ab".repeat(32))
            .replace("ZERO", &"00".repeat(48));
        assert_step(&scene.appraise(), StepName::Identity, outcome, Some(cause));
    }
    scene.policy = policy.replace("1111", "1112");
    let not_ours = Some("tee/code-identity#not-your-code");
    assert_step(
        &scene.appraise(),
        StepName::Identity,
        Outcome::Fail,
        not_ours,
    );
}

#[test]
fn replayed_and_constant_report_data() {
    let mut scene = Scene::milan(|report| report);
    scene.nonce = Some(vec![0x5b; 32]);
    let missing = Some("tee/evidence-freshness#nonce-missing");
    assert_step(
        &scene.appraise(),
        StepName::Freshness,
        Outcome::Fail,
        missing,
    );
    let mut scene = Scene::milan(|report| report.with(0x50, &[0; 64]));
    scene.nonce = None;
    let constant = Some("tee/evidence-freshness#constant-report-data");
    assert_step(
        &scene.appraise(),
        StepName::Freshness,
        Outcome::Fail,
        constant,
    );
}

#[test]
fn a_truncated_report_is_unreadable_whatever_its_length() {
    let mut scene = Scene::milan(|report| report);
    let whole = scene.report.clone();
    let malformed = Some("tee/evidence-genuine#malformed");
    for length in (0..whole.len()).step_by(37) {
        scene.report = whole[..length].to_vec();
        let appraisal = scene.appraise();
        assert_step(&appraisal, StepName::Structure, Outcome::Fail, malformed);
        assert_eq!(appraisal.steps.len(), StepName::ALL.len());
        assert!(appraisal.steps.iter().all(|step| !step.checks.is_empty()));
    }
}
