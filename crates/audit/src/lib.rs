//! Runs controls over facts, merges depths, applies waivers. Prints nothing.

pub mod config;
mod consequences;
pub mod engine;
mod findings;
mod ignores;
mod merge;
pub mod options;
pub mod outcome;
mod waivers;

pub use config::Config;
pub use engine::audit;
pub use options::{Glob, Options};
pub use outcome::{Finding, Judged, Note, Outcome, Waiver};
