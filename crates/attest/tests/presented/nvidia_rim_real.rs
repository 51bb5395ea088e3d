//! NVIDIA's own reference manifests.

use evidence::Window;
use evidence::nvidia::{Device, Nvidia};
use evidence::vectors;
use wardline_attest::crypto::unhex;
use wardline_attest::nvidia::{Rim, appraise};
use wardline_attest::x509::{Certificate, blocks};
use wardline_attest::{
    Appraisal, Collateral, Instant, Kind, Outcome, Policy, Roots, StepName, Verifier,
};

/// 2020-01-01 to 2035-01-01.
const YEARS: Window = (1_577_836_800, 2_051_222_400);
/// 2024-10-01: inside the windows of the manifests' signers.
const INSIDE: i64 = 1_727_740_800;
const NONCE: [u8; 32] = [7; 32];

const DRIVER: &str = "nvidia/Driver_RIM_test_no_gpu.swidtag";
const FIRMWARE: &str = "nvidia/1010_0200_882_96005E0001_test_no_gpu.swidtag";

fn text(name: &str) -> Option<String> {
    vectors::read(name).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// A GPU of the test's own that measures what NVIDIA's manifests describe.
struct Scene {
    nvidia: Nvidia,
    answer: Vec<u8>,
    chain: Vec<Certificate>,
}

impl Scene {
    fn of(manifests: [&str; 2]) -> Self {
        let nvidia = Nvidia::new(YEARS);
        let gpu = nvidia.gpu(7);
        let device = Device {
            driver: Some("545.00".to_owned()),
            firmware: [0x96, 0, 0x5e, 0, 1],
            measurements: measurements(manifests),
            ..Device::default()
        };
        let chain = gpu.chain.iter();
        Scene {
            answer: gpu.evidence_of(&device, &NONCE),
            chain: chain
                .map(|der| Certificate::from_der(der).unwrap())
                .collect(),
            nvidia,
        }
    }

    /// Under the test's root of devices, and NVIDIA's root of manifests.
    fn appraise(&self, collateral: Collateral, at: i64) -> Appraisal {
        let roots = Roots {
            nvidia: vec![Certificate::from_der(self.nvidia.root()).unwrap()],
            ..Roots::pinned().unwrap()
        };
        let verifier = Verifier::new(roots, collateral, Policy::default(), Instant(at));
        appraise(&verifier, &self.answer, &self.chain, Some(&NONCE))
    }
}

/// The first value of every index that is compared.
fn measurements(manifests: [&str; 2]) -> Vec<(u8, [u8; 48])> {
    let rims = manifests.map(|text| Rim::read(text).unwrap());
    let references = rims.iter().flat_map(|rim| &rim.manifest.references);
    references
        .filter(|reference| reference.is_active)
        .map(|reference| (reference.index + 1, reference.values[0]))
        .collect()
}

fn collateral(manifests: &[&str]) -> Collateral {
    let mut collateral = Collateral::default();
    for text in manifests {
        collateral.add(text.as_bytes()).unwrap();
    }
    collateral
}

fn value(appraisal: &Appraisal, step: StepName, what: &str) -> String {
    let mut checks = appraisal.step(step).unwrap().checks.iter();
    let check = checks.find(|check| check.what.contains(what)).unwrap();
    format!("{} {} {}", check.outcome, check.value, check.detail)
}

#[test]
fn they_verify_inside_the_windows_of_their_signers_only() {
    let (Some(driver), Some(firmware)) = (text(DRIVER), text(FIRMWARE)) else {
        return;
    };
    let scene = Scene::of([&driver, &firmware]);
    let judge = |at| scene.appraise(collateral(&[&driver, &firmware]), at);
    let appraisal = judge(INSIDE);
    assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Pass);
    let signer = value(
        &appraisal,
        StepName::Collateral,
        "signer of the manifest of GH100 545.00",
    );
    assert!(signer.contains("HCC RIM L4 Signer <- NVIDIA Reference Value L3 GH100 001 <- NVIDIA Reference Value GH100 CA <- NVIDIA CoRIM signing Root CA"), "{signer}");
    // 2026-01-01 and 2023-06-01.
    for at in [1_767_225_600, 1_685_577_600] {
        let appraisal = judge(at);
        assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Fail);
        let decisive = appraisal
            .step(StepName::Collateral)
            .unwrap()
            .decisive()
            .unwrap();
        assert_eq!(decisive.cause, Some("tee/collateral-freshness#expired"));
        assert_eq!(appraisal.outcome(StepName::Identity), Outcome::Unproven);
    }
}

