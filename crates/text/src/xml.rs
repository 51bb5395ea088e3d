//! XML with byte ranges, bounded.

use crate::{Span, SyntaxError};

pub use roxmltree::{Document, Node as XmlNode};

/// Parses.
///
/// # Errors
/// Not well-formed.
pub fn parse(text: &str) -> Result<Document<'_>, SyntaxError> {
    Document::parse(text).map_err(|error| SyntaxError::new(Span::at(0), error.to_string()))
}
