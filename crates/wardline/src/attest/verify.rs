//! `wardline attest verify`: evidence, step by step.

use super::{collateral, fleet, inputs};
use crate::check::terminal;
use crate::cli::{AttestFormat, Color, VerifyArgs};
use crate::exit::{Exit, Failure};
use crate::output::{self, name};
use ::attest::{Evidence, Instant, Policy, Roots, Verifier};
use report::appraisal::{Appraised, NotExamined, Report, Tally, json, text};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &VerifyArgs) -> Result<Exit, Failure> {
    let verifier = verifier(
        &arguments.collateral,
        arguments.policy.as_deref(),
        arguments.at.as_deref(),
    )?;
    let nonce = nonce(arguments.nonce.as_deref())?;
    if let [path] = arguments.evidence.as_slice()
        && let Some(tally) = of_fleet(arguments, path, &verifier, nonce.as_deref())?
    {
        return Ok(exit(&tally));
    }
    let mut report = Report {
        at: verifier.at(),
        is_chosen: arguments.at.is_some(),
        evidence: Vec::new(),
        not_examined: Vec::new(),
    };
    for path in &arguments.evidence {
        if path.is_dir() {
            for file in inputs::files(path)? {
                let shown = file.strip_prefix(path).unwrap_or(&file);
                let bytes = collateral::bytes(&file)?;
                appraise(
                    &mut report,
                    &shown.display().to_string(),
                    &bytes,
                    &verifier,
                    nonce.as_deref(),
                );
            }
        } else {
            let bytes = if path == Path::new("-") {
                standard_input()?
            } else {
                collateral::bytes(path)?
            };
            appraise(
                &mut report,
                &path.display().to_string(),
                &bytes,
                &verifier,
                nonce.as_deref(),
            );
        }
    }
    deliver(arguments, &report)?;
    Ok(exit(&report.tally()))
}

/// The bytes of `--nonce`.
pub(crate) fn nonce(digits: Option<&str>) -> Result<Option<Vec<u8>>, Failure> {
    digits
        .map(|digits| {
            ::attest::crypto::unhex(digits.trim())
                .ok_or_else(|| Failure::new("--nonce: hexadecimal digits expected"))
        })
        .transpose()
}

/// What appraises: under the pinned roots, with what the user names.
pub(crate) fn verifier(
    collateral: &[PathBuf],
    policy: Option<&Path>,
    at: Option<&str>,
) -> Result<Verifier, Failure> {
    let at = match at {
        Some(text) => Instant::parse(text).map_err(|why| Failure::new(format!("--at: {why}")))?,
        None => Instant(jiff::Timestamp::now().as_second()),
    };
    let policy = match policy {
        Some(path) => {
            let bytes = super::collateral::bytes(path)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Failure::new(format!("{} is not UTF-8", name(path))))?;
            Policy::parse(&text)
                .map_err(|why| Failure::new(format!("policy {}: {why}", name(path))))?
        }
        None => Policy::default(),
    };
    let collateral = super::collateral::read(collateral)?;
    let roots = Roots::pinned().map_err(|error| Failure::new(format!("pinned roots: {error}")))?;
    Ok(Verifier::new(roots, collateral, policy, at))
}

/// Appraises line by line where the input is a fleet: JSON Lines with `id` and `evidence`.
fn of_fleet(
    arguments: &VerifyArgs,
    path: &Path,
    verifier: &Verifier,
    nonce: Option<&[u8]>,
) -> Result<Option<Tally>, Failure> {
    if path.is_dir() {
        return Ok(None);
    }
    let failed = |error: io::Error| Failure::new(format!("cannot read {}: {error}", name(path)));
    if path == Path::new("-") {
        // A pipe can be read once: whether it is a fleet is told by its first line, which the fleet then starts with.
        return Ok(None);
    }
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    if !fleet::starts(&mut reader).map_err(failed)? {
        return Ok(None);
    }
    fleet::run(arguments, &mut reader, verifier, nonce).map(Some)
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(::attest::LARGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}

fn appraise(
    report: &mut Report,
    file: &str,
    bytes: &[u8],
    verifier: &Verifier,
    nonce: Option<&[u8]>,
) {
    match Evidence::all_in(bytes) {
        Ok(pieces) => report
            .evidence
            .extend(pieces.into_iter().map(|piece| Appraised {
                file: file.to_owned(),
                appraisal: verifier.appraise(&piece, nonce),
                id: piece.label,
            })),
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
