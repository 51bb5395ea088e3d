//! Reference manifests under a root of the test's own, and GPUs that run what they describe.

use evidence::Window;
use evidence::intel::{AT, YEARS};
use evidence::nvidia::{Device, Gpu, Manifest, Nvidia, Publisher, Value};
use wardline_attest::nvidia::appraise;
use wardline_attest::x509::Certificate;
use wardline_attest::{
    Appraisal, Check, Collateral, Instant, Outcome, Policy, Roots, StepName, Verdict, Verifier,
};

const NONCE: [u8; 32] = [7; 32];
const DRIVER: &str = "550.90.07";
const FIRMWARE: &str = "96.00.9F.00.01";
const FLOORS: &str =
    "[nvidia]\ndriver-min = \"550.90.07\"\nvbios-min = [\"96.00.9F.00.01\"]\nmode = \"single\"\n";
/// Ended before the appraisal: 2025-01-01 to 2026-01-01.
const ENDED: Window = (1_735_689_600, 1_767_225_600);

const ALL_ROUND: [u8; 48] = [1; 48];
const SECOND: [u8; 48] = [2; 48];
const OTHER: [u8; 48] = [9; 48];
const ZERO: [u8; 48] = [0; 48];

/// A GPU with measurements 1 and 2 made, 3 and 36 (the decoder, off) not; a driver that makes 2, a firmware that makes the others.
struct Scene {
    nvidia: Nvidia,
    publisher: Publisher,
    gpu: Gpu,
    device: Device,
    driver: Manifest,
    firmware: Manifest,
    policy: String,
}

impl Scene {
    fn new() -> Self {
        let nvidia = Nvidia::new(YEARS);
        let inactive = Value {
            is_active: false,
            ..Value::active(0, ZERO)
        };
        Scene {
            gpu: nvidia.gpu(7),
            nvidia,
            publisher: Publisher::new(YEARS),
            device: Device {
                measurements: vec![(1, ALL_ROUND), (2, SECOND), (3, ZERO), (36, OTHER)],
                ..Device::default()
            },
            driver: Manifest::new(
                DRIVER,
                vec![
                    inactive,
                    Value::active(1, SECOND),
                    Value::active(35, ALL_ROUND),
                ],
            ),
            firmware: Manifest::new(
                FIRMWARE,
                vec![Value::active(0, ALL_ROUND), Value::active(2, ZERO)],
            ),
            policy: FLOORS.to_owned(),
        }
    }

    /// Both manifests, signed.
    fn manifests(&self) -> Vec<String> {
        [&self.driver, &self.firmware]
            .map(|manifest| self.publisher.sign(manifest, YEARS))
            .to_vec()
    }

    fn appraise(&self) -> Appraisal {
        self.appraise_with(&self.manifests())
    }

    /// With all lists, so that nothing but the manifests can be missing.
    fn appraise_with(&self, manifests: &[String]) -> Appraisal {
        self.appraise_revoking(manifests, &[])
    }

    fn appraise_revoking(&self, manifests: &[String], revoked: &[u64]) -> Appraisal {
        let mut collateral = Collateral::default();
        for list in self.publisher.lists(revoked) {
            collateral.add(&list).unwrap();
        }
        for manifest in manifests {
            collateral.add(manifest.as_bytes()).unwrap();
        }
        self.appraise_leaning_on(collateral)
    }

    fn appraise_leaning_on(&self, mut collateral: Collateral) -> Appraisal {
        for list in self.nvidia.lists() {
            collateral.add(&list).unwrap();
        }
        let answer = self.gpu.evidence_of(&self.device, &NONCE);
        let verifier = self.verifier(collateral);
        appraise(&verifier, &answer, &self.chain(), Some(&NONCE))
    }

    fn verifier(&self, collateral: Collateral) -> Verifier {
        let roots = Roots {
            intel: Vec::new(),
            amd: Vec::new(),
            nvidia: vec![read(self.nvidia.root())],
            nvidia_rim: vec![read(self.publisher.root())],
        };
        let policy = Policy::parse(&self.policy).unwrap();
        Verifier::new(roots, collateral, policy, Instant(AT))
    }

    fn chain(&self) -> Vec<Certificate> {
        let certificates = self.gpu.chain.iter();
        certificates.map(|der| read(der)).collect()
    }
}

