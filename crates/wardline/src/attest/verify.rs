//! `wardline attest verify`: evidence, step by step.

use super::basis::Basis;
use super::directory::{Sorted, shown};
use super::{collateral, fleet};
use crate::check::terminal;
use crate::cli::{AttestFormat, Color, VerifyArgs};
use crate::exit::{Exit, Failure};
use crate::output::{self, name};
use ::attest::{Evidence, Piece, Verifier};
use report::appraisal::{Appraised, NotExamined, Report, Tally, json, text};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

pub(crate) fn run(arguments: &VerifyArgs) -> Result<Exit, Failure> {
    let basis = Basis::of(arguments)?;
    let asked = Asked {
        nonce: arguments
            .nonce
            .as_deref()
            .map(|digits| nonce("--nonce", digits))
            .transpose()?,
        event_log: arguments
            .event_log
            .as_deref()
            .map(collateral::bytes)
            .transpose()?,
    };
    let verifier = basis.verifier(&[])?;
    let mut report = Report {
        at: basis.at,
        is_chosen: arguments.at.is_some(),
        evidence: Vec::new(),
        not_examined: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(path) = basis.other_roots {
        let note = format!(
            "the roots of {} were trusted instead of the vendors': nothing here is proven about real hardware",
            path.display()
        );
        output::warn(&format!("note: {}", report::escape::line(&note)));
        report.notes.push(note);
    }
    for path in &arguments.evidence {
        if path.is_dir() {
            of_directory(&mut report, path, &basis, &asked)?;
            continue;
        }
        let mut input = open(path)?;
        let failed =
            |error: io::Error| Failure::new(format!("cannot read {}: {error}", name(path)));
        let (head, is_fleet) = fleet::head(&mut input).map_err(failed)?;
        let mut whole = BufReader::with_capacity(1 << 20, head.as_slice().chain(input));
        if is_fleet {
            if arguments.evidence.len() > 1 {
                return Err(Failure::new(format!(
                    "{} is a fleet: it is answered line by line, so give it alone",
                    name(path)
                )));
            }
            let tally = fleet::run(arguments, &mut whole, &verifier, asked.nonce.as_deref())?;
            return Ok(exit(&tally));
        }
        let mut bytes = Vec::new();
        whole
            .take(::attest::LARGEST as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        let file = path.display().to_string();
        appraise(&mut report, &file, &bytes, &verifier, &asked);
    }
    deliver(arguments, &report)?;
    Ok(exit(&report.tally()))
}

/// What the user knows of the evidence.
struct Asked {
    nonce: Option<Vec<u8>>,
    event_log: Option<Vec<u8>>,
}

/// The bytes of a nonce on the command line.
pub(crate) fn nonce(flag: &str, digits: &str) -> Result<Vec<u8>, Failure> {
    ::attest::crypto::unhex(digits.trim())
        .filter(|nonce| !nonce.is_empty())
        .ok_or_else(|| Failure::new(format!("{flag}: hexadecimal digits expected")))
}

fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>, Failure> {
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", name(path))))?;
        Box::new(file)
    };
    Ok(BufReader::with_capacity(1 << 20, input))
}

fn of_directory(
    report: &mut Report,
    directory: &Path,
    basis: &Basis<'_>,
    asked: &Asked,
) -> Result<(), Failure> {
    let sorted = Sorted::of(directory)?;
    let verifier = basis.verifier(&sorted.collateral)?;
    report.notes.extend(sorted.notes(directory));
    for file in &sorted.evidence {
        let bytes = collateral::bytes(file)?;
        appraise(report, &shown(directory, file), &bytes, &verifier, asked);
    }
    report.not_examined.extend(sorted.neither);
    Ok(())
}

fn appraise(report: &mut Report, file: &str, bytes: &[u8], verifier: &Verifier, asked: &Asked) {
    match Evidence::all_in(bytes) {
        Ok(mut pieces) => {
            for evidence in &mut pieces {
                if let Piece::IntelQuote { event_log, .. } = &mut evidence.piece
                    && asked.event_log.is_some()
                {
                    event_log.clone_from(&asked.event_log);
                }
            }
            let appraisals = verifier.appraise_all(&pieces, asked.nonce.as_deref());
            let appraised = pieces.into_iter().zip(appraisals);
            report
                .evidence
                .extend(appraised.map(|(evidence, appraisal)| Appraised {
                    file: file.to_owned(),
                    appraisal,
                    id: evidence.label,
                }));
        }
        Err(why) => report.not_examined.push(NotExamined {
            path: file.to_owned(),
            reason: why.to_string(),
        }),
    }
}

fn deliver(arguments: &VerifyArgs, report: &Report) -> Result<(), Failure> {
    let text = match arguments.format {
        AttestFormat::Json => json::render(report),
        AttestFormat::Text => {
            let color = match arguments.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => {
                    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
                }
            };
            text::render(
                report,
                &text::Manner {
                    color,
                    width: terminal::width(),
                    all: arguments.all,
                },
            )
        }
    };
    output::print(&text)
}

/// 1 where something is exposed; 3 where nothing was evidence; 4 where something was not shown or not read.
pub(super) fn exit(tally: &Tally) -> Exit {
    if tally.exposed > 0 {
        Exit::Findings
    } else if tally.evidence() == 0 {
        Exit::NothingRecognised
    } else if tally.unproven > 0 || tally.unreadable > 0 {
        Exit::Incomplete
    } else {
        Exit::Fine
    }
}
