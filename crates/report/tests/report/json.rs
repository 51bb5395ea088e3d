//! The JSON document keeps to its published schema, and says what the outcome says.

use crate::sample;
use audit::Outcome;
use model::Severity;
use serde_json::{Value, json};
use wardline_report::{json, jsonl};

fn schema() -> jsonschema::Validator {
    let schema: Value =
        serde_json::from_str(include_str!("../../schema/wardline-v1.schema.json")).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn rendered(outcome: &Outcome) -> Value {
    serde_json::from_str(&json::render(outcome)).unwrap()
}

#[test]
fn every_sample_keeps_to_the_schema() {
    let schema = schema();
    for outcome in sample::all() {
        let document = rendered(&outcome);
        let errors: Vec<String> = schema
            .iter_errors(&document)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_is_strict() {
    let mut document = rendered(&sample::exposed_estate());
    document["findings"][0]["surprise"] = json!(1);
    assert!(!schema().is_valid(&document));
    let mut document = rendered(&sample::exposed_estate());
    document["findings"][0]["witnesses"][1]["value"] = json!("not masked");
    assert!(!schema().is_valid(&document));
}

#[test]
fn a_finding_has_the_names_of_the_design() {
    let document = rendered(&sample::exposed_estate());
    assert_eq!(document["schema"], "wardline/v1");
    let finding = &document["findings"][0];
    assert_eq!(finding["control"], "k8s/secrets-encryption");
    assert_eq!(finding["cause"], "identity-first");
    assert_eq!(finding["remedy"]["safety"], "disruptive");
    assert_eq!(
        finding["consequences"],
        json!([{"control": "etcd/stored-values", "cause": "plaintext"}])
    );
    let witness = &finding["witnesses"][0];
    assert_eq!(witness["file"], "k8s/enc.yaml");
    let span =
        ["line", "column", "end_line", "end_column"].map(|name| witness[name].as_u64().unwrap());
    assert_eq!(span, [6, 9, 6, 21]);
    assert_eq!(finding["witnesses"][1]["redacted"], true);
    assert_eq!(
        document["findings"][1]["witnesses"][0]["value"],
        "authentication,privacy"
    );
    assert_eq!(document["not_examined"][2]["unreadable"], true);
}

#[test]
fn the_summary_counts() {
    let mut outcome = sample::exposed_estate();
    outcome.findings[1].severity = Severity::Critical;
    let summary = &rendered(&outcome)["summary"];
    assert_eq!(summary["answer"], "no");
    assert_eq!(
        summary["findings"],
        json!({"critical": 2, "high": 0, "low": 0, "medium": 0})
    );
    assert_eq!(summary["stages"]["transit"]["answer"], "no");
    assert_eq!(summary["stages"]["use"]["answer"], "unproven");
    assert_eq!(
        summary["stages"]["rest"]["depths"]["declared"]["unproven"],
        1
    );
    assert_eq!(
        rendered(&sample::protected_estate())["summary"]["answer"],
        "yes"
    );
}

#[test]
fn a_refuted_claim_shows_where() {
    let document = rendered(&sample::contradicted_estate());
    let control = &document["controls"][0];
    assert_eq!(control["verdict"], "contradicted");
    assert_eq!(control["claims"][0]["verdict"], "protected");
    assert_eq!(control["claims"][1]["verdict"], "contradicted");
    assert_eq!(
        document["summary"]["stages"]["transit"]["depths"]["loaded"]["contradicted"],
        1
    );
}

#[test]
fn json_lines_are_the_document_in_pieces() {
    let outcome = sample::exposed_estate();
    let lines: Vec<Value> = jsonl::render(&outcome)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let document = rendered(&outcome);
    assert_eq!(lines[0]["type"], "summary");
    let findings: Vec<&Value> = lines
        .iter()
        .filter(|line| line["type"] == "finding")
        .collect();
    assert_eq!(findings.len(), 2);
    assert_eq!(
        findings[0]["witnesses"],
        document["findings"][0]["witnesses"]
    );
    assert_eq!(
        lines
            .iter()
            .filter(|line| line["type"] == "control")
            .count(),
        outcome.judged.len()
    );
    assert!(lines.iter().all(|line| line["schema"] == "wardline/v1"));
}
