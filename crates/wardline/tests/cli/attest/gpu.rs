//! Evidence of GPUs in `wardline attest collect`. No GPU was asked: a stand-in for the driver's library is compiled here, and hands
//! out evidence that was made before, under a root of the tests or by real GPUs. That a driver behaves as its header says is not
//! shown.

use super::{NONCE, Scene, json, nonce};
use crate::support::{Answer, Lab};
use ::evidence::intel::YEARS;
use ::evidence::nvidia::{Gpu, Nvidia};
use serde_json::Value;
use std::io::{ErrorKind, Write};
use std::process::Command;

/// What a GPU hands out: report and chain.
type Handed = (Vec<u8>, Vec<u8>);

fn handed(gpu: &Gpu, nonce: &[u8; 32]) -> Handed {
    // Zeros within the size that the driver names.
    let chain = [gpu.pem().as_bytes(), &[0; 3]].concat();
    (gpu.evidence(nonce), chain)
}

/// What an enclave beside GPUs is asked with.
fn joined(nonce: &[u8], gpus: &[Handed]) -> [u8; 64] {
    let digests: Vec<_> = gpus
        .iter()
        .map(|(report, _)| ::attest::devices::digest(report))
        .collect();
    ::attest::devices::report_data(nonce, &digests).unwrap()
}

/// Compiles the stand-in to where the program looks below another root than the system's. `false`, with a note, where there is no
/// compiler.
fn install(lab: &Lab, asked: &[u8; 32], gpus: &[Handed], macros: &[&str]) -> bool {
    let folder = lab.path("root/usr/lib");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(lab.path("scene.h"), scene(asked, gpus)).unwrap();
    let compiled = Command::new("cc")
        .args([
            "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
        ])
        .args(macros.iter().map(|macro_| format!("-D{macro_}")))
        .arg("-I")
        .arg(lab.path(""))
        .arg("-o")
        .arg(folder.join("libnvidia-ml.so.1"))
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/cli/attest/gpu/nvml.c"
        ))
        .output();
    match compiled {
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{told}");
            true
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Past the capture of the test harness: a run without a compiler must not look like one with it.
            let _ = writeln!(
                std::io::stderr(),
                "NOT RUN: no C compiler (cc) to make the stand-in for the GPU driver's library with"
            );
            false
        }
        Err(error) => panic!("cc: {error}"),
    }
}

/// The data of the stand-in as C.
fn scene(asked: &[u8; 32], gpus: &[Handed]) -> String {
    let bytes = |bytes: &[u8]| {
        let digits: Vec<String> = bytes.iter().map(u8::to_string).collect();
        format!("{{{}}}", digits.join(","))
    };
    let mut text = format!(
        "typedef struct {{ const unsigned char *report; unsigned int report_size; const unsigned char *chain; unsigned int chain_size; }} gpu_t;\n\
         static const unsigned char ASKED[32] = {};\n",
        bytes(asked)
    );
    for (number, (report, chain)) in gpus.iter().enumerate() {
        text += &format!(
            "static const unsigned char REPORT_{number}[] = {};\nstatic const unsigned char CHAIN_{number}[] = {};\n",
            bytes(report),
            bytes(chain)
        );
    }
    let entries: Vec<String> = (0..gpus.len())
        .map(|n| format!("{{REPORT_{n}, sizeof REPORT_{n}, CHAIN_{n}, sizeof CHAIN_{n}}}"))
        .collect();
    text + &format!("static const gpu_t GPUS[] = {{{}}};\n", entries.join(", "))
}

fn collect(lab: &Lab, arguments: &[&str]) -> Answer {
    let fixed = ["attest", "collect", "--root", "root", "-o", "bundle.json"];
    lab.run(&[fixed.as_slice(), arguments].concat())
}

/// The line of a source.
fn line<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .err
        .lines()
        .find(|line| line.get(11..).is_some_and(|rest| rest.starts_with(name)))
        .unwrap_or_else(|| panic!("{name}: {}", answer.err))
}

