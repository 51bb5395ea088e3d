//! The laws of every format: secrets never appear, and text from outside cannot control a terminal.

use crate::sample::{self, SECRET};
use audit::Outcome;
use model::{Claim, Place, Provenance, Severity, Shown, Source, Stage, Subject, Witness};
use proptest::prelude::*;
use text::Span;
use wardline_report::text::Style;
use wardline_report::{
    github, gitlab, html, json, jsonl, junit, markdown, sarif, text as report_text,
};

/// An outcome in every format.
fn everywhere(outcome: &Outcome) -> Vec<(&'static str, String)> {
    let text = |color, width, all| {
        report_text::render(
            outcome,
            &Style {
                color,
                width,
                all,
                command: "wardline check",
            },
        )
    };
    vec![
        ("text", text(false, 100, false)),
        ("narrow text", text(false, 20, false)),
        ("all text in colour", text(true, 200, true)),
        ("json", json::render(outcome)),
        ("jsonl", jsonl::render(outcome)),
        ("sarif", sarif::render(outcome, "")),
        ("github", github::render(outcome, "")),
        ("markdown", markdown::render(outcome)),
        ("junit", junit::render(outcome)),
        ("gitlab", gitlab::render(outcome, "")),
        ("html", html::render(outcome)),
    ]
}

fn assert_hidden(outcome: &Outcome, secret: &str) {
    for (format, report) in everywhere(outcome) {
        assert!(
            !report.contains(secret),
            "{format} shows the secret:\n{report}"
        );
    }
}

/// One finding at a needle of one file.
fn at(path: &str, text: &str, needle: &str, change: impl Fn(Witness) -> Witness) -> Outcome {
    let mut outcome = sample::empty();
    let source = outcome.sources.add(Source::file(path, text));
    let mut finding = sample::finding(
        "secrets/plain-value",
        "in-file",
        Severity::High,
        "a secret stands in a file",
    );
    finding.witnesses = vec![change(Witness::declared(
        sample::at(&outcome, source, needle),
        "here",
    ))];
    outcome.findings = vec![finding];
    outcome
}

#[test]
fn a_redacted_witness_is_hidden_everywhere() {
    for outcome in sample::all() {
        assert_hidden(&outcome, SECRET);
    }
    for needle in [SECRET, "pw = not-a-real-secret-7", "pw"] {
        assert_hidden(
            &at("a.conf", &format!("x = 1\npw = {SECRET}\n"), needle, |w| {
                w.key("pw").redacted()
            }),
            SECRET,
        );
    }
    let xml = format!(
        "<property><name>pw</name>\n<value>{SECRET}</value></property>\n<value>{SECRET}</value>\n"
    );
    let mut outcome = at("a.xml", &xml, "pw", |w| w.key("pw").redacted());
    let place = outcome.findings[0].witnesses[0].place().unwrap();
    let lines = Place::new(place.source, Span::new(0, xml.len()));
    outcome.findings[0]
        .witnesses
        .push(Witness::declared(lines, "all of it"));
    assert_hidden(&outcome, SECRET);
}

#[test]
fn a_secret_is_hidden_in_words_and_on_other_lines_too() {
    let text = format!("user: etl\nfirst: {SECRET}\nsecond: {SECRET}\n");
    let mut outcome = at("a.yaml", &text, SECRET, Witness::redacted);
    let finding = &mut outcome.findings[0];
    let Some(Provenance::Text(place)) = finding.witnesses.first().map(|w| w.provenance.clone())
    else {
        panic!()
    };
    // A careless control: it shows the same value elsewhere and repeats it in words.
    let second = Place::new(
        place.source,
        Span::new(text.len() - SECRET.len() - 1, text.len() - 1),
    );
    finding
        .witnesses
        .push(Witness::declared(second, format!("the same {SECRET}")).value(SECRET));
    finding.message = format!("the password is {SECRET}").into();
    finding.remedy = format!("remove {SECRET}").into();
    finding.subject = Subject::new("Secret", format!("x/{SECRET}"), None);
    outcome.judged = vec![sample::judged(
        "a/b",
        Stage::Rest,
        "x",
        Claim::unproven(format!("cannot tell {SECRET}")),
    )];
    assert_hidden(&outcome, SECRET);
}