fn read(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

/// What all comes to where the device stands in its CPU's evidence, which others ask for.
fn verdict(appraisal: &Appraisal) -> Verdict {
    let mut joined = appraisal.clone();
    for step in &mut joined.steps {
        if step.name == StepName::Binding {
            step.checks = vec![Check::pass("device in the CPU's evidence")];
        }
    }
    joined.verdict()
}

fn checks(appraisal: &Appraisal, step: StepName) -> &[Check] {
    &appraisal.step(step).unwrap().checks
}

fn decisive(appraisal: &Appraisal, step: StepName) -> &Check {
    appraisal.step(step).unwrap().decisive().unwrap()
}

/// How identity ended, and the text of the check that decided it.
fn identity(appraisal: &Appraisal) -> (Outcome, String) {
    let check = decisive(appraisal, StepName::Identity);
    let text = format!(
        "{}: {} {} {} {}",
        check.what, check.value, check.limit, check.source, check.detail
    );
    (check.outcome, text)
}

fn has(appraisal: &Appraisal, step: StepName, outcome: Outcome, text: &str) -> bool {
    checks(appraisal, step).iter().any(|check| {
        check.outcome == outcome
            && format!("{}: {} {}", check.what, check.value, check.detail).contains(text)
    })
}

#[test]
fn a_gpu_that_runs_what_nvidia_released_is_protected() {
    let appraisal = Scene::new().appraise();
    for step in &appraisal.steps {
        let expected = match step.name {
            StepName::Binding => Outcome::Unproven,
            _ => Outcome::Pass,
        };
        assert_eq!(step.outcome(), expected, "{step:#?}");
    }
    assert_eq!(verdict(&appraisal), Verdict::Protected);
    let from: Vec<(&str, &str)> = checks(&appraisal, StepName::Identity)
        .iter()
        .map(|check| (&*check.value, &*check.source))
        .collect();
    assert_eq!(
        from,
        [
            ("1 of 4 are those of GH100 550.90.07", "NVIDIA RIM"),
            ("1 of 4 are those of GH100 96.00.9F.00.01", "NVIDIA RIM")
        ]
    );
}

#[test]
fn a_release_is_no_floor() {
    let mut scene = Scene::new();
    scene.policy = "[nvidia]\nmode = \"single\"\n".to_owned();
    let appraisal = scene.appraise();
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Tcb), Outcome::Unproven);
    for check in checks(&appraisal, StepName::Tcb) {
        assert!(check.detail.contains("not that it is recent enough"));
    }
    assert_eq!(verdict(&appraisal), Verdict::Unproven);
}

#[test]
fn another_value_fails_and_names_the_index() {
    let mut scene = Scene::new();
    scene.device.measurements[1].1 = OTHER;
    let appraisal = scene.appraise();
    let check = decisive(&appraisal, StepName::Identity);
    assert_eq!(check.what, "measurement 2");
    assert_eq!(check.cause, Some("gpu/attestation#measurement-mismatch"));
    assert_eq!(check.value, "09".repeat(48));
    assert_eq!(check.limit, "02".repeat(48));
    assert_eq!(
        check.source,
        "NVIDIA RIM of GH100 550.90.07, index 1 (Measurement_1)"
    );
    assert_eq!(appraisal.outcome(StepName::Attributes), Outcome::Unproven);
    assert_eq!(verdict(&appraisal), Verdict::Exposed);
}

#[test]
fn a_measurement_that_must_not_be_there_or_is_missing_fails() {
    let mut scene = Scene::new();
    scene.device.measurements[2].1 = OTHER;
    let (outcome, why) = identity(&scene.appraise());
    assert_eq!(outcome, Outcome::Fail);
    assert!(why.starts_with("measurement 3: 0909"), "{why}");
    scene.device.measurements.remove(2);
    let (outcome, why) = identity(&scene.appraise());
    assert_eq!(outcome, Outcome::Fail);
    assert!(why.starts_with("measurement 3: missing"), "{why}");
}

#[test]
fn any_of_several_values_does() {
    let mut scene = Scene::new();
    scene.driver.values[1].alternatives = vec![OTHER, SECOND, ZERO];
    for (value, expected) in [
        (SECOND, Outcome::Pass),
        (OTHER, Outcome::Pass),
        (ZERO, Outcome::Pass),
        (ALL_ROUND, Outcome::Fail),
    ] {
        scene.device.measurements[1].1 = value;
        let appraisal = scene.appraise();
        assert_eq!(appraisal.outcome(StepName::Identity), expected);
    }
    let (_, why) = identity(&scene.appraise_with(&scene.manifests()));
    assert!(why.contains("one of 3 values"), "{why}");
}

