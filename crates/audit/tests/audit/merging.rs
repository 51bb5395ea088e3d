use crate::support::*;
use model::{Claim, Depth, Provenance, Stage, Verdict};

#[test]
fn depths_are_merged_per_subject_by_name() {
    let mut files = estate(Depth::Declared, "core-site.xml", "privacy");
    let shown = witness(&files, "privacy");
    say(&mut files, RPC, "nn1", Claim::Protected(vec![shown]));
    expose(&mut files, RPC, "nn2", "high", "privacy");
    let mut service = estate(Depth::Loaded, "http://nn1/conf", "authentication");
    expose(&mut service, RPC, "nn1", "critical", "authentication");
    let outcome = audit::audit(
        CONTROLS,
        vec![files, service],
        &audit::Config::default(),
        &options(),
    );

    let verdicts: Vec<(&str, Verdict, usize)> = outcome
        .judged
        .iter()
        .map(|j| (&*j.subject.name, j.verdict, j.claims.len()))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("nn1", Verdict::Contradicted, 2),
            ("nn2", Verdict::Exposed, 1)
        ]
    );
    let first = &outcome.findings[0];
    assert_eq!(first.verdict, Verdict::Contradicted);
    assert_eq!(first.stage, Stage::Transit);
    // Each witness still points into its own text.
    let paths: Vec<String> = first
        .witnesses
        .iter()
        .map(|w| {
            let location = outcome.sources.locate(w.place().unwrap()).unwrap();
            format!(
                "{} {}",
                location.path,
                outcome.sources.slice(w.place().unwrap())
            )
        })
        .collect();
    assert_eq!(
        paths,
        ["http://nn1/conf authentication", "core-site.xml privacy"]
    );
}

/// An overlay and its base, or two examples side by side, declare the same name. Each is judged, at its own place.
#[test]
fn one_name_declared_in_two_places_is_two_subjects_at_one_depth() {
    let mut files = ten_lines();
    let at = |estate: &model::Estate, needle| {
        model::Subject::new("NameNode", "nn1", Some(place(estate, needle)))
    };
    let (base, overlay) = (at(&files, "line 1"), at(&files, "line 5"));
    let open = exposure(&files, "high", "line 6");
    files.put(Said(RPC, base, Claim::Protected(vec![])));
    files.put(Said(RPC, overlay, Claim::Exposed(vec![open])));
    let outcome = run(files);
    let verdicts: Vec<Verdict> = outcome.judged.iter().map(|j| j.verdict).collect();
    assert_eq!(verdicts, [Verdict::Protected, Verdict::Exposed]);
    let shown = outcome.findings[0].subject.place.unwrap();
    assert_eq!(outcome.sources.slice(shown), "line 5");
}

#[test]
fn a_subject_stated_twice_at_one_depth_is_judged_once() {
    let mut estate = ten_lines();
    say(&mut estate, RPC, "nn1", Claim::Protected(vec![]));
    expose(&mut estate, RPC, "nn1", "high", "line 3");
    say(&mut estate, RPC, "nn1", Claim::unproven("who knows"));
    let outcome = run(estate);
    assert_eq!(outcome.judged.len(), 1);
    assert_eq!(outcome.judged[0].verdict, Verdict::Exposed);
    assert_eq!(outcome.findings.len(), 1);
}

#[test]
fn doubts_are_judged_with_their_reason_and_are_no_findings() {
    let mut estate = ten_lines();
    say(&mut estate, RPC, "nn1", Claim::unproven("not collected"));
    let outcome = run(estate);
    assert_eq!(&*outcome.judged[0].reason, "not collected");
    assert!(outcome.findings.is_empty());
}

#[test]
fn an_exposure_nobody_can_place_is_still_a_finding() {
    let mut estate = ten_lines();
    let mut exposure = exposure(&estate, "high", "line 1");
    exposure.witnesses[0].provenance = Provenance::Absent(model::Absence::NotCollected);
    say(&mut estate, RPC, "nn1", Claim::Exposed(vec![exposure]));
    expose(&mut estate, RPC, "nn2", "high", "line 9");
    assert_eq!(
        names(&run(estate).findings),
        ["hdfs/rpc-privacy#high nn2", "hdfs/rpc-privacy#high nn1"]
    );
}

/// A cause that the control's description lacks is a mistake that tests must notice.
#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "hdfs/rpc-privacy#unheard-of is not in META")]
fn a_cause_without_description_is_noticed() {
    let mut estate = ten_lines();
    expose(&mut estate, RPC, "nn1", "unheard-of", "line 1");
    let _ = run(estate);
}

#[test]
fn coverage_counts_what_is_proven_either_way() {
    let mut estate = ten_lines();
    say(&mut estate, RPC, "a", Claim::Protected(vec![]));
    expose(&mut estate, RPC, "b", "high", "line 3");
    say(&mut estate, RPC, "c", Claim::unproven("not collected"));
    say(&mut estate, RPC, "d", Claim::not_applicable("not there"));
    assert_eq!(run(estate).coverage(), Some(66));
    assert_eq!(run(ten_lines()).coverage(), None);
}
