use super::{is_name, title, write};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A copy of `crates/controls` in a workspace of its own, whose other crates are the real ones.
fn copy_of_controls(root: &Path) {
    let workspace = fs::canonicalize(WORKSPACE).expect("the workspace");
    let manifest = fs::read_to_string(workspace.join("Cargo.toml")).expect("Cargo.toml");
    let crates = format!("path = \"{}/crates/", workspace.display());
    let manifest = manifest
        .replace("path = \"crates/", &crates)
        .replace(&format!("{crates}controls\""), "path = \"crates/controls\"");
    let members = manifest
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some(("members", _)) => "members = [\"crates/controls\"]",
            Some(("default-members", _)) => "",
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n");
    fs::create_dir_all(root).expect("a folder");
    fs::write(root.join("Cargo.toml"), members).expect("Cargo.toml");
    fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).expect("Cargo.lock");
    for path in files(&workspace.join("crates/controls")) {
        let to = root.join("crates/controls").join(&path);
        fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        fs::copy(workspace.join("crates/controls").join(&path), to).expect("copied");
    }
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("readable") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).expect("below").to_owned());
            }
        }
    }
    found
}

fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files(folder)
        .into_iter()
        .map(|path| {
            let bytes = fs::read(folder.join(&path)).expect("readable");
            (path, bytes)
        })
        .collect()
}

#[test]
fn a_new_control_is_two_files_and_passes_its_tests() {
    // The same place each time, so that what is built already is not built again. Its own target folder, because the
    // outputs of the build script would take the place of the real crate's.
    let target = std::env::current_exe().expect("this test");
    let target = target.ancestors().nth(3).expect("the target folder");
    let root = target.join("tmp/new-control");
    let _ = fs::remove_dir_all(root.join("crates"));
    copy_of_controls(&root);
    let controls = root.join("crates/controls");
    let before = contents(&controls);

    write(&controls, "example/invented-protection").expect("written");

    let mut after = contents(&controls);
    let added: Vec<PathBuf> = after
        .extract_if(.., |file| !before.contains(file))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        added,
        [
            PathBuf::from("fixtures/example/invented_protection.md"),
            PathBuf::from("src/example/invented_protection.rs"),
        ]
    );
    assert_eq!(after, before, "another file was touched");
    let again = write(&controls, "example/invented-protection");
    assert!(again.is_err(), "a control was written over");

    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--offline", "--quiet", "-p", "wardline-controls"])
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("WARDLINE_CONTROL", "example/invented-protection")
        .current_dir(&root)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let rustfmt = Command::new("rustfmt")
        .args(["--check", "--edition", "2024"])
        .arg(controls.join("src/example/invented_protection.rs"))
        .status();
    assert!(
        rustfmt.is_ok_and(|status| status.success()),
        "not formatted"
    );
}

#[test]
fn only_words_joined_by_hyphens_make_an_id() {
    for id in [
        "hdfs",
        "hdfs/",
        "/x",
        "hdfs/Foo",
        "hdfs/foo_bar",
        "../x/y",
        "hdfs/a--b",
        "hdfs/1",
    ] {
        assert!(write(Path::new("/nonexistent"), id).is_err(), "{id}");
    }
    assert!(is_name("k8s") && is_name("rpc-privacy"));
    assert_eq!(title("rpc-privacy"), "Rpc privacy");
}
