//! Every parser over the seeds of its fuzz target, cut at every byte, with bytes changed.

use super::invariants;
use std::path::Path;

/// Runs a check over each seed, each beginning of it, and each change of one byte of it.
fn run(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let seed = std::fs::read(entry.unwrap().path()).unwrap();
        seeds += 1;
        for end in 0..=seed.len() {
            check(&seed[..end]);
        }
        for at in 0..seed.len() {
            for byte in [
                b'\n', b'\r', b'\t', b' ', b'\\', b'"', b'\'', b'{', b'[', b'<', b'$', b'#', 0x80,
                0xc3,
            ] {
                let mut changed = seed.clone();
                changed[at] = byte;
                check(&changed);
                // Without the byte that stood there, too.
                changed.remove(at);
                check(&changed);
            }
        }
    }
    assert!(seeds > 0, "no seeds for {target}");
}

#[test]
fn decode() {
    run("decode", invariants::decode);
}

#[test]
fn yaml() {
    run("yaml", invariants::yaml);
}

#[test]
fn json() {
    run("json", invariants::json);
}

#[test]
fn xml() {
    run("xml", invariants::xml);
}

#[test]
fn properties() {
    run("properties", invariants::properties);
}

#[test]
fn profile() {
    run("profile", invariants::profile);
}

#[test]
fn shell() {
    run("shell", invariants::shell);
}

#[test]
fn unit() {
    run("unit", invariants::unit);
}

/// Every parser gets every text: files have wrong names.
#[test]
fn any_parser_reads_any_seed() {
    for target in [
        "decode",
        "yaml",
        "json",
        "xml",
        "properties",
        "profile",
        "shell",
        "unit",
    ] {
        run_whole(target, |bytes| {
            invariants::decode(bytes);
            invariants::yaml(bytes);
            invariants::json(bytes);
            invariants::xml(bytes);
            invariants::properties(bytes);
            invariants::profile(bytes);
            invariants::shell(bytes);
            invariants::unit(bytes);
        });
    }
}

fn run_whole(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    for entry in std::fs::read_dir(folder).unwrap() {
        check(&std::fs::read(entry.unwrap().path()).unwrap());
    }
}
