//! Exit statuses and reports.

use super::{Scene, json, keeps_to_schema, policy};
use serde_json::Value;

#[test]
fn each_outcome_has_its_exit_status() {
    let scene = Scene::new("attest-outcomes").bytes("text.txt", b"hello");
    let protected = scene.verify_fully(&["sgx.bin"]);
    assert_eq!(protected.status, 0, "{}", protected.out);
    assert!(
        protected.out.contains("sgx.bin: sgx-quote, protected"),
        "{}",
        protected.out
    );
    let exposed = scene.verify_fully(&["debug.bin", "sgx.bin"]);
    assert_eq!(exposed.status, 1, "{}", exposed.out);
    assert!(exposed.out.contains("1 protected, 1 exposed, 0 unproven"));
    let nothing = scene.verify_fully(&["text.txt"]);
    assert_eq!(nothing.status, 3);
    assert!(nothing.out.contains("text.txt: a text that is no evidence"));
    let unproven = scene.verify(&["tdx.bin"]);
    assert_eq!(unproven.status, 4, "{}", unproven.out);
    assert!(unproven.out.contains("tdx.bin: tdx-quote, unproven"));
    let unreadable = scene.verify_fully(&["sgx.bin", "text.txt"]);
    assert_eq!(unreadable.status, 4);
}

#[test]
fn wrong_usage_says_what_is_wrong() {
    let scene = Scene::new("attest-usage").bytes("bad.toml", b"[sgx]\nmr-enclaves = []\n");
    for (arguments, part) in [
        (["sgx.bin", "--nonce", "xyz"], "--nonce: hexadecimal"),
        (["sgx.bin", "--nonce", ""], "--nonce: hexadecimal"),
        (["sgx.bin", "--policy", "bad.toml"], "mr-enclaves"),
        (
            ["sgx.bin", "--policy", "none.toml"],
            "cannot read none.toml",
        ),
        (
            ["sgx.bin", "--collateral", "sgx.bin"],
            "sgx.bin is no collateral",
        ),
        (["sgx.bin", "--event-log", "none"], "cannot read none"),
        (
            ["none.bin", "--collateral", "collateral"],
            "cannot read none.bin",
        ),
    ] {
        let answer = scene.verify(&arguments);
        assert_eq!(answer.status, 2, "{arguments:?}");
        assert!(answer.err.contains(part), "{arguments:?}: {}", answer.err);
    }
    let answer = scene
        .lab
        .run(&["attest", "verify", "sgx.bin", "--at", "noon"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("RFC 3339"), "{}", answer.err);
    assert_eq!(scene.lab.run(&["attest", "verify"]).status, 2);
    assert_eq!(scene.lab.run(&["attest"]).status, 2);
}

#[test]
fn json_has_every_step() {
    let scene = Scene::new("attest-json").bytes("text.txt", b"hello");
    let answer = scene.verify_fully(&["-f", "json", "sgx.bin", "tdx.bin", "debug.bin", "text.txt"]);
    assert_eq!(answer.status, 1);
    let document = json(&answer);
    keeps_to_schema(std::slice::from_ref(&document));
    assert_eq!(document["schema"], "wardline/attest/v1");
    assert_eq!(document["summary"]["protected"], 2);
    assert_eq!(document["not_examined"][0]["path"], "text.txt");
    let piece = &document["evidence"][0];
    assert_eq!(piece["file"], "sgx.bin");
    assert_eq!(piece["kind"], "sgx-quote");
    assert_eq!(piece["claims"]["MRENCLAVE"], "e1".repeat(32));
    let steps: Vec<&Value> = piece["steps"].as_array().unwrap().iter().collect();
    let names: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["step"].as_str())
        .collect();
    let expected = "structure chain revocation key signature tcb attributes identity freshness binding collateral";
    assert_eq!(names.join(" "), expected);
    let attributes = &document["evidence"][2]["steps"][6];
    assert_eq!(attributes["verdict"], "fail");
    assert!(attributes["checks"].to_string().contains("tee/debug-mode#"));
}

#[test]
fn other_roots_are_told() {
    let scene = Scene::new("attest-roots");
    let answer = scene.verify_fully(&["sgx.bin"]);
    assert!(answer.err.contains("instead of the vendors'"));
    assert!(
        answer
            .out
            .contains("nothing here is proven about real hardware")
    );
    let at = evidence::intel::AT.to_string();
    let genuine = scene.lab.run(&["attest", "verify", "sgx.bin", "--at", &at]);
    assert_eq!(genuine.status, 1, "{}", genuine.out);
    assert!(genuine.out.contains("chain       fail"), "{}", genuine.out);
}

#[test]
fn identities_that_differ_stand_below_each_other() {
    let scene = Scene::new("attest-diff");
    let other = policy().replace(&"e1".repeat(32), &"00".repeat(32));
    let scene = scene.bytes("policy.toml", other.as_bytes());
    let answer = scene.verify_fully(&["sgx.bin"]);
    assert_eq!(answer.status, 1);
    let attested = format!("attested {}", "e1".repeat(32));
    let declared = format!("declared {}", "00".repeat(32));
    let mut lines = answer.out.lines().map(str::trim);
    assert!(lines.any(|line| line == attested), "{}", answer.out);
    assert_eq!(lines.next(), Some(declared.as_str()));
}

#[test]
fn directories_hold_collateral_too() {
    let scene = Scene::new("attest-directory");
    std::fs::create_dir(scene.lab.path("run")).unwrap();
    let copied = [
        ("sgx.bin", "run/a/quote"),
        ("collateral/sgx.json", "run/sgx.json"),
        ("policy.toml", "run/policy.toml"),
    ];
    std::fs::create_dir(scene.lab.path("run/a")).unwrap();
    for (from, to) in copied {
        std::fs::copy(scene.lab.path(from), scene.lab.path(to)).unwrap();
    }
    let nonce = super::nonce();
    let answer = scene.verify(&["run", "--policy", "policy.toml", "--nonce", &nonce]);
    assert_eq!(answer.status, 0, "{}", answer.out);
    assert!(answer.out.contains("a/quote: sgx-quote, protected"));
    assert!(
        answer
            .out
            .contains("run: 1 file of collateral in it was used")
    );
    assert!(
        answer
            .out
            .contains("run/policy.toml is a policy and was not used")
    );
    assert!(!answer.out.contains("not examined"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let scene = Scene::new("attest-pipe");
    let command = format!(
        "'{}' attest verify sgx.bin --at 1768435200 | head -n 1; exit ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_wardline")
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &command])
        .current_dir(scene.lab.path("."))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{output:?}");
}
