//! Charts and kustomizations, rendered by a helm of our own making and by the kubectl of this machine.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests may fail loudly and say what they skip; clippy knows test functions only, not what they share"
)]

use crate::support::{Answer, Lab};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

const CHART: &str = "apiVersion: v2\nname: spark\nversion: 1.0.0\n";
const TEMPLATE: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n";
const KUSTOMIZE: &str = "kubectl kustomize";

/// A pod that trusts the host's file system; found whatever else is there.
fn pod(name: &str, path: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: data\nspec:\n  containers:\n  - name: main\n    image: spark:4.0.0\n    securityContext:\n      privileged: true\n  volumes:\n  - name: host\n    hostPath:\n      path: {path}\n"
    )
}

/// A lab with a chart and a directory `bin` that holds a `helm` of these lines of shell.
fn chart(name: &str, script: &str) -> Lab {
    let lab = Lab::new(name)
        .file("tree/charts-of-ours/spark/Chart.yaml", CHART)
        .file("tree/charts-of-ours/spark/values.yaml", "name: driver\n")
        .file("tree/charts-of-ours/spark/templates/pod.yaml", TEMPLATE)
        .file("tree/charts-of-ours/spark/charts/sub/Chart.yaml", CHART)
        .file("tree/other.yaml", &pod("other", "/var"))
        .file("bin/helm", &format!("#!/bin/sh\n{script}\n"));
    let helm = lab.path("bin/helm");
    fs::set_permissions(helm, fs::Permissions::from_mode(0o755)).unwrap();
    lab
}

fn check(lab: &Lab, search_path: &Path, arguments: &[&str]) -> (Answer, Value) {
    let output = lab
        .command(&[&["-f", "json", "tree"], arguments].concat())
        .env("PATH", search_path)
        .env("KUBECONFIG", "/nowhere/kubeconfig")
        .output()
        .unwrap();
    let answer = answer(output);
    let report = serde_json::from_str(&answer.out).unwrap();
    (answer, report)
}

