//! Appraisals for people: the answer, then step by step what decided it, then what to do.

mod words;

use super::{Appraised, Report, Tally};
use crate::escape;
use anstyle::{AnsiColor, Style};
use attest::{Appraisal, Check, Outcome, Step, StepName, Verdict};
use std::fmt::Write;
use words::{differing, sentence, wrap};

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether colours may be written.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to show every check, not only those that decided.
    pub all: bool,
}

/// The column in which the words of a step start.
const INDENT: usize = 25;

/// The whole report.
#[must_use]
pub fn render(report: &Report, manner: &Manner) -> String {
    let mut out = String::new();
    for (number, appraised) in report.evidence.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        one(&mut out, appraised, manner);
    }
    if !report.not_examined.is_empty() {
        out += "\nnot examined\n";
        for input in &report.not_examined {
            let _ = writeln!(
                out,
                "  {}: {}",
                escape::line(&input.path),
                escape::line(&input.reason)
            );
        }
    }
    if !report.notes.is_empty() {
        out.push('\n');
    }
    for note in &report.notes {
        let _ = writeln!(out, "note: {}", escape::line(note));
    }
    let tally = report.tally();
    if tally.evidence() > 1 || tally.unreadable > 0 {
        out.push('\n');
        out += &summary(&tally);
    }
    if report.is_chosen {
        let _ = writeln!(
            out,
            "\nAppraised as of {}. What was found out since (revocations, advisories) does not count here: today's\nstate is another question.",
            report.at
        );
    }
    out
}

/// One line for one piece of a fleet: identifier, kind, verdict, and the steps that are open.
#[must_use]
pub fn line(appraised: &Appraised) -> String {
    let appraisal = &appraised.appraisal;
    let open: Vec<String> = appraisal
        .steps
        .iter()
        .filter(|step| matters(appraisal, step))
        .map(|step| format!("{} {}", step.name, step.outcome()))
        .collect();
    format!(
        "{}  {}  {}  {}\n",
        escape::line(&appraised.id),
        appraisal.kind,
        appraisal.verdict(),
        open.join(", ")
    )
}

/// How many pieces came to each verdict.
#[must_use]
pub fn summary(tally: &Tally) -> String {
    let pieces = if tally.evidence() == 1 {
        "piece"
    } else {
        "pieces"
    };
    let mut text = format!(
        "{} {pieces} of evidence: {} protected, {} exposed, {} unproven",
        tally.evidence(),
        tally.protected,
        tally.exposed,
        tally.unproven
    );
    if tally.unreadable > 0 {
        let _ = write!(text, "; {} unreadable", tally.unreadable);
    }
    text.push('\n');
    text
}

fn one(out: &mut String, appraised: &Appraised, manner: &Manner) {
    let appraisal = &appraised.appraisal;
    let name = match (appraised.file.as_str(), appraised.id.as_str()) {
        (file, "") => escape::line(file).into_owned(),
        (file, id) => format!("{} {}", escape::line(file), escape::line(id)),
    };
    let verdict = appraisal.verdict();
    let _ = writeln!(
        out,
        "{name}: {}, {}",
        appraisal.kind,
        styled(manner, color_of_verdict(verdict), verdict.word())
    );
    wrapped(out, &answer(appraisal), 2, manner.width);
    out.push('\n');
    for step in &appraisal.steps {
        step_lines(out, step, manner);
    }
    if !appraisal.claims.is_empty() {
        out.push('\n');
        let proven = appraisal.outcome(StepName::Signature) == Outcome::Pass
            && appraisal.outcome(StepName::Chain) == Outcome::Pass;
        let _ = writeln!(
            out,
            "  {}",
            if proven {
                "the hardware vouches for"
            } else {
                "the evidence claims, and nothing vouches for it"
            }
        );
        for claim in &appraisal.claims {
            let _ = writeln!(out, "    {:<16} {}", claim.name, escape::line(&claim.value));
        }
    }
}

