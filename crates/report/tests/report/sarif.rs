//! SARIF logs keep to the standard's schema and carry what code scanning needs.

use crate::sample;
use audit::Outcome;
use model::Severity;
use serde_json::{Value, json};
use wardline_report::sarif;

fn rendered(outcome: &Outcome) -> Value {
    serde_json::from_str(&sarif::render(outcome, "")).unwrap()
}

#[test]
fn every_sample_keeps_to_the_oasis_schema() {
    let mut schema: Value =
        serde_json::from_str(include_str!("../schemas/sarif-2.1.0.schema.json")).unwrap();
    // The standard's pattern for language tags has a stray bracket, which the validator refuses. Reports set no language.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern");
    }
    let schema = jsonschema::draft7::new(&schema).unwrap();
    for outcome in sample::all() {
        let log = rendered(&outcome);
        let errors: Vec<String> = schema
            .iter_errors(&log)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn results_point_at_their_rules_and_witnesses() {
    let log = rendered(&sample::exposed_estate());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(result["suppressions"], json!([]));
    }
    let result = &results[0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "k8s/enc.yaml");
    assert_eq!(
        place["region"],
        json!({"startLine": 6, "startColumn": 9, "endLine": 6, "endColumn": 21})
    );
    let related = result["relatedLocations"].as_array().unwrap();
    assert_eq!(
        related[1]["physicalLocation"]["artifactLocation"]["uri"],
        "hadoop/core-site.xml"
    );
    assert_eq!(related[1]["id"], 2);
}

#[test]
fn severities_map_to_levels_and_numbers() {
    let mut outcome = sample::empty();
    for (severity, control) in Severity::ALL.into_iter().zip(["a/a", "a/b", "a/c", "a/d"]) {
        outcome
            .findings
            .push(sample::finding(control, "x", severity, "something is open"));
    }
    let run = &rendered(&outcome)["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mapped: Vec<(String, String)> = rules
        .iter()
        .filter(|rule| rule["id"].as_str().unwrap().starts_with("a/"))
        .map(|rule| {
            let number = rule["properties"]["security-severity"].as_str().unwrap();
            (
                rule["defaultConfiguration"]["level"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
                number.to_owned(),
            )
        })
        .collect();
    let expected = [
        ("error", "9.5"),
        ("error", "8.0"),
        ("warning", "5.5"),
        ("note", "3.0"),
    ];
    assert_eq!(
        mapped,
        expected.map(|(level, number)| (level.to_owned(), number.to_owned()))
    );
}

#[test]
fn rules_come_from_the_registry_with_help() {
    let log = rendered(&sample::empty());
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let causes: usize = controls::CONTROLS
        .iter()
        .map(|control| control.meta.causes.len())
        .sum();
    assert_eq!(rules.len(), causes);
    let rule = rules
        .iter()
        .find(|rule| rule["id"] == "hdfs/rpc-privacy#weaker-qop-accepted")
        .unwrap();
    assert!(
        rule["help"]["markdown"]
            .as_str()
            .unwrap()
            .contains("# What it proves")
    );
    assert_eq!(rule["name"], "HdfsRpcPrivacyWeakerQopAccepted");
}

#[test]
fn waivers_become_suppressions() {
    let log = rendered(&sample::accepted_estate());
    let suppression = &log["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    assert_eq!(suppression["status"], "accepted");
    assert!(
        suppression["justification"]
            .as_str()
            .unwrap()
            .contains("isolated network")
    );
}

#[test]
fn fingerprints_survive_a_move_and_differ_between_findings() {
    let fingerprint = |outcome: &Outcome, index: usize| {
        rendered(outcome)["runs"][0]["results"][index]["partialFingerprints"]["wardline/v1"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let before = sample::exposed_estate();
    let mut after = sample::exposed_estate();
    let moved = after.findings[1].witnesses[0].clone();
    let place = sample::at(&after, moved.place().unwrap().source, "keystore");
    after.findings[1].witnesses[0].provenance = model::Provenance::Text(place);
    assert_eq!(fingerprint(&before, 1), fingerprint(&after, 1));
    assert_ne!(fingerprint(&before, 0), fingerprint(&before, 1));
    after.findings[0] = after.findings[1].clone();
    assert_ne!(fingerprint(&after, 0), fingerprint(&after, 1));
}