/// An enclave beside GPUs, and all that a verifier needs.
fn beside_an_enclave(name: &str, report_data: [u8; 64], nvidia: &Nvidia) -> Scene {
    let scene = Scene::answering(name, report_data);
    let quote = scene.sgx.clone();
    let roots = [
        std::fs::read(scene.lab.path("root.der")).unwrap(),
        nvidia.root().to_vec(),
    ]
    .map(|der| {
        let text = ::attest::base64::encode(&der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    })
    .concat();
    let [first, second] = nvidia.lists();
    let policy = format!(
        "{}[nvidia]\ndriver-min = '550.90.07'\nvbios-min = ['96.00.9F.00.01']\nmode = 'single'\nmeasurements.1 = ['{}']\n",
        super::policy(),
        "01".repeat(48)
    );
    scene
        .bytes("root.der", roots.as_bytes())
        .bytes("policy.toml", policy.as_bytes())
        .bytes("collateral/nvidia-1.crl", &first)
        .bytes("collateral/nvidia-2.crl", &second)
        .bytes("root/dev/attestation/user_report_data", &[0; 64])
        .bytes("root/dev/attestation/quote", &quote)
        .bytes("root/dev/nvidiactl", b"")
}

#[test]
fn gpus_and_processor_answer_one_nonce() {
    let nvidia = Nvidia::new(YEARS);
    let gpus = [nvidia.gpu(7), nvidia.gpu(8)];
    let handed = gpus.each_ref().map(|gpu| handed(gpu, &NONCE));
    let scene = beside_an_enclave("gpu-evidence", joined(&NONCE, &handed), &nvidia);
    if !install(&scene.lab, &NONCE, &handed, &[]) {
        return;
    }
    let answer = collect(&scene.lab, &["--nonce", &nonce()]);
    assert_eq!(answer.status, 0, "{}", answer.err);
    for number in [0, 1] {
        let name =
            format!("NVIDIA H100 80GB HBM3 {number}, GPU-00000000-0000-0000-0000-00000000000");
        assert!(line(&answer, &name).starts_with("collected"));
        assert!(line(&answer, &name).ends_with(": nvidia-gpu"));
    }
    let bundle: Value = serde_json::from_str(&scene.lab.read("bundle.json")).unwrap();
    for (piece, (report, _)) in bundle["pieces"].as_array().unwrap()[1..]
        .iter()
        .zip(&handed)
    {
        assert_eq!(piece["kind"], "nvidia-gpu");
        assert_eq!(piece["evidence"], super::base64(report));
        assert_eq!(piece["nonce"], nonce());
    }
    for (piece, gpu) in [(1, &gpus[0]), (2, &gpus[1])] {
        assert_eq!(bundle["pieces"][piece]["certificates"][0], gpu.pem());
    }
    let verified = scene.verify_fully(&["bundle.json", "-f", "json"]);
    assert_eq!(verified.status, 0, "{}", verified.out);
    let kinds: Vec<Value> = pieces(&verified)
        .into_iter()
        .map(|piece| piece["kind"].clone())
        .collect();
    assert_eq!(kinds, ["sgx-quote", "nvidia-gpu", "nvidia-gpu"]);
    // The enclave speaks for its own GPUs only: another one's evidence in the place of theirs is not its word.
    let (stranger, _) = self::handed(&nvidia.gpu(9), &NONCE);
    let exchanged = scene
        .lab
        .read("bundle.json")
        .replace(&super::base64(&handed[1].0), &super::base64(&stranger));
    let scene = scene.bytes("exchanged.json", exchanged.as_bytes());
    let verified = scene.verify_fully(&["exchanged.json", "-f", "json"]);
    assert_eq!(verified.status, 1, "{}", verified.out);
    let bound: Vec<Value> = pieces(&verified)
        .iter()
        .map(|piece| verdict(piece, "binding"))
        .collect();
    assert_eq!(bound, ["n/a", "pass", "fail"]);
}

#[test]
fn a_shorter_nonce_is_fresh_for_all() {
    let nvidia = Nvidia::new(YEARS);
    let mut asked = [0; 32];
    asked[..16].copy_from_slice(&NONCE[..16]);
    let gpus = [handed(&nvidia.gpu(7), &asked)];
    let data = joined(&NONCE[..16], &gpus);
    let scene = beside_an_enclave("gpu-short-nonce", data, &nvidia);
    if !install(&scene.lab, &asked, &gpus, &[]) {
        return;
    }
    let short = "b7".repeat(16);
    let answer = collect(&scene.lab, &["--nonce", &short]);
    assert_eq!(answer.status, 0, "{}", answer.err);
    let asked_of_the_enclave =
        std::fs::read(scene.lab.path("root/dev/attestation/user_report_data")).unwrap();
    assert_eq!(asked_of_the_enclave, data);
    let arguments = ["-f", "json", "--collateral", "collateral", "--nonce"];
    let fresh = |nonce: &str| -> Vec<Value> {
        let verified = scene.verify(&[arguments.as_slice(), &[nonce, "bundle.json"]].concat());
        pieces(&verified)
            .iter()
            .map(|piece| verdict(piece, "freshness"))
            .collect()
    };
    assert_eq!(fresh(&short), ["pass", "pass"]);
    assert_eq!(fresh(&"b7".repeat(17)), ["fail", "fail"]);
}

#[test]
fn a_replayed_report_is_found_out_by_the_verifier() {
    let nvidia = Nvidia::new(YEARS);
    let old = [handed(&nvidia.gpu(7), &[1; 32])];
    let scene = beside_an_enclave("gpu-replay", joined(&NONCE, &old), &nvidia);
    if !install(&scene.lab, &NONCE, &old, &[]) {
        return;
    }
    assert_eq!(collect(&scene.lab, &["--nonce", &nonce()]).status, 0);
    let verified = scene.verify_fully(&["bundle.json", "-f", "json"]);
    assert_eq!(verified.status, 1, "{}", verified.out);
    let freshness: Vec<Value> = pieces(&verified)
        .iter()
        .map(|piece| verdict(piece, "freshness"))
        .collect();
    assert_eq!(freshness, ["pass", "fail"]);
}

#[test]
fn a_nonce_that_is_too_long_for_gpus_fails_there_only() {
    let nvidia = Nvidia::new(YEARS);
    let scene = beside_an_enclave("gpu-long-nonce", super::report_data(), &nvidia);
    if !install(&scene.lab, &NONCE, &[handed(&nvidia.gpu(7), &NONCE)], &[]) {
        return;
    }
    let answer = collect(&scene.lab, &["--nonce", &"b7".repeat(33)]);
    assert_eq!(answer.status, 4, "{}", answer.err);
    let told = line(&answer, "NVIDIA H100");
    assert!(told.starts_with("failed"), "{told}");
    assert!(
        told.ends_with("GPUs take 32 bytes, and --nonce has 33: give 32 bytes or fewer"),
        "{told}"
    );
    let bundle: Value = serde_json::from_str(&scene.lab.read("bundle.json")).unwrap();
    assert_eq!(bundle["pieces"].as_array().unwrap().len(), 1);
}

#[test]
fn every_state_has_its_sentence() {
    let gpu = Nvidia::new(YEARS).gpu(7);
    let good = handed(&gpu, &NONCE);
    let states: [(&[&str], &str, &str, &str); 13] = [
        (
            &["INIT=9"],
            "missing",
            "NVIDIA GPU",
            "the kernel's driver is not loaded; needs an NVIDIA GPU",
        ),
        (
            &["INIT=28"],
            "missing",
            "NVIDIA GPU",
            "the driver finds no GPU; needs an NVIDIA GPU",
        ),
        (
            &["COUNT=0"],
            "missing",
            "NVIDIA GPU",
            "the driver finds no GPU; needs an NVIDIA GPU",
        ),
        (
            &["INIT=4"],
            "failed",
            "NVIDIA GPU",
            "nvmlInit_v2: NVML_ERROR_NO_PERMISSION (the current user does not have permission to perform this operation); run it as root",
        ),
        (
            &["INIT=18"],
            "failed",
            "NVIDIA GPU",
            "NVML_ERROR_LIB_RM_VERSION_MISMATCH",
        ),
        (
            &["HANDLE=15"],
            "failed",
            "NVIDIA GPU 0",
            "NVML_ERROR_GPU_IS_LOST",
        ),
        (
            &["CERTIFICATE=3", "CC_FEATURE=0"],
            "there",
            "NVIDIA H100",
            "not in confidential computing mode: it has no evidence to give",
        ),
        (
            &["CERTIFICATE=3", "SETTINGS=3"],
            "there",
            "NVIDIA H100",
            "not in confidential computing mode, or of a model without it",
        ),
        (
            &["CERTIFICATE=3"],
            "failed",
            "NVIDIA H100",
            "confidential computing is on, and yet it gives no evidence",
        ),
        (
            &["REPORT=3", "CC_FEATURE=0"],
            "there",
            "NVIDIA H100",
            "not in confidential computing mode: it has no evidence to give",
        ),
        (
            &["REPORT=4"],
            "failed",
            "NVIDIA H100",
            "NVML_ERROR_NO_PERMISSION",
        ),
        (
            &["REPORT=27"],
            "failed",
            "NVIDIA H100",
            "NVML_ERROR_NOT_READY",
        ),
        (
            &["OLD"],
            "there",
            "NVIDIA H100",
            "has no nvmlDeviceGetConfComputeGpuCertificate",
        ),
    ];
    for (macros, state, name, sentence) in states {
        let lab = Lab::new("gpu-states");
        if !install(&lab, &NONCE, std::slice::from_ref(&good), macros) {
            return;
        }
        let answer = collect(&lab, &["--nonce", &nonce()]);
        assert_eq!(answer.status, 4, "{macros:?}: {}", answer.err);
        let told = line(&answer, name);
        assert!(told.starts_with(state), "{macros:?}: {told}");
        assert!(told.contains(sentence), "{macros:?}: {told}");
        assert!(!lab.path("bundle.json").exists());
    }
}

#[test]
fn what_is_no_evidence_is_not_collected() {
    let gpu = Nvidia::new(YEARS).gpu(7);
    let (report, chain) = handed(&gpu, &NONCE);
    for (handed, sentence) in [
        ((vec![0xee; 64], chain), "its report is not recognised"),
        ((report, b"no chain".to_vec()), "its certificates: "),
    ] {
        let lab = Lab::new("gpu-unrecognised");
        if !install(&lab, &NONCE, &[handed], &[]) {
            return;
        }
        let answer = collect(&lab, &["--nonce", &nonce()]);
        assert_eq!(answer.status, 4);
        let told = line(&answer, "NVIDIA H100");
        assert!(told.starts_with("failed"), "{told}");
        assert!(told.contains(sentence), "{told}");
    }
}

#[test]
fn without_a_library_it_depends_on_the_device() {
    let none = Lab::new("gpu-no-library").file("root/.keep", "");
    let answer = collect(&none, &[]);
    let told = line(&answer, "NVIDIA GPU");
    assert!(told.starts_with("missing"), "{told}");
    assert!(told.contains("cannot be loaded"), "{told}");
    assert!(told.contains("needs an NVIDIA GPU"), "{told}");

    let device = Lab::new("gpu-device-only").file("root/dev/nvidiactl", "");
    let answer = collect(&device, &[]);
    let told = line(&answer, "NVIDIA GPU");
    assert!(told.starts_with("failed"), "{told}");
    assert!(told.contains("/dev/nvidia* is there, but"), "{told}");

    let broken = device.file("root/usr/lib/libnvidia-ml.so.1", "no library");
    let told = collect(&broken, &[]).err;
    assert!(told.contains("cannot be loaded"), "{told}");
}

#[test]
fn real_evidence_comes_to_the_same_through_a_bundle() {
    let Some(text) = ::evidence::vectors::read("nvidia/gpu_evidence.json") else {
        return;
    };
    let list: Value = serde_json::from_slice(&text).unwrap();
    let list = list.as_array().unwrap();
    let part = |entry: &Value, name: &str| {
        ::attest::base64::decode(entry[name].as_str().unwrap()).unwrap()
    };
    let gpus: Vec<Handed> = list
        .iter()
        .map(|entry| (part(entry, "evidence"), part(entry, "certificate")))
        .collect();
    let digits = list[0]["nonce"].as_str().unwrap();
    let asked = ::attest::crypto::unhex(digits).unwrap().try_into().unwrap();
    let lab = Lab::new("gpu-real").bytes("list.json", &text);
    // The eight of a board, in protected PCIe mode.
    if !install(&lab, &asked, &gpus, &["MULTI_GPU_MODE=1", "CC_FEATURE=0"]) {
        return;
    }
    let answer = collect(&lab, &["--nonce", digits]);
    assert_eq!(answer.status, 0, "{}", answer.err);
    assert!(line(&answer, "NVSwitch").starts_with("there"));
    let steps = |file: &str| -> Vec<Value> {
        let verify = ["attest", "verify", "-f", "json", "--at", "1750000000"];
        let answer = lab.run(&[verify.as_slice(), &["--nonce", digits, file]].concat());
        pieces(&answer)
            .into_iter()
            .map(|piece| piece["steps"].clone())
            .collect()
    };
    let through_the_bundle = steps("bundle.json");
    assert_eq!(through_the_bundle.len(), 8);
    assert_eq!(through_the_bundle, steps("list.json"));
    for steps in &through_the_bundle {
        for step in ["chain", "key", "signature", "freshness"] {
            let one = steps
                .as_array()
                .unwrap()
                .iter()
                .find(|one| one["step"] == step);
            assert_eq!(one.unwrap()["verdict"], "pass", "{step}");
        }
    }
}

/// What was verified, in the order of the bundle.
fn pieces(answer: &Answer) -> Vec<Value> {
    json(answer)["evidence"].as_array().unwrap().clone()
}

fn verdict(piece: &Value, step: &str) -> Value {
    let steps = piece["steps"].as_array().unwrap();
    let one = steps.iter().find(|one| one["step"] == step).unwrap();
    one["verdict"].clone()
}
