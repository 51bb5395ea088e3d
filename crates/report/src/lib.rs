//! Reports of an audit: text for people, JSON, SARIF and others for machines. No I/O: every format is a function from an
//! [`audit::Outcome`] to a string.
//!
//! Two laws hold for every format. Secrets never appear: values, snippets and messages pass one place that masks them. And text
//! from outside cannot control a terminal: control characters are escaped.

mod answer;
pub mod appraisal;
mod disclosure;
pub mod escape;
mod evidence;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod junit;
mod likeness;
pub mod markdown;
mod markup;
mod phrase;
pub mod sarif;
mod tally;
pub mod text;