/// One sentence: what it proves or does not, and by what.
fn answer(appraisal: &Appraisal) -> String {
    let named = |outcome: Outcome| -> Vec<&'static str> {
        appraisal
            .steps
            .iter()
            .filter(|step| step.outcome() == outcome && matters(appraisal, step))
            .map(|step| step.name.name())
            .collect()
    };
    let failed = named(Outcome::Fail);
    let unproven = named(Outcome::Unproven);
    let is_genuine = [StepName::Chain, StepName::Key, StepName::Signature]
        .iter()
        .all(|step| appraisal.outcome(*step) == Outcome::Pass);
    match appraisal.verdict() {
        Verdict::Protected => {
            "Yes: genuine hardware, the expected code, and it answers this challenge.".to_owned()
        }
        Verdict::Unproven => format!(
            "Unproven: nothing speaks against it, but not shown: {}.",
            listed(&unproven)
        ),
        Verdict::Exposed => {
            let mut text = if is_genuine {
                format!(
                    "No: the hardware is genuine and signed it, but it fails: {}.",
                    listed(&failed)
                )
            } else {
                format!(
                    "No: this evidence proves nothing, it fails: {}.",
                    listed(&failed)
                )
            };
            if !unproven.is_empty() {
                let _ = write!(text, " Not shown besides: {}.", listed(&unproven));
            }
            text
        }
    }
}

/// Whether an open step has a say: the key of a channel stands in for a challenge.
fn matters(appraisal: &Appraisal, step: &Step) -> bool {
    let is_excused = step.name == StepName::Freshness
        && appraisal.has_channel()
        && appraisal.outcome(StepName::Binding) == Outcome::Pass;
    match step.outcome() {
        Outcome::Fail => true,
        Outcome::Unproven => !is_excused,
        Outcome::Pass | Outcome::NotApplicable => false,
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A line for the step, with the checks that decided it below.
fn step_lines(out: &mut String, step: &Step, manner: &Manner) {
    let outcome = step.outcome();
    let _ = write!(
        out,
        "  {:<12}{}",
        step.name.name(),
        styled(
            manner,
            color_of_outcome(outcome),
            &format!("{:<11}", outcome.word())
        )
    );
    let shown: Vec<&Check> = step
        .checks
        .iter()
        .filter(|check| manner.all || check.outcome == outcome)
        .collect();
    // Of what passed, one line says enough.
    let enough = if manner.all || outcome != Outcome::Pass {
        shown.len()
    } else {
        1
    };
    let mut column = INDENT;
    for check in shown.iter().take(enough) {
        let mut text = String::new();
        if manner.all && check.outcome != outcome {
            let _ = write!(text, "{}: ", check.outcome);
        }
        let differs = differing(step.name, check);
        text += &sentence(check, differs.is_none());
        if column == INDENT {
            out.push_str(wrap(&text, INDENT, manner.width).trim_start());
            column = 0;
        } else {
            out.push_str(&wrap(&text, INDENT, manner.width));
        }
        out.push('\n');
        out.push_str(&differs.unwrap_or_default());
        if !check.detail.is_empty() {
            out.push_str(&wrap(
                &escape::line(&check.detail),
                INDENT + 2,
                manner.width,
            ));
            out.push('\n');
        }
    }
    if shown.is_empty() {
        out.push('\n');
    }
    if shown.len() > enough {
        let _ = writeln!(out, "{:INDENT$}and {} more (-v)", "", shown.len() - enough);
    }
}

fn wrapped(out: &mut String, text: &str, indent: usize, width: usize) {
    out.push_str(&wrap(text, indent, width));
    out.push('\n');
}

fn color_of_verdict(verdict: Verdict) -> AnsiColor {
    match verdict {
        Verdict::Protected => AnsiColor::Green,
        Verdict::Unproven => AnsiColor::Yellow,
        Verdict::Exposed => AnsiColor::Red,
    }
}

fn color_of_outcome(outcome: Outcome) -> AnsiColor {
    match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::NotApplicable => AnsiColor::BrightBlack,
        Outcome::Unproven => AnsiColor::Yellow,
        Outcome::Fail => AnsiColor::Red,
    }
}

fn styled(manner: &Manner, color: AnsiColor, text: &str) -> String {
    if !manner.color {
        return text.to_owned();
    }
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{text}{style:#}")
}
