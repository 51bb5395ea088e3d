//! Checks the reference deployments in `demo/` and compares with what `demo/README.md` promises: every mistake is found
//! at its line, and nothing else is reported.
//!
//! `cargo test -p wardline --test demo -- --nocapture` prints recall and precision for each family of controls.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken expectation must fail loudly"
)]

mod expectation;
mod run;
mod score;

use expectation::{Finding, Silence};
use run::{check, demo, lines};

#[test]
fn every_mistake_of_meridian_is_found_and_nothing_else() {
    let expected: Vec<Finding> = lines("meridian.expected.jsonl")
        .iter()
        .map(Finding::expected)
        .collect();
    assert!(!expected.is_empty());
    let reported = check(&demo().join("meridian"));
    let score = score::compare(&expected, &reported);
    println!("{score}");
    assert!(score.is_perfect(), "\n{}", score.mistakes());
}

#[test]
fn nothing_is_reported_on_the_hardened_estate() {
    let reported = check(&demo().join("meridian-hardened"));
    assert!(reported.is_empty(), "{reported:#?}");
}

#[test]
fn what_looks_bad_and_is_fine_stays_silent() {
    let cases: Vec<Silence> = lines("negatives.expected.jsonl")
        .iter()
        .map(Silence::expected)
        .collect();
    assert!(!cases.is_empty());
    let mut alarms = String::new();
    for case in &cases {
        for finding in check(&case.prepared()) {
            if case.is_false_alarm(&finding) {
                alarms += &format!("{}: {finding}\n", case.tree);
            }
        }
    }
    println!("negatives: {} trees", cases.len());
    assert!(alarms.is_empty(), "\n{alarms}");
}

#[test]
fn every_negative_tree_has_an_expectation() {
    let cases = lines("negatives.expected.jsonl");
    for entry in std::fs::read_dir(demo().join("negatives")).expect("the negatives") {
        let name = entry.expect("an entry").file_name();
        assert!(
            cases
                .iter()
                .any(|case| Some(case["tree"].as_str().expect("a tree")) == name.to_str()),
            "{} is not listed",
            name.display()
        );
    }
}
