//! Fleets: JSON Lines, answered line by line.

use super::{Scene, base64, keeps_to_schema, nonce};
use serde_json::{Value, json};

/// A fleet with all that may go wrong in it.
fn lines(scene: &Scene) -> String {
    let line = |id: &str, bytes: &[u8]| json!({ "id": id, "evidence": base64(bytes) }).to_string();
    [
        line("one", &scene.sgx),
        String::new(),
        "{\"id\": \"broken".to_owned(),
        line("two\u{1b}[31m\nforged", &scene.tdx),
        line("three", &scene.debug),
        "  ".to_owned(),
        json!({ "id": "four", "evidence": "*" }).to_string(),
        line("five", b"hello"),
        json!({ "id": "six", "evidence": base64(&scene.sgx), "nonce": "00".repeat(32) })
            .to_string(),
    ]
    .join("\n")
}

#[test]
fn every_line_is_answered_in_order() {
    let scene = Scene::new("attest-fleet");
    let fleet = lines(&scene);
    let scene = scene.bytes("fleet.jsonl", fleet.as_bytes());
    for arguments in [["fleet.jsonl"], ["-"]] {
        let answer = scene.verify_input_fully(&arguments, &fleet);
        assert_eq!(answer.status, 1, "{}", answer.out);
        let lines: Vec<&str> = answer.out.lines().collect();
        assert_eq!(lines.len(), 8, "{}", answer.out);
        assert!(lines[0].starts_with("one  sgx-quote  protected"));
        assert!(lines[1].starts_with("line 3: "), "{}", lines[1]);
        assert!(!answer.out.contains('\u{1b}'), "hostile text is escaped");
        assert!(lines[2].contains("forged  tdx-quote  protected"));
        assert!(lines[3].starts_with("three  sgx-quote  exposed"));
        assert!(lines[4].contains("line 7: `evidence` is not base64"));
        assert!(lines[5].contains("line 8: a text that is no evidence"));
        assert!(
            lines[6].starts_with("six  sgx-quote  exposed"),
            "its own nonce"
        );
        assert!(lines[7].contains("2 protected, 2 exposed, 0 unproven; 3 unreadable"));
    }
}

#[test]
fn json_lines_keep_to_the_schema() {
    let scene = Scene::new("attest-fleet-json");
    let fleet = lines(&scene);
    let answer = scene.verify_input_fully(&["-", "-f", "json"], &fleet);
    let documents: Vec<Value> = answer
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(documents.len(), 8);
    keeps_to_schema(&documents);
    assert_eq!(documents[0]["id"], "one");
    assert_eq!(documents[1]["verdict"], "unreadable");
    assert_eq!(documents[7]["summary"]["exposed"], 2);
}

#[test]
fn a_broken_first_line_hides_no_fleet() {
    let scene = Scene::new("attest-fleet-start");
    let fleet = format!("\n{{\"id\":\n{}\n", lines(&scene));
    let answer = scene.verify_input_fully(&["-"], &fleet);
    assert!(answer.out.starts_with("line 2: "), "{}", answer.out);
    assert!(answer.out.contains("one  sgx-quote  protected"));
}

#[test]
fn standard_input_may_hold_one_piece() {
    let scene = Scene::new("attest-input");
    let text = base64(&scene.sgx);
    let answer = scene.verify_input_fully(&["-"], &text);
    assert_eq!(answer.status, 0, "{}", answer.out);
    assert!(answer.out.starts_with("-: sgx-quote, protected"));
    let nothing = scene.verify_input_fully(&["-"], "");
    assert_eq!(nothing.status, 3);
    assert!(nothing.out.contains("-: empty"));
}

#[test]
fn a_fleet_is_given_alone() {
    let scene = Scene::new("attest-fleet-alone");
    let fleet = lines(&scene);
    let scene = scene.bytes("fleet.jsonl", fleet.as_bytes());
    let answer = scene.verify(&["sgx.bin", "fleet.jsonl", "--nonce", &nonce()]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("fleet.jsonl is a fleet"));
}

#[test]
fn a_reader_that_leaves_stops_the_work() {
    let scene = Scene::new("attest-fleet-pipe");
    let line = json!({ "id": "x", "evidence": base64(&scene.sgx) }).to_string() + "\n";
    let scene = scene.bytes("fleet.jsonl", line.repeat(3000).as_bytes());
    let command = format!(
        "'{}' attest verify fleet.jsonl | head -n 1",
        env!("CARGO_BIN_EXE_wardline")
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &command])
        .current_dir(scene.lab.path("."))
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    assert!(output.stdout.starts_with(b"x  sgx-quote"));
    scene.lab.remove();
}
