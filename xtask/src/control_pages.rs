//! `cargo xtask docs`: a page for each control, from its source and its fixture, so that a page cannot say what the code
//! does not do.

mod fixture;
mod page;

use controls::CONTROLS;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the pages are, from the root of the workspace.
const FOLDER: &str = "docs/controls";

/// Writes the pages, or with `--check` says which of them are not what would be written.
///
/// # Errors
///
/// When a fixture is not readable, a page cannot be written, or with `--check` a page is stale.
pub(crate) fn run(workspace: &Path, words: &[&str]) -> Result<String, String> {
    let pages = pages(workspace)?;
    let folder = workspace.join(FOLDER);
    match words {
        [] => write(&folder, &pages),
        ["--check"] => check(&folder, &pages),
        _ => Err("usage: cargo xtask docs [--check]".to_owned()),
    }
}

/// Every page by its path below the folder.
fn pages(workspace: &Path) -> Result<BTreeMap<PathBuf, String>, String> {
    let fixtures = workspace.join("crates/controls/fixtures");
    let mut pages = BTreeMap::from([(PathBuf::from("README.md"), page::index(CONTROLS))]);
    for control in CONTROLS {
        let path = fixtures.join(format!("{}.md", control.id.replace('-', "_")));
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        pages.insert(
            PathBuf::from(format!("{}.md", control.id)),
            page::control(control, &fixture::cases(&text)),
        );
    }
    Ok(pages)
}

fn write(folder: &Path, pages: &BTreeMap<PathBuf, String>) -> Result<String, String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    for (name, text) in pages {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
        }
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    // A control that was renamed leaves its old page behind.
    for name in existing(folder)? {
        if !pages.contains_key(&name) {
            let path = folder.join(name);
            fs::remove_file(&path).map_err(|error| failed(&path, error))?;
        }
    }
    Ok(format!("{} pages in {FOLDER}", pages.len()))
}

fn check(folder: &Path, pages: &BTreeMap<PathBuf, String>) -> Result<String, String> {
    let mut stale: Vec<String> = Vec::new();
    for (name, text) in pages {
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            stale.push(format!("{FOLDER}/{}", name.display()));
        }
    }
    for name in existing(folder)? {
        if !pages.contains_key(&name) {
            stale.push(format!("{FOLDER}/{} (no such control)", name.display()));
        }
    }
    if stale.is_empty() {
        return Ok(format!("{} pages are fresh", pages.len()));
    }
    Err(format!(
        "stale, run `cargo xtask docs`:\n  {}",
        stale.join("\n  ")
    ))
}

/// The pages that lie in the folder: `README.md` and `<component>/<protection>.md`.
fn existing(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        if !next.is_dir() {
            continue;
        }
        let unreadable = |error: std::io::Error| format!("{}: {error}", next.display());
        for entry in fs::read_dir(&next).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.push(name.to_owned());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