#[test]
fn witnesses_of_other_findings_hide_their_secrets_in_this_ones_lines() {
    let text = format!("<a><name>x</name><value>open</value><value>{SECRET}</value></a>\n");
    let mut outcome = at("a.xml", &text, "open", |w| w.value("open"));
    let place = outcome.findings[0].witnesses[0].place().unwrap();
    let secret = Witness::declared(sample::at(&outcome, place.source, SECRET), "").redacted();
    outcome.judged = vec![sample::judged(
        "a/b",
        Stage::Rest,
        "x",
        Claim::Protected(vec![secret]),
    )];
    assert_hidden(&outcome, SECRET);
    let text = report_text::render(
        &outcome,
        &Style {
            color: false,
            width: 120,
            all: false,
            command: "wardline check",
        },
    );
    assert!(
        text.contains("<value>open</value><value>•••</value>"),
        "{text}"
    );
}

#[test]
fn what_looks_like_a_secret_beside_a_witness_is_hidden() {
    let outcome = at(
        "run.sh",
        &format!("submit --conf a.enabled=false --conf b.password={SECRET}\n"),
        "false",
        |w| w.value("false"),
    );
    assert_hidden(&outcome, SECRET);
    let lines = format!(
        "  - name: A\n    value: open\n  - name: DB_PASSWORD\n    value: {SECRET}\n  - name: B\n    value: shut\n"
    );
    let mut outcome = at("pod.yaml", &lines, "open", |w| w.value("open"));
    let place = outcome.findings[0].witnesses[0].place().unwrap();
    let last = Witness::declared(
        sample::at(&outcome, place.source, SECRET),
        "judged without knowing",
    );
    outcome.findings[0].witnesses.push(last);
    assert_hidden(&outcome, SECRET);
}

#[test]
fn keys_of_several_lines_are_hidden_line_by_line() {
    let body = "not/a/real/key/but/as/long/as/a/line/of/one/would/be/0123456789";
    let text = format!(
        "key: |\n  -----BEGIN PRIVATE KEY-----\n  {body}\n  -----END PRIVATE KEY-----\nother: x\n"
    );
    let needle = text
        .trim_start_matches("key: |\n")
        .trim_end_matches("other: x\n")
        .trim();
    assert_hidden(&at("a.yaml", &text, needle, Witness::redacted), body);
}

#[test]
fn an_encoded_document_is_shown_decoded_and_masked() {
    let encoded = "cGFzc3dvcmQ9bm90LWEtcmVhbC1zZWNyZXQtNwpzc2w9ZmFsc2UK";
    let mut outcome = at(
        "secret.yaml",
        &format!("data:\n  app.conf: {encoded}\n"),
        encoded,
        |w| w,
    );
    let parent = outcome.findings[0].witnesses[0].place().unwrap();
    let inner = sample::embed_encoded(
        &mut outcome,
        parent,
        "app.conf",
        &format!("password={SECRET}\nssl=false\n"),
    );
    let secret = Witness::declared(sample::at(&outcome, inner, SECRET), "").redacted();
    let open = Witness::declared(sample::at(&outcome, inner, "false"), "no TLS").value("false");
    outcome.findings[0].witnesses.extend([secret, open]);
    assert_hidden(&outcome, SECRET);
    assert_hidden(&outcome, encoded);
    let text = report_text::render(
        &outcome,
        &Style {
            color: false,
            width: 100,
            all: false,
            command: "wardline check",
        },
    );
    assert!(
        text.contains("secret.yaml (app.conf):1:10") && text.contains("2 | ssl=false"),
        "{text}"
    );
}

#[test]
fn plain_values_stay_readable() {
    let outcome = at(
        "a.xml",
        "<value>kerberos.secret.provider=MyProvider1234567890Abc</value>",
        "MyProvider1234567890Abc",
        |w| w.value("MyProvider1234567890Abc"),
    );
    let text = report_text::render(
        &outcome,
        &Style {
            color: false,
            width: 100,
            all: false,
            command: "wardline check",
        },
    );
    assert!(text.contains("=MyProvider1234567890Abc"), "{text}");
}

