//! The parts of a text report around the findings.

use crate::answer::adverb;
use crate::evidence::Evidence;
use crate::likeness::Alike;
use crate::phrase::{counted, counted_kind, listed, wrapped};
use crate::tally;
use crate::text::Style;
use crate::text::finding::places;
use audit::{Finding, Outcome};
use model::{Depth, Stage, Verdict};
use std::collections::BTreeMap;

/// The width of a column of the grid.
const COLUMN: usize = 16;

/// How many examples stand behind a reason for not examining.
const EXAMPLES: usize = 3;

/// What was read.
pub(crate) fn scanned(outcome: &Outcome, style: &Style<'_>) -> String {
    let recognised: Vec<String> = outcome
        .recognised
        .iter()
        .map(|(what, count)| counted_kind(*count, what))
        .collect();
    let unreadable = outcome
        .not_examined
        .iter()
        .filter(|input| input.is_error)
        .count();
    let read = if recognised.is_empty() {
        "nothing recognised".to_owned()
    } else {
        recognised.join(", ")
    };
    let left = outcome.not_examined.len();
    let line = format!(
        "{}: {read}; {left} not examined ({unreadable} unreadable)",
        counted(outcome.files, "file")
    );
    wrapped(&line, style.width.max(40)).join("\n")
}

/// How many places of a cause are named in short.
const PLACES_NAMED: usize = 3;

/// Findings of one cause in short: what is the case, and where.
pub(crate) fn short(evidence: &Evidence<'_>, alike: &Alike<'_>, style: &Style<'_>) -> String {
    const INDENT: usize = 11;
    let finding = alike.first;
    let contradicted = if finding.verdict == Verdict::Contradicted {
        "contradicted: "
    } else {
        ""
    };
    let says = format!(
        "{}#{}: {contradicted}{}",
        finding.control,
        finding.cause,
        evidence.prose(finding.title)
    );
    let room = style.width.saturating_sub(INDENT).max(40);
    let mut lines = wrapped(&says, room);
    let all: Vec<&Finding> = std::iter::once(finding)
        .chain(alike.others.iter().copied())
        .collect();
    lines.extend(wrapped(&places(evidence, &all, PLACES_NAMED), room));
    let rest = lines.split_off(1).into_iter();
    format!("  {} {}", style.severity(finding.severity), lines.concat())
        + &rest
            .map(|line| format!("\n{}{line}", " ".repeat(INDENT)))
            .collect::<String>()
}

