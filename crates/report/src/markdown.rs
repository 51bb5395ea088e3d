//! The report as Markdown, for comments on changes and for wikis. Text from outside is escaped, so that a file name cannot
//! become a link, a mention or markup.

use crate::answer::{Summary, adverb};
use crate::evidence::Evidence;
use crate::likeness::{Alike, alike};
use crate::markup;
use crate::phrase::counted;
use crate::tally;
use crate::text::finding::places;
use audit::{Finding, Outcome};
use model::{Depth, Stage, Verdict};

/// Renders an outcome as Markdown (GitHub Flavored Markdown, with tables).
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let evidence = Evidence::of(outcome);
    let sentence = Summary::of(outcome).sentence(&evidence);
    let (word, rest) = sentence.split_once(':').unwrap_or((&sentence, ""));
    let parts = [
        format!("## Wardline\n\n**{word}:**{}", escaped(rest)),
        findings(&evidence),
        grid(outcome),
        waived(&evidence),
        not_examined(&evidence),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n")
        + "\n"
}

/// Where a report is cut off, in bytes: GitHub refuses comments of more than 65536 characters.
const LONGEST: usize = 48 << 10;

/// How many places of a cause are named.
const PLACES_NAMED: usize = 5;

fn findings(evidence: &Evidence<'_>) -> String {
    let row = |alike: &Alike<'_>| {
        let finding = alike.first;
        let others = match alike.others.len() {
            0 => String::new(),
            _ => format!(
                ", {}",
                escaped(&places(evidence, &alike.others, PLACES_NAMED))
            ),
        };
        format!(
            "| {}{others} | {} | {} |",
            cells(evidence, finding),
            escaped(&evidence.prose(&finding.remedy)),
            finding.safety.as_str()
        )
    };
    let groups = alike(&evidence.outcome.findings);
    let (mut rows, mut length) = (Vec::new(), 0);
    for group in &groups {
        let row = row(group);
        length += row.len();
        if length > LONGEST {
            break;
        }
        rows.push(row);
    }
    let left: usize = groups.iter().skip(rows.len()).map(Alike::count).sum();
    let heading = "| severity | finding | where | fix | safety |\n| --- | --- | --- | --- | --- |";
    let table = table(heading, rows.into_iter());
    match left {
        0 => table,
        _ => format!(
            "{table}\n\n{} not shown here.",
            counted(left, "more finding")
        ),
    }
}

/// The severity, what is the case, and where.
fn cells(evidence: &Evidence<'_>, finding: &Finding) -> String {
    let contradicted = if finding.verdict == Verdict::Contradicted {
        "contradicted: "
    } else {
        ""
    };
    format!(
        "{} | `{}#{}` {contradicted}{} | {}",
        finding.severity,
        finding.control,
        finding.cause,
        escaped(&evidence.message(finding)),
        escaped(&evidence.position(finding))
    )
}

fn grid(outcome: &Outcome) -> String {
    let row = |stage| {
        let cells = Depth::ALL.map(|depth| {
            let verdicts = tally::cell(outcome, stage, depth).worst_first();
            let verdicts: Vec<String> = verdicts
                .iter()
                .map(|(verdict, count)| format!("{verdict} {count}"))
                .collect();
            if verdicts.is_empty() {
                "–".to_owned()
            } else {
                verdicts.join(", ")
            }
        });
        format!("| {} | {} |", adverb(stage), cells.join(" | "))
    };
    let heading = "| | declared | loaded | observed | recorded |\n| --- | --- | --- | --- | --- |";
    table(heading, Stage::ALL.into_iter().map(row))
}

fn waived(evidence: &Evidence<'_>) -> String {
    let row = |finding: &Finding| {
        let waiver = finding.waiver.as_ref();
        let reason = waiver
            .map(|waiver| evidence.prose(&waiver.reason))
            .unwrap_or_default();
        let until = waiver
            .and_then(|waiver| waiver.expires.as_deref())
            .unwrap_or("–");
        format!(
            "| {} | {} | {} |",
            cells(evidence, finding),
            escaped(&reason),
            escaped(until)
        )
    };
    let heading = "Accepted, but still exposed:\n\n| severity | finding | where | reason | until |\n| --- | --- | --- | --- | --- |";
    table(heading, evidence.outcome.waived.iter().map(row))
}

/// How many inputs that could not be read are named.
const UNREAD_NAMED: usize = 50;

fn not_examined(evidence: &Evidence<'_>) -> String {
    let inputs = &evidence.outcome.not_examined;
    let count = inputs.iter().filter(|input| input.is_error).count();
    let unreadable: Vec<String> = inputs
        .iter()
        .filter(|input| input.is_error)
        .take(UNREAD_NAMED)
        .map(|input| {
            format!(
                "- {}: {}",
                escaped(&evidence.where_not_examined(input)),
                escaped(&evidence.prose(&input.reason))
            )
        })
        .chain((count > UNREAD_NAMED).then(|| format!("- {} more", count - UNREAD_NAMED)))
        .collect();
    if inputs.is_empty() {
        return String::new();
    }
    let heading = format!(
        "{} not examined, {} unreadable.",
        counted(inputs.len(), "input"),
        count
    );
    std::iter::once(heading)
        .chain((!unreadable.is_empty()).then(|| format!("\n{}", unreadable.join("\n"))))
        .collect::<Vec<_>>()
        .join("\n")
}

fn table(heading: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        String::new()
    } else {
        format!("{heading}\n{}", rows.join("\n"))
    }
}

/// Characters that mean something in Markdown or HTML, or make a mention, written so that they mean themselves.
fn escaped(text: &str) -> String {
    let escaped = markup::escaped(text, |escaped, character| match character {
        '@' => escaped.push_str("&#64;"),
        '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
            escaped.push('\\');
            escaped.push(character);
        }
        _ => escaped.push(character),
    });
    // GitHub turns bare addresses into links.
    escaped
        .replace("://", ":&#47;/")
        .replace("www.", "www&#46;")
}
