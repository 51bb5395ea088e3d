//! Registers every family of readers by its folder, `src/<family>/mod.rs`; nobody keeps a list by hand.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed=src");
    let mut families = Vec::new();
    for entry in fs::read_dir(root.join("src"))? {
        let path = entry?.path();
        if path.join("mod.rs").is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            families.push((name.to_owned(), path.join("mod.rs")));
        }
    }
    families.sort();
    let mut modules = String::new();
    let mut table = String::from(
        "/// Every family of readers, by name.\npub(crate) static FAMILIES: &[&Family] = &[\n",
    );
    for (name, path) in &families {
        writeln!(
            modules,
            "#[path = \"{}\"]\npub mod {name};",
            path.display().to_string().escape_default()
        )
        .map_err(io::Error::other)?;
        writeln!(table, "    &{name}::FAMILY,").map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("families.rs"), modules + &table)
}