fn answer(output: Output) -> Answer {
    Answer {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn bin(lab: &Lab) -> PathBuf {
    fs::canonicalize(lab.path("bin")).unwrap()
}

/// The reason for which a path was not examined, and whether that is an error.
fn unexamined<'r>(report: &'r Value, path: &str) -> Option<(&'r str, bool)> {
    report["not_examined"]
        .as_array()
        .unwrap()
        .iter()
        .find(|input| input["path"] == path)
        .map(|input| {
            (
                input["reason"].as_str().unwrap(),
                input["unreadable"].as_bool().unwrap(),
            )
        })
}

fn files_of_witnesses(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let mut files: Vec<&str> = findings
        .flat_map(|finding| finding["witnesses"].as_array().unwrap())
        .filter_map(|witness| witness["file"].as_str())
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

#[test]
fn a_chart_is_judged_as_helm_renders_it() {
    let manifest = pod("driver", "/etc");
    let lab = chart(
        "helm-renders",
        &format!(
            "[ \"$KUBECONFIG$HOME\" = '' ] || exit 3\n[ \"$#\" = 3 ] && [ \"$1 $2\" = 'template wardline' ] || exit 4\n\
             while read -r line; do :; done\ncase $3 in */tree/charts-of-ours/spark) ;; *) exit 5;; esac\n\
             printf '%s' '---\n# Source: spark/templates/pod.yaml\n{manifest}'"
        ),
    );
    let (answer, report) = check(&lab, &bin(&lab), &[]);
    assert_eq!(answer.status, 1, "{}{}", answer.out, answer.err);
    let files = files_of_witnesses(&report);
    let rendered = "charts-of-ours/spark (helm template)";
    assert!(files.contains(&rendered), "{files:?}");
    for path in [
        "charts-of-ours/spark/Chart.yaml",
        "charts-of-ours/spark/values.yaml",
        "charts-of-ours/spark/templates/pod.yaml",
        "charts-of-ours/spark/charts/sub/Chart.yaml",
    ] {
        assert_eq!(
            unexamined(&report, path),
            None,
            "it is in the rendered text"
        );
    }
}

#[test]
fn a_chart_without_helm_is_listed_with_what_to_do() {
    let lab = chart("helm-missing", "exit 1");
    let nowhere = lab.path("tree");
    let (answer, report) = check(&lab, &nowhere, &[]);
    let (reason, is_error) =
        unexamined(&report, "charts-of-ours/spark/Chart.yaml").expect("listed");
    assert!(reason.contains("helm is not on the PATH"), "{reason}");
    assert!(reason.contains("run `helm template`"), "{reason}");
    assert!(!is_error);
    let template = "charts-of-ours/spark/templates/pod.yaml";
    assert!(unexamined(&report, template).is_some(), "nobody judged it");
    assert_eq!(answer.status, 1, "the other pod is judged");
}

#[test]
fn a_relative_search_path_finds_nothing() {
    let lab = chart("helm-relative", "echo hijacked >&2; exit 1");
    let (_, report) = check(&lab, Path::new("bin:."), &[]);
    let (reason, is_error) =
        unexamined(&report, "charts-of-ours/spark/Chart.yaml").expect("listed");
    assert!(reason.contains("not on the PATH"), "{reason}");
    assert!(!is_error);
}

#[test]
fn a_failing_helm_makes_the_answer_incomplete() {
    let lab = chart(
        "helm-fails",
        "echo >&2; echo \"Error: $3/templates/pod.yaml: no <$KUBECONFIG>\" >&2; echo more >&2; exit 1",
    );
    let (answer, report) = check(&lab, &bin(&lab), &["--fail-on", "never"]);
    let (reason, is_error) =
        unexamined(&report, "charts-of-ours/spark/Chart.yaml").expect("listed");
    let line = "`helm template` failed: Error: charts-of-ours/spark/templates/pod.yaml: no <>;";
    assert!(reason.contains(line), "{reason}");
    assert!(!reason.contains("more"), "only the first line: {reason}");
    assert!(is_error);
    assert_eq!(answer.status, 4, "{}", answer.err);
}

#[test]
fn a_talkative_helm_is_stopped() {
    let lab = chart(
        "helm-talks",
        "while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done",
    );
    // A large text through a shell's echo takes a while; `yes` of the system would be faster, but there is no PATH.
    let started = Instant::now();
    let (_, report) = check(&lab, &bin(&lab), &[]);
    let (reason, is_error) =
        unexamined(&report, "charts-of-ours/spark/Chart.yaml").expect("listed");
    assert!(reason.contains("was stopped"), "{reason}");
    assert!(is_error);
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn rendering_can_be_turned_off() {
    let lab = chart("helm-off", "echo called >&2; exit 1");
    let (_, report) = check(&lab, &bin(&lab), &["--no-render"]);
    let template = "charts-of-ours/spark/templates/pod.yaml";
    let (reason, is_error) = unexamined(&report, template).expect("listed");
    assert!(reason.contains("not rendered"), "{reason}");
    assert!(!is_error);
}

/// The search path with kubectl, or `None`, said aloud, where there is none.
fn kubectl() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).find(|directory| directory.join("kubectl").exists());
    if found.is_none() {
        eprintln!("skipped: no kubectl on the PATH");
    }
    found
}

#[test]
fn a_kustomization_is_judged_once_and_only_where_it_changes_something() {
    let Some(path) = kubectl() else { return };
    let lab = Lab::new("kustomize")
        .file("tree/base/kustomization.yaml", "resources: [alike.yaml, other.yaml]\n")
        .file("tree/base/alike.yaml", &pod("alike", "/var"))
        .file("tree/base/other.yaml", &pod("other", "/var"))
        .file(
            "tree/overlays/prod/kustomization.yaml",
            "resources: [../../base]\npatches:\n- target: {kind: Pod, name: other}\n  patch: |\n    - op: replace\n      path: /spec/volumes/0/hostPath/path\n      value: /etc\n",
        );
    let (answer, report) = check(&lab, &path, &[]);
    assert_eq!(answer.status, 1, "{}", answer.err);
    let mut places = found(&report, "host-path");
    places.sort_unstable();
    let expected = [
        "data/alike base/alike.yaml:15",
        "data/other overlays/prod/kustomization.yaml:7",
    ];
    assert_eq!(places, expected, "{}", answer.out);
    let subjects: Vec<&Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["cause"] == "host-path")
        .map(|finding| &finding["subject"]["file"])
        .collect();
    // What the overlay made is another object than what stands in the base.
    let rendered = format!("overlays/prod ({KUSTOMIZE})");
    assert!(subjects.iter().any(|file| **file == rendered.as_str()));
    assert!(subjects.iter().any(|file| **file == "base/alike.yaml"));
    assert_eq!(report["not_examined"], serde_json::json!([]));
    let (_, raw) = check(&lab, &path, &["--no-render"]);
    assert!(!files_of_witnesses(&raw).contains(&rendered.as_str()));
    assert!(unexamined(&raw, "overlays/prod/kustomization.yaml").is_some());
}

