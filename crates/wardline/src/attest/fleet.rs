//! A fleet: JSON Lines, one object a line with `id` and `evidence`, answered line by line in constant memory.

use crate::cli::{AttestFormat, VerifyArgs};
use crate::exit::Failure;
use ::attest::{Evidence, LARGEST, Verifier};
use rayon::prelude::*;
use report::appraisal::{Appraised, Tally, json, text};
use serde::Deserialize;
use std::borrow::Cow;
use std::io::{self, BufRead, ErrorKind, Read, Write};

/// One line.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow, default)]
    id: Cow<'l, str>,
    /// Base64 of the evidence.
    #[serde(borrow)]
    evidence: Cow<'l, str>,
    /// Hexadecimal of the nonce that this piece was asked for with.
    #[serde(borrow, default)]
    nonce: Option<Cow<'l, str>>,
}

/// Lines that are appraised side by side: enough for all cores, few enough to hold.
const BATCH: usize = 1024;

/// Bytes of a batch, so that long lines do not add up.
const BATCH_BYTES: usize = 16 << 20;

/// A line as far as it tells a fleet from other JSON. A device of NVIDIA has `evidence`, too, and its certificate beside it.
#[derive(Deserialize)]
struct Start<'l> {
    #[serde(borrow)]
    evidence: Cow<'l, str>,
    #[serde(default)]
    certificate: Option<serde::de::IgnoredAny>,
}

/// Lines that are looked at to tell whether an input is a fleet: the first ones may be empty or broken.
const LOOKED_AT: usize = 16;

/// Reads the start of an input, and whether it is that of a fleet: one of its first lines is an object with `evidence`.
pub(crate) fn head(reader: &mut impl BufRead) -> io::Result<(Vec<u8>, bool)> {
    let mut head = Vec::new();
    for _ in 0..LOOKED_AT {
        let start = head.len();
        let limit = LARGEST as u64 * 2;
        if reader.by_ref().take(limit).read_until(b'\n', &mut head)? == 0 {
            break;
        }
        let line = head.get(start..).unwrap_or_default().trim_ascii();
        let is_line = serde_json::from_slice::<Start<'_>>(line)
            .is_ok_and(|start| !start.evidence.is_empty() && start.certificate.is_none());
        if is_line {
            return Ok((head, true));
        }
        if head.len() > LARGEST {
            break;
        }
    }
    Ok((head, false))
}

/// Appraises every line and answers in the same order. O(one batch) memory.
pub(super) fn run(
    arguments: &VerifyArgs,
    reader: &mut impl BufRead,
    verifier: &Verifier,
    nonce: Option<&[u8]>,
) -> Result<Tally, Failure> {
    let mut out = io::BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let mut tally = Tally::default();
    let mut number = 0;
    loop {
        let batch = batch(reader).map_err(|error| Failure::new(format!("cannot read: {error}")))?;
        if batch.is_empty() {
            break;
        }
        for answer in &answers(&batch, &mut number, verifier, nonce) {
            match answer {
                Answer::Appraised(pieces) => {
                    for piece in &pieces.appraised {
                        tally.count(piece.appraisal.verdict());
                    }
                }
                Answer::Unreadable(_) => tally.unreadable += 1,
                Answer::Empty => continue,
            }
            let line = written(arguments.format, answer);
            if !wrote(out.write_all(line.as_bytes()))? {
                return Ok(tally);
            }
        }
    }
    let last = match arguments.format {
        AttestFormat::Json => json::last_line(&tally),
        AttestFormat::Text => text::summary(&tally),
    };
    wrote(out.write_all(last.as_bytes()).and_then(|()| out.flush()))?;
    Ok(tally)
}

/// The most pieces of one line: a board has 12 devices, and its machine some more. Answers of a batch are held until it is done.
const MOST_PIECES: usize = 32;

/// The evidence of one line.
pub(crate) struct Pieces {
    /// The line's `id`.
    pub(crate) id: String,
    /// What stands in the line: a bundle holds several.
    pub(crate) appraised: Vec<Appraised>,
}

