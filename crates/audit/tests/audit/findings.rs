use crate::support::*;
use model::{Claim, Severity};

#[test]
fn one_text_that_exposes_many_subjects_is_one_finding() {
    let mut estate = ten_lines();
    for name in ["nn1", "nn2", "nn3"] {
        expose(&mut estate, RPC, name, "high", "line 2");
    }
    expose(&mut estate, RPC, "nn4", "high", "line 4");
    let outcome = run(estate);
    assert_eq!(
        names(&outcome.findings),
        ["hdfs/rpc-privacy#high nn1", "hdfs/rpc-privacy#high nn4"]
    );
    assert_eq!(also(&outcome.findings[0]), ["nn2", "nn3"]);
    assert_eq!(outcome.judged.len(), 4);
}

#[test]
fn the_worst_severity_of_a_group_counts() {
    let mut estate = ten_lines();
    expose(&mut estate, RPC, "nn1", "high", "line 2");
    let worse = exposure(&estate, "high", "line 2")
        .severity(Severity::Critical)
        .message("worse here");
    say(&mut estate, RPC, "nn2", Claim::Exposed(vec![worse]));
    let outcome = run(estate);
    assert_eq!(outcome.findings[0].severity, Severity::Critical);
    assert_eq!(&*outcome.findings[0].message, "worse here");
}

#[test]
fn what_a_finding_lacks_comes_from_its_cause() {
    let mut estate = ten_lines();
    expose(&mut estate, RPC, "nn1", "low", "line 2");
    let outcome = run(estate);
    let finding = &outcome.findings[0];
    assert_eq!(
        (&*finding.message, &*finding.remedy, finding.severity),
        ("it is open", "close it", Severity::Low)
    );
}

fn follower(estate: &model::Estate, needle: &str) -> Claim {
    Claim::Exposed(vec![
        exposure(estate, "high", needle).consequence_of("hdfs/authentication", "critical"),
    ])
}

#[test]
fn a_consequence_is_listed_in_its_finding_and_does_not_count() {
    let mut estate = ten_lines();
    expose(&mut estate, AUTHENTICATION, "nn1", "critical", "line 1");
    let (by_name, by_text) = (follower(&estate, "line 7"), follower(&estate, "line 1"));
    say(&mut estate, RPC, "nn1", by_name);
    say(&mut estate, RPC, "elsewhere", by_text);
    let outcome = run(estate);
    assert_eq!(
        names(&outcome.findings),
        ["hdfs/authentication#critical nn1"]
    );
    assert_eq!(
        consequences(&outcome.findings[0]),
        ["hdfs/rpc-privacy#high"]
    );
    assert_eq!(outcome.judged.len(), 3);
}

#[test]
fn a_consequence_of_nothing_counts_itself() {
    let mut estate = ten_lines();
    expose(&mut estate, AUTHENTICATION, "nn1", "critical", "line 1");
    let claim = follower(&estate, "line 7");
    say(&mut estate, RPC, "nn2", claim);
    assert_eq!(
        names(&run(estate).findings),
        [
            "hdfs/authentication#critical nn1",
            "hdfs/rpc-privacy#high nn2"
        ]
    );
}

#[test]
fn the_most_specific_control_reports_the_bytes() {
    let mut estate = ten_lines();
    expose(&mut estate, DRIFT, "c", "critical", "line 2");
    expose(&mut estate, PLAIN_SECRET, "b", "low", "line 2");
    expose(&mut estate, RPC, "a", "medium", "line 2");
    let outcome = run(estate);
    assert_eq!(names(&outcome.findings), ["hdfs/rpc-privacy#medium a"]);
    assert_eq!(
        consequences(&outcome.findings[0]),
        ["secrets/in-the-clear#low", "flow/drift#critical"]
    );
    // A threshold must see the worst of what was folded.
    assert_eq!(outcome.findings[0].severity, Severity::Critical);
}

#[test]
fn a_known_sample_outranks_even_a_control_that_folds_others() {
    let mut estate = ten_lines();
    expose(&mut estate, PLAIN_SECRET, "b", "low", "2");
    expose(&mut estate, RPC, "a", "medium", "line 2");
    expose(&mut estate, SAMPLE, "c", "high", "line 2\nline 3");
    let outcome = run(estate);
    assert_eq!(names(&outcome.findings), ["secrets/known-sample#high c"]);
    assert_eq!(
        consequences(&outcome.findings[0]),
        ["hdfs/rpc-privacy#medium", "secrets/in-the-clear#low"]
    );
}

#[test]
fn a_span_inside_another_is_the_same_bytes_and_a_neighbour_is_not() {
    let mut estate = ten_lines();
    let inner = exposure(&estate, "low", "2").with(witness(&estate, "line 9"));
    say(&mut estate, PLAIN_SECRET, "b", Claim::Exposed(vec![inner]));
    expose(&mut estate, PLAIN_SECRET, "d", "low", "line 4");
    expose(&mut estate, RPC, "a", "medium", "line 2");
    let outcome = run(estate);
    assert_eq!(
        names(&outcome.findings),
        ["hdfs/rpc-privacy#medium a", "secrets/in-the-clear#low d"]
    );
    let labels: Vec<&str> = outcome.findings[0]
        .witnesses
        .iter()
        .map(|w| &*w.label)
        .collect();
    assert_eq!(labels, ["line 2", "line 9"]);
}

#[test]
fn two_component_controls_on_the_same_bytes_both_report() {
    let mut estate = ten_lines();
    expose(&mut estate, RPC, "a", "high", "line 2");
    expose(&mut estate, AUTHENTICATION, "a", "high", "line 2");
    assert_eq!(run(estate).findings.len(), 2);
}

#[test]
fn a_missing_key_shows_no_bytes_and_folds_nothing() {
    let mut estate = ten_lines();
    let mut unset = exposure(&estate, "high", "line 1\nline 2\nline 3");
    unset.witnesses[0].provenance = model::Provenance::Default {
        product: model::Product::Hadoop,
        releases: "3.3.6".into(),
        unset_in: Some(place(&estate, "line 1\nline 2\nline 3")),
    };
    say(&mut estate, RPC, "a", Claim::Exposed(vec![unset]));
    expose(&mut estate, PLAIN_SECRET, "b", "high", "line 2");
    assert_eq!(run(estate).findings.len(), 2);
}

#[test]
fn findings_are_sorted_by_badness_then_place_then_control() {
    let mut estate = ten_lines();
    expose(&mut estate, RPC, "a", "medium", "line 1\n");
    expose(&mut estate, RPC, "b", "critical", "line 9");
    expose(&mut estate, RPC, "c", "critical", "line 5");
    expose(&mut estate, AUTHENTICATION, "d", "critical", "line 9");
    assert_eq!(
        names(&run(estate).findings),
        [
            "hdfs/rpc-privacy#critical c",
            "hdfs/authentication#critical d",
            "hdfs/rpc-privacy#critical b",
            "hdfs/rpc-privacy#medium a",
        ]
    );
}
