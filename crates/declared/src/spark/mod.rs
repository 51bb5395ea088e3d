//! Spark: properties files, operators' resources, submit commands, daemons and their environment.

mod applications;
mod assemble;
mod command;
mod daemons;
mod flows;
mod properties;
mod release;
mod scripts;
mod ties;
mod workloads;
mod written;

use crate::reading::{Bytes, Family, Format, Reader};

/// The family.
pub const FAMILY: Family = Family {
    readers: &[Reader {
        name: "Spark properties files",
        formats: &[Format::Lines],
        bytes: Bytes::Raw,
        recognise: properties::recognise,
        read: properties::read,
    }],
    assemble: assemble::assemble,
    order: 40,
};
