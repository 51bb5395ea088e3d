//! `wardline attest collect`: the evidence of this machine in one bundle.

mod azure;
mod challenge;
mod configfs;
mod gpu;
mod gramine;
mod sources;
mod system;
mod tpm;

use crate::cli::CollectArgs;
use crate::exit::{Exit, Failure};
use crate::output;
use ::attest::bundle::{Bundle, SCHEMA};
use ::attest::crypto::hex;
use sources::{Found, Source};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use system::{Files, System};

/// What a verifier asks with at most: report data of all processors has 64 bytes.
const MOST: usize = 64;

/// How many random bytes are taken where nobody asks: GPUs take no more.
const RANDOM: usize = 32;

pub(crate) fn run(arguments: &CollectArgs) -> Result<Exit, Failure> {
    let nonce = match &arguments.nonce {
        Some(digits) => super::verify::nonce("--nonce", digits)?,
        None => random()?,
    };
    if nonce.len() > MOST {
        return Err(Failure::new(format!(
            "--nonce: {} bytes, and report data has {MOST}: give a digest of it",
            nonce.len()
        )));
    }
    let files = Files::new(&arguments.root);
    let sources = sources::all(&files, &files.driver_library(), &nonce);
    let is_broken = sources
        .iter()
        .any(|source| matches!(source.found, Found::Failed(_)));
    let mut pieces = Vec::new();
    let mut lines = Vec::new();
    for Source { name, found } in sources {
        match found {
            Found::Evidence(piece) => {
                lines.push(format!("collected  {name}: {}", piece.kind));
                pieces.push(*piece);
            }
            Found::There(what) => lines.push(format!("there      {name}: {what}")),
            Found::Missing(need) => lines.push(format!("missing    {name}: {need}")),
            Found::Failed(why) => lines.push(format!("failed     {name}: {why}")),
        }
    }
    for line in &lines {
        output::warn(&report::escape::line(line));
    }
    if pieces.is_empty() {
        output::warn("nothing to collect on this machine; nothing was written");
        return Ok(Exit::Incomplete);
    }
    if arguments.nonce.is_none() {
        output::warn(&format!(
            "no --nonce was given: asked with random bytes, {}",
            hex(&nonce)
        ));
    }
    let bundle = Bundle {
        schema: SCHEMA.to_owned(),
        collected_at: jiff::Timestamp::now().to_string(),
        host: host(&files),
        pieces,
    };
    match &arguments.output {
        Some(path) => output::file(path, &bundle.to_json())?,
        None => output::print(&bundle.to_json())?,
    }
    Ok(if is_broken {
        Exit::Incomplete
    } else {
        Exit::Fine
    })
}

/// Random bytes of the operating system.
fn random() -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![0; RANDOM];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(|error| Failure::new(format!("cannot read /dev/urandom: {error}")))?;
    Ok(bytes)
}

/// What tells the machine from others. Nothing that is secret, or that names it to strangers.
fn host(system: &impl System) -> BTreeMap<String, String> {
    let known = [
        ("kernel", "proc/sys/kernel/osrelease"),
        ("name", "proc/sys/kernel/hostname"),
    ];
    let read = known.into_iter().filter_map(|(name, path)| {
        let bytes = system.read(Path::new(path)).ok()?;
        let text = String::from_utf8(bytes).ok()?.trim().to_owned();
        (!text.is_empty()).then_some((name.to_owned(), text))
    });
    let architecture = ("architecture".to_owned(), std::env::consts::ARCH.to_owned());
    read.chain([architecture]).collect()
}
