//! The same evidence in every form that needs no vendor's files.

use super::{Scene, base64, json};
use serde_json::json;

#[test]
fn every_wrapping_is_seen_through() {
    let scene = Scene::new("attest-forms");
    let text = base64(&scene.tdx);
    let digits: String = scene.tdx.iter().map(|byte| format!("{byte:02X}")).collect();
    let forms = [
        ("hex.txt", format!("0x{digits}\n")),
        ("base64.txt", format!("{text}\n")),
        (
            "quote.pem",
            format!("-----BEGIN TDX QUOTE-----\n{text}\n-----END TDX QUOTE-----\n"),
        ),
        (
            "trustee.json",
            json!({ "quote": text, "cc_eventlog": null }).to_string(),
        ),
        (
            "broker.json",
            json!({ "tee-evidence": { "primary_evidence": { "quote": text } } }).to_string(),
        ),
        (
            "service.json",
            format!("{:#}", json!({ "tdx": { "quote": text } })),
        ),
        (
            "bundle.json",
            json!({
                "schema": "wardline/evidence/v1",
                "collected_at": "2026-01-15T00:00:00Z",
                "pieces": [{ "kind": "tdx-quote", "evidence": text }],
            })
            .to_string(),
        ),
    ];
    for (name, text) in forms {
        std::fs::write(scene.lab.path(name), text).unwrap();
        let answer = scene.verify_fully(&[name]);
        assert_eq!(answer.status, 0, "{name}: {}{}", answer.out, answer.err);
        assert!(answer.out.contains("tdx-quote, protected"), "{name}");
    }
}

#[test]
fn a_nonce_from_the_file_itself_proves_nothing() {
    let scene = Scene::new("attest-own-nonce");
    for (nonce, status, verdict) in [
        (super::nonce(), 4, "unproven"),
        ("00".repeat(32), 1, "fail"),
    ] {
        let text = json!({ "quote": base64(&scene.tdx), "nonce": nonce }).to_string();
        std::fs::write(scene.lab.path("own.json"), text).unwrap();
        let collateral = ["--collateral", "collateral", "--policy", "policy.toml"];
        let answer = scene.verify(&[["own.json", "-f", "json"].as_slice(), &collateral].concat());
        assert_eq!(answer.status, status, "{}", answer.out);
        let freshness = &json(&answer)["evidence"][0]["steps"][8];
        assert_eq!(freshness["verdict"], verdict);
    }
}

#[test]
fn hostile_text_is_escaped() {
    let claims = json!({ "iss": "a\u{1b}[2Jb\nforged: protected", "exp": 1 }).to_string();
    let token = format!("eyJhbGciOiJFUzM4NCJ9.{}.AAAA", base64(claims.as_bytes()));
    let inside = json!({ "key\u{1b}[31m\nx": { "token": token } }).to_string();
    let scene = Scene::new("attest-hostile").bytes("token.json", inside.as_bytes());
    let answer = scene.verify(&["token.json"]);
    assert_eq!(answer.status, 1, "it has ended: {}", answer.out);
    assert!(!answer.out.contains('\u{1b}'), "{}", answer.out);
    assert!(!answer.out.lines().any(|line| line.starts_with("forged")));
    assert!(answer.out.contains("token, exposed"));
}

#[test]
fn an_event_log_must_fit() {
    let scene = Scene::new("attest-log").bytes("log", &[1; 100]);
    let answer = scene.verify_fully(&["tdx.bin", "--event-log", "log"]);
    assert_eq!(answer.status, 1);
    assert!(answer.out.contains("binding     fail"), "{}", answer.out);
}

#[test]
fn collateral_given_as_evidence_is_told() {
    let scene = Scene::new("attest-not-evidence");
    let answer = scene.verify(&["root.der"]);
    assert_eq!(answer.status, 3);
    assert!(answer.out.contains("carries no evidence"), "{}", answer.out);
}
