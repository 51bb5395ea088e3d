//! Reports through configfs-tsm, the kernel's one interface for SEV-SNP and TDX guests.
//!
//! Rules: Linux, Documentation/ABI/testing/configfs-tsm-report (6.7 and newer).

use super::system::System;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where entries are made.
pub(super) const DIRECTORY: &str = "sys/kernel/config/tsm/report";

/// How often is asked where others ask with the same entry.
const TRIES: usize = 3;

/// What the kernel answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TsmReport {
    /// `tdx_guest` or `sev_guest`.
    pub(super) provider: String,
    /// The evidence.
    pub(super) evidence: Vec<u8>,
    /// The host's certificate table (SEV-SNP). Empty where there is none.
    pub(super) table: Vec<u8>,
}

/// Asks for a report over 64 bytes.
pub(super) fn report(system: &impl System, asked: &[u8; 64]) -> Result<TsmReport, String> {
    for _ in 0..TRIES {
        if let Some(report) = once(system, asked)? {
            return Ok(report);
        }
    }
    Err(format!(
        "somebody else wrote to the same entry {TRIES} times while it was read"
    ))
}

/// Asks once. `None` where somebody else asked through the same entry meanwhile: the report may be the answer to them.
fn once(system: &impl System, asked: &[u8; 64]) -> Result<Option<TsmReport>, String> {
    let entry = Entry::make(system)?;
    let before = entry.generation()?;
    entry.write("inblob", asked)?;
    let evidence = entry.read("outblob")?;
    let table = match entry.system.read(&entry.path.join("auxblob")) {
        Ok(table) => table,
        // TDX has none.
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(failed("auxblob", &error)),
    };
    let provider = String::from_utf8(entry.read("provider")?)
        .map_err(|_| "provider: not text".to_owned())?
        .trim()
        .to_owned();
    let is_ours = entry.generation()? == before.wrapping_add(1);
    Ok(is_ours.then_some(TsmReport {
        provider,
        evidence,
        table,
    }))
}

/// An entry of our own. Goes away with the value, whatever happened.
struct Entry<'s, S: System> {
    system: &'s S,
    path: PathBuf,
}

impl<'s, S: System> Entry<'s, S> {
    fn make(system: &'s S) -> Result<Self, String> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("wardline-{}-{number}", std::process::id());
        let path = Path::new(DIRECTORY).join(name);
        system.make(&path).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => {
                format!("cannot make an entry in /{DIRECTORY}: {error}; run it as root")
            }
            _ => format!(
                "cannot make an entry in /{DIRECTORY}: {error}; the module tdx_guest or sev-guest must be loaded"
            ),
        })?;
        Ok(Entry { system, path })
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        self.system
            .read(&self.path.join(name))
            .map_err(|error| failed(name, &error))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.system
            .write(&self.path.join(name), bytes)
            .map_err(|error| failed(name, &error))
    }

    /// Counts what was written to the entry.
    fn generation(&self) -> Result<u64, String> {
        let text = self.read("generation")?;
        std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .ok_or_else(|| "generation: not a number".to_owned())
    }
}

impl<S: System> Drop for Entry<'_, S> {
    fn drop(&mut self) {
        // Where it cannot be removed it stays until the next boot, and harms nobody.
        let _ = self.system.remove(&self.path);
    }
}

fn failed(name: &str, error: &io::Error) -> String {
    format!("{name}: {error}")
}

#[cfg(test)]
mod tests;