#[test]
fn what_is_not_active_is_not_known() {
    let mut scene = Scene::new();
    scene.driver.values[1].is_active = false;
    let (outcome, why) = identity(&scene.appraise());
    assert_eq!(outcome, Outcome::Unproven);
    assert!(
        why.starts_with("measurements that are not known: 2 "),
        "{why}"
    );
    // The policy may pin what NVIDIA does not say.
    scene.policy = format!(
        "{FLOORS}[nvidia.measurements]\n2 = ['{}']\n",
        "02".repeat(48)
    );
    assert_eq!(identity(&scene.appraise()).0, Outcome::Pass);
}

#[test]
fn the_decoder_counts_unless_it_is_off() {
    let mut scene = Scene::new();
    for (decoder, expected) in [
        (0x55, Outcome::Pass),
        (0xaa, Outcome::Fail),
        (0, Outcome::Fail),
    ] {
        scene.device.decoder = decoder;
        assert_eq!(identity(&scene.appraise()).0, expected, "{decoder:#x}");
    }
    scene.device.measurements[3].1 = ALL_ROUND;
    scene.device.decoder = 0xaa;
    assert_eq!(identity(&scene.appraise()).0, Outcome::Pass);
}

#[test]
fn an_index_in_both_manifests_is_undecided() {
    let mut scene = Scene::new();
    scene.firmware.values.push(Value::active(1, SECOND));
    let (outcome, why) = identity(&scene.appraise());
    assert_eq!(outcome, Outcome::Unproven);
    assert!(
        why.starts_with("measurements in both manifests: 2 "),
        "{why}"
    );
    assert_ne!(verdict(&scene.appraise()), Verdict::Protected);
}

#[test]
fn one_manifest_is_half_and_the_other_one_is_named() {
    let scene = Scene::new();
    let manifests = scene.manifests();
    let (outcome, why) = identity(&scene.appraise_with(&manifests[1..]));
    assert_eq!(outcome, Outcome::Unproven);
    assert!(
        why.starts_with("measurements that are not known: 2 "),
        "{why}"
    );
    assert!(why.contains("NV_GPU_DRIVER_GH100_550.90.07"), "{why}");
    assert!(!why.contains("NV_GPU_VBIOS"), "{why}");
    let (_, why) = identity(&scene.appraise_with(&manifests[..1]));
    assert!(
        why.contains("NV_GPU_VBIOS_1010_0200_882_96009F0001"),
        "{why}"
    );
    let (outcome, why) = identity(&scene.appraise_with(&[]));
    assert_eq!(outcome, Outcome::Unproven);
    assert!(
        why.contains("NV_GPU_DRIVER_GH100_550.90.07 and NV_GPU_VBIOS_1010_0200_882_96009F0001 are not at hand"),
        "{why}"
    );
}

#[test]
fn a_manifest_of_another_release_or_chip_is_not_used_and_said_so() {
    let mut scene = Scene::new();
    let good = scene.manifests();
    scene.driver.version = "550.90.7".to_owned();
    let other_version = scene.publisher.sign(&scene.driver, YEARS);
    scene.driver.version = DRIVER.to_owned();
    scene.driver.product = "GB100".to_owned();
    let other_chip = scene.publisher.sign(&scene.driver, YEARS);
    scene.driver.product = "GH100".to_owned();
    scene.driver.edition = "SWITCH".to_owned();
    let other_kind = scene.publisher.sign(&scene.driver, YEARS);
    let others = [other_version, other_chip, other_kind];
    let appraisal = scene.appraise_with(&[others.as_slice(), &good[1..]].concat());
    let (outcome, why) = identity(&appraisal);
    assert_eq!(outcome, Outcome::Unproven);
    assert!(why.contains("NV_GPU_DRIVER_GH100_550.90.07"), "{why}");
    assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Pass);
    let said =
        "other reference manifests: GH100 550.90.7, GB100 550.90.07, GH100 550.90.07 not used";
    assert!(has(
        &appraisal,
        StepName::Collateral,
        Outcome::NotApplicable,
        said
    ));
    // Beside the right ones they do no harm.
    let all = [others.as_slice(), &good].concat();
    assert_eq!(verdict(&scene.appraise_with(&all)), Verdict::Protected);
}

