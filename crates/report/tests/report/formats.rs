//! The small formats, and the parts of the text report that depend on the outcome.

use crate::sample;
use audit::Outcome;
use model::{Claim, Place, Severity, Source, Stage, Witness};
use text::Span;
use wardline_report::text::Style;
use wardline_report::{github, gitlab, html, junit, markdown, text as report_text};

fn plain(outcome: &Outcome) -> String {
    report_text::render(
        outcome,
        &Style {
            color: false,
            width: 100,
            all: false,
            command: "wardline check",
        },
    )
}

fn answer(outcome: &Outcome) -> String {
    plain(outcome)
        .split("\n\n")
        .nth(1)
        .unwrap()
        .replace('\n', " ")
}

#[test]
fn only_the_worst_are_shown_in_full() {
    const CAUSES: [&str; 13] = [
        "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13",
    ];
    let mut outcome = sample::empty();
    outcome.findings = CAUSES
        .iter()
        .map(|cause| sample::finding("a/b", cause, Severity::High, "open"))
        .collect();
    let report = plain(&outcome);
    assert_eq!(report.matches("high[a/b#c").count(), 10);
    assert!(
        report.contains(
            "3 more findings, in short (--all shows each in full):\n  high     a/b#c11: open\n           Cluster prod\n"
        ),
        "{report}"
    );
    assert!(report.contains("\n  wardline check --all\n"));
    let all = everything(&outcome);
    assert_eq!(all.matches("high[a/b#c").count(), 13);
    assert!(!all.contains("--all"));
}

fn everything(outcome: &Outcome) -> String {
    report_text::render(
        outcome,
        &Style {
            color: false,
            width: 100,
            all: true,
            command: "wardline check",
        },
    )
}

/// One mistake in many files, as a template makes it, and another one.
fn repeated() -> Outcome {
    let mut outcome = sample::empty();
    for index in 0..30 {
        let path = format!("apps/app-{index:02}.yaml");
        let id = outcome.sources.add(Source::file(path, "kind: App\n"));
        let mut finding = sample::finding("a/b", "c", Severity::High, "open");
        let place = Place::new(id, Span::new(6, 9));
        finding.witnesses = vec![Witness::declared(place, "its kind")];
        outcome.findings.push(finding);
    }
    outcome
        .findings
        .push(sample::finding("a/b", "other", Severity::High, "rare"));
    outcome
}

#[test]
fn findings_of_one_cause_are_shown_once_with_their_places() {
    let outcome = repeated();
    let report = plain(&outcome);
    assert_eq!(report.matches("high[a/b#c]: open").count(), 1);
    assert!(report.contains("--> apps/app-00.yaml:1:7"));
    assert!(
        report.contains("= likewise: 29 more findings: apps/app-01.yaml:1:7,"),
        "{report}"
    );
    assert!(report.contains("25 more\n"), "{report}");
    assert!(report.contains("high[a/b#other]: rare"));
    assert!(report.contains("\n  wardline check --all\n"));
    let all = everything(&outcome);
    assert_eq!(all.matches("high[a/b#c]: open").count(), 30);
    assert!(!all.contains("likewise"));
}

#[test]
fn a_key_that_nobody_set_has_a_place() {
    let mut outcome = sample::empty();
    let id = outcome
        .sources
        .add(Source::file("app.yaml", "metadata:\n  name: etl\n"));
    let mut finding = sample::finding("a/b", "c", Severity::High, "open");
    finding.witnesses = vec![Witness {
        depth: model::Depth::Declared,
        provenance: model::Provenance::Default {
            product: model::Product::Spark,
            releases: "4.0.4".into(),
            unset_in: Some(Place::new(id, Span::new(18, 21))),
        },
        key: Some("spark.authenticate".into()),
        value: model::Shown::Plain("false".into()),
        label: "anybody is served".into(),
    }];
    outcome.findings = vec![finding];
    let report = plain(&outcome);
    let expected = " --> app.yaml:2:9\n  |\n2 |   name: etl\n  |         ^^^ spark.authenticate is not set here\n";
    assert!(report.contains(expected), "{report}");
    // Where there is nothing to underline, the position stands alone.
    let whole = Place::new(id, Span::at(0));
    outcome.findings[0].witnesses[0].provenance = model::Provenance::Default {
        product: model::Product::Spark,
        releases: "4.0.4".into(),
        unset_in: Some(whole),
    };
    assert!(plain(&outcome).contains("--> app.yaml:1:1\n"));
}

