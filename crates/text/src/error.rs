//! What a parser says about a text that it cannot read.

use crate::Span;
use std::fmt;

/// A syntax error with its place. The caller knows the file and turns the span into line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where the error was noticed.
    pub span: Span,
    /// What is wrong, in words that hold no part of the text (it may be secret).
    pub message: String,
}

impl SyntaxError {
    /// An error at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        SyntaxError {
            span,
            message: message.into(),
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.message, self.span.start)
    }
}

impl std::error::Error for SyntaxError {}