#[test]
fn the_firmware_version_is_compared_without_its_case() {
    let mut scene = Scene::new();
    scene.firmware.version = FIRMWARE.to_lowercase();
    assert_eq!(verdict(&scene.appraise()), Verdict::Protected);
}

#[test]
fn a_changed_value_fails_and_is_not_used() {
    let mut scene = Scene::new();
    scene.device.measurements[1].1 = OTHER;
    let manifests = scene.manifests();
    let changed = manifests[0].replace(&"02".repeat(48), &"09".repeat(48));
    assert_ne!(changed, manifests[0]);
    let appraisal = scene.appraise_with(&[changed.clone(), manifests[1].clone()]);
    assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Fail);
    let check = decisive(&appraisal, StepName::Collateral);
    assert_eq!(check.cause, Some("tee/evidence-genuine#bad-signature"));
    assert!(check.what.contains("GH100 550.90.07"), "{check:?}");
    // Neither a match nor a mismatch: the changed value says nothing.
    let (outcome, why) = identity(&appraisal);
    assert_eq!(outcome, Outcome::Unproven);
    assert!(why.contains("(the one at hand does not hold)"), "{why}");
    // Beside the original it does no harm, and does not go unsaid.
    scene.device.measurements[1].1 = SECOND;
    let all = [[changed].as_slice(), &scene.manifests()].concat();
    let appraisal = scene.appraise_with(&all);
    assert_eq!(verdict(&appraisal), Verdict::Protected);
    let said = "other manifests of GH100 550.90.07: 1, of which 1 do not hold";
    assert!(has(
        &appraisal,
        StepName::Collateral,
        Outcome::NotApplicable,
        said
    ));
}

#[test]
fn a_digest_made_to_fit_or_a_signature_of_another_manifest_fails() {
    let mut scene = Scene::new();
    let manifests = scene.manifests();
    let other = {
        scene.driver.values[1] = Value::active(1, OTHER);
        scene.publisher.sign(&scene.driver, YEARS)
    };
    let part = |text: &str, name: &str| {
        let (start, end) = (format!("<ds:{name}>"), format!("</ds:{name}>"));
        let from = text.find(&start).unwrap() + start.len();
        text[from..text.find(&end).unwrap()].to_owned()
    };
    let exchanged = |name: &str| other.replace(&part(&other, name), &part(&manifests[0], name));
    scene.device.measurements[1].1 = OTHER;
    // The other one's digest and signature; its digest alone; its signature alone.
    let both = exchanged("DigestValue").replace(
        &part(&other, "SignatureValue"),
        &part(&manifests[0], "SignatureValue"),
    );
    for forged in [both, exchanged("DigestValue"), exchanged("SignatureValue")] {
        let appraisal = scene.appraise_with(&[forged, manifests[1].clone()]);
        assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Fail);
        assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    }
}

#[test]
fn a_manifest_under_another_root_fails() {
    let (scene, other) = (Scene::new(), Publisher::new(YEARS));
    let forged = other.sign(&scene.driver, YEARS);
    let appraisal = scene.appraise_with(&[forged, scene.manifests()[1].clone()]);
    let check = decisive(&appraisal, StepName::Collateral);
    // The root in it has the name of the pinned one, so the signatures give it away.
    assert_eq!(check.outcome, Outcome::Fail);
    assert_eq!(check.cause, Some("tee/evidence-genuine#root-not-pinned"));
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
}

#[test]
fn a_manifest_after_its_window_fails_and_one_that_was_signed_anew_counts() {
    let scene = Scene::new();
    let old = scene.publisher.sign(&scene.driver, ENDED);
    let firmware = scene.manifests()[1].clone();
    let appraisal = scene.appraise_with(&[old.clone(), firmware]);
    let check = decisive(&appraisal, StepName::Collateral);
    assert_eq!(check.outcome, Outcome::Fail);
    assert_eq!(check.cause, Some("tee/collateral-freshness#expired"));
    assert!(check.value.contains("RIM L4 Signer"), "{check:?}");
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    for order in [[0, 1, 2], [2, 1, 0]] {
        let all = [[old.clone()].as_slice(), &scene.manifests()].concat();
        let all: Vec<String> = order.iter().map(|at| all[*at].clone()).collect();
        assert_eq!(verdict(&scene.appraise_with(&all)), Verdict::Protected);
    }
}