#[test]
fn a_patch_is_no_object_of_its_own() {
    let Some(path) = kubectl() else { return };
    let patch = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: data\nspec:\n  containers:\n  - name: main\n    securityContext:\n      privileged: true\n";
    let harmless = pod("a", "/var").replace("privileged: true", "privileged: false");
    let lab = Lab::new("kustomize-patch")
        .file("tree/base/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("tree/base/pod.yaml", &harmless)
        .file(
            "tree/prod/kustomization.yaml",
            "resources: [../base]\npatches:\n- path: patch.yaml\n- path: operations.yaml\n  target: {kind: Pod}\n",
        )
        .file("tree/prod/patch.yaml", patch)
        .file("tree/prod/operations.yaml", "- op: test\n  path: /kind\n  value: Pod\n");
    let (_, raw) = check(&lab, &path, &["--no-render"]);
    assert!(files_of_witnesses(&raw).contains(&"prod/patch.yaml"));
    let (answer, report) = check(&lab, &path, &[]);
    // One pod, made of both files; what the patch says is shown in the patch.
    let found = found(&report, "privileged");
    assert_eq!(found, ["data/a prod/patch.yaml:10"], "{}", answer.out);
    assert_eq!(
        report["not_examined"],
        serde_json::json!([]),
        "{}",
        answer.err
    );
}

/// The subjects and places of the findings of one cause.
fn found(report: &Value, cause: &str) -> Vec<String> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["cause"] == cause)
        .map(|finding| {
            let witness = &finding["witnesses"][0];
            let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
            let (name, file) = (word(&finding["subject"]["name"]), word(&witness["file"]));
            format!("{name} {file}:{}", witness["line"])
        })
        .collect()
}

#[test]
fn what_an_overlay_takes_back_is_no_finding_and_what_it_keeps_stands_where_it_was_written() {
    let Some(path) = kubectl() else { return };
    let lab = Lab::new("kustomize-takes-back")
        .file("tree/base/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("tree/base/pod.yaml", &pod("a", "/srv/x").replace("  namespace: data\n", ""))
        .file(
            "tree/prod/kustomization.yaml",
            "resources: [../base]\nnamespace: prod\nnamePrefix: eu-\nnameSuffix: -v2\npatches:\n- target: {kind: Pod}\n  patch: |\n    - op: replace\n      path: /spec/containers/0/securityContext/privileged\n      value: false\n    - op: add\n      path: /spec/hostPID\n      value: true\n",
        );
    let (answer, report) = check(&lab, &path, &[]);
    assert_eq!(found(&report, "privileged"), [""; 0], "{}", answer.out);
    assert_eq!(
        found(&report, "host-path"),
        ["prod/eu-a-v2 base/pod.yaml:14"]
    );
    assert_eq!(
        found(&report, "host-pid"),
        ["prod/eu-a-v2 prod/kustomization.yaml:13"]
    );
    let (_, raw) = check(&lab, &path, &["--no-render"]);
    assert_eq!(found(&raw, "privileged"), ["a base/pod.yaml:10"]);
}

#[test]
fn a_base_that_nothing_overlays_or_whose_overlay_fails_stays_as_it_is_written() {
    let Some(path) = kubectl() else { return };
    let lab = Lab::new("kustomize-alone")
        .file("tree/alone/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("tree/alone/pod.yaml", &pod("alone", "/srv/x"))
        .file("tree/base/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("tree/base/pod.yaml", &pod("a", "/srv/x"))
        .file(
            "tree/prod/kustomization.yaml",
            "resources: [../base, missing.yaml]\nnamePrefix: eu-\n",
        );
    let (answer, report) = check(&lab, &path, &[]);
    assert_eq!(
        found(&report, "privileged"),
        ["data/alone alone/pod.yaml:11", "data/a base/pod.yaml:11"],
        "{}",
        answer.out
    );
}

#[test]
fn two_overlays_of_one_base_are_two_subjects_of_one_line() {
    let Some(path) = kubectl() else { return };
    let lab = Lab::new("kustomize-twice")
        .file("tree/base/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("tree/base/pod.yaml", &pod("a", "/srv/x"))
        .file(
            "tree/dev/kustomization.yaml",
            "resources: [../base]\nnamespace: dev\n",
        )
        .file(
            "tree/prod/kustomization.yaml",
            "resources: [../base]\nnamespace: prod\n",
        );
    let (_, report) = check(&lab, &path, &[]);
    assert_eq!(found(&report, "privileged"), ["dev/a base/pod.yaml:11"]);
    let finding = report["findings"].as_array().unwrap().iter();
    let finding = finding.filter(|finding| finding["cause"] == "privileged");
    let also: Vec<&Value> = finding.map(|finding| &finding["also"][0]["name"]).collect();
    assert_eq!(also, ["prod/a"]);
}

#[test]
fn the_files_in_a_patched_config_map_are_read_whole() {
    let Some(path) = kubectl() else { return };
    let map = |text: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf, namespace: jobs}}\ndata:\n  spark-defaults.conf: |\n    spark.master yarn\n{text}"
        )
    };
    let lab = Lab::new("kustomize-config-map")
        .file("tree/base/kustomization.yaml", "resources: [conf.yaml]\n")
        .file("tree/base/conf.yaml", &map("    spark.ssl.keyPassword not-a-real-secret-8Zq1\n"))
        .file(
            "tree/prod/kustomization.yaml",
            "resources: [../base]\npatches:\n- path: conf.yaml\n- path: more.yaml\n",
        )
        .file("tree/prod/conf.yaml", &map("    spark.authenticate true\n"))
        .file("tree/prod/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: jobs}\ndata:\n  more.conf: |\n    db.password=not-a-real-secret\n");
    let (answer, report) = check(&lab, &path, &[]);
    // The text of the base is in no cluster, but what a machine made stands in its file all the same.
    assert_eq!(
        found(&report, "in-configuration"),
        ["jobs/conf base/conf.yaml:7"]
    );
    assert_eq!(
        found(&report, "credential-property"),
        ["jobs/conf prod/more.yaml:6"],
        "{}",
        answer.out
    );
    let of_spark: Vec<&Value> = report["controls"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|judged| judged["control"] == "spark/authentication")
        .map(|judged| &judged["subject"]["name"])
        .collect();
    assert_eq!(of_spark, ["ConfigMap jobs/conf/spark-defaults.conf"]);
}