#[test]
fn yes_needs_every_stage_and_no_doubt() {
    let protected = sample::protected_estate;
    assert!(answer(&protected()).starts_with("Yes: "));
    let mut one_stage_short = protected();
    one_stage_short.judged.pop();
    assert_eq!(
        answer(&one_stage_short),
        "Unproven: no control found anything to judge in use; data is protected in transit (2 verdicts) and at rest (1 verdict)."
    );
    let mut doubtful = protected();
    doubtful.judged.push(sample::judged(
        "a/b",
        Stage::Use,
        "x",
        Claim::unproven("no quote was verified"),
    ));
    assert!(answer(&doubtful).starts_with(
        "Unproven: in use is unproven, 1 of 2 verdicts: no quote was verified; data is"
    ));
    let mut unreadable = protected();
    unreadable.not_examined = sample::exposed_estate()
        .not_examined
        .into_iter()
        .map(|i| model::NotExamined { place: None, ..i })
        .collect();
    assert!(
        answer(&unreadable).starts_with("Unproven: 1 input could not be read; data is protected")
    );
    assert!(answer(&sample::accepted_estate()).starts_with("No: "));
    assert!(answer(&sample::empty()).starts_with(
        "Unproven: no control found anything to judge in transit, at rest and in use."
    ));
}

#[test]
fn a_stage_exposed_by_another_stages_finding_says_so() {
    let mut outcome = sample::empty();
    let witness = Witness::declared(Place::new(model::SourceId(0), Span::at(0)), "");
    let claim = Claim::Exposed(vec![model::Exposure::new("no-sasl-layer", witness)]);
    outcome.judged = vec![sample::judged(
        "hdfs/rpc-privacy",
        Stage::Transit,
        "prod",
        claim,
    )];
    let mut finding = sample::finding(
        "hdfs/authentication",
        "simple",
        Severity::Critical,
        "anybody may be anybody",
    );
    finding.consequences = vec![model::Consequence {
        control: "hdfs/rpc-privacy",
        cause: "no-sasl-layer",
    }];
    outcome.findings = vec![finding];
    assert!(answer(&outcome).starts_with(
        "No: data is exposed in transit (follows from hdfs/authentication#simple) and at rest (1 critical);"
    ));
}

#[test]
fn contradictions_are_named_in_finding_and_grid() {
    let report = plain(&sample::contradicted_estate());
    assert!(
        report.contains(
            "high[hdfs/rpc-privacy#weaker-qop-accepted]: contradicted: the server also accepts"
        ),
        "{report}"
    );
    assert!(
        report.contains("in transit  protected 2     contradicted 1  not asked"),
        "{report}"
    );
}

#[test]
fn a_finding_without_text_still_says_where() {
    let mut outcome = sample::empty();
    let source = outcome
        .sources
        .add(Source::file("core-site.xml", "<configuration/>\n"));
    let mut finding = sample::finding(
        "hdfs/authentication",
        "simple",
        Severity::Critical,
        "anybody may be anybody",
    );
    finding.witnesses = vec![Witness {
        depth: model::Depth::Declared,
        provenance: model::Provenance::Default {
            product: model::Product::Hadoop,
            releases: "every supported release".into(),
            unset_in: Some(Place::new(source, Span::at(0))),
        },
        key: Some("hadoop.security.authentication".into()),
        value: model::Shown::Plain("simple".into()),
        label: "".into(),
    }];
    outcome.findings = vec![finding];
    let report = plain(&outcome);
    assert!(report.contains("--> core-site.xml:1:1\n"), "{report}");
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    let note = "= note: hadoop.security.authentication is not set in core-site.xml: the default of every supported release of Hadoop is simple";
    assert!(words.contains(note), "{report}");
}

#[test]
fn colour_appears_only_when_asked_for() {
    for outcome in sample::all() {
        assert!(!plain(&outcome).contains('\u{1b}'));
    }
    let coloured = report_text::render(
        &sample::exposed_estate(),
        &Style {
            color: true,
            width: 100,
            all: false,
            command: "wardline check",
        },
    );
    assert!(coloured.contains('\u{1b}'));
}

