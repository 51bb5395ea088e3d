//! The report as one HTML page that needs nothing else: no script, no font, no image, no request. Text from outside is
//! escaped, and the page forbids itself everything but its own style sheet, so a hostile file name stays a file name.

mod finding;

use crate::answer::{Summary, adverb};
use crate::evidence::Evidence;
use crate::likeness::alike;
use crate::markup;
use crate::phrase::{counted, counted_kind};
use crate::tally;
use audit::{Finding, Outcome};
use model::{Depth, Stage};

/// Renders an outcome as an HTML page.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let evidence = Evidence::of(outcome);
    let summary = Summary::of(outcome);
    let sentence = summary.sentence(&evidence);
    let (word, rest) = sentence.split_once(':').unwrap_or((&sentence, ""));
    let parts = [
        format!(
            "<h1>Wardline</h1>\n<p><span class=\"{}\">{}:</span>{}</p>",
            summary.answer().as_str(),
            escaped(word),
            escaped(rest)
        ),
        format!("<p>{}</p>", escaped(&scanned(outcome))),
        grid(outcome),
        findings(&evidence),
        waived(&evidence),
        not_examined(&evidence),
        notes(&evidence),
    ];
    let body: String = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| part + "\n")
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Wardline: {}</title>\n<style>\n{}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(word),
        include_str!("page.css")
    )
}

fn scanned(outcome: &Outcome) -> String {
    let recognised: Vec<String> = outcome
        .recognised
        .iter()
        .map(|(what, count)| counted_kind(*count, what))
        .collect();
    let read = if recognised.is_empty() {
        "nothing recognised".to_owned()
    } else {
        recognised.join(", ")
    };
    format!("{}: {read}", counted(outcome.files, "file"))
}

fn grid(outcome: &Outcome) -> String {
    let row = |stage| {
        let cells = Depth::ALL.map(|depth| {
            let verdicts = tally::cell(outcome, stage, depth).worst_first();
            let verdicts: Vec<String> = verdicts
                .iter()
                .map(|(verdict, count)| {
                    // `n/a` is no name of a class.
                    let class = verdict.as_str().replace('/', "");
                    format!("<span class=\"{class}\">{verdict} {count}</span>")
                })
                .collect();
            match (verdicts.is_empty(), tally::is_asked(outcome, depth)) {
                (false, _) => verdicts.join("<br>"),
                (true, true) => "nothing judged".to_owned(),
                (true, false) => "not asked".to_owned(),
            }
        });
        format!(
            "<tr><th>{}</th><td>{}</td></tr>",
            adverb(stage),
            cells.join("</td><td>")
        )
    };
    let rows: Vec<String> = Stage::ALL.into_iter().map(row).collect();
    let head: String = Depth::ALL
        .iter()
        .map(|depth| format!("<th>{depth}</th>"))
        .collect();
    format!(
        "<h2>Verdicts by stage and depth of evidence</h2>\n<table>\n<tr><td></td>{head}</tr>\n{}\n</table>",
        rows.join("\n")
    )
}

fn findings(evidence: &Evidence<'_>) -> String {
    let findings = &evidence.outcome.findings;
    let groups = alike(findings)
        .iter()
        .map(|group| finding::group(evidence, group))
        .collect();
    section(&counted(findings.len(), "finding"), groups)
}

fn waived(evidence: &Evidence<'_>) -> String {
    let waived = evidence.outcome.waived.iter();
    section(
        "Accepted, but still exposed",
        waived.map(|finding| accepted(evidence, finding)).collect(),
    )
}

fn accepted(evidence: &Evidence<'_>, finding: &Finding) -> String {
    let waiver = finding.waiver.as_ref();
    let reason = waiver.map(|waiver| evidence.prose(&waiver.reason));
    let until = waiver.and_then(|waiver| waiver.expires.as_deref());
    format!(
        "<p><span class=\"{0}\">{0}</span> <code>{1}#{2}</code> {3} in <code>{4}</code>: {5}{6}</p>",
        finding.severity,
        finding.control,
        finding.cause,
        escaped(&evidence.message(finding)),
        escaped(&evidence.position(finding)),
        escaped(&reason.unwrap_or_default()),
        until.map_or_else(String::new, |day| format!(" (until {})", escaped(day)))
    )
}

fn not_examined(evidence: &Evidence<'_>) -> String {
    let inputs = &evidence.outcome.not_examined;
    let (unread, passed): (Vec<_>, Vec<_>) = inputs.iter().partition(|input| input.is_error);
    let item = |input: &&model::NotExamined| {
        format!(
            "<li><code>{}</code>: {}</li>\n",
            escaped(&evidence.where_not_examined(input)),
            escaped(&evidence.prose(&input.reason))
        )
    };
    let list = |heading: &str, inputs: &[&model::NotExamined], open: &str| {
        if inputs.is_empty() {
            return String::new();
        }
        let items: String = inputs.iter().map(item).collect();
        format!(
            "<details{open}><summary>{}</summary>\n<ul>\n{items}</ul>\n</details>",
            escaped(heading)
        )
    };
    let parts = [
        list(
            &format!("{} could not be read", counted(unread.len(), "input")),
            &unread,
            " open",
        ),
        list(
            &format!("{} passed over", counted(passed.len(), "file")),
            &passed,
            "",
        ),
    ];
    section(
        "Not examined",
        parts.into_iter().filter(|part| !part.is_empty()).collect(),
    )
}

fn notes(evidence: &Evidence<'_>) -> String {
    let notes = evidence.outcome.notes.iter().map(|note| {
        format!(
            "<p><code>{}</code>: {}</p>",
            escaped(&evidence.prose(&note.place)),
            escaped(&evidence.prose(&note.message))
        )
    });
    section("Notes on waivers and configuration", notes.collect())
}

fn section(heading: &str, parts: Vec<String>) -> String {
    if parts.is_empty() {
        return String::new();
    }
    format!("<h2>{}</h2>\n{}", escaped(heading), parts.join("\n"))
}

/// Characters that mean something in HTML text or in a quoted attribute.
fn escaped(text: &str) -> String {
    markup::escaped(text, |escaped, character| match character {
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&#39;"),
        _ => escaped.push(character),
    })
}
