//! The same responses through another implementation, both ways: `openssl ocsp` reads what the tests write, and answers what they read.

use evidence::nvidia::Nvidia;
use evidence::ocsp::{Purpose, Response, Single, Status};
use evidence::{Names, Window, vectors};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use wardline_attest::crypto::{hex, unhex};
use wardline_attest::nvidia::appraise;
use wardline_attest::x509::{Certificate, chain};
use wardline_attest::{Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier, base64};

/// 2020-01-01 to 2049-12-31: `openssl ocsp` answers as of now.
const YEARS: Window = (1_577_836_800, 2_524_521_600);
const NONCE: [u8; 32] = [7; 32];
const ROM: u64 = 7;

/// A folder with what `openssl` needs; `None`, with a note, where there is no `openssl`.
fn folder(name: &str) -> Option<PathBuf> {
    if Command::new("openssl").arg("version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "NOT RUN: no openssl on the path");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

fn write_pem(folder: &Path, name: &str, label: &str, ders: &[&[u8]]) {
    let blocks = ders.iter().map(|der| {
        let lines: Vec<String> = base64::encode(der)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            lines.join("\n")
        )
    });
    std::fs::write(folder.join(name), blocks.collect::<String>()).unwrap();
}

/// What `openssl ocsp` writes, to both streams.
fn ocsp(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("openssl")
        .arg("ocsp")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let [out, error] = [output.stdout, output.stderr];
    format!(
        "{}{}",
        String::from_utf8_lossy(&out),
        String::from_utf8_lossy(&error)
    )
}

/// What `openssl ocsp` answers about `rom.pem` as the responder of `issuer.pem`.
fn answer(folder: &Path, index: &str, digest: &str) -> Vec<u8> {
    std::fs::write(folder.join("index.txt"), index).unwrap();
    let asked = [
        "-issuer",
        "issuer.pem",
        digest,
        "-cert",
        "rom.pem",
        "-reqout",
        "request.der",
    ];
    ocsp(folder, &asked);
    let answered = [
        "-index",
        "index.txt",
        "-CA",
        "issuer.pem",
        "-rsigner",
        "responder.pem",
        "-rkey",
        "responder.key",
        "-ndays",
        "7",
        "-reqin",
        "request.der",
        "-respout",
        "response.der",
    ];
    let said = ocsp(folder, &answered);
    std::fs::read(folder.join("response.der")).unwrap_or_else(|_| panic!("{said}"))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

#[test]
fn openssl_reads_what_the_tests_write() {
    let Some(folder) = folder("ocsp-read") else {
        return;
    };
    let nvidia = Nvidia::new(YEARS);
    let [provisioner, root] = nvidia.authorities();
    let gpu = nvidia.gpu(ROM);
    write_pem(&folder, "rom.pem", "CERTIFICATE", &[&gpu.chain[1]]);
    write_pem(&folder, "issuer.pem", "CERTIFICATE", &[provisioner.der()]);
    let both = [provisioner.der(), root.der()];
    write_pem(&folder, "authorities.pem", "CERTIFICATE", &both);
    let names = Names {
        common: "Responder",
        serial: 77,
    };
    let responder = provisioner.responder(names, YEARS, Purpose::Unchecked);
    let window = (now() - 60, now() + 3_600);
    let read = |status, digest: &str, responder| {
        let response = Response::about(Single::new(ROM, status, window));
        let bytes = response.signed(provisioner, responder);
        std::fs::write(folder.join("response.der"), bytes).unwrap();
        let arguments = [
            "-respin",
            "response.der",
            "-issuer",
            "issuer.pem",
            digest,
            "-cert",
            "rom.pem",
            "-CAfile",
            "authorities.pem",
            "-no_nonce",
        ];
        ocsp(&folder, &arguments)
    };
    let own = provisioner.as_responder();
    for responder in [&responder, &own] {
        let said = read(Status::Good, "-sha384", responder);
        assert!(said.contains("Response verify OK"), "{said}");
        assert!(said.contains("rom.pem: good"), "{said}");
        let revoked = Status::Revoked(window.0, Some(1));
        let said = read(revoked, "-sha384", responder);
        assert!(said.contains("rom.pem: revoked"), "{said}");
        assert!(said.contains("Reason: keyCompromise"), "{said}");
        let said = read(Status::Unknown, "-sha384", responder);
        assert!(said.contains("rom.pem: unknown"), "{said}");
    }
    // It does know when a responder is none.
    let other = provisioner.responder(names, YEARS, Purpose::Other);
    let said = read(Status::Good, "-sha384", &other);
    assert!(said.contains("Response Verify Failure"), "{said}");
}

#[test]
fn what_openssl_answers_is_read() {
    let Some(folder) = folder("ocsp-answer") else {
        return;
    };
    let nvidia = Nvidia::new(YEARS);
    let [provisioner, root] = nvidia.authorities();
    let gpu = nvidia.gpu(ROM);
    let names = Names {
        common: "Responder",
        serial: 77,
    };
    let responder = provisioner.responder(names, YEARS, Purpose::Unchecked);
    let certificate = responder.certificate().unwrap();
    write_pem(&folder, "rom.pem", "CERTIFICATE", &[&gpu.chain[1]]);
    write_pem(&folder, "issuer.pem", "CERTIFICATE", &[provisioner.der()]);
    write_pem(&folder, "responder.pem", "CERTIFICATE", &[certificate]);
    write_pem(&folder, "responder.key", "PRIVATE KEY", &[responder.key()]);
    let answer = |index: &str, digest: &str| answer(&folder, index, digest);
    let judge = |response: &[u8]| {
        let mut collateral = Collateral::default();
        collateral.add(&root.revoke(&[], YEARS)).unwrap();
        collateral.add(response).unwrap();
        let read = |der: &[u8]| Certificate::from_der(der).unwrap();
        let roots = Roots {
            intel: Vec::new(),
            amd: Vec::new(),
            nvidia: vec![read(nvidia.root())],
            nvidia_rim: Vec::new(),
        };
        let verifier = Verifier::new(roots, collateral, Policy::default(), Instant(now()));
        let chain: Vec<_> = gpu.chain.iter().map(|der| read(der)).collect();
        let appraisal = appraise(&verifier, &gpu.evidence(&NONCE), &chain, Some(&NONCE));
        let step = appraisal.step(StepName::Revocation).unwrap();
        let check = &step.checks[0];
        assert!(check.what.contains("GSP BROM"), "{check:?}");
        (check.outcome, format!("{} {}", check.value, check.detail))
    };
    for digest in ["-sha1", "-sha256", "-sha384", "-sha512"] {
        let good = answer("V\t491231235959Z\t\t07\tunknown\t/CN=x\n", digest);
        let (outcome, why) = judge(&good);
        assert_eq!(outcome, Outcome::Pass, "{digest}: {why}");
    }
    let revoked = "R\t491231235959Z\t250601000000Z,keyCompromise\t07\tunknown\t/CN=x\n";
    let (outcome, why) = judge(&answer(revoked, "-sha384"));
    assert_eq!(outcome, Outcome::Fail, "{why}");
    assert!(why.contains("since 2025-06-01 (keyCompromise)"), "{why}");
    let other = "V\t491231235959Z\t\t08\tunknown\t/CN=x\n";
    let (outcome, why) = judge(&answer(other, "-sha384"));
    assert_eq!(outcome, Outcome::Unproven, "{why}");
    assert!(why.contains("unknown"), "{why}");
}

/// NVIDIA's responses cannot be made here. That those of others about its certificates are found to be forged shows that responses are found by
/// the names and keys of its authorities.
#[test]
fn nvidias_own_certificates_are_found() {
    let (Some(text), Some(folder)) = (
        vectors::read("nvidia/hopper_cert_chain_case1.txt"),
        folder("ocsp-nvidia"),
    ) else {
        return;
    };
    let chain = chain(&text).unwrap();
    let stranger = Nvidia::new(YEARS);
    let names = Names {
        common: "Responder",
        serial: 77,
    };
    let [provisioner, _] = stranger.authorities();
    let responder = provisioner.responder(names, YEARS, Purpose::Unchecked);
    let certificate = responder.certificate().unwrap();
    write_pem(&folder, "responder.pem", "CERTIFICATE", &[certificate]);
    write_pem(&folder, "responder.key", "PRIVATE KEY", &[responder.key()]);
    let mut collateral = Collateral::default();
    for [certificate, issuer] in chain[1..].array_windows() {
        write_pem(&folder, "rom.pem", "CERTIFICATE", &[certificate.der()]);
        write_pem(&folder, "issuer.pem", "CERTIFICATE", &[issuer.der()]);
        let serial = hex(certificate.serial()).to_uppercase();
        let index = format!("V\t491231235959Z\t\t{serial}\tunknown\t/CN=x\n");
        collateral.add(&answer(&folder, &index, "-sha384")).unwrap();
    }
    let roots = Roots::pinned().unwrap();
    let verifier = Verifier::new(roots, collateral, Policy::default(), Instant(now()));
    let evidence = unhex_vector("nvidia/hopperAttestationReport.txt");
    let appraisal = appraise(&verifier, &evidence, &chain, None);
    let step = appraisal.step(StepName::Revocation).unwrap();
    let found: Vec<_> = step
        .checks
        .iter()
        .map(|check| (check.outcome, check.cause))
        .collect();
    let forged = (Outcome::Fail, Some("tee/evidence-genuine#bad-signature"));
    assert_eq!(found, [forged; 3], "{step:#?}");
}

fn unhex_vector(name: &str) -> Vec<u8> {
    let text = String::from_utf8(vectors::read(name).unwrap()).unwrap();
    unhex(text.trim()).unwrap()
}