/// Appraises every line and keeps what came of it, for a tree whose workloads they belong to. Empty lines are left out.
pub(crate) fn all(
    reader: &mut impl BufRead,
    verifier: &Verifier,
    nonce: Option<&[u8]>,
) -> io::Result<Vec<Result<Pieces, String>>> {
    let mut all = Vec::new();
    let mut number = 0;
    loop {
        let batch = batch(reader)?;
        if batch.is_empty() {
            return Ok(all);
        }
        let answers = answers(&batch, &mut number, verifier, nonce);
        all.extend(answers.into_iter().filter_map(|answer| match answer {
            Answer::Appraised(pieces) => Some(Ok(pieces)),
            Answer::Unreadable(why) => Some(Err(why)),
            Answer::Empty => None,
        }));
    }
}

/// What came of a line.
enum Answer {
    Appraised(Pieces),
    Unreadable(String),
    Empty,
}

/// The next lines. A line that is too long is cut: what is left of it is no JSON, and is reported as such.
fn batch(reader: &mut impl BufRead) -> io::Result<Vec<Vec<u8>>> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    while lines.len() < BATCH && bytes < BATCH_BYTES {
        let mut line = Vec::new();
        let limit = LARGEST as u64 * 2;
        if reader.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        bytes += line.len();
        lines.push(line);
    }
    Ok(lines)
}

/// What came of the lines of a batch, on all cores and in their order. `number` counts the lines so far.
fn answers(
    batch: &[Vec<u8>],
    number: &mut u64,
    verifier: &Verifier,
    nonce: Option<&[u8]>,
) -> Vec<Answer> {
    let first = *number + 1;
    *number += u64::try_from(batch.len()).unwrap_or_default();
    let numbered = batch.par_iter().enumerate();
    numbered
        .map(|(at, line)| {
            let at = u64::try_from(at).unwrap_or_default();
            answer(line, first + at, verifier, nonce)
        })
        .collect()
}

fn answer(line: &[u8], number: u64, verifier: &Verifier, nonce: Option<&[u8]>) -> Answer {
    if line.trim_ascii().is_empty() {
        return Answer::Empty;
    }
    let unreadable = |why: String| Answer::Unreadable(format!("line {number}: {why}"));
    let parsed = match serde_json::from_slice::<Line<'_>>(line) {
        Ok(parsed) => parsed,
        Err(error) => return unreadable(error.to_string()),
    };
    let own = match parsed.nonce.as_deref().map(::attest::crypto::unhex) {
        Some(None) => return unreadable("`nonce` is not hexadecimal".to_owned()),
        Some(Some(own)) => Some(own),
        None => None,
    };
    let Some(bytes) = ::attest::base64::decode(&parsed.evidence) else {
        return unreadable("`evidence` is not base64".to_owned());
    };
    match Evidence::all_in(&bytes) {
        Ok(pieces) if pieces.len() > MOST_PIECES => unreadable(format!(
            "{} pieces of evidence, expected {MOST_PIECES} at most in one line",
            pieces.len()
        )),
        Ok(pieces) => {
            let nonce = own.as_deref().or(nonce);
            let appraisals = verifier.appraise_all(&pieces, nonce);
            let appraised = pieces
                .iter()
                .zip(appraisals)
                .map(|(piece, appraisal)| Appraised {
                    file: String::new(),
                    appraisal,
                    id: format!("{} {}", parsed.id, piece.label).trim().to_owned(),
                })
                .collect();
            Answer::Appraised(Pieces {
                id: parsed.id.into_owned(),
                appraised,
            })
        }
        Err(why) => unreadable(why.to_string()),
    }
}

fn written(format: AttestFormat, answer: &Answer) -> String {
    match (answer, format) {
        (Answer::Appraised(pieces), AttestFormat::Json) => {
            pieces.appraised.iter().map(json::line).collect()
        }
        (Answer::Appraised(pieces), AttestFormat::Text) => {
            pieces.appraised.iter().map(text::line).collect()
        }
        (Answer::Unreadable(why), AttestFormat::Json) => {
            format!(
                "{}\n",
                serde_json::json!({ "verdict": "unreadable", "reason": why })
            )
        }
        (Answer::Unreadable(why), AttestFormat::Text) => {
            format!("{}  unreadable\n", report::escape::line(why))
        }
        (Answer::Empty, _) => String::new(),
    }
}

/// Whether somebody still reads.
fn wrote(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
    }
}