#[test]
fn of_two_editions_the_newer_one_counts() {
    let mut scene = Scene::new();
    let old = scene.manifests();
    scene.driver.values[1] = Value::active(1, OTHER);
    // A month later.
    let newer = scene
        .publisher
        .sign(&scene.driver, (YEARS.0 + 2_678_400, YEARS.1));
    let both = |scene: &Scene| {
        let [there, back] = [[&old[0], &newer], [&newer, &old[0]]].map(|drivers| {
            let manifests = drivers.into_iter().chain(&old[1..]);
            verdict(&scene.appraise_with(&manifests.cloned().collect::<Vec<_>>()))
        });
        assert_eq!(there, back);
        there
    };
    // Its value was taken back: that the older one names it is no excuse.
    assert_eq!(verdict(&scene.appraise_with(&old)), Verdict::Protected);
    assert_eq!(both(&scene), Verdict::Exposed);
    // Its value was added.
    scene.device.measurements[1].1 = OTHER;
    assert_eq!(verdict(&scene.appraise_with(&old)), Verdict::Exposed);
    assert_eq!(both(&scene), Verdict::Protected);
}

#[test]
fn of_two_that_are_equally_new_the_one_that_the_device_agrees_with_counts() {
    let mut scene = Scene::new();
    let one = scene.manifests();
    scene.driver.values[1] = Value::active(1, OTHER);
    let other = scene.manifests();
    for drivers in [[&one[0], &other[0]], [&other[0], &one[0]]] {
        let manifests = drivers.into_iter().chain(&one[1..]);
        let appraisal = scene.appraise_with(&manifests.cloned().collect::<Vec<_>>());
        assert_eq!(verdict(&appraisal), Verdict::Protected);
    }
}

#[test]
fn a_revoked_signer_fails_and_an_unknown_one_is_unproven_where_it_matters() {
    let mut scene = Scene::new();
    let manifests = scene.manifests();
    let appraisal = scene.appraise_revoking(&manifests, &[3]);
    assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Fail);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    // Without lists.
    let without = |scene: &Scene| {
        let mut collateral = Collateral::default();
        for manifest in &manifests {
            collateral.add(manifest.as_bytes()).unwrap();
        }
        scene.appraise_leaning_on(collateral)
    };
    let appraisal = without(&scene);
    assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Unproven);
    assert_eq!(
        decisive(&appraisal, StepName::Revocation).cause,
        Some("tee/evidence-genuine#revocation-unknown")
    );
    assert_eq!(verdict(&appraisal), Verdict::Unproven);
    // Where the policy pins all of it, nothing leans on the manifests.
    scene.policy = format!(
        "{FLOORS}[nvidia.measurements]\n1 = ['{}']\n2 = ['{}']\n",
        "01".repeat(48),
        "02".repeat(48)
    );
    assert_eq!(verdict(&without(&scene)), Verdict::Protected);
}

#[test]
fn pins_and_manifests_must_both_hold() {
    let mut scene = Scene::new();
    scene.policy = format!(
        "{FLOORS}[nvidia.measurements]\n2 = ['{}']\n",
        "02".repeat(48)
    );
    assert_eq!(verdict(&scene.appraise()), Verdict::Protected);
    // Pinned, but not what NVIDIA released.
    scene.device.measurements[1].1 = OTHER;
    scene.policy = scene.policy.replace(&"02".repeat(48), &"09".repeat(48));
    let (outcome, why) = identity(&scene.appraise());
    assert_eq!(outcome, Outcome::Fail);
    assert!(why.contains("NVIDIA RIM of GH100 550.90.07"), "{why}");
    // Released, but not what is pinned.
    scene.device.measurements[1].1 = SECOND;
    let (outcome, why) = identity(&scene.appraise());
    assert_eq!(outcome, Outcome::Fail);
    assert!(why.contains("policy, nvidia.measurements"), "{why}");
}

#[test]
fn a_switch_needs_the_manifest_of_its_firmware_alone() {
    let mut scene = Scene::new();
    scene.device.driver = None;
    scene.device.measurements = vec![(1, ALL_ROUND), (2, ZERO), (3, ZERO)];
    scene.firmware.edition = "SWITCH".to_owned();
    let appraisal = scene.appraise();
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Attributes), Outcome::Pass);
    let said = "other reference manifests: GH100 550.90.07";
    assert!(has(
        &appraisal,
        StepName::Collateral,
        Outcome::NotApplicable,
        said
    ));
    // What is pinned for GPUs says nothing of it.
    scene.policy = format!(
        "{FLOORS}[nvidia.measurements]\n1 = ['{}']\n",
        "09".repeat(48)
    );
    assert_eq!(identity(&scene.appraise()).0, Outcome::Pass);
}

