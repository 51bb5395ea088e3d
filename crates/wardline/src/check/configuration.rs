//! The configuration that counts for a check.

use super::inputs::is_stdin;
use crate::cli::CheckArgs;
use crate::exit::Failure;
use crate::output;
use audit::{Config, config};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The configuration, and what to put before a source's path to get the path as the configuration names it.
pub(super) fn of(arguments: &CheckArgs) -> Result<(Config, String), Failure> {
    let Some(file) = file(arguments)? else {
        return Ok((Config::default(), String::new()));
    };
    let text = read(&file)
        .map_err(|why| Failure::new(format!("cannot read {}: {why}", output::name(&file))))?;
    let config = config::parse(&shown(&file), &text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::new(format!(
            "the configuration is wrong:\n  {}",
            lines.join("\n  ")
        ))
    })?;
    let base = config::base(&file, root(&arguments.paths));
    Ok((config.seen_from(&base), base))
}

/// The largest configuration file; more is a mistake.
const LARGEST: u64 = 1 << 20;

/// Reads the file, which may be a pipe. A byte order mark is no part of it.
fn read(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).map_err(|error| error.to_string())?;
    let mut opened = opened.take(LARGEST + 1);
    opened
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err(String::from("it is larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| String::from("it is not UTF-8"))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

/// How the file is named in messages: from the current directory if it is beneath it.
fn shown(file: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let relative = here.ok().and_then(|here| file.strip_prefix(here).ok());
    output::name(relative.unwrap_or(file))
}

fn file(arguments: &CheckArgs) -> Result<Option<PathBuf>, Failure> {
    if arguments.no_config {
        return Ok(None);
    }
    if let Some(file) = &arguments.config {
        return Ok(Some(file.clone()));
    }
    let mut found: Option<PathBuf> = None;
    for (index, path) in arguments.paths.iter().enumerate() {
        let start = if is_stdin(path) { Path::new(".") } else { path };
        let file = config::find(start);
        if index > 0 && file != found {
            return Err(Failure::new(
                "the inputs do not share one .wardline.toml; name one with --config, or none with --no-config",
            ));
        }
        found = file;
    }
    Ok(found)
}

/// The directory that names of sources are relative to: the input itself, or the current directory where there are several.
fn root(paths: &[PathBuf]) -> &Path {
    match paths {
        [path] if !is_stdin(path) => path,
        _ => Path::new("."),
    }
}
