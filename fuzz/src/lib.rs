//! What must hold for any input: nothing panics, every span lies in the text and cuts no character, and nothing nests
//! deeper than the limit. The fuzz targets and a test of the text crate call these functions.

mod invariants;

pub use invariants::*;
