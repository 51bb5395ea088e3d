//! Evidence from files, directories and fleets.

use crate::attest::{collateral, fleet, inputs};
use crate::exit::Failure;
use crate::output::name;
use ::attest::{Evidence, Verifier};
use model::NotExamined;
use report::appraisal::Appraised;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Evidence, in the order of the command line and of paths.
    pub(super) presented: Vec<Presented>,
    /// What holds none.
    pub(super) not_examined: Vec<NotExamined>,
    /// Files that were read.
    pub(super) files: usize,
}

/// A piece of evidence, and the name that it came under.
#[derive(Debug)]
pub(super) struct Presented {
    /// The piece. Its `id` tells it from others of the same file or line.
    pub(super) appraised: Appraised,
    /// The `id` of a fleet's line; empty where the file's name is all there is.
    pub(super) line: String,
}

impl Found {
    /// Adds the pieces of a file.
    pub(super) fn add(
        &mut self,
        file: &str,
        pieces: Vec<Evidence>,
        verifier: &Verifier,
        nonce: Option<&[u8]>,
    ) {
        let appraisals = verifier.appraise_all(&pieces, nonce);
        let pieces = pieces.into_iter().zip(appraisals);
        self.presented
            .extend(pieces.map(|(piece, appraisal)| Presented {
                appraised: Appraised {
                    file: file.to_owned(),
                    appraisal,
                    id: piece.label,
                },
                line: String::new(),
            }));
    }
}

/// Reads and appraises everything that was named. What was named itself and holds no evidence is an error of the input, what a
/// directory holds beside evidence is not.
pub(super) fn read(
    paths: &[PathBuf],
    verifier: &Verifier,
    nonce: Option<&[u8]>,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    for path in paths {
        let is_directory = path.is_dir();
        let files = if is_directory {
            inputs::files(path)?
        } else {
            vec![path.clone()]
        };
        for file in files {
            found.files += 1;
            one(&file, !is_directory, verifier, nonce, &mut found)?;
        }
    }
    Ok(found)
}

fn one(
    path: &Path,
    is_named: bool,
    verifier: &Verifier,
    nonce: Option<&[u8]>,
    found: &mut Found,
) -> Result<(), Failure> {
    let shown = path.display().to_string().replace('\\', "/");
    let shown = shown.trim_start_matches("./").to_owned();
    let mut reject = |reason: String, is_error| {
        found.not_examined.push(NotExamined {
            path: shown.as_str().into(),
            reason: reason.into(),
            place: None,
            is_error,
        });
    };
    let failed =
        |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", name(path)));
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    let (head, is_fleet) = fleet::head(&mut reader).map_err(failed)?;
    if is_fleet {
        let mut whole = BufReader::new(head.as_slice().chain(reader));
        for line in fleet::all(&mut whole, verifier, nonce).map_err(failed)? {
            match line {
                Ok(pieces) => {
                    let line = pieces.id;
                    let appraised = pieces.appraised.into_iter();
                    found.presented.extend(appraised.map(|piece| Presented {
                        appraised: Appraised {
                            file: shown.clone(),
                            ..piece
                        },
                        line: line.clone(),
                    }));
                }
                Err(why) => reject(why, true),
            }
        }
        return Ok(());
    }
    match Evidence::all_in(&collateral::bytes(path)?) {
        Ok(pieces) => found.add(&shown, pieces, verifier, nonce),
        Err(why) => reject(why.to_string(), is_named),
    }
    Ok(())
}