#[test]
fn a_device_that_measured_nothing_shows_nothing() {
    let mut scene = Scene::new();
    scene.device.measurements = vec![(1, ZERO)];
    scene.driver.values = vec![Value::active(0, ZERO)];
    scene.firmware.values = vec![Value {
        is_active: false,
        ..Value::active(0, ZERO)
    }];
    let appraisal = scene.appraise();
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    assert_eq!(appraisal.outcome(StepName::Attributes), Outcome::Unproven);
}

#[test]
fn no_change_of_one_byte_of_a_manifest_is_verified_unless_it_says_the_same() {
    let scene = Scene::new();
    let manifests = scene.manifests();
    let answer = scene.gpu.evidence_of(&scene.device, &NONCE);
    let lists = scene.publisher.lists(&[]);
    let read = |text: &[u8]| {
        let mut collateral = Collateral::default();
        collateral.add(text).ok().map(|_| collateral)
    };
    let before = read(manifests[0].as_bytes())
        .unwrap()
        .rims
        .remove(0)
        .manifest;
    let mut held = 0;
    let certificates = manifests[0].find("<ds:KeyInfo>").unwrap();
    // Of the certificates a part is enough here: others flip every byte of those.
    for at in (0..manifests[0].len()).filter(|at| *at < certificates || at % 7 == 0) {
        let mut bytes = manifests[0].clone().into_bytes();
        // Turns `+` into `-`, which is the same digit of another alphabet; a line end into a blank.
        bytes[at] ^= match bytes[at] {
            b'+' => 0x06,
            b'\n' => 0x2a,
            _ => 0x01,
        };
        let Some(mut collateral) = read(&bytes) else {
            continue;
        };
        let now = collateral.rims[0].manifest.clone();
        for list in &lists {
            collateral.add(list).unwrap();
        }
        let verifier = scene.verifier(collateral);
        let appraisal = appraise(&verifier, &answer, &scene.chain(), Some(&NONCE));
        // One that names another release is none of this device's.
        let signed = "signature of the manifest of GH100 550.90.07";
        let is_used = has(&appraisal, StepName::Collateral, Outcome::Pass, signed);
        if is_used && appraisal.outcome(StepName::Collateral) == Outcome::Pass {
            held += 1;
            assert_eq!(now.references, before.references, "byte {at}");
            assert_eq!(now.version, before.version, "byte {at}");
            let (now, before) = (now.signature, &before.signature);
            assert_eq!(now.document, before.document, "byte {at}");
            assert_eq!(now.signed_info, before.signed_info, "byte {at}");
        }
    }
    // A blank that stands between attributes or in the base64 of a certificate may be another one: the test is no empty one.
    assert!(held > 0);
}

#[test]
fn the_answer_of_the_service_is_read_like_the_file() {
    let scene = Scene::new();
    let answers: Vec<String> = scene
        .manifests()
        .iter()
        .map(|text| {
            let encoded = wardline_attest::base64::encode(text.as_bytes());
            format!("{{\"id\": \"NV_GPU_DRIVER_OTHER\", \"rim\": \"{encoded}\", \"request_id\": \"1\", \"sha256\": \"\"}}")
        })
        .collect();
    assert_eq!(verdict(&scene.appraise_with(&answers)), Verdict::Protected);
}

#[test]
fn what_is_no_manifest_says_why() {
    for (input, why) in [
        ("<a/>", "no SWID tag"),
        (
            "<SoftwareIdentity xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\"/>",
            "`Signature` is missing",
        ),
        ("<a", "not XML"),
        ("{\"rim\": \"*\"}", "`rim` is no text in base64"),
        (
            "{\"rim\": \"PGEvPg==\"}",
            "`rim`: no reference manifest of NVIDIA",
        ),
    ] {
        let error = Collateral::default().add(input.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(why), "{input}: {error}");
    }
    let text = Scene::new().manifests()[0].replace("<ds:SignatureValue>", "<ds:SignatureValue>-");
    let error = Collateral::default().add(text.as_bytes()).unwrap_err();
    assert!(
        error.to_string().contains("`SignatureValue` is no base64"),
        "{error}"
    );
}
