//! Broken, empty and hostile documents.

use super::{Report, beside_a_fixed_file, beside_a_good_file, is_reported};
use crate::support::{WEAK, strong};

#[test]
fn a_truncated_xml_file_is_reported_with_its_line() {
    let cut = WEAK.split("</value>").next().unwrap().as_bytes();
    is_reported("truncated-xml", "bad/core-site.xml", cut, "", Some(3));
}

#[test]
fn a_truncated_yaml_file_is_reported_with_its_line() {
    let cut = b"apiVersion: v1\nkind: ConfigMap\ndata: {a: \"b\n";
    let reason = "";
    is_reported("truncated-yaml", "bad/a.yaml", cut, reason, Some(3));
}

#[test]
fn a_truncated_json_file_is_reported_with_its_line() {
    let cut = b"{\"apiVersion\": \"v1\",\n \"kind\": \"ConfigMap\",\n \"data\": {\"a\": ";
    is_reported("truncated-json", "bad/a.json", cut, "", Some(3));
}

#[test]
fn an_alias_bomb_is_refused_where_it_stands() {
    let mut bomb =
        String::from("apiVersion: v1\nkind: ConfigMap\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    is_reported(
        "alias-bomb",
        "bad/a.yaml",
        bomb.as_bytes(),
        "alias",
        Some(8),
    );
}

#[test]
fn an_entity_bomb_is_refused_where_it_stands() {
    let mut bomb = String::from(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE configuration [\n<!ENTITY e0 \"not-much\">\n",
    );
    for level in 1..12 {
        let entities = format!("&e{};", level - 1).repeat(10);
        bomb += &format!("<!ENTITY e{level} \"{entities}\">\n");
    }
    bomb += "]>\n<configuration><property><name>hadoop.rpc.protection</name><value>&e11;</value></property></configuration>\n";
    let lab = beside_a_good_file("entity-bomb").file("bad/core-site.xml", &bomb);
    let report = Report::of(&lab);
    let refused = report.the_unexamined();
    assert!(refused.is_error, "{refused:?}");
    assert_eq!(report.found_in(), ["good/core-site.xml"]);
}

#[test]
fn an_external_entity_is_never_read() {
    let lab = beside_a_good_file("external-entity")
        .file("secret.txt", "privacy")
        .file(
            "bad/core-site.xml",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE configuration [<!ENTITY x SYSTEM \"../secret.txt\">]>\n<configuration><property><name>hadoop.rpc.protection</name><value>&x;</value></property></configuration>\n",
        );
    let report = Report::of(&lab);
    let unexamined = report.unexamined();
    let refused = unexamined
        .iter()
        .find(|input| input.path == "bad/core-site.xml");
    assert!(refused.expect("listed").is_error, "{refused:?}");
    assert_eq!(report.found_in(), ["good/core-site.xml"]);
}

#[test]
fn a_broken_document_leaves_the_others_of_its_file_judged() {
    let good = |name: &str| {
        let value = WEAK
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect::<String>();
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  core-site.xml: |\n{value}"
        )
    };
    let stream = format!("{}---\nkind: [\n---\n{}", good("a"), good("b"));
    let lab = beside_a_fixed_file("broken-document").file("bad/stream.yaml", &stream);
    let report = Report::of(&lab);
    let components = report.json["estate"]["components"].as_array().unwrap();
    for name in ["ConfigMap a", "ConfigMap b"] {
        assert!(
            components.iter().any(|component| component["name"] == name),
            "{components:?}"
        );
    }
    let broken = report.the_unexamined();
    assert!(
        broken.is_error && broken.path == "bad/stream.yaml",
        "{broken:?}"
    );
    let line = good("a").lines().count() as u64;
    assert!(
        broken.line.is_some_and(|at| (line..line + 4).contains(&at)),
        "{broken:?}"
    );
    assert_eq!(report.status, 4);
}

#[test]
fn empty_files_and_comments_are_listed_without_alarm() {
    let lab = beside_a_fixed_file("empty")
        .file("empty.yaml", "")
        .file("empty.xml", "")
        .file("blank.conf", "\n  \n\n")
        .file("comment.yaml", "# apiVersion: v1\n# kind: Pod\n")
        .file("comment.xml", "<!-- nothing yet -->\n")
        .file("comment.properties", "# spark.ssl.enabled true\n");
    let report = Report::of(&lab);
    let unexamined = report.unexamined();
    assert!(
        unexamined.iter().all(|input| !input.is_error),
        "{unexamined:?}"
    );
    assert_eq!(unexamined.len(), 6, "{unexamined:?}");
    assert_eq!((report.status, report.files()), (0, 7));
}

#[test]
fn nothing_but_broken_input_is_incomplete_not_fine() {
    let lab =
        crate::support::Lab::new("only-broken").file("core-site.xml", "<configuration><property>");
    assert_eq!(Report::of(&lab).status, 4);
}

#[test]
fn crlf_moves_no_position() {
    let lab = crate::support::Lab::new("crlf").file("core-site.xml", &WEAK.replace('\n', "\r\n"));
    let report = Report::of(&lab);
    let witness = &report.json["findings"][0]["witnesses"][0];
    assert_eq!(
        (&witness["line"], &witness["column"]),
        (&7.into(), &12.into())
    );
    assert_eq!(witness["value"], "authentication,privacy");
    let fixed = crate::support::Lab::new("crlf-fixed")
        .file("core-site.xml", &strong().replace('\n', "\r\n"));
    assert_eq!(Report::of(&fixed).status, 0);
}

/// A script that writes a manifest is no broken manifest; one whose interpreter takes YAML is a manifest.
#[test]
fn a_script_that_quotes_a_manifest_is_none() {
    const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  core-site.xml: |\n    <configuration><property><name>hadoop.rpc.protection</name><value>authentication,privacy</value></property><property><name>hadoop.security.authentication</name><value>kerberos</value></property></configuration>\n";
    let script =
        format!("#!/usr/bin/env bats\n@test \"it works\" {{\n  cat <<EOF\n{MANIFEST}EOF\n}}\n");
    let lab = beside_a_fixed_file("quoted").file("tests.bats", &script);
    let report = Report::of(&lab);
    assert_eq!(report.status, 0, "{:?}", report.unexamined());
    assert!(!report.the_unexamined().is_error);

    let applied = format!("#!/usr/bin/env -S kubectl apply -f\n{MANIFEST}");
    let lab = crate::support::Lab::new("applied").file("apply", &applied);
    let report = Report::of(&lab);
    assert_eq!((report.unexamined().len(), report.files()), (0, 1));
}
