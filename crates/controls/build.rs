//! Registers every control by its place in the tree, `src/<component>/<protection>.rs`, and the files beside `lib.rs` that
//! controls share.
//!
//! Writes the module declarations and the table of controls; nobody keeps a list by hand. The documentation of a control
//! is its module's `//!` comment, so that `wardline explain` and the documentation page cannot drift from the source.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let source = root.join("src");
    println!("cargo::rerun-if-changed=src");
    let mut modules = String::new();
    let mut table =
        String::from("/// Every control, by id.\npub static CONTROLS: &[Control] = &[\n");
    for shared in files(&source)?.into_iter().filter(|name| name != "lib") {
        let path = source.join(format!("{shared}.rs"));
        writeln!(
            modules,
            "#[path = \"{}\"]\npub mod {shared};",
            path.display().to_string().escape_default()
        )
        .map_err(io::Error::other)?;
    }
    for component in folders(&source)? {
        println!("cargo::rerun-if-changed=src/{component}");
        writeln!(
            modules,
            "/// Controls of `{component}`.\npub mod {component} {{"
        )
        .map_err(io::Error::other)?;
        for protection in files(&source.join(&component))? {
            let path = source.join(&component).join(format!("{protection}.rs"));
            writeln!(
                modules,
                "    #[path = \"{}\"]\n    pub mod {protection};",
                path.display().to_string().escape_default()
            )
            .map_err(io::Error::other)?;
            writeln!(
                table,
                "    Control {{ id: \"{}/{}\", meta: &{component}::{protection}::META, documentation: \"{}\", settings: {component}::{protection}::judge }},",
                component.replace('_', "-"),
                protection.replace('_', "-"),
                documentation(&path)?.escape_default()
            )
            .map_err(io::Error::other)?;
        }
        modules.push_str("}\n");
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("registry.rs"), modules + &table)
}

/// The folders of `src`: one a component.
fn folders(source: &Path) -> io::Result<Vec<String>> {
    names(source, |path| path.is_dir())
}

/// The control files of a component's folder.
fn files(folder: &Path) -> io::Result<Vec<String>> {
    names(folder, |path| {
        path.extension().is_some_and(|extension| extension == "rs")
    })
}

fn names(folder: &Path, wanted: impl Fn(&Path) -> bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if wanted(&path)
            && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
        {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The module comment of a control without its `//!` markers.
fn documentation(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    Ok(lines
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n"))
}
