//! What must hold for any input: nothing panics, every span lies in the text and cuts no character, nothing nests deeper
//! than the limit, and no report controls a terminal. The fuzz targets call these functions; tests of the crates call those
//! of them that need no other crate.

// The text crate's own tests call `invariants` too, under the name that the crate has there.
extern crate text as wardline_text;

mod evidence;
mod invariants;
mod manifest;
mod presented;
mod settings;
mod whole;

pub use evidence::{collateral, evidence};
pub use invariants::*;
pub use manifest::manifest;
pub use presented::presented;
pub use settings::{audit_policy, command_line, embedded, encryption, environment, toml};
pub use whole::whole;
