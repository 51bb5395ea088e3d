//! Hadoop: XML resources, environment scripts and the environment conventions of container images.

mod assemble;
mod cluster;
mod compose;
mod environment;
mod include;
mod kind;
mod partition;
mod presence;
mod release;
pub(crate) mod role_words;
mod roles;

use crate::reading::{Bytes, Candidate, Family, Format, Reader, Reading};
use model::{Fact, SourceId};
use settings::hadoop::resource::{self, Document};
use settings::hadoop::template::holds_statement;

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
        Ok(Some(_)) if is_stack_definition(candidate) => reading.skip(
            "defaults of an Ambari stack, from which Ambari makes the files; give wardline the files of a node",
        ),
        Ok(Some(document)) => reading.put(File {
            source: candidate.source,
            document,
        }),
        Ok(None) => reading.skip("XML of another kind than Hadoop's"),
        Err(_) if holds_statement(candidate.text) => reading.skip(
            "a template that is not rendered; render it and give wardline the output",
        ),
        Err(error) => reading.problem(error),
    }
}

/// Ambari's own elements, which it leaves out of the files that it writes for daemons.
fn is_stack_definition(candidate: &Candidate<'_>) -> bool {
    ["<on-ambari-upgrade", "<value-attributes", "supports_final="]
        .iter()
        .any(|word| candidate.holds(word))
}