#[test]
fn a_redacted_default_says_that_it_is_one() {
    let mut outcome = sample::empty();
    let mut finding = sample::finding("a/b", "c", Severity::Low, "a default secret");
    finding.witnesses = vec![Witness {
        depth: model::Depth::Declared,
        provenance: Provenance::Default {
            product: model::Product::Hadoop,
            releases: "3.3.6".into(),
            unset_in: None,
        },
        key: Some("x.secret".into()),
        value: Shown::Redacted,
        label: "published".into(),
    }];
    outcome.findings = vec![finding];
    let text = report_text::render(
        &outcome,
        &Style {
            color: false,
            width: 100,
            all: false,
            command: "wardline check",
        },
    );
    assert!(
        text.contains("x.secret is not set: the default of Hadoop 3.3.6 is •••; published"),
        "{text}"
    );
}

#[test]
fn terminals_are_never_controlled_from_outside() {
    let evil = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\r";
    let mut outcome = at(
        &format!("a{evil}.conf"),
        &format!("x{evil} = {evil}open\n"),
        "open",
        |w| w.value(format!("v{evil}")).key(evil),
    );
    outcome.findings[0].subject = Subject::new("Pod", evil, None);
    outcome.findings[0].message = evil.into();
    outcome.not_examined = vec![model::NotExamined {
        path: evil.into(),
        reason: evil.into(),
        place: None,
        is_error: true,
    }];
    outcome.notes = vec![audit::Note {
        place: evil.into(),
        message: evil.into(),
    }];
    outcome.waived = outcome.findings.clone();
    for (format, report) in everywhere(&outcome) {
        let allowed = |c: char| c == '\n' || (format == "all text in colour" && c == '\u{1b}');
        let control = report
            .chars()
            .find(|c| (c.is_control() && !allowed(*c)) || *c == '\u{202e}');
        assert_eq!(control, None, "{format}:\n{report}");
        assert!(!report.contains("\u{1b}[2J"), "{format}");
    }
}

#[test]
fn huge_lines_are_cut_around_the_span() {
    let text = format!("{}open{}", "x ".repeat(500_000), " y".repeat(500_000));
    let outcome = at("a.json", &text, "open", |w| w.value("open"));
    let report = report_text::render(
        &outcome,
        &Style {
            color: false,
            width: 80,
            all: false,
            command: "wardline check",
        },
    );
    assert!(
        report.len() < 2_000 && report.contains("open"),
        "{}",
        report.len()
    );
    assert!(report.contains("a.json:1:1000001"), "{report}");
}

proptest! {
    /// Whatever the text and wherever the spans, even inside characters, no format panics or shows the secret.
    #[test]
    fn no_text_breaks_a_report(
        before in any::<String>(),
        after in any::<String>(),
        spans in proptest::collection::vec((0..200usize, 0..60usize), 0..5),
        width in 0..200usize,
    ) {
        let mut outcome = at("a.yaml", &format!("{before}{SECRET}{after}"), SECRET, Witness::redacted);
        let source = outcome.findings[0].witnesses[0].place().unwrap().source;
        for (start, length) in spans {
            let place = Place::new(source, Span::new(start, start + length));
            outcome.findings[0].witnesses.push(Witness::declared(place, "x"));
        }
        assert_hidden(&outcome, SECRET);
        let style = Style { color: false, width, all: true, command: "wardline check" };
        prop_assert!(!report_text::render(&outcome, &style).contains(SECRET));
    }

    /// Lines made of what the search for secrets looks at.
    #[test]
    fn no_line_breaks_the_search(
        line in "(password|secret|value|name|<name>|</name>|<value>|</value>|--|=|: |:|\"|'|é|://|@|[$][{]|[}]|,| #| |\t|x|AKIA){0,12}",
    ) {
        let outcome = at("a.yaml", &format!("{line}open{line}\n"), "open", |w| w.value("open"));
        let report = report_text::render(&outcome, &Style { color: false, width: 100, all: false, command: "wardline check" });
        prop_assert!(report.contains("a.yaml:1:"));
    }
}
