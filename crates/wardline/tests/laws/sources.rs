//! What stands in the sources. A scan of lines sees less than a compiler, but sees it in code that is not compiled here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Parts of the standard library that reach outside of the process, or ask for the time.
const OUTSIDE: [&str; 7] = ["env", "fs", "io", "os", "process", "thread", "time"];

/// Other names that do. `std::net` itself has plain types, such as addresses.
const EFFECTS: [&str; 9] = [
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
    "dbg!(",
    "eprint!(",
    "eprintln!(",
    "print!(",
    "println!(",
];

/// The form of unsafe code. The word alone also stands in names of settings.
const UNSAFE: [&str; 6] = [
    "unsafe {",
    "unsafe fn",
    "unsafe impl",
    "unsafe extern",
    "unsafe trait",
    "#[unsafe(",
];

/// A file of the workspace.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The manifests of the members.
pub(crate) fn manifests() -> Vec<String> {
    let mut folders = vec![PathBuf::from("xtask"), PathBuf::from("benches")];
    for entry in fs::read_dir(root().join("crates")).expect("crates") {
        folders.push(Path::new("crates").join(entry.expect("an entry").file_name()));
    }
    folders
        .iter()
        .map(|folder| folder.join("Cargo.toml"))
        .filter(|manifest| root().join(manifest).is_file())
        .map(|manifest| manifest.display().to_string())
        .collect()
}

/// Lines that do I/O, ask for the time or print.
pub(crate) fn effects(folder: &str) -> Vec<String> {
    lines_where(folder, |line| {
        EFFECTS.iter().any(|word| line.contains(word)) || reaches_outside(line)
    })
}

/// Lines with unsafe code, or that allow it.
pub(crate) fn unsafe_code(folder: &str) -> Vec<String> {
    lines_where(folder, |line| {
        UNSAFE.iter().any(|form| line.contains(form)) || line.contains("allow(unsafe_code")
    })
}

/// Whether a line names a module in `OUTSIDE`: `std::fs`, or `std::{fs, ...}` on one line.
fn reaches_outside(line: &str) -> bool {
    line.split("std::").skip(1).any(|rest| {
        let names = rest.strip_prefix('{').unwrap_or(rest);
        let end = if names.len() < rest.len() { '}' } else { ';' };
        let names = names.split(end).next().unwrap_or_default();
        let is_list = end == '}';
        names
            .split(',')
            .take(if is_list { usize::MAX } else { 1 })
            .map(|name| {
                name.trim()
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
            })
            .any(|mut words| words.next().is_some_and(|word| OUTSIDE.contains(&word)))
    })
}

/// The causes that sources name: `"tee/debug-mode#tdx-debug"`.
pub(crate) fn causes(folder: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for line in lines_where(folder, |line| line.contains('#')) {
        let words = line.split('"').filter(|word| {
            let is_plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/#-".contains(c);
            word.chars().all(is_plain) && word.contains('/') && word.contains('#')
        });
        all.extend(words.map(str::to_owned));
    }
    all
}

fn lines_where(folder: &str, is_found: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in
            fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display()))
        {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // This file names what it looks for.
            if path.extension().is_none_or(|extension| extension != "rs")
                || path.ends_with("laws/sources.rs")
            {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source file");
            for (index, line) in text.lines().enumerate() {
                if !line.trim_start().starts_with("//") && is_found(line) {
                    found.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
                }
            }
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_scan_sees_what_it_should() {
    for line in [
        "use std::fs;",
        "use std::{collections::HashMap, fs::File};",
        "    std::time::Instant::now()",
        "let x = std::io::stdin();",
    ] {
        assert!(reaches_outside(line), "{line}");
    }
    for line in [
        "use std::fmt::{self, Write};",
        "use std::{fmt, iter};",
        "use std::net::IpAddr;",
        "const OS: &str = \"os\";",
    ] {
        assert!(!reaches_outside(line), "{line}");
    }
}
