use crate::support::{Lab, WEAK, strong};
use serde_json::Value;
use std::io::Read;
use std::process::Stdio;

const FINDING: &str = "hdfs/rpc-privacy#weaker-qop-accepted";

fn weak(name: &str) -> Lab {
    Lab::new(name).file("conf/nn1/core-site.xml", WEAK)
}

#[test]
fn check_is_the_default_verb() {
    let lab = weak("default-verb");
    for arguments in [
        &[][..],
        &["conf"],
        &["check"],
        &["check", "conf"],
        &["-q", "conf"],
    ] {
        assert_eq!(lab.run(arguments).status, 1, "{arguments:?}");
    }
    let answer = lab.run(&[]);
    assert!(answer.out.contains(FINDING), "{}", answer.out);
    assert!(
        answer.out.contains("conf/nn1/core-site.xml:7:12"),
        "{}",
        answer.out
    );
    assert!(answer.err.is_empty(), "{}", answer.err);
}

#[test]
fn the_threshold_decides_about_failing() {
    let lab = weak("threshold");
    for (threshold, status) in [("critical", 0), ("high", 1), ("low", 1), ("never", 0)] {
        let answer = lab.run(&["--fail-on", threshold]);
        assert_eq!(answer.status, status, "{threshold}");
        assert!(
            answer.out.contains(FINDING),
            "the finding is shown in any case"
        );
    }
}

#[test]
fn a_fixed_deployment_is_fine() {
    let lab = Lab::new("fixed").file("conf/nn1/core-site.xml", &strong());
    let answer = lab.run(&["--only", "hdfs/rpc-privacy"]);
    assert_eq!(answer.status, 0, "{}{}", answer.out, answer.err);
}

#[test]
fn nothing_on_standard_input_is_nothing_recognised() {
    let answer = Lab::new("stdin-empty").run_with_input(&["-"], "");
    assert_eq!(answer.status, 3);
    assert!(
        answer.err.contains("standard input holds nothing"),
        "{}",
        answer.err
    );
}

/// Who posts annotations looks from the repository's root, not from the directory that was checked.
#[test]
fn annotations_name_files_from_the_current_directory() {
    let lab = weak("rooted");
    for format in ["github", "gitlab", "sarif"] {
        let out = lab.run(&["-f", format, "conf"]).out;
        assert!(out.contains("conf/nn1/core-site.xml"), "{format}: {out}");
        let file = lab.run(&["-f", format, "conf/nn1/core-site.xml"]).out;
        assert!(file.contains("conf/nn1/core-site.xml"), "{format}: {file}");
        let all = lab.run(&["-f", format]).out;
        assert!(all.contains("conf/nn1/core-site.xml"), "{format}: {all}");
    }
    let json = lab.run(&["-f", "json", "conf"]).out;
    assert!(json.contains("\"nn1/core-site.xml\""), "{json}");
}

#[test]
fn what_to_run_next_can_be_pasted() {
    // Two findings of one cause: the second is shown by its place only.
    let lab = weak("next").file("conf/nn2/core-site.xml", WEAK);
    let out = lab.run(&["check", "conf", "--only", "hdfs/rpc*"]).out;
    assert!(
        out.contains("= likewise: 1 more finding: nn2/core-site.xml:7:12"),
        "{out}"
    );
    let again = "\n  wardline check conf --only 'hdfs/rpc*' --all\n";
    assert!(out.contains(again), "{out}");
}

#[test]
fn standard_input_is_read() {
    let lab = Lab::new("stdin");
    for arguments in [&["-"][..], &["check", "-"]] {
        let answer = lab.run_with_input(arguments, WEAK);
        assert_eq!(answer.status, 1, "{}", answer.err);
        assert!(answer.out.contains(FINDING));
    }
    assert_eq!(lab.run_with_input(&["-"], "hello\n").status, 3);
}

#[test]
fn nothing_recognised_is_told_with_what_would_be() {
    let lab = Lab::new("nothing").file("notes.txt", "hello\n");
    let answer = lab.run(&[]);
    assert_eq!((answer.status, &*answer.out), (3, ""));
    assert!(answer.err.contains("1 file, but none"), "{}", answer.err);
    assert!(answer.err.contains("Hadoop configuration files"));
    // Machines get their document all the same.
    let answer = lab.run(&["-f", "json"]);
    assert_eq!(answer.status, 3);
    let document: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(document["schema"], "wardline/v1");
}

#[test]
fn what_cannot_be_read_makes_the_answer_incomplete_but_findings_come_first() {
    let broken = "<configuration><property><name>a</name>";
    let lab = Lab::new("incomplete")
        .file("ok/core-site.xml", &strong())
        .file("ok/hdfs-site.xml", broken);
    let answer = lab.run(&["ok", "--only", "hdfs/rpc-privacy"]);
    assert_eq!(answer.status, 4, "{}", answer.out);
    assert!(answer.err.contains("incomplete: 1 input"), "{}", answer.err);
    let lab = lab.file("ok/core-site.xml", WEAK);
    assert_eq!(lab.run(&["ok"]).status, 1);
}

