//! `wardline attest collect`. No machine with a TEE is at hand: what a kernel would answer through configfs is faked in the unit tests
//! of the collector; here Gramine's files are plain ones, with a quote that was made before.

use super::{Scene, json, nonce};
use crate::support::Lab;

#[test]
fn without_a_tee_every_source_is_told_and_nothing_written() {
    let lab = Lab::new("collect-nothing").file("empty/file", "");
    let answer = lab.run(&["attest", "collect", "--root", "empty", "-o", "bundle.json"]);
    assert_eq!(answer.status, 4, "{}", answer.err);
    assert!(answer.out.is_empty());
    assert!(!lab.path("bundle.json").exists());
    for name in [
        "configfs-tsm",
        "CCEL",
        "Gramine",
        "/dev/tdx_guest",
        "/dev/sev-guest",
        "/dev/sgx_enclave",
        "/dev/tpmrm0",
        "NVIDIA GPU",
    ] {
        let line = answer
            .err
            .lines()
            .find(|line| line.starts_with(&format!("missing    {name}: ")));
        assert!(
            line.is_some_and(|line| line.contains("needs ")),
            "{name}: {}",
            answer.err
        );
    }
}

#[test]
fn a_bundle_is_evidence() {
    let scene = Scene::new("collect-gramine");
    let quote = scene.sgx.clone();
    let scene = scene
        .bytes("root/dev/attestation/user_report_data", &[0; 64])
        .bytes("root/dev/attestation/quote", &quote)
        .bytes("root/proc/sys/kernel/osrelease", b"6.8.0\n");
    let nonce = nonce();
    let collect = ["attest", "collect", "--root", "root", "--nonce", &nonce];
    let answer = scene
        .lab
        .run(&[collect.as_slice(), &["-o", "bundle.json"]].concat());
    assert_eq!(answer.status, 0, "{}", answer.err);
    assert!(answer.err.contains("collected  Gramine: sgx-quote"));
    let asked = std::fs::read(scene.lab.path("root/dev/attestation/user_report_data")).unwrap();
    assert_eq!(asked, super::report_data());
    let verified = scene.verify_fully(&["bundle.json"]);
    assert_eq!(verified.status, 0, "{}", verified.out);
    let printed = json(&scene.lab.run(&collect));
    assert_eq!(printed["schema"], "wardline/evidence/v1");
    assert_eq!(printed["host"]["kernel"], "6.8.0");
    assert_eq!(printed["pieces"][0]["nonce"], nonce);
}

#[test]
fn a_source_that_fails_is_told() {
    let lab = Lab::new("collect-failed").file("root/sys/kernel/config/tsm/report/.keep", "");
    // Plain directories make no files: what no kernel does.
    let answer = lab.run(&["attest", "collect", "--root", "root"]);
    assert_eq!(answer.status, 4);
    assert!(
        answer.err.contains("failed     configfs-tsm: generation"),
        "{}",
        answer.err
    );
    let left = std::fs::read_dir(lab.path("root/sys/kernel/config/tsm/report")).unwrap();
    assert_eq!(left.count(), 1, "the entry went away");
}

#[test]
fn nonces_that_fit_nowhere_are_refused() {
    let lab = Lab::new("collect-usage");
    let long = "00".repeat(65);
    for nonce in ["x", "", long.as_str()] {
        let answer = lab.run(&["attest", "collect", "--nonce", nonce]);
        assert_eq!(answer.status, 2, "{nonce}");
        assert!(answer.err.contains("--nonce"), "{}", answer.err);
    }
}
