//! GPUs and switches of NVIDIA: real ones.

use evidence::vectors;
use wardline_attest::crypto::unhex;
use wardline_attest::nvidia::{Presented, appraise, collection};
use wardline_attest::x509::{Certificate, blocks};
use wardline_attest::{
    Appraisal, Collateral, Instant, Kind, Outcome, Policy, Roots, StepName, Verdict, Verifier,
};

/// 2026-01-01.
const AT: Instant = Instant(1_767_225_600);

fn verifier(policy: &str) -> Verifier {
    let policy = Policy::parse(policy).unwrap();
    Verifier::new(Roots::pinned().unwrap(), Collateral::default(), policy, AT)
}

fn text(path: &str) -> Option<String> {
    vectors::read(path).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn chain(path: &str) -> Option<Vec<Certificate>> {
    let pem = text(path)?;
    let ders = blocks(&pem).into_iter().map(|block| block.bytes.unwrap());
    Some(
        ders.map(|der| Certificate::from_der(&der).unwrap())
            .collect(),
    )
}

fn report(path: &str) -> Option<Vec<u8>> {
    unhex(text(path)?.trim())
}

fn devices(path: &str) -> Option<Vec<Presented>> {
    Some(collection(&text(path)?).unwrap())
}

/// Steps and outcomes on one line each, where a test looks at all of them.
fn outcomes(appraisal: &Appraisal) -> Vec<(&'static str, Outcome)> {
    let steps = appraisal.steps.iter();
    steps
        .map(|step| (step.name.name(), step.outcome()))
        .collect()
}

/// What genuine evidence of Hopper comes to with no policy and no nonce.
const GENUINE: [(&str, Outcome); 11] = [
    ("structure", Outcome::Pass),
    ("chain", Outcome::Pass),
    ("revocation", Outcome::Unproven),
    ("key", Outcome::Pass),
    ("signature", Outcome::Pass),
    ("tcb", Outcome::Unproven),
    ("attributes", Outcome::Unproven),
    ("identity", Outcome::Unproven),
    ("freshness", Outcome::Unproven),
    ("binding", Outcome::Unproven),
    ("collateral", Outcome::Pass),
];

#[test]
fn a_single_h100_is_genuine_and_nothing_more() {
    let Some(evidence) = report("nvidia/hopperAttestationReport.txt") else {
        return;
    };
    let certificates = chain("nvidia/hopper_cert_chain_case1.txt").unwrap();
    let appraisal = appraise(&verifier(""), &evidence, &certificates, None);
    assert_eq!(appraisal.kind, Kind::NvidiaGpu);
    assert_eq!(outcomes(&appraisal), GENUINE);
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
    let claim = |name| {
        let mut claims = appraisal.claims.iter();
        claims
            .find(|claim| claim.name == name)
            .map(|claim| claim.value.as_str())
    };
    assert_eq!(claim("DRIVER_VERSION"), Some("550.90.07"));
    assert_eq!(claim("VBIOS_VERSION"), Some("96.00.9F.00.01"));
    assert_eq!(claim("PROTECTED_PCIE_STATUS"), Some("55"));
    let names = appraisal.step(StepName::Chain).unwrap().checks[0]
        .value
        .clone();
    assert_eq!(names.matches(" <- ").count(), 4, "{names}");
    let collateral = appraisal.step(StepName::Collateral).unwrap();
    assert_eq!(collateral.checks[0].value, "valid without end");
}

#[test]
fn the_byte_behind_the_signature_is_said() {
    let Some(evidence) = report("nvidia/hopper_coco_report1.txt") else {
        return;
    };
    let certificates = chain("nvidia/hopper_coco_certs1.txt").unwrap();
    let appraisal = appraise(&verifier(""), &evidence, &certificates, None);
    assert_eq!(outcomes(&appraisal), GENUINE);
    let structure = appraisal.step(StepName::Structure).unwrap();
    assert!(structure.checks[0].detail.contains("one byte follows"));
}

#[test]
fn eight_gpus_and_four_switches_answer_their_nonce() {
    let Some(gpus) = devices("nvidia/gpu_evidence.json") else {
        return;
    };
    let switches = devices("nvidia/switch_evidence.json").unwrap();
    assert_eq!((gpus.len(), switches.len()), (8, 4));
    let verifier = verifier(
        "[nvidia]\ndriver-min = \"590.12\"\nvbios-min = [\"96.00.A5.00.01\", \"96.10.73.00.01\"]\nmode = \"ppcie\"",
    );
    for (device, kind) in gpus
        .iter()
        .map(|gpu| (gpu, Kind::NvidiaGpu))
        .chain(switches.iter().map(|switch| (switch, Kind::NvidiaSwitch)))
    {
        let nonce = device.nonce.as_deref();
        let appraisal = appraise(&verifier, &device.evidence, &device.certificates, nonce);
        assert_eq!(appraisal.kind, kind);
        let mut expected = GENUINE;
        expected[5].1 = Outcome::Pass;
        expected[8].1 = Outcome::Pass;
        assert_eq!(outcomes(&appraisal), expected, "{appraisal:#?}");
        assert_eq!(appraisal.verdict(), Verdict::Unproven);
    }
}

#[test]
fn floors_and_modes_are_held_against_real_gpus() {
    let Some(gpus) = devices("nvidia/gpu_evidence.json") else {
        return;
    };
    let judge = |policy: &str, step: StepName| {
        let gpu = &gpus[0];
        let appraisal = appraise(&verifier(policy), &gpu.evidence, &gpu.certificates, None);
        let checks = &appraisal.step(step).unwrap().checks;
        let causes: Vec<&str> = checks.iter().filter_map(|check| check.cause).collect();
        (appraisal.outcome(step), causes.join(" "))
    };
    let floor = "gpu/attestation#firmware-floor";
    assert_eq!(
        judge("[nvidia]\ndriver-min = \"590.13\"", StepName::Tcb),
        (Outcome::Fail, floor.to_owned())
    );
    assert_eq!(
        judge("[nvidia]\nvbios-min = [\"96.00.A6.00.00\"]", StepName::Tcb),
        (Outcome::Fail, floor.to_owned())
    );
    // A floor of the switch's family says nothing about a GPU.
    assert_eq!(
        judge(
            "[nvidia]\ndriver-min = \"590.12\"\nvbios-min = [\"96.10.99.00.00\"]",
            StepName::Tcb
        ),
        (Outcome::Unproven, String::new())
    );
    assert_eq!(
        judge("[nvidia]\nmode = \"single\"", StepName::Attributes),
        (
            Outcome::Unproven,
            "gpu/attestation#protected-pcie-wrong".to_owned()
        )
    );
}

/// The measurements that a device made, as a policy pins them.
fn pinned(appraisal: &Appraisal) -> String {
    let claims = appraisal.claims.iter();
    let lines = claims
        .filter(|claim| claim.name == "measurement")
        .map(|claim| {
            let (index, value) = claim.value.split_once(' ').unwrap();
            format!("{index} = [\"{value}\"]\n")
        });
    format!("[nvidia.measurements]\n{}", lines.collect::<String>())
}

#[test]
fn all_measurements_pinned_is_identity_and_one_less_is_not() {
    let Some(gpus) = devices("nvidia/gpu_evidence.json") else {
        return;
    };
    let gpu = &gpus[0];
    let judge = |policy: &str| {
        let verifier = verifier(policy);
        let nonce = gpu.nonce.as_deref();
        appraise(&verifier, &gpu.evidence, &gpu.certificates, nonce)
    };
    let all = pinned(&judge(""));
    let appraisal = judge(&format!("[nvidia]\nmode = \"ppcie\"\n{all}"));
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Attributes), Outcome::Pass);
    // Revocation is still unknown, so this is not `protected` either.
    assert_eq!(appraisal.verdict(), Verdict::Unproven);

    let one_less: Vec<&str> = all
        .lines()
        .filter(|line| !line.starts_with("12 ="))
        .collect();
    let appraisal = judge(&one_less.join("\n"));
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    let decisive = appraisal
        .step(StepName::Identity)
        .unwrap()
        .decisive()
        .unwrap();
    assert_eq!(decisive.value, "12");

    // What is pinned for GPUs says nothing about switches.
    let switches = devices("nvidia/switch_evidence.json").unwrap();
    let switch = &switches[0];
    let judge_switch = |policy: &str| {
        let verifier = verifier(policy);
        appraise(&verifier, &switch.evidence, &switch.certificates, None)
    };
    let appraisal = judge_switch(&all);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    let own = pinned(&appraisal).replace("measurements", "switch-measurements");
    let appraisal = judge_switch(&own);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Pass);

    let other = format!("[nvidia.measurements]\n12 = [\"{}\"]\n", "00".repeat(48));
    let appraisal = judge(&other);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Fail);
    let decisive = appraisal
        .step(StepName::Identity)
        .unwrap()
        .decisive()
        .unwrap();
    assert_eq!(decisive.what, "measurement 12");
    assert_eq!(decisive.cause, Some("gpu/attestation#measurement-mismatch"));
}