#[test]
fn coverage_below_what_was_asked_for_is_incomplete() {
    let lab = Lab::new("coverage").file("conf/nn1/core-site.xml", &strong());
    let answer = lab.run(&["--fail-on", "never", "--min-coverage", "100"]);
    assert_eq!(answer.status, 4, "{}", answer.out);
    assert!(
        answer.err.contains("100 % were asked for"),
        "{}",
        answer.err
    );
    assert_eq!(
        lab.run(&["--fail-on", "never", "--min-coverage", "1"])
            .status,
        0
    );
}

#[test]
fn every_format_is_written() {
    let lab = weak("formats");
    for (format, mark) in [
        ("text", "No: data is exposed"),
        ("json", "\"wardline/v1\""),
        ("jsonl", "rpc-privacy"),
        ("sarif", "\"2.1.0\""),
        ("github", "::error"),
        ("markdown", "rpc-privacy"),
        ("junit", "<testsuite"),
    ] {
        let answer = lab.run(&["-f", format]);
        assert_eq!(answer.status, 1, "{format}: {}", answer.err);
        assert!(answer.out.contains(mark), "{format}: {}", answer.out);
    }
    let answer = lab.run(&["-f", "sarif", "-o", "report.sarif"]);
    assert_eq!((answer.status, &*answer.out), (1, ""));
    assert!(lab.read("report.sarif").contains("\"2.1.0\""));
}

#[test]
fn json_names_the_place() {
    let answer = weak("json").run(&["-f", "json", "--only", "hdfs/rpc-privacy"]);
    let document: Value = serde_json::from_str(&answer.out).unwrap();
    let witness = &document["findings"][0]["witnesses"][0];
    assert_eq!(witness["file"], "conf/nn1/core-site.xml");
    assert_eq!(witness["line"], 7);
}

#[test]
fn colours_come_on_request_only() {
    let lab = weak("colours");
    assert!(!lab.run(&[]).out.contains('\u{1b}'), "not a terminal");
    assert!(lab.run(&["--color", "always"]).out.contains('\u{1b}'));
    assert!(!lab.run(&["--color", "never"]).out.contains('\u{1b}'));
}

#[test]
fn quiet_answers_by_status_only() {
    let answer = weak("quiet").run(&["-q"]);
    assert_eq!((answer.status, &*answer.out, &*answer.err), (1, "", ""));
}

#[test]
fn controls_and_stages_can_be_chosen() {
    let lab = weak("chosen");
    assert_eq!(lab.run(&["--skip", "hdfs/*", "--fail-on", "low"]).status, 0);
    assert_eq!(
        lab.run(&["--stage", "transit", "--only", "*/rpc-privacy"])
            .status,
        1
    );
    assert_eq!(
        lab.run(&["--stage", "rest", "--only", "hdfs/rpc-privacy"])
            .status,
        0
    );
    assert_eq!(lab.run(&["--severity", "critical"]).status, 0);
}

#[test]
fn several_inputs_keep_their_nodes_apart() {
    let lab = weak("several").file("conf/nn2/core-site.xml", &strong());
    let files = ["conf/nn1/core-site.xml", "./conf/nn2/core-site.xml"];
    let arguments = [&files[..], &["-f", "json", "--only", "hdfs/rpc-privacy"]].concat();
    let document: Value = serde_json::from_str(&lab.run(&arguments).out).unwrap();
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "one node is weak, the other is not");
    assert_eq!(
        findings[0]["witnesses"][0]["file"],
        "conf/nn1/core-site.xml"
    );
    assert_eq!(document["controls"].as_array().unwrap().len(), 2);
}

#[test]
fn wrong_usage_is_told_and_has_a_status_of_its_own() {
    let lab = weak("usage");
    for (arguments, said) in [
        (&["--nope"][..], "--nope"),
        (&["-f", "yaml"], "possible values"),
        (&["--fail-on", "severe"], "possible values"),
        (&["--min-coverage", "101"], "101"),
        (&["chekc"], "did you mean the command `check`?"),
        (&["--only", "hfds/*"], "did you mean `hdfs/*`?"),
        (
            &["--only", "hdfs/rpc-privcy"],
            "did you mean `hdfs/rpc-privacy`?",
        ),
        (&["--depth", "loaded"], "declared"),
        (&["--config", "missing.toml"], "missing.toml"),
        (&["-o", "no/such/directory/report"], "no/such/directory"),
    ] {
        let answer = lab.run(arguments);
        assert_eq!(answer.status, 2, "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(said), "{arguments:?}: {}", answer.err);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let lab = weak("pipe");
    let mut child = lab
        .command(&["-f", "sarif"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut complaints).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(complaints, "");
}
