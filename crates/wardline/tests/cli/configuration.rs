use crate::support::{Lab, WEAK};

const WAIVER: &str = "[[waiver]]\ncontrol = \"hdfs/rpc-privacy\"\npath = \"deploy/conf\"\n\
                      reason = \"clients move in March\"\nowner = \"platform\"\nexpires = \"9999-12-31\"\n";

fn lab(name: &str, configuration: &str) -> Lab {
    Lab::new(name)
        .file("deploy/conf/nn1/core-site.xml", WEAK)
        .file(".wardline.toml", configuration)
}

const ONLY_RPC: [&str; 2] = ["--only", "hdfs/rpc-privacy"];

#[test]
fn a_waiver_counts_from_wherever_the_input_is_named() {
    let lab = lab("waived", WAIVER);
    for path in [
        ".",
        "deploy",
        "deploy/conf",
        "deploy/conf/nn1/core-site.xml",
    ] {
        let answer = lab.run(&[&[path], &ONLY_RPC[..]].concat());
        assert_eq!(answer.status, 0, "{path}: {}", answer.out);
        assert!(
            answer.out.contains("clients move in March"),
            "{}",
            answer.out
        );
    }
    let ignoring = [&["--no-config"], &ONLY_RPC[..]].concat();
    assert_eq!(lab.run(&ignoring).status, 1);
}

#[test]
fn an_expired_waiver_does_not_count() {
    let expired = WAIVER.replace("9999-12-31", "2020-12-31");
    let answer = lab("expired", &expired).run(&ONLY_RPC);
    assert_eq!(answer.status, 1);
    assert!(
        answer.out.contains("expired on 2020-12-31"),
        "{}",
        answer.out
    );
}

#[test]
fn the_command_line_goes_before_the_file() {
    let lab = lab(
        "precedence",
        "[check]\nfail-on = \"never\"\nonly = [\"hdfs/rpc-privacy\"]\n",
    );
    assert_eq!(lab.run(&[]).status, 0);
    assert_eq!(lab.run(&["--fail-on", "high"]).status, 1);
}

#[test]
fn ties_are_seen_from_the_input() {
    let text = "[[hadoop]]\npath = \"deploy/conf/nn1\"\nroles = [\"KMS\"]\n";
    let lab = lab("ties", text);
    assert!(lab.run(&["--no-config"]).out.contains("NameNode"));
    for path in [".", "deploy/conf"] {
        let answer = lab.run(&[&[path], &ONLY_RPC[..]].concat());
        assert!(!answer.out.contains("NameNode"), "{path}: {}", answer.out);
    }
}

#[test]
fn every_mistake_in_the_file_is_told_and_nothing_is_judged() {
    let answer = lab("mistakes", "[chekc]\n[releases]\nhadoop = \"new\"\n").run(&[]);
    assert_eq!((answer.status, &*answer.out), (2, ""));
    assert!(
        answer.err.contains(".wardline.toml:1:2") && answer.err.contains("did you mean `check`?"),
        "{}",
        answer.err
    );
    assert!(answer.err.contains(".wardline.toml:3:11"), "{}", answer.err);
}

#[test]
fn the_search_ends_at_the_top_of_the_repository() {
    let lab = Lab::new("top")
        .file("repository/.git/HEAD", "")
        .file("repository/conf/nn1/core-site.xml", WEAK)
        .file(".wardline.toml", "[check]\nfail-on = \"never\"\n");
    assert_eq!(lab.run(&["repository/conf"]).status, 1);
}

#[test]
fn an_inline_ignore_accepts_one_finding() {
    let text = WEAK.replace(
        "    <value>authentication,privacy",
        "    <!-- wardline: ignore[hdfs/rpc-privacy] lab only -->\n    <value>authentication,privacy",
    );
    let lab = Lab::new("inline").file("conf/nn1/core-site.xml", &text);
    let answer = lab.run(&ONLY_RPC);
    assert_eq!(answer.status, 0, "{}", answer.out);
    assert!(answer.out.contains("lab only"), "{}", answer.out);
}
