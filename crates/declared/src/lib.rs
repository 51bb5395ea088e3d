//! Reads declared configuration into facts: files, embedded documents, standard input.
//!
//! A family of readers is a folder, `src/<family>/mod.rs` with a constant `FAMILY`; the build script registers it.
//! Files are recognised by content. What nobody recognises, and what cannot be read, is listed and counted.

pub mod files;
pub mod progress;
pub mod read;
pub mod reading;
mod relative;
mod render;
pub mod ties;

pub use progress::Progress;
pub use read::{Input, read, read_and_tell};
pub use reading::{Candidate, Family, Format, Reader, Reading};
pub use ties::Ties;

include!(concat!(env!("OUT_DIR"), "/families.rs"));

/// What can be read, in the plural: `Hadoop configuration files`. For messages.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    let readers = FAMILIES.iter().flat_map(|family| family.readers);
    readers.map(|reader| reader.name)
}
