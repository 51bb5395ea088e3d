//! `cargo xtask new-control hdfs/foo-bar`: the skeleton of a control and of its fixture. Nothing else is touched, because
//! the build script of `crates/controls` registers what it finds.

use std::fs;
use std::path::{Path, PathBuf};

const CONTROL: &str = include_str!("new_control/control.rs.txt");
const FIXTURE: &str = include_str!("new_control/fixture.md.txt");

/// Writes both files below `workspace` and says what to do next.
///
/// # Errors
///
/// When the id is not `component/protection` in lower-case words joined by hyphens, or the control exists.
pub(crate) fn run(workspace: &Path, words: &[&str]) -> Result<String, String> {
    let [id] = words else {
        return Err("usage: cargo xtask new-control COMPONENT/PROTECTION".to_owned());
    };
    let written = write(&workspace.join("crates/controls"), id)?;
    let mut said = String::new();
    for path in written {
        said += &format!(
            "wrote {}\n",
            path.strip_prefix(workspace).unwrap_or(&path).display()
        );
    }
    Ok(format!(
        "{said}\nNext: replace every line that says REPLACE, then run\n  WARDLINE_CONTROL={id} cargo test -p wardline-controls\n  cargo xtask docs"
    ))
}

fn write(controls: &Path, id: &str) -> Result<[PathBuf; 2], String> {
    let (component, protection) = id
        .split_once('/')
        .filter(|(component, protection)| is_name(component) && is_name(protection))
        .ok_or_else(|| {
            format!("{id:?} is no id: write component/protection, in lower-case words joined by hyphens, as in hdfs/rpc-privacy")
        })?;
    let folder = component.replace('-', "_");
    let stem = protection.replace('-', "_");
    let files = [
        (controls.join("src").join(&folder), "rs", CONTROL),
        (controls.join("fixtures").join(&folder), "md", FIXTURE),
    ];
    let paths = files
        .each_ref()
        .map(|(folder, extension, _)| folder.join(format!("{stem}.{extension}")));
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(format!("{} exists", path.display()));
    }
    for ((folder, _, template), path) in files.iter().zip(&paths) {
        let text = template
            .replace("{id}", id)
            .replace("{title}", &title(protection));
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(paths)
}

/// Whether a part of an id becomes a module name: it starts with a letter.
fn is_name(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_lowercase())
        && part.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// `foo-bar` as a title: `Foo bar`.
fn title(protection: &str) -> String {
    let words = protection.replace('-', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
