//! Runs controls over facts, merges depths, applies waivers. Prints nothing.

mod annotations;
mod comments;
mod depths;
pub mod engine;
mod findings;
mod folding;
pub mod glob;
mod joining;
pub mod options;
pub mod outcome;
mod remark;
pub mod waiver;

pub use engine::{audit, audit_by};
pub use glob::Glob;
pub use options::Options;
pub use outcome::{Finding, Judged, Note, Outcome, Waiver};
