//! Lossless documents: the bytes as they are, a tree over them, byte spans into them, and edits.
//!
//! Every parser here takes untrusted text. It returns typed errors with spans, never panics, never recurses without bound
//! and never allocates from a length that the text claims.

pub mod decode;
pub mod edit;
pub mod error;
pub mod ini;
pub mod json;
pub mod limits;
pub mod lines;
pub mod properties;
pub mod segment;
pub mod shell;
pub mod span;
pub mod toml;
pub mod tree;
pub mod unit;
pub mod xml;
pub mod yaml;

pub use edit::{Edit, EditConflict};
pub use error::SyntaxError;
pub use lines::{LineIndex, Position};
pub use segment::SegmentMap;
pub use span::Span;
pub use tree::{Entry, Node, Scalar, Style, Value};