/// What each depth knows about each stage.
pub(crate) fn grid(outcome: &Outcome, style: &Style<'_>) -> String {
    let mut heading = format!("{:<12}", "verdicts");
    for depth in Depth::ALL {
        heading.push_str(&format!("{:<COLUMN$}", depth.as_str()));
    }
    let mut lines = vec![style.heading(heading.trim_end())];
    for stage in Stage::ALL {
        let cells: Vec<Vec<(Verdict, String)>> = Depth::ALL
            .into_iter()
            .map(|depth| cell(outcome, stage, depth))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for row in 0..height {
            let mut line = format!("{:<12}", if row == 0 { adverb(stage) } else { "" });
            for cell in &cells {
                match cell.get(row) {
                    Some((verdict, text)) => line.push_str(&style.cell(*verdict, text, COLUMN)),
                    None => line.push_str(&" ".repeat(COLUMN)),
                }
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.join("\n")
}

/// The lines of a cell: the worst verdict first.
fn cell(outcome: &Outcome, stage: Stage, depth: Depth) -> Vec<(Verdict, String)> {
    let verdicts = tally::cell(outcome, stage, depth).worst_first();
    if verdicts.is_empty() {
        let told = if tally::is_asked(outcome, depth) {
            "nothing judged"
        } else {
            "not asked"
        };
        return vec![(Verdict::NotApplicable, told.to_owned())];
    }
    let told =
        |(verdict, _): &(Verdict, usize)| *verdict != Verdict::NotApplicable || verdicts.len() == 1;
    verdicts
        .iter()
        .filter(|entry| told(entry))
        .map(|(verdict, count)| (*verdict, format!("{verdict} {count}")))
        .collect()
}

/// Findings that somebody accepted.
pub(crate) fn waived(evidence: &Evidence<'_>, style: &Style<'_>) -> String {
    let lines = evidence.outcome.waived.iter().map(|finding| {
        let waiver = finding
            .waiver
            .as_ref()
            .map(|waiver| evidence.waiver(waiver))
            .unwrap_or_default();
        let alone = Alike {
            first: finding,
            others: Vec::new(),
        };
        format!("{}\n           {waiver}", short(evidence, &alone, style))
    });
    section(style, "accepted, but still exposed:", lines)
}

/// Inputs that were not judged: what could not be read, then how many were passed over and why.
pub(crate) fn not_examined(evidence: &Evidence<'_>, style: &Style<'_>) -> String {
    let inputs = &evidence.outcome.not_examined;
    let unreadable = inputs.iter().filter(|input| input.is_error).map(|input| {
        format!(
            "  {}: {}",
            evidence.where_not_examined(input),
            evidence.prose(&input.reason)
        )
    });
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for input in inputs.iter().filter(|input| !input.is_error) {
        reasons.entry(&input.reason).or_default().push(&input.path);
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, paths)| std::cmp::Reverse(paths.len()));
    let passed_over = reasons.into_iter().map(|(reason, paths)| {
        let more = if paths.len() > EXAMPLES { ", …" } else { "" };
        let examples = paths
            .iter()
            .take(EXAMPLES)
            .map(|path| evidence.prose(path))
            .collect::<Vec<_>>()
            .join(", ");
        format!(
            "  {}: {} ({examples}{more})",
            counted(paths.len(), "file"),
            evidence.prose(reason)
        )
    });
    section(style, "not examined:", unreadable.chain(passed_over))
}

/// Remarks about waivers and configuration.
pub(crate) fn notes(evidence: &Evidence<'_>, style: &Style<'_>) -> String {
    let notes = evidence.outcome.notes.iter();
    let lines = notes.map(|note| {
        format!(
            "  {}: {}",
            evidence.prose(&note.place),
            evidence.prose(&note.message)
        )
    });
    section(style, "notes on waivers and configuration:", lines)
}

/// What to do next.
pub(crate) fn next(evidence: &Evidence<'_>, style: &Style<'_>) -> String {
    let mut lines = Vec::new();
    if let Some(worst) = evidence.outcome.findings.first() {
        lines.push(format!(
            "  wardline explain {}#{}",
            worst.control, worst.cause
        ));
    }
    if !style.all && !super::shows_everything(evidence.outcome) {
        lines.push(format!("  {} --all", style.command));
    }
    lines.extend(deeper(evidence.outcome, style));
    section(style, "next:", lines)
}

/// What evidence of the depths nobody asked would add.
fn deeper(outcome: &Outcome, style: &Style<'_>) -> Vec<String> {
    let missing: Vec<String> = Depth::ALL
        .into_iter()
        .filter(|depth| !tally::is_asked(outcome, *depth))
        .filter_map(|depth| match depth {
            Depth::Declared => None,
            Depth::Loaded => Some("what the running services have loaded".to_owned()),
            Depth::Observed => Some("what the wire shows".to_owned()),
            Depth::Recorded => Some("what logs and metadata record".to_owned()),
        })
        .collect();
    let protected = outcome
        .judged
        .iter()
        .filter(|judged| judged.verdict == Verdict::Protected)
        .count();
    if missing.is_empty() || outcome.judged.is_empty() {
        return Vec::new();
    }
    let rests = match protected {
        0 => String::new(),
        count => format!(
            "; {} would be confirmed or refuted",
            counted(count, "protected verdict")
        ),
    };
    let sentence = format!("Not asked so far: {}{rests}.", listed(&missing));
    wrapped(&sentence, style.width.saturating_sub(2).max(40))
        .into_iter()
        .map(|line| format!("  {line}"))
        .collect()
}

fn section(style: &Style<'_>, heading: &str, lines: impl IntoIterator<Item = String>) -> String {
    let lines: Vec<String> = lines.into_iter().collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("{}\n{}", style.heading(heading), lines.join("\n"))
}
