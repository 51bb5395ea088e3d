//! The names of generated ConfigMaps and Secrets. kustomize appends a hash of their content (`spark-conf-7b5f9d8kgm`) and
//! changes every reference to match, so that each object that refers to one would pass for changed. Without the hash the
//! objects are as they stand in files, and refer to what the rendered text generates.

use std::collections::BTreeSet;
use text::Node;

/// How many characters of the hash are appended (kustomize, api/hasher `encode`).
const HASH_LENGTH: usize = 10;

/// The characters of the hash: hexadecimal digits with vowels and look-alikes replaced (kustomize, api/hasher `encode`).
const HASH_CHARACTERS: &str = "gh2k456789mbcdtf";

/// Makes the hash of every generated name blank, where it is defined and where it is referred to. Positions stay.
/// O(length of the text).
pub(super) fn blank_hashes(rendered: String) -> String {
    let names = generated_names(&rendered);
    if names.is_empty() {
        return rendered;
    }
    let mut text = String::with_capacity(rendered.len());
    for line in rendered.split_inclusive('\n') {
        let content = line.trim_end();
        // References end their line: kustomize writes one scalar a line, and names need no quotes.
        let word = content.rsplit([' ', '"']).next().unwrap_or_default();
        let stem = content.len().checked_sub(HASH_LENGTH + 1);
        match stem.and_then(|at| content.get(..at)) {
            Some(stem) if names.contains(word) => {
                text.push_str(stem);
                text.extend(std::iter::repeat_n(' ', HASH_LENGTH + 1));
                text.push_str(line.get(content.len()..).unwrap_or_default());
            }
            _ => text.push_str(line),
        }
    }
    text
}

fn generated_names(rendered: &str) -> BTreeSet<Box<str>> {
    let stream = text::yaml::parse(rendered);
    let roots = stream.documents.iter().map(|document| &document.root);
    roots
        .filter(|root| {
            let kind = root.get("kind").and_then(Node::text);
            matches!(kind, Some("ConfigMap" | "Secret"))
        })
        .filter_map(|root| root.at(&["metadata", "name"])?.text())
        .filter(|name| has_hash(name))
        .map(Box::from)
        .collect()
}

fn has_hash(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(stem, hash)| {
        !stem.is_empty()
            && hash.len() == HASH_LENGTH
            && hash.chars().all(|c| HASH_CHARACTERS.contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::blank_hashes;

    #[test]
    fn generated_names_lose_their_hash_wherever_they_stand() {
        let text = "kind: ConfigMap\nmetadata:\n  name: conf-g9thk7mbc2\ndata:\n  é: conf-g9thk7mbc2x\n---\nkind: Pod\nspec:\n- configMap:\n    name: conf-g9thk7mbc2\n- name: other-g9thk7mbc2\n";
        let blank = blank_hashes(text.to_owned());
        assert_eq!(blank.len(), text.len());
        let name = format!("name: conf{}\n", " ".repeat(11));
        assert_eq!(blank.matches(&name).count(), 2, "{blank}");
        assert!(blank.contains("conf-g9thk7mbc2x") && blank.contains("other-g9thk7mbc2"));
    }

    #[test]
    fn other_names_stay() {
        for name in ["conf", "conf-2024010112", "app-production", "-g9thk7mbc2"] {
            let text = format!("kind: ConfigMap\nmetadata:\n  name: {name}\n");
            assert_eq!(blank_hashes(text.clone()), text);
        }
    }
}
