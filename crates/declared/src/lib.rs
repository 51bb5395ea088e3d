//! Reads declared configuration into facts: files, embedded documents, standard input.
//!
//! A family of readers is a folder, `src/<family>/mod.rs` with a constant `FAMILY`; the build script registers it.
//! Files are recognised by content. What nobody recognises, and what cannot be read, is listed and counted.

pub mod files;
pub mod read;
pub mod reading;
pub mod ties;

pub use read::{Input, read};
pub use reading::{Candidate, Family, Format, Reader, Reading};
pub use ties::Ties;

include!(concat!(env!("OUT_DIR"), "/families.rs"));
