//! A fleet to stream: one line a piece, every line another.

use crate::{PLATFORMS, report_data};
use evidence::intel::{Enclave, Intel, Options, Platform, YEARS};
use std::io::{self, BufWriter, Write};

/// Writes so many lines to standard output. The quotes lead to a root of their own, so wardline refuses them: at `chain`, after
/// having done all the work.
pub(crate) fn write(count: usize) -> Result<(), String> {
    let maker = Intel::new(YEARS);
    let platforms: Vec<Platform> = (0..PLATFORMS)
        .map(|_| maker.platform(Options::default()))
        .collect();
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    for number in 0..count {
        let Some(platform) = platforms.get(number % PLATFORMS) else {
            break;
        };
        let quote = platform.enclave(&Enclave {
            report_data: report_data(number),
            ..Enclave::default()
        });
        writeln!(
            out,
            "{{\"id\":\"shop/executor-{number}\",\"evidence\":\"{}\"}}",
            attest::base64::encode(&quote)
        )
        .map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())
}
