//! TOML with spans in every value: `toml_span`, re-exported so that one crate decides its version.

pub use toml_span::*;
