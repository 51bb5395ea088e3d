//! A directory with evidence, and with what belongs to it: collateral and policies lie beside evidence where people keep it.

use super::{collateral, inputs};
use crate::exit::Failure;
use ::attest::collateral::NotCollateral;
use ::attest::{Collateral, Evidence, Policy};
use report::appraisal::NotExamined;
use std::path::{Path, PathBuf};

/// The files of a directory by what they are.
#[derive(Default)]
pub(super) struct Sorted {
    /// Files with evidence.
    pub(super) evidence: Vec<PathBuf>,
    /// Files that the evidence may lean on.
    pub(super) collateral: Vec<PathBuf>,
    /// Policies. Which of them counts, only the user can say.
    pub(super) policies: Vec<PathBuf>,
    /// Files of configfs-tsm entries that say something of the request, not of the answer.
    entries: usize,
    /// What is none of these.
    pub(super) neither: Vec<NotExamined>,
}

impl Sorted {
    /// Looks into every file. Their contents are not kept: a directory may be larger than memory.
    pub(super) fn of(directory: &Path) -> Result<Self, Failure> {
        let mut sorted = Sorted::default();
        for file in inputs::files(directory)? {
            let bytes = match collateral::bytes(&file) {
                Ok(bytes) => bytes,
                Err(why) => {
                    sorted.neither.push(NotExamined {
                        path: shown(directory, &file),
                        reason: why.to_string(),
                    });
                    continue;
                }
            };
            match Evidence::all_in(&bytes) {
                Ok(_) => sorted.evidence.push(file),
                Err(_) if is_collateral(&bytes) => sorted.collateral.push(file),
                Err(_) if is_policy(&bytes) => sorted.policies.push(file),
                Err(_) if is_beside_report(&file) => sorted.entries += 1,
                Err(why) => sorted.neither.push(NotExamined {
                    path: shown(directory, &file),
                    reason: why.to_string(),
                }),
            }
        }
        Ok(sorted)
    }

    /// What the report has to say of files that are no evidence.
    pub(super) fn notes(&self, directory: &Path) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.collateral.is_empty() {
            let count = self.collateral.len();
            let (files, were) = if count == 1 {
                ("file", "was")
            } else {
                ("files", "were")
            };
            notes.push(format!(
                "{}: {count} {files} of collateral in it {were} used",
                directory.display()
            ));
        }
        if self.entries > 0 {
            notes.push(format!(
                "{}: {} files of configfs-tsm beside the report (provider, generation and others) say nothing of it",
                directory.display(),
                self.entries
            ));
        }
        for policy in &self.policies {
            notes.push(format!(
                "{} is a policy and was not used: name it with --policy",
                policy.display()
            ));
        }
        notes
    }
}

/// A file as the report names it: relative to the input.
pub(super) fn shown(directory: &Path, file: &Path) -> String {
    file.strip_prefix(directory)
        .unwrap_or(file)
        .display()
        .to_string()
}

/// Whether a file is an attribute of a configfs-tsm entry that was copied as a whole (Linux, configfs-tsm-report).
fn is_beside_report(file: &Path) -> bool {
    const ATTRIBUTES: [&str; 9] = [
        "auxblob",
        "generation",
        "inblob",
        "privlevel",
        "privlevel_floor",
        "provider",
        "service_guid",
        "service_manifest_version",
        "service_provider",
    ];
    let name = file.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| ATTRIBUTES.contains(&name)) && file.with_file_name("outblob").is_file()
}

fn is_collateral(bytes: &[u8]) -> bool {
    match Collateral::default().add(bytes) {
        Ok(_) => true,
        Err(NotCollateral(_)) => false,
    }
}

/// Whether a text is a policy that says something: an empty text would be one that says nothing.
fn is_policy(bytes: &[u8]) -> bool {
    let parsed = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| Policy::parse(text).ok());
    parsed.is_some_and(|policy| policy != Policy::default())
}