#[test]
fn broken_chains_prove_nothing() {
    let Some(evidence) = report("nvidia/hopperAttestationReport.txt") else {
        return;
    };
    let judge = |path: &str| {
        let certificates = chain(path).unwrap();
        appraise(&verifier(""), &evidence, &certificates, None)
    };
    // Only the root; and without the device's own certificate.
    for path in [
        "nvidia/hopper_cert_chain_case2.txt",
        "nvidia/hopper_cert_chain_case4.txt",
    ] {
        let appraisal = judge(path);
        assert_eq!(
            appraisal.outcome(StepName::Chain),
            Outcome::Unproven,
            "{path}"
        );
        assert_eq!(
            appraisal.outcome(StepName::Key),
            Outcome::Unproven,
            "{path}"
        );
        assert_eq!(
            appraisal.outcome(StepName::Signature),
            Outcome::Unproven,
            "{path}"
        );
        assert_eq!(appraisal.verdict(), Verdict::Unproven, "{path}");
    }
    // Without one in the middle: the one that is missing is named.
    let appraisal = judge("nvidia/hopper_cert_chain_case3.txt");
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Unproven);
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);
    let decisive = appraisal.step(StepName::Chain).unwrap().decisive().unwrap();
    assert!(
        decisive.value.contains("which is not at hand"),
        "{decisive:?}"
    );
}