#[test]
fn columns_stay_true_after_masking() {
    let mut outcome = sample::empty();
    let source = outcome.sources.add(Source::file(
        "a.sh",
        "run --password not-a-real-secret --ssl=false\n",
    ));
    let mut finding = sample::finding("a/b", "c", Severity::High, "open");
    finding.witnesses =
        vec![Witness::declared(sample::at(&outcome, source, "false"), "").value("false")];
    outcome.findings = vec![finding];
    let report = plain(&outcome);
    assert!(
        report.contains("a.sh:1:40\n") && report.contains("run --password ••• --ssl=false"),
        "{report}"
    );
}

#[test]
fn distant_spans_of_one_file_do_not_print_what_lies_between() {
    let mut outcome = sample::empty();
    let text = format!("first\n{}last\n", "between\n".repeat(5000));
    let source = outcome.sources.add(Source::file("a.yaml", text));
    let mut finding = sample::finding("a/b", "c", Severity::High, "open");
    finding.witnesses = vec![
        Witness::declared(sample::at(&outcome, source, "last"), "one"),
        Witness::declared(sample::at(&outcome, source, "first"), "two"),
    ];
    outcome.findings = vec![finding];
    let report = plain(&outcome);
    assert!(!report.contains("between"), "{report}");
    assert!(
        report.contains("--> a.yaml:5002:1") && report.contains("::: a.yaml:1:1"),
        "{report}"
    );
}

#[test]
fn a_finding_with_many_facts_shows_the_first() {
    let mut outcome = sample::empty();
    let source = outcome
        .sources
        .add(Source::file("a.yaml", "x: 1\n".repeat(100)));
    let mut finding = sample::finding("a/b", "c", Severity::High, "open");
    let line = |number: usize| Place::new(source, Span::new(number * 5, number * 5 + 4));
    finding.witnesses = (0..100)
        .map(|number| Witness::declared(line(number), format!("fact {number}.")))
        .collect();
    outcome.findings = vec![finding];
    let report = plain(&outcome);
    assert!(report.contains("fact 7.") && !report.contains("fact 8."));
    assert!(report.contains("= note: 92 more facts (-f json lists them)"));
}

#[test]
fn workflow_commands_escape_their_separators() {
    let mut outcome = sample::exposed_estate();
    outcome.findings[0].message = "100% open,\n::error::forged".into();
    let report = github::render(&outcome, "");
    let lines: Vec<&str> = report.lines().collect();
    assert!(lines[0].starts_with("::notice title=wardline::No: data is exposed"));
    assert_eq!(
        lines[1],
        "::error file=k8s/enc.yaml,line=6,endLine=6,col=9,endColumn=20,title=critical k8s/secrets-encryption#identity-first\
         ::100%25 open, ::error::forged (Cluster prod; 4 more). Fix: put aescbc or kms first, then rewrite all Secrets"
    );
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[3],
        "::warning file=k8s/broken.yaml,line=1,title=not examined::a mapping is not closed"
    );
    // Seen from the repository's root.
    let rooted = github::render(&outcome, "deploy/prod/");
    assert!(rooted.contains("::error file=deploy/prod/k8s/enc.yaml,line=6"));
    assert!(rooted.contains("::warning file=deploy/prod/k8s/broken.yaml,line=1"));
}

#[test]
fn gitlab_gets_an_issue_for_each_finding_and_for_what_was_not_read() {
    let outcome = sample::exposed_estate();
    let report = gitlab::render(&outcome, "deploy/");
    let issues: Vec<serde_json::Value> = serde_json::from_str(&report).unwrap();
    assert_eq!(issues.len(), 3);
    assert_eq!(
        issues[0]["check_name"],
        "k8s/secrets-encryption#identity-first"
    );
    assert_eq!(issues[0]["severity"], "blocker");
    assert_eq!(issues[0]["location"]["path"], "deploy/k8s/enc.yaml");
    assert_eq!(issues[0]["location"]["lines"]["begin"], 6);
    assert_eq!(issues[2]["check_name"], "not-examined");
    let fingerprints: std::collections::HashSet<_> =
        issues.iter().map(|issue| &issue["fingerprint"]).collect();
    assert_eq!(fingerprints.len(), 3, "GitLab tells issues apart by them");
    assert_eq!(gitlab::render(&sample::empty(), ""), "[]\n");
    let many: Vec<serde_json::Value> =
        serde_json::from_str(&gitlab::render(&repeated(), "")).unwrap();
    assert_eq!(many.len(), 31);
}

