//! What every parser owes whatever it is given, over the fuzz targets' seed corpora.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

mod corpus;
mod respan;
mod sound;
