//! Reports of processors of our own: what real ones do not show.

use crate::support::authority::Authority;
use crate::support::report::Report;
use crate::support::scene::{PROTECTED, Scene, TCB};
use crate::support::{assert_step, outcomes};
use attest::{Outcome, StepName, Verdict};

const TURIN: [u8; 3] = [0x1a, 0x02, 0x01];
const TURIN_TCB: [u8; 8] = [1, 2, 3, 4, 0, 0, 0, 80];

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
