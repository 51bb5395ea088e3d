//! `check --evidence`: evidence beside a tree. With quotes of real platforms where they are at hand: no other evidence leads to the
//! pinned roots.

#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use crate::support::Lab;
use ::attest::base64::encode;
use ::evidence::intel::{Intel, Options, TrustDomain, YEARS};
use ::evidence::vectors;
use serde_json::Value;
use std::fs;
use std::path::Path;

const ETL: &str = "apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: spark}
spec:
  sparkVersion: 3.5.7
  driver:
    template: {spec: {runtimeClassName: kata-qemu-tdx}}
  executor:
    instances: 2
    template: {spec: {runtimeClassName: kata-qemu-tdx}}
";

fn read(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn verdicts_come_from_both_depths() {
    let Some(folder) = vectors::folder().map(|tee| tee.join("tdx")) else {
        return;
    };
    let lab = Lab::new("evidence-both-depths")
        .file("tree/etl.yaml", ETL)
        .bytes(
            "evidence/spark/etl-driver.quote",
            &read(&folder, "tdx_quote"),
        )
        .bytes(
            "evidence/spark/etl-exec-1.quote",
            &read(&folder, "tdx_quote"),
        )
        .bytes("evidence/node7.quote", &read(&folder, "tdx_quote_4.dat"))
        .bytes(
            "collateral.json",
            &read(&folder, "tdx_quote_collateral.json"),
        );
    let arguments = [
        "check",
        "tree",
        "--evidence",
        "evidence",
        "--collateral",
        "collateral.json",
        "--at",
        "1750400000",
        "--only",
        "tee/*",
        "-f",
        "json",
    ];
    let answer = lab.run(&arguments);
    assert_eq!(answer.status, 1, "{}", answer.err);
    assert!(
        answer
            .err
            .contains("note: evidence/node7.quote is tied to no workload"),
        "{}",
        answer.err
    );
    let report: Value = serde_json::from_str(&answer.out).unwrap();
    let finding = |cause: &str| {
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|finding| finding["cause"] == cause)
            .cloned()
            .collect::<Vec<_>>()
    };
    let missing = finding("driver-and-executors-differ");
    assert_eq!(
        missing[0]["message"],
        "no evidence of executor 2 (1 of 2 presented theirs)"
    );
    // One quote presented by two pods.
    assert_eq!(finding("replayed").len(), 2);
    let witness = &finding("tdx-debug")[0]["witnesses"][0];
    assert_eq!(witness["depth"], "observed");
    assert_eq!(
        witness["file"],
        "evidence/node7.quote (appraised at 2025-06-20T06:13:20Z)"
    );
    let of_driver = |control: &str| {
        let controls = report["controls"].as_array().unwrap().iter();
        let mut judged = controls.filter(|judged| judged["control"] == control);
        judged
            .find(|judged| judged.to_string().contains("etl (driver)"))
            .cloned()
            .unwrap()
    };
    assert_eq!(of_driver("tee/debug-mode")["verdict"], "protected");
    // Nobody pinned the code.
    assert_eq!(of_driver("tee/code-identity")["verdict"], "unproven");
}

#[test]
fn all_pieces_of_a_line_are_of_the_pod_that_its_id_names() {
    let platform = Intel::new(YEARS).platform(Options::default());
    let quote = encode(&platform.trust_domain(&TrustDomain::default()));
    let bundle = format!(
        r#"{{"schema":"wardline/evidence/v1","collected_at":"2026-01-15T00:00:00Z","pieces":[{{"kind":"tdx","evidence":"{quote}"}},{{"kind":"tdx","evidence":"{quote}"}}]}}"#
    );
    let line = |id: &str| {
        let evidence = encode(bundle.as_bytes());
        format!("{{\"id\":\"{id}\",\"evidence\":\"{evidence}\"}}\n")
    };
    let lab = Lab::new("evidence-bundles-of-a-fleet")
        .file("tree/etl.yaml", ETL)
        .file("fleet.jsonl", &(line("spark/etl-driver") + &line("node 7")));
    let answer = lab.run(&["check", "tree", "--evidence", "fleet.jsonl"]);
    let untied: Vec<&str> = answer
        .err
        .lines()
        .filter(|line| line.contains("is tied to no workload"))
        .collect();
    assert_eq!(untied.len(), 2, "{}", answer.err);
    for (line, piece) in untied.iter().zip(["piece 0", "piece 1"]) {
        assert!(
            line.contains(&format!("fleet.jsonl node 7 {piece}")),
            "{line}"
        );
    }
}

#[test]
fn a_tie_to_a_workload_that_is_not_declared_is_told() {
    let lab = Lab::new("evidence-misspelt-tie")
        .file("tree/etl.yaml", ETL)
        .file(
            "tree/.wardline.toml",
            "[[evidence]]\nfile = \"*.quote\"\nworkload = \"spark/elt (driver)\"\n",
        )
        .file("none.quote", "nothing");
    let answer = lab.run(&["check", "tree", "--evidence", "none.quote"]);
    assert!(
        answer
            .err
            .contains("`spark/elt (driver)`, which the tree does not declare"),
        "{}",
        answer.err
    );
}

#[test]
fn what_is_no_evidence_is_told() {
    let lab = Lab::new("evidence-none")
        .file("tree/etl.yaml", ETL)
        .file("plain.txt", "nothing");
    let answer = lab.run(&[
        "check",
        "tree",
        "--evidence",
        "plain.txt",
        "--only",
        "tee/*",
    ]);
    assert_eq!(answer.status, 4, "{}", answer.out);
    assert!(answer.out.contains("plain.txt"), "{}", answer.out);
    assert!(
        answer.out.contains("a text that is no evidence"),
        "{}",
        answer.out
    );
    let answer = lab.run(&["check", "tree", "--at", "1750400000"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("--evidence"), "{}", answer.err);
}
