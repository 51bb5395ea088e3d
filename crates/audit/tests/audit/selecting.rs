use crate::support::*;
use audit::Glob;
use model::{Depth, Severity, Stage};

fn three() -> model::Estate {
    let mut estate = ten_lines();
    expose(&mut estate, RPC, "a", "medium", "line 1\n");
    expose(&mut estate, AUTHENTICATION, "a", "critical", "line 3");
    expose(&mut estate, DRIFT, "a", "low", "line 5");
    estate
}

fn controls_run(change: impl FnOnce(&mut audit::Options)) -> Vec<String> {
    let mut options = options();
    change(&mut options);
    names(&audit::audit(CONTROLS, vec![three()], &audit::Config::default(), &options).findings)
}

#[test]
fn stages_controls_and_severities_can_be_chosen() {
    assert_eq!(
        controls_run(|o| o.stages = vec![Stage::Rest]),
        ["hdfs/authentication#critical a"]
    );
    assert_eq!(
        controls_run(|o| {
            o.only = vec![Glob::new("hdfs/*")];
            o.skip = vec![Glob::new("*/authentication")];
        }),
        ["hdfs/rpc-privacy#medium a"]
    );
    assert_eq!(
        controls_run(|o| o.severity = Some(Severity::Medium)),
        [
            "hdfs/authentication#critical a",
            "hdfs/rpc-privacy#medium a"
        ]
    );
    assert!(controls_run(|o| o.depths = vec![Depth::Observed]).is_empty());
}

#[test]
fn patterns_that_name_no_control_are_told() {
    let mut options = options();
    options.only = vec![Glob::new("hdfs/*"), Glob::new("hfds/*")];
    options.skip = vec![Glob::new("flow/draft")];
    let unmatched: Vec<&str> = options.unmatched_only(CONTROLS).map(Glob::as_str).collect();
    assert_eq!(unmatched, ["hfds/*"]);
    let outcome = audit::audit(CONTROLS, vec![three()], &audit::Config::default(), &options);
    assert_eq!(
        &*outcome.notes[0].message,
        "no control matches `flow/draft`"
    );
}
