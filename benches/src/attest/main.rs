//! Measures the verification of evidence on one core, beside dcap-qvl and the sev crate in the same run.
//!
//! ```text
//! cargo run --release -p wardline-benches --bin wardline-benches-attest
//! cargo run --release -p wardline-benches --bin wardline-benches-attest -- --fleet 1000000 > fleet.jsonl
//! ```
//!
//! Every piece of evidence differs from all others. What evidence shares (chains, collateral) is verified once by each tool that
//! can; results are never kept.

mod fleet;
mod intel;
mod snp;

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Pieces of evidence of each kind.
const PIECES: usize = 4_000;

/// Platforms or chips that they come from.
const PLATFORMS: usize = 16;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] => run(),
        ["--fleet", count] => count
            .parse()
            .map_err(|_| format!("--fleet {count}: a number expected"))
            .and_then(fleet::write),
        _ => Err("usage: wardline-benches-attest [--fleet NUMBER]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Nothing can be done about a closed terminal.
            let _ = writeln!(std::io::stderr(), "benches: {why}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    say("| evidence | tool | pieces a second | times |");
    say("| --- | --- | ---: | ---: |");
    intel::run()?;
    snp::run()
}

/// A tool: its name, how many pieces it gets, and whether it accepts one of them.
type Tool<'t> = (&'static str, usize, &'t mut dyn FnMut(usize) -> bool);

/// Runs the tools in turns over the same pieces, three times, and prints the best rate of each and how many times the others'
/// rate the first one's is.
fn side_by_side(evidence: &str, tools: &mut [Tool<'_>]) -> Result<(), String> {
    let mut best = vec![f64::MAX; tools.len()];
    for _ in 0..3 {
        for ((name, pieces, verify), best) in tools.iter_mut().zip(&mut best) {
            let time = timed(*pieces, verify)
                .ok_or_else(|| format!("{evidence}: {name} refuses good evidence"))?;
            let each = time.as_secs_f64() / f64::from(u32::try_from(*pieces).unwrap_or(u32::MAX));
            *best = best.min(each);
        }
    }
    let own = best.first().copied().unwrap_or(f64::NAN);
    for ((name, ..), best) in tools.iter().zip(&best) {
        say(&format!(
            "| {evidence} | {name} | {:.0} | {:.1} |",
            1.0 / best,
            best / own
        ));
    }
    Ok(())
}

fn timed(pieces: usize, verify: &mut dyn FnMut(usize) -> bool) -> Option<Duration> {
    let start = Instant::now();
    let all = (0..pieces).all(verify);
    all.then(|| start.elapsed())
}

/// Report data that no other piece has.
fn report_data(number: usize) -> [u8; 64] {
    let mut data = [0xa5; 64];
    data.iter_mut()
        .zip(number.to_le_bytes())
        .for_each(|(to, from)| *to = from);
    data
}

fn say(line: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(std::io::stdout(), "{line}");
}
