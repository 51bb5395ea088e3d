//! TOML with byte spans: a well-kept parser, under one roof with the others.

pub use toml_span::{Span, parse, value};