#[test]
fn html_is_one_page_that_loads_nothing_and_escapes_everything() {
    let mut outcome = sample::exposed_estate();
    outcome.findings[0].message =
        "<script>alert(1)</script> \" onload='x' & <img src=//evil>".into();
    outcome.not_examined[0].path = "<b>\u{1b}[2J.md".into();
    let page = html::render(&outcome);
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    for forbidden in [
        "<script", "<img", "<b>", "<link", "href=", "src=\"", "url(", "onload='",
    ] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot; onload=&#39;x&#39; &amp;"));
    assert!(page.contains("<mark>identity: {}</mark>"), "{page}");
    assert!(page.contains("<span class=\"no\">No:</span> data is exposed"));
    // Every tag that opens closes.
    for tag in [
        "details", "dl", "ul", "li", "table", "pre", "p", "h2", "mark", "code",
    ] {
        let open =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(open, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    for outcome in sample::all() {
        assert!(html::render(&outcome).ends_with("</html>\n"));
    }
    assert!(html::render(&repeated()).contains("open (30 findings)"));
}

#[test]
fn a_summary_for_a_pull_request_stays_postable() {
    let report = markdown::render(&repeated());
    assert_eq!(report.matches("`a/b#c`").count(), 1, "{report}");
    assert!(report.contains("app-05.yaml:1:7, 24 more |"), "{report}");
    let mut outcome = sample::empty();
    for index in 0..2000 {
        let mut finding = sample::finding("a/b", "c", Severity::High, "open");
        finding.message = format!("{index} {}", "long ".repeat(50)).into();
        // Each of another cause.
        finding.cause = Box::leak(format!("c{index}").into_boxed_str());
        outcome.findings.push(finding);
    }
    let report = markdown::render(&outcome);
    assert!(report.len() < 65_536, "{}", report.len());
    assert!(report.contains("more findings not shown here."), "{report}");
}

#[test]
fn markdown_cannot_be_injected() {
    let mut outcome = sample::exposed_estate();
    outcome.findings[0].message = "a | b [x](https://evil) <img src=x> @team `c`".into();
    let report = markdown::render(&outcome);
    let row = report
        .lines()
        .find(|line| line.starts_with("| critical |"))
        .unwrap();
    assert!(
        row.contains(r"a \| b \[x\](https:&#47;/evil) &lt;img src=x&gt; &#64;team \`c\`"),
        "{row}"
    );
    assert!(report.starts_with("## Wardline\n\n**No:** data is exposed"));
    assert!(
        report.contains("| in transit | exposed 1, protected 1 | – | – | – |"),
        "{report}"
    );
}

#[test]
fn junit_is_well_formed_and_counts() {
    let mut outcome = sample::exposed_estate();
    outcome.findings[0].message = "<&\"'> \u{0} \u{ffff}".into();
    for outcome in sample::all().into_iter().chain([outcome]) {
        let report = junit::render(&outcome);
        assert!(text::xml::parse(&report).is_ok(), "{report}");
    }
    let report = junit::render(&sample::exposed_estate());
    assert!(
        report.contains(
            r#"<testsuite name="data at rest" tests="3" failures="1" errors="0" skipped="2">"#
        ),
        "{report}"
    );
    assert!(report.contains(r#"<error message="a mapping is not closed"/>"#));
    assert!(
        junit::render(&sample::accepted_estate())
            .contains("<skipped message=\"accepted, but still exposed: isolated")
    );
}

#[test]
fn reports_are_the_same_every_time() {
    for (one, two) in sample::all().iter().zip(sample::all().iter()) {
        assert_eq!(plain(one), plain(two));
        assert_eq!(
            wardline_report::json::render(one),
            wardline_report::json::render(two)
        );
        assert_eq!(
            wardline_report::sarif::render(one, ""),
            wardline_report::sarif::render(two, "")
        );
    }
}