#[test]
fn the_chain_of_another_gpu_fails() {
    let Some(gpus) = devices("nvidia/gpu_evidence.json") else {
        return;
    };
    let appraisal = appraise(
        &verifier(""),
        &gpus[0].evidence,
        &gpus[1].certificates,
        None,
    );
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Fail);
    assert_eq!(appraisal.verdict(), Verdict::Exposed);
}

#[test]
fn no_change_of_one_byte_is_accepted() {
    let Some(evidence) = report("nvidia/hopperAttestationReport.txt") else {
        return;
    };
    let certificates = chain("nvidia/hopper_cert_chain_case1.txt").unwrap();
    let verifier = verifier("");
    for at in 0..evidence.len() {
        let mut changed = evidence.clone();
        changed[at] ^= 0x01;
        let appraisal = appraise(&verifier, &changed, &certificates, None);
        assert_ne!(
            appraisal.outcome(StepName::Signature),
            Outcome::Pass,
            "byte {at}"
        );
        assert_eq!(appraisal.verdict(), Verdict::Exposed, "byte {at}");
    }
}

#[test]
fn before_the_certificates_the_one_that_did_not_hold_yet_is_named() {
    let Some(evidence) = report("nvidia/hopperAttestationReport.txt") else {
        return;
    };
    let certificates = chain("nvidia/hopper_cert_chain_case1.txt").unwrap();
    // 2022-02-01: the provisioner's certificate starts in March.
    let verifier = Verifier::new(
        Roots::pinned().unwrap(),
        Collateral::default(),
        Policy::default(),
        Instant(1_643_673_600),
    );
    let appraisal = appraise(&verifier, &evidence, &certificates, None);
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    let decisive = appraisal.step(StepName::Chain).unwrap().decisive().unwrap();
    assert_eq!(
        decisive.cause,
        Some("tee/evidence-genuine#expired-at-evidence-time")
    );
    assert!(decisive.value.contains("NVIDIA GH100 Provisioner ICA 1"));
}
