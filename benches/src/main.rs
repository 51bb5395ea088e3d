//! Measures `wardline check` as a whole process on generated manifests, side by side with other tools.
//!
//! ```text
//! cargo build --release -p wardline
//! cargo run --release -p wardline-benches -- --peers --scaling
//! ```

mod arguments;
mod manifests;
mod measure;
mod peers;
mod sizes;

use arguments::Arguments;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = Arguments::parse(std::env::args().skip(1)).and_then(|arguments| run(&arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Nothing can be done about a closed terminal.
            let _ = writeln!(std::io::stderr(), "benches: {why}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let wardline = match &arguments.binary {
        Some(path) => path.clone(),
        None => beside_this_binary()?,
    };
    if !wardline.is_file() {
        return Err(format!(
            "{} is missing: cargo build --release -p wardline",
            wardline.display()
        ));
    }
    let tools = if arguments.peers {
        peers::found()?
    } else {
        Vec::new()
    };
    let folder = std::env::temp_dir().join(format!("wardline-benches-{}", std::process::id()));
    let measured = sizes::side_by_side(arguments, &wardline, &tools, &folder)
        .and_then(|()| sizes::scaling(arguments, &wardline, &folder));
    let removed = std::fs::remove_dir_all(&folder);
    measured?;
    removed.map_err(|error| format!("{}: {error}", folder.display()))
}

/// The release build of `wardline` in the target folder that this binary was built into.
fn beside_this_binary() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = own.ancestors().nth(2).unwrap_or(Path::new("target"));
    Ok(target
        .join("release/wardline")
        .with_extension(std::env::consts::EXE_EXTENSION))
}

fn say(line: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(std::io::stdout(), "{line}");
}
