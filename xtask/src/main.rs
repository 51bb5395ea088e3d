//! The project's own chores.

mod key_tables;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.split_first() {
        Some((&"key-tables", rest)) => key_tables::run(rest),
        _ => Err("usage: cargo xtask key-tables --hadoop FILE --spark DIR".to_owned()),
    };
    match done {
        Ok(said) => {
            // Nothing can be done about a closed terminal.
            let _ = writeln!(std::io::stdout(), "{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "xtask: {why}");
            ExitCode::from(2)
        }
    }
}
