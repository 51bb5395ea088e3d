//! Runs controls over facts, merges depths, applies waivers. Prints nothing.

pub mod outcome;

pub use outcome::{Finding, Judged, Note, Outcome, Waiver};
