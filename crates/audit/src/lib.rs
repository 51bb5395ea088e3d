//! Runs controls over facts, merges depths, applies waivers. Prints nothing.

mod annotations;
mod comments;
pub mod config;
mod depths;
pub mod engine;
mod findings;
mod folding;
pub mod glob;
mod joining;
pub mod nearest;
pub mod options;
pub mod outcome;
mod remark;
mod waiver;

pub use config::{Config, EvidenceTie};
pub use engine::audit;
pub use glob::Glob;
pub use options::{Options, Threshold};
pub use outcome::{Finding, Judged, Note, Outcome, Waiver};
