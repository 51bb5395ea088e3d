use crate::support::*;
use audit::config::WaiverRule as Rule;
use audit::{Config, Glob, Note, Options, Outcome};
use jiff::civil::date;
use model::Depth;

fn rule(control: &str) -> Rule {
    Rule {
        control: Glob::new(control),
        path: None,
        subject: None,
        reason: "lab cluster".into(),
        owner: "data-platform".into(),
        expires: date(2026, 6, 15),
        place: ".wardline.toml:7".into(),
    }
}

fn estate_of_two() -> model::Estate {
    let mut estate = ten_lines();
    for name in ["lab/nn1", "prod/nn1"] {
        expose(&mut estate, RPC, name, "high", "line 2");
    }
    estate
}

fn run_with(rules: Vec<Rule>, change: impl FnOnce(&mut Options)) -> Outcome {
    let mut options = options();
    change(&mut options);
    let config = Config {
        waivers: rules,
        ..Config::default()
    };
    audit::audit(CONTROLS, vec![estate_of_two()], &config, &options)
}

fn messages(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| &*note.message).collect()
}

#[test]
fn a_waiver_counts_until_the_end_of_its_last_day() {
    let outcome = run_with(vec![rule("hdfs/*")], |_| {});
    assert!(outcome.findings.is_empty());
    let waiver = outcome.waived[0].waiver.as_ref().unwrap();
    assert_eq!(waiver.expires.as_deref(), Some("2026-06-15"));
    assert_eq!(waiver.owner.as_deref(), Some("data-platform"));
    assert!(outcome.notes.is_empty());

    let outcome = run_with(vec![rule("hdfs/*")], |o| o.today = date(2026, 6, 16));
    assert_eq!(outcome.findings.len(), 1);
    assert!(outcome.waived.is_empty());
    assert_eq!(
        messages(&outcome.notes),
        ["this waiver expired on 2026-06-15; 1 finding counts again"]
    );
}

#[test]
fn a_waiver_of_one_subject_leaves_the_others() {
    let lab = Rule {
        subject: Some(Glob::new("lab/*")),
        ..rule("hdfs/rpc-privacy#high")
    };
    let outcome = run_with(vec![lab], |_| {});
    assert_eq!(names(&outcome.findings), ["hdfs/rpc-privacy#high prod/nn1"]);
    assert!(outcome.findings[0].also.is_empty());
    assert_eq!(names(&outcome.waived), ["hdfs/rpc-privacy#high lab/nn1"]);
}

#[test]
fn a_waiver_may_name_a_path_as_the_configuration_file_sees_it() {
    let with_path = |path: &str| Rule {
        path: Some(Glob::new(path)),
        ..rule("*")
    };
    assert_eq!(
        run_with(vec![with_path("conf/a.yaml")], |_| {})
            .waived
            .len(),
        1
    );
    assert_eq!(run_with(vec![with_path("conf")], |_| {}).waived.len(), 1);
    assert_eq!(run_with(vec![with_path("prod")], |_| {}).waived.len(), 0);
    assert_eq!(
        run_with(vec![with_path("prod/conf/*")], |o| o.base = "prod/".into())
            .waived
            .len(),
        1
    );
}

#[test]
fn waivers_that_do_nothing_are_noted_unless_their_control_was_filtered_out() {
    let rules = vec![
        rule("hdfs/authentication"),
        rule("hdfs/rpc-privcy"),
        rule("flow/drift"),
    ];
    let outcome = run_with(rules, |o| o.skip = vec![Glob::new("flow/*")]);
    assert_eq!(
        messages(&outcome.notes),
        [
            "this waiver matches no finding: remove it",
            "this waiver names no control: `hdfs/rpc-privcy`",
        ]
    );
}

fn with_text(text: &str) -> Outcome {
    let mut estate = estate(Depth::Declared, "conf/core-site.xml", text);
    expose(&mut estate, RPC, "nn1", "high", "<value>");
    expose(&mut estate, PLAIN_SECRET, "nn1", "low", "<value>");
    run(estate)
}

#[test]
fn a_comment_on_the_line_or_above_it_accepts_its_control_only() {
    for text in [
        "<!-- wardline: ignore[hdfs/*] lab only -->\n<value>",
        "x\n<value> <!-- wardline: ignore[a/b, hdfs/rpc-privacy#high] lab only -->",
        "# wardline: ignore[hdfs/rpc-privacy] lab only\r\n<value>",
    ] {
        let outcome = with_text(text);
        assert_eq!(names(&outcome.waived), ["hdfs/rpc-privacy#high nn1"]);
        let waiver = outcome.waived[0].waiver.as_ref().unwrap();
        assert_eq!(&*waiver.reason, "lab only");
        assert!(waiver.stands_in.starts_with("conf/core-site.xml:"));
        // Accepting one control's finding does not hide another's on the same bytes.
        assert_eq!(names(&outcome.findings), ["secrets/in-the-clear#low nn1"]);
        assert!(outcome.notes.is_empty());
    }
}

#[test]
fn a_comment_two_lines_above_accepts_nothing_and_is_noted() {
    let outcome = with_text("# wardline: ignore[hdfs/*] lab only\n\n<value>");
    assert!(outcome.waived.is_empty());
    assert_eq!(
        messages(&outcome.notes),
        ["this ignore matches no finding: remove it"]
    );
    assert_eq!(&*outcome.notes[0].place, "conf/core-site.xml:1");
}

/// Two Kubernetes objects in one file; the first is annotated.
fn with_annotation(value: &str) -> Outcome {
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n  annotations:\n    wardline.dev/ignore: {value}\ndata:\n  first: x\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: two\ndata:\n  second: x\n"
    );
    let input = declared::Input::Bytes("maps.yaml".into(), text.into_bytes());
    let mut estate = declared::read(vec![input], &declared::Ties::default());
    expose(&mut estate, RPC, "one", "high", "first: x");
    expose(&mut estate, AUTHENTICATION, "one", "high", "first");
    expose(&mut estate, RPC, "two", "high", "second: x");
    run(estate)
}

#[test]
fn an_annotation_accepts_findings_on_its_object() {
    let outcome = with_annotation("\"flow/drift: no; hdfs/rpc-privacy: a lab: nothing real\"");
    assert_eq!(names(&outcome.waived), ["hdfs/rpc-privacy#high one"]);
    let waiver = outcome.waived[0].waiver.as_ref().unwrap();
    assert_eq!(&*waiver.reason, "a lab: nothing real");
    assert_eq!(&*waiver.stands_in, "maps.yaml:6");
    assert_eq!(
        names(&outcome.findings),
        ["hdfs/authentication#high one", "hdfs/rpc-privacy#high two"]
    );
    assert_eq!(
        messages(&outcome.notes),
        ["this ignore matches no finding: remove it"]
    );
}

#[test]
fn an_annotation_without_reason_accepts_nothing() {
    let outcome = with_annotation("hdfs/rpc-privacy");
    assert!(outcome.waived.is_empty());
    assert_eq!(
        messages(&outcome.notes),
        ["this ignore gives no reason; nothing is ignored"]
    );
}
