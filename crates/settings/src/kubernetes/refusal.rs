//! Why a component does not take a file.

use text::Span;

/// Why a component does not start with a file, or keeps the old one when it reloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The field and the reason. Never holds key material.
    pub reason: String,
    /// The field.
    pub span: Span,
}
