//! References between files, and between properties, that lead nowhere or in circles.

use super::{FINDING, Report, beside_a_fixed_file};
use crate::support::{Lab, WEAK};

fn including(name: &str) -> String {
    format!(
        "<configuration xmlns:xi=\"http://www.w3.org/2001/XInclude\">\n<xi:include href=\"{name}\"/>\n{}",
        WEAK.split_once("<configuration>").unwrap().1
    )
}

#[test]
fn files_that_include_each_other_are_reported() {
    let lab = Lab::new("include-cycle")
        .file("conf/core-site.xml", &including("hdfs-site.xml"))
        .file("conf/hdfs-site.xml", &including("core-site.xml"));
    let report = Report::of(&lab);
    let unexamined = report.unexamined();
    assert!(!unexamined.is_empty(), "{:?}", report.json);
    assert!(unexamined.iter().all(|input| {
        input.is_error && input.reason.contains("leads back") && input.line == Some(2)
    }));
    assert_ne!(report.status, 0);
}

#[test]
fn a_file_that_includes_itself_is_reported() {
    let lab = Lab::new("include-self").file("core-site.xml", &including("core-site.xml"));
    let report = Report::of(&lab);
    let input = report.the_unexamined();
    assert!(
        input.is_error && input.reason.contains("leads back"),
        "{input:?}"
    );
    assert_ne!(report.status, 0);
}

#[test]
fn a_missing_include_is_reported_where_it_stands() {
    let lab =
        beside_a_fixed_file("include-missing").file("bad/core-site.xml", &including("no.xml"));
    let report = Report::of(&lab);
    let input = report.the_unexamined();
    assert!(input.reason.contains("no such file"), "{input:?}");
    assert_eq!((input.path, input.line), ("bad/core-site.xml", Some(2)));
    assert_eq!(report.found_in(), ["bad/core-site.xml"], "the rest counts");
}

#[test]
fn an_include_out_of_the_tree_is_not_followed() {
    let lab = Lab::new("include-out")
        .file("outside.xml", WEAK)
        .file("tree/core-site.xml", "<configuration xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"../outside.xml\"/></configuration>");
    let report = Report::with(&lab, &["tree"]);
    assert!(report.found_in().is_empty());
    assert!(report.the_unexamined().is_error);
}

#[test]
fn includes_that_multiply_are_bounded() {
    let mut lab = Lab::new("include-bomb");
    for level in 0..15 {
        let includes = format!("<xi:include href=\"i{}.xml\"/>\n", level + 1).repeat(10);
        let text = format!(
            "<configuration xmlns:xi=\"http://www.w3.org/2001/XInclude\">\n{includes}</configuration>\n"
        );
        let name = if level == 0 {
            "core-site.xml".to_owned()
        } else {
            format!("i{level}.xml")
        };
        lab = lab.file(&format!("conf/{name}"), &text);
    }
    let lab = lab.file("conf/i15.xml", WEAK);
    let report = Report::of(&lab);
    let unexamined = report.unexamined();
    assert!(
        unexamined
            .iter()
            .any(|i| i.is_error && i.reason.contains("xi:include")),
        "{unexamined:?}"
    );
    assert!(unexamined.len() < 2_000, "{}", unexamined.len());
}

#[test]
fn variables_that_refer_to_each_other_end() {
    let core = WEAK.replace(
        "authentication,privacy",
        "${a}",
    ).replace("</configuration>", "<property><name>a</name><value>${b}${b}</value></property>\n<property><name>b</name><value>${a}${a}</value></property>\n</configuration>");
    let lab = Lab::new("variable-cycle").file("core-site.xml", &core);
    let report = Report::of(&lab);
    assert_eq!(report.json["controls"][0]["verdict"], "unproven");
}

#[test]
fn variables_that_multiply_end() {
    let mut properties =
        String::from("<property><name>v0</name><value>privacy</value></property>\n");
    for level in 1..40 {
        let twice = format!("${{v{0}}}${{v{0}}}", level - 1);
        properties +=
            &format!("<property><name>v{level}</name><value>{twice}</value></property>\n");
    }
    let core = WEAK
        .replace("authentication,privacy", "${v39}")
        .replace("</configuration>", &(properties + "</configuration>"));
    let lab = Lab::new("variable-bomb").file("core-site.xml", &core);
    let answer = lab.run(&[]);
    assert_ne!(answer.status, 0, "{}", answer.out);
    assert!(answer.out.len() < 1 << 20);
    assert!(!answer.out.contains(FINDING) || answer.status == 1);
}
