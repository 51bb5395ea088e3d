//! Who uses whom, by `cargo metadata`. Uses of tests alone do not count.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The crates, by name, with the names of those they use.
pub(crate) struct Graph {
    uses: BTreeMap<String, BTreeSet<String>>,
    products: BTreeSet<String>,
}

impl Graph {
    pub(crate) fn load() -> Self {
        let metadata = metadata();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut products = BTreeSet::new();
        for package in list(&metadata["packages"]) {
            let (id, name) = (word(&package["id"]), word(&package["name"]));
            names.insert(id, name);
            let is_product = list(&metadata["workspace_members"]).contains(&package["id"])
                && word(&package["manifest_path"]).contains("/crates/");
            if is_product {
                products.insert(name.to_owned());
            }
        }
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let used = list(&node["deps"])
                .iter()
                .filter(|used| {
                    list(&used["dep_kinds"])
                        .iter()
                        .any(|kind| kind["kind"] != "dev")
                })
                .map(|used| names[word(&used["pkg"])].to_owned());
            // Two versions of a crate are one name here.
            uses.entry(names[word(&node["id"])].to_owned())
                .or_default()
                .extend(used);
        }
        Graph { uses, products }
    }

    /// The crates of `crates/`.
    pub(crate) fn products(&self) -> impl Iterator<Item = &str> {
        self.products.iter().map(String::as_str)
    }

    pub(crate) fn is_product(&self, name: &str) -> bool {
        self.products.contains(name)
    }

    /// What a crate names in its manifest.
    pub(crate) fn uses(&self, name: &str) -> impl Iterator<Item = &str> {
        self.uses[name].iter().map(String::as_str)
    }

    /// Everything that is built into a crate.
    pub(crate) fn closure(&self, name: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(next) = open.pop() {
            for used in self.uses(&next) {
                if all.insert(used.to_owned()) {
                    open.push(used.to_owned());
                }
            }
        }
        all
    }
}

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Only this platform's crates, because only they are sure to be on the machine.
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version=1",
            "--offline",
            "--filter-platform",
        ])
        .arg(host())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("a host")
        .to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> &str {
    value.as_str().expect("text")
}
