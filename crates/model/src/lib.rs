//! The words of Wardline as types. No I/O, no clock, no async.
//!
//! [`Estate`] holds the facts of one depth; a control reads them and states a [`Claim`] per [`Subject`].

pub mod claim;
pub mod control;
pub mod depth;
mod derived;
pub mod estate;
pub mod release;
pub mod severity;
pub mod source;
pub mod stage;
pub mod subject;
pub mod verdict;
pub mod witness;
pub mod written;

pub use claim::{Claim, Consequence, Exposure, Judgement};
pub use control::{Cause, Claims, Control, Family, Meta, Safety};
pub use depth::Depth;
pub use estate::{Component, Estate, Fact, Flow, NotExamined};
pub use release::{Product, Release};
pub use severity::Severity;
pub use source::{Embedding, Location, Place, Source, SourceId, Sources};
pub use stage::Stage;
pub use subject::Subject;
pub use verdict::Verdict;
pub use witness::{Absence, Provenance, Shown, Witness};
pub use written::Written;
