use crate::support::Lab;
use serde_json::Value;

#[test]
fn explain_tells_about_controls_causes_and_components() {
    let lab = Lab::new("explain");
    let answer = lab.run(&["explain", "hdfs/rpc-privacy"]);
    assert_eq!(answer.status, 0);
    assert!(answer.out.contains("# Why it matters: the attack"));
    assert!(
        answer
            .out
            .contains("hdfs/rpc-privacy#weaker-qop-accepted (high)")
    );
    let answer = lab.run(&["explain", "hdfs/rpc-privacy#weaker-qop-accepted"]);
    assert!(answer.out.contains("severity: high"), "{}", answer.out);
    let answer = lab.run(&["explain", "hdfs"]);
    assert!(answer.out.contains("hdfs/authentication"), "{}", answer.out);
}

#[test]
fn a_misspelt_name_gets_a_suggestion() {
    let lab = Lab::new("misspelt");
    for (name, said) in [
        ("hdfs/rpc-privcy", "did you mean `hdfs/rpc-privacy`?"),
        ("hfds", "did you mean `hdfs`?"),
        ("zzz", "`wardline controls` lists them"),
        ("hdfs/rpc-privacy#nope", "weaker-qop-accepted"),
    ] {
        let answer = lab.run(&["explain", name]);
        assert_eq!(answer.status, 2, "{name}");
        assert!(answer.err.contains(said), "{name}: {}", answer.err);
    }
    assert_eq!(lab.run(&["explain"]).status, 2);
}

#[test]
fn explain_tells_what_an_error_means() {
    let lab = Lab::new("error");
    let message =
        "ipc.RemoteException: SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]";
    let answer = lab.run(&["explain", "--error", message]);
    assert_eq!(answer.status, 0);
    assert!(
        answer
            .out
            .contains("never: Do not set the server to simple"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("wardline explain hdfs/authentication"));
    let piped = lab.run_with_input(&["explain", "--error", "-"], message);
    assert_eq!(piped.out, answer.out);
    let without_flag = lab.run(&["explain", message]);
    assert_eq!(without_flag.out, answer.out, "an id holds no blank");
    let answer = lab.run(&["explain", "--error", "java.lang.NullPointerException"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("not among those"), "{}", answer.err);
}

#[test]
fn controls_are_listed_for_people_and_machines() {
    let lab = Lab::new("controls");
    let text = lab.run(&["controls"]).out;
    assert!(text.lines().any(|line| line == "hdfs"), "{text}");
    assert!(text.contains("#weaker-qop-accepted"), "{text}");
    let document: Value = serde_json::from_str(&lab.run(&["controls", "-f", "json"]).out).unwrap();
    let mut controls = document["controls"].as_array().unwrap().iter();
    let first = controls
        .find(|control| control["component"] == "hdfs")
        .unwrap();
    assert!(first["causes"][0]["remedy"].is_string());
}

#[test]
fn init_writes_a_file_that_check_reads_and_never_overwrites_one() {
    let lab = Lab::new("init").file("conf/nn1/core-site.xml", &crate::support::strong());
    assert_eq!(lab.run(&["init"]).status, 0);
    assert!(lab.read(".wardline.toml").contains("[[waiver]]"));
    assert_eq!(lab.run(&["--only", "hdfs/rpc-privacy"]).status, 0);
    let answer = lab.run(&["init"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("there already"), "{}", answer.err);
}

#[test]
fn completions_and_manual_come_from_the_flags() {
    let lab = Lab::new("generated");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = lab.run(&["completions", shell]).out;
        assert!(script.contains("min-coverage"), "{shell}");
    }
    let page = lab.run(&["man"]).out;
    assert!(page.contains(".TH wardline"), "{page}");
    assert!(page.contains("fail\\-on"), "{page}");
    for section in ["EXPLAIN", "CONTROLS", "INIT", "COMPLETIONS", "MAN", "NOTES"] {
        let heading = page
            .lines()
            .any(|line| line.starts_with(".SH") && line.contains(section));
        assert!(heading, "{section} in {page}");
    }
    assert!(page.contains("4 incomplete"), "{page}");
}

#[test]
fn help_and_version_are_no_errors() {
    let lab = Lab::new("help");
    for arguments in [
        &["--help"][..],
        &["check", "--help"],
        &["--version"],
        &["help"],
    ] {
        let answer = lab.run(arguments);
        assert_eq!(answer.status, 0, "{arguments:?}");
        assert!(!answer.out.is_empty() && answer.err.is_empty());
    }
    assert!(lab.run(&["--help"]).out.contains("Exit status"));
}
