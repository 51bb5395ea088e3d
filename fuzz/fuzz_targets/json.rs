#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/text/tests/it/sound.rs"]
mod sound;

fuzz_target!(|text: &str| sound::json(text));