#[test]
fn the_evidence_of_another_release_does_not_use_them_and_names_its_own() {
    let Some(report) = text("nvidia/hopperAttestationReport.txt") else {
        return;
    };
    let evidence = unhex(&report.split_ascii_whitespace().collect::<String>()).unwrap();
    let certificates = chain(&text("nvidia/hopper_cert_chain_case1.txt").unwrap());
    let verifier = Verifier::new(
        Roots::pinned().unwrap(),
        collateral(&[&text(DRIVER).unwrap(), &text(FIRMWARE).unwrap()]),
        Policy::default(),
        Instant(INSIDE),
    );
    let appraisal = appraise(&verifier, &evidence, &certificates, None);
    let why = value(&appraisal, StepName::Identity, "measurements");
    assert!(
        why.contains("NV_GPU_DRIVER_GH100_550.90.07 and NV_GPU_VBIOS_1010_0200_882_96009F0001 are not at hand"),
        "{why}"
    );
    let others = value(
        &appraisal,
        StepName::Collateral,
        "other reference manifests",
    );
    assert!(
        others.starts_with("n/a GH100 545.00, GH100 96.00.5E.00.01 not used"),
        "{others}"
    );
}

#[test]
fn no_changed_byte_is_verified_unless_it_says_the_same() {
    let (Some(driver), Some(firmware)) = (text(DRIVER), text(FIRMWARE)) else {
        return;
    };
    let scene = Scene::of([&driver, &firmware]);
    let before = Rim::read(&driver).unwrap().manifest;
    let signed = driver.find("<ds:SignedInfo>").unwrap();
    let key = driver.find("<ds:KeyInfo>").unwrap();
    let mut looked_at = 0;
    // All of what is signed and of the signature; of the long rest a part that no line length divides.
    for at in (0..driver.len()).filter(|at| (signed..key).contains(at) || at % 23 == 0) {
        let mut bytes = driver.clone().into_bytes();
        bytes[at] ^= 0x01;
        let Some(rim) = String::from_utf8(bytes).ok().and_then(|text| {
            let rim = Rim::read(&text).ok()?;
            Some((rim, text))
        }) else {
            continue;
        };
        looked_at += 1;
        let (rim, changed) = rim;
        let appraisal = scene.appraise(collateral(&[&changed, &firmware]), INSIDE);
        let is_used = appraisal.outcome(StepName::Identity) == Outcome::Pass
            && appraisal.outcome(StepName::Collateral) == Outcome::Pass;
        if is_used {
            assert_eq!(rim.manifest.references, before.references, "byte {at}");
            let (now, before) = (&rim.manifest.signature, &before.signature);
            assert_eq!(now.document, before.document, "byte {at}");
            assert_eq!(now.signed_info, before.signed_info, "byte {at}");
        }
    }
    assert!(looked_at > 100, "{looked_at}");
}

fn chain(text: &str) -> Vec<Certificate> {
    blocks(text)
        .into_iter()
        .map(|block| Certificate::from_der(&block.bytes.unwrap()).unwrap())
        .collect()
}

/// Real evidence with the real manifest of its firmware. 2026-08-01 and 2024-10-01.
const RELEASED: [(&str, &str, i64, Kind, &str); 2] = [
    (
        "nvidia/attestation-sdk/switch",
        "nvidia/attestation-sdk/NV_SWITCH_BIOS_5612_0002_890_9610550001.xml",
        1_785_542_400,
        Kind::NvidiaSwitch,
        "24 of 31 are those of LS10 96.10.55.00.01",
    ),
    (
        "nvidia/attestation-sdk/hopper",
        "nvidia/attestation-sdk/NV_GPU_VBIOS_1010_0200_882_96005E0001.xml",
        INSIDE,
        Kind::NvidiaGpu,
        "8 of 64 are those of GH100 96.00.5E.00.01",
    ),
];

#[test]
fn real_devices_run_what_nvidia_released() {
    for (device, manifest, at, kind, held) in RELEASED {
        let Some(manifest) = vectors::read_if_there(manifest) else {
            continue;
        };
        let digits = text(&format!("{device}AttestationReport.txt")).unwrap();
        let evidence = unhex(&digits.split_ascii_whitespace().collect::<String>()).unwrap();
        let certificates = chain(&text(&format!("{device}CertChain.txt")).unwrap());
        let judge = |manifest: &[u8]| {
            let mut collateral = Collateral::default();
            collateral.add(manifest).unwrap();
            let roots = Roots::pinned().unwrap();
            let verifier = Verifier::new(roots, collateral, Policy::default(), Instant(at));
            appraise(&verifier, &evidence, &certificates, None)
        };
        let appraisal = judge(&manifest);
        assert_eq!(appraisal.kind, kind);
        assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Pass);
        assert_eq!(appraisal.outcome(StepName::Signature), Outcome::Pass);
        assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Pass);
        let of_manifest = value(&appraisal, StepName::Identity, "measurements");
        assert_eq!(of_manifest.trim_end(), format!("pass {held}"));
        // A switch needs no more; a GPU its driver's too.
        let expected = match kind {
            Kind::NvidiaSwitch => Outcome::Pass,
            _ => Outcome::Unproven,
        };
        assert_eq!(appraisal.outcome(StepName::Identity), expected);
    }
}
