//! Every parser over its seeds, over each seed cut short at every byte, and over each with bytes changed.

use crate::sound;
use std::path::{Path, PathBuf};

/// The seeds of a target, by name.
pub(crate) fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let mut seeds: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

/// A seed, its beginnings, and the seed with each byte in turn changed to others: one bit off, and bytes that mean something
/// to these grammars.
fn variants(seed: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let beginnings = (0..=seed.len()).map(|end| seed[..end].to_vec());
    let changed = (0..seed.len()).flat_map(move |at| {
        [
            seed[at] ^ 1,
            seed[at] ^ 0x80,
            b'\n',
            b'"',
            b'\\',
            b'{',
            b' ',
        ]
        .map(|byte| {
            let mut bytes = seed.to_vec();
            bytes[at] = byte;
            bytes
        })
    });
    let removed = (0..seed.len()).map(|at| [&seed[..at], &seed[at + 1..]].concat());
    beginnings.chain(changed).chain(removed)
}

fn over_texts(target: &str, check: fn(&str)) {
    for (_, seed) in seeds(target) {
        for variant in variants(&seed) {
            check(&String::from_utf8_lossy(&variant));
        }
    }
}

#[test]
fn yaml() {
    over_texts("yaml", sound::yaml);
}

#[test]
fn json() {
    over_texts("json", sound::json);
}

#[test]
fn xml() {
    over_texts("xml", sound::xml);
}

#[test]
fn properties() {
    over_texts("properties", sound::properties);
}

#[test]
fn profile() {
    over_texts("profile", sound::profile);
}

#[test]
fn shell() {
    over_texts("shell", sound::shell);
}

#[test]
fn decode() {
    for target in ["decode", "yaml", "xml"] {
        for (_, seed) in seeds(target) {
            variants(&seed).for_each(|bytes| sound::decode(&bytes));
        }
    }
}

/// The parsers meet each other's files when content is recognised by trying.
#[test]
fn every_parser_meets_every_seed() {
    for target in [
        "yaml",
        "json",
        "xml",
        "properties",
        "profile",
        "shell",
        "decode",
    ] {
        for (_, seed) in seeds(target) {
            let text = String::from_utf8_lossy(&seed);
            for check in [
                sound::yaml,
                sound::json,
                sound::xml,
                sound::properties,
                sound::profile,
                sound::shell,
            ] {
                check(&text);
            }
        }
    }
}
