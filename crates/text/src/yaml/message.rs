//! What is said about a broken document.

use crate::{Span, SyntaxError};
use granit_parser::{ErrorKind, ScanError};

/// Said of a document that Helm (or another Go template) still has to render.
pub(super) const TEMPLATE: &str =
    "this looks like an unrendered Helm template; give the output of `helm template` instead";

/// Names the error of the scanner. `from` is where the broken document starts: only from there on is a placeholder looked
/// for, so that a stream of broken documents is read in linear time.
pub(super) fn syntax_error(text: &str, from: usize, error: &ScanError) -> SyntaxError {
    let offset = error.marker().byte_offset().unwrap_or(text.len());
    let span = Span::at(offset.min(text.len()));
    if has_placeholder(text, from, offset) {
        return SyntaxError::new(span, format!("not YAML: {TEMPLATE}"));
    }
    let message = match error.kind() {
        // The scanner quotes the character, which may be part of a secret.
        ErrorKind::UnexpectedCharacter { .. } => String::from("a character that is reserved"),
        ErrorKind::RecursionLimitExceeded => String::from("nested too deeply"),
        kind => kind.to_string(),
    };
    SyntaxError::new(span, format!("not YAML: {message}"))
}

/// Whether the document opens an action of Go templates, Jinja or ERB up to the line of the error.
fn has_placeholder(text: &str, from: usize, offset: usize) -> bool {
    let rest = text.as_bytes().get(offset..).unwrap_or_default();
    let line_end = offset + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let document = text.as_bytes().get(from..line_end).unwrap_or_default();
    [&b"{{"[..], b"{%", b"<%"]
        .iter()
        .any(|opening| memchr::memmem::find(document, opening).is_some())
}
