//! What NVIDIA publishes, put together: lists of the roots, responses about boot ROMs and signers of manifests, and the manifests.

use evidence::intel::{AT, YEARS};
use evidence::nvidia::{Device, Gpu, Manifest, Nvidia, Publisher, Value};
use evidence::ocsp::{Purpose, Response, Single, Status};
use evidence::{Authority, Names, Window};
use wardline_attest::nvidia::appraise;
use wardline_attest::x509::Certificate;
use wardline_attest::{Appraisal, Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier};

const NONCE: [u8; 32] = [7; 32];
const FLOORS: &str =
    "[nvidia]\ndriver-min = \"550.90.07\"\nvbios-min = [\"96.00.9F.00.01\"]\nmode = \"single\"\n";
const ROM: u64 = 7;
/// That of the manifests' signers.
const SIGNER: u64 = 3;
const DAY: Window = (AT - 3_600, AT + 82_800);

struct Scene {
    nvidia: Nvidia,
    publisher: Publisher,
    gpu: Gpu,
    policy: String,
}

impl Scene {
    fn new() -> Self {
        let nvidia = Nvidia::new(YEARS);
        Scene {
            gpu: nvidia.gpu(ROM),
            nvidia,
            publisher: Publisher::new(YEARS),
            policy: FLOORS.to_owned(),
        }
    }

    fn about_the_rom(&self, status: Status) -> Vec<u8> {
        response(self.nvidia.authorities()[0], ROM, status)
    }

    fn about_the_signer(&self, status: Status) -> Vec<u8> {
        response(self.publisher.authorities()[0], SIGNER, status)
    }

    /// With both manifests, and the lists of the roots alone.
    fn appraise(&self, responses: &[Vec<u8>]) -> Appraisal {
        let mut collateral = Collateral::default();
        for [_, root] in [self.nvidia.authorities(), self.publisher.authorities()] {
            collateral.add(&root.revoke(&[], YEARS)).unwrap();
        }
        for (version, index, value) in [("550.90.07", 0, [1; 48]), ("96.00.9F.00.01", 1, [0; 48])] {
            let manifest = Manifest::new(version, vec![Value::active(index, value)]);
            let text = self.publisher.sign(&manifest, YEARS);
            collateral.add(text.as_bytes()).unwrap();
        }
        for response in responses {
            collateral.add(response).unwrap();
        }
        let read = |der: &[u8]| Certificate::from_der(der).unwrap();
        let roots = Roots {
            intel: Vec::new(),
            amd: Vec::new(),
            nvidia: vec![read(self.nvidia.root())],
            nvidia_rim: vec![read(self.publisher.root())],
        };
        let policy = Policy::parse(&self.policy).unwrap();
        let verifier = Verifier::new(roots, collateral, policy, Instant(AT));
        let chain: Vec<_> = self.gpu.chain.iter().map(|der| read(der)).collect();
        let answer = self.gpu.evidence_of(&Device::default(), &NONCE);
        appraise(&verifier, &answer, &chain, Some(&NONCE))
    }
}

/// As NVIDIA's responder gives it: signed by one that the issuer certified, whose certificate comes along.
fn response(issuer: &Authority, serial: u64, status: Status) -> Vec<u8> {
    let names = Names {
        common: "OCSP Responder",
        serial: 99,
    };
    let responder = issuer.responder(names, YEARS, Purpose::Unchecked);
    Response::about(Single::new(serial, status, DAY)).signed(issuer, &responder)
}

fn open(appraisal: &Appraisal) -> Vec<&str> {
    let checks = &appraisal.step(StepName::Revocation).unwrap().checks;
    let open = checks.iter().filter(|check| check.outcome != Outcome::Pass);
    open.map(|check| &*check.what).collect()
}

#[test]
fn lists_responses_manifests_and_pins_leave_nothing_open() {
    let mut scene = Scene::new();
    scene.policy = format!(
        "{FLOORS}[nvidia.measurements]\n1 = ['{}']\n",
        "01".repeat(48)
    );
    let responses = [
        scene.about_the_rom(Status::Good),
        scene.about_the_signer(Status::Good),
    ];
    let appraisal = scene.appraise(&responses);
    for step in &appraisal.steps {
        let expected = match step.name {
            // The machine speaks of its devices, not they of it.
            StepName::Binding => Outcome::Unproven,
            _ => Outcome::Pass,
        };
        assert_eq!(step.outcome(), expected, "{step:#?}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let scene = Scene::new();
    let rom = "revocation of `GH100 A01 GSP BROM`";
    let signer = "revocation of `RIM L4 Signer`";
    assert_eq!(open(&scene.appraise(&[])), [rom, signer]);
    let about_rom = scene.about_the_rom(Status::Good);
    assert_eq!(open(&scene.appraise(&[about_rom])), [signer]);
    let about_signer = scene.about_the_signer(Status::Good);
    assert_eq!(open(&scene.appraise(&[about_signer])), [rom]);
}

#[test]
fn a_withdrawn_signer_takes_its_values_along() {
    let scene = Scene::new();
    for status in [
        Status::Revoked(YEARS.0, Some(1)),
        // On hold.
        Status::Revoked(YEARS.0, Some(6)),
    ] {
        let responses = [
            scene.about_the_rom(Status::Good),
            scene.about_the_signer(status),
        ];
        let appraisal = scene.appraise(&responses);
        assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Fail);
        assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    }
    let responses = [
        scene.about_the_rom(Status::Good),
        scene.about_the_signer(Status::Unknown),
    ];
    let appraisal = scene.appraise(&responses);
    assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Unproven);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Pass);
}