#[test]
fn a_kustomization_of_files_as_they_stand_adds_nothing() {
    let Some(path) = kubectl() else { return };
    let lab = Lab::new("kustomize-same")
        .file("tree/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("tree/pod.yaml", &pod("alike", "/var"));
    let (_, report) = check(&lab, &path, &[]);
    assert_eq!(files_of_witnesses(&report), ["pod.yaml"]);
    assert_eq!(report["not_examined"], serde_json::json!([]));
}

#[test]
fn a_kustomization_that_fails_makes_the_answer_incomplete() {
    let Some(path) = kubectl() else { return };
    let lab = Lab::new("kustomize-fails")
        .file(
            "tree/kustomization.yaml",
            "resources: [pod.yaml, missing.yaml]\n",
        )
        .file("tree/pod.yaml", &pod("alike", "/var"));
    let (answer, report) = check(&lab, &path, &["--fail-on", "never"]);
    let (reason, is_error) = unexamined(&report, "kustomization.yaml").expect("listed");
    assert!(reason.contains("`kubectl kustomize` failed"), "{reason}");
    assert!(reason.contains("missing.yaml"), "{reason}");
    assert!(is_error);
    assert_eq!(answer.status, 4);
}

#[test]
fn nothing_is_fetched() {
    // A kubectl that would tell if it were called.
    let lab = Lab::new("kustomize-remote")
        .file("tree/kustomization.yaml", "resources: [base]\n")
        .file(
            "tree/base/kustomization.yaml",
            "resources: ['https://user:not-a-real-secret@example.com/x.yaml']\n",
        )
        .file("tree/pod.yaml", &pod("alike", "/var"))
        .file("bin/kubectl", "#!/bin/sh\necho called >&2\nexit 1\n");
    let kubectl = lab.path("bin/kubectl");
    fs::set_permissions(kubectl, fs::Permissions::from_mode(0o755)).unwrap();
    let (answer, report) = check(&lab, &bin(&lab), &[]);
    let (reason, is_error) = unexamined(&report, "kustomization.yaml").expect("listed");
    assert!(reason.contains("fetches nothing"), "{reason}");
    assert!(!is_error);
    assert!(!answer.out.contains("not-a-real-secret"));
}
