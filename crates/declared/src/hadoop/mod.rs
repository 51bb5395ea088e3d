//! Hadoop: XML resources, environment scripts and the environment conventions of container images.

mod assemble;
mod cluster;
mod environment;
mod include;
mod presence;
mod release;
pub(crate) mod roles;

use crate::reading::{Bytes, Candidate, Family, Format, Reader, Reading};
use model::{Fact, SourceId};
use settings::hadoop::resource::{self, Document};

/// The family.
pub const FAMILY: Family = Family {
    readers: &[Reader {
        name: "Hadoop configuration files",
        formats: &[Format::Xml],
        bytes: Bytes::Detected,
        recognise,
        read,
    }],
    assemble: assemble::assemble,
    order: 20,
};

/// A Hadoop XML file as read, before files are put together.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) source: SourceId,
    pub(crate) document: Document,
}

impl Fact for File {}

fn recognise(candidate: &Candidate<'_>) -> bool {
    candidate.holds("<configuration") && !candidate.is_prose_or_code()
}

fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    match resource::parse(candidate.source, candidate.text) {
        Ok(Some(document)) => reading.put(File {
            source: candidate.source,
            document,
        }),
        Ok(None) => reading.skip("XML of another kind than Hadoop's"),
        Err(error) => reading.problem(error),
    }
}
