#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/text/tests/it/sound.rs"]
mod sound;

fuzz_target!(|bytes: &[u8]| sound::decode(bytes));
