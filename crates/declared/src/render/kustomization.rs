//! What a kustomization is made of: other kustomizations, and files, some of which may be far away.

use text::{Node, Value};

/// The names under which kustomize looks for a kustomization (kustomize, api/konfig `RecognizedKustomizationFileNames`).
pub(super) const FILE_NAMES: [&str; 3] =
    ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Fields that list other kustomizations or manifests; `bases` is the old name of `resources`
/// (kustomize, api/types `Kustomization`).
const PARTS: [&str; 3] = ["resources", "bases", "components"];

/// Further fields whose entries are names of files, or inline documents.
const FILES: [&str; 6] = [
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "patchesStrategicMerge",
];

/// Fields whose entries are mappings with a file under `path`.
const WITH_PATH: [&str; 3] = ["patches", "patchesJson6902", "replacements"];

/// Fields whose entries are mappings with lists of files, and the names of these lists.
const GENERATORS: [&str; 2] = ["configMapGenerator", "secretGenerator"];
const GENERATOR_LISTS: [&str; 2] = ["files", "envs"];

/// One kustomization.
#[derive(Debug, Default)]
pub(super) struct Kustomization {
    /// The entries of `resources`, `bases` and `components`, as written.
    pub(super) parts: Vec<Box<str>>,
    /// Whether some name leads to another machine. The name itself is not kept: URLs carry credentials.
    pub(super) is_remote: bool,
    /// Whether it is a component: it changes what others make, and makes nothing itself.
    pub(super) is_component: bool,
}

/// Reads a kustomization. `None` if the text is none, whatever the file is called. O(length).
pub(super) fn read(text: &str) -> Option<Kustomization> {
    let stream = text::yaml::parse(text);
    let [document] = stream.documents.as_slice() else {
        return None;
    };
    let root = &document.root;
    let kind = root.get("kind").and_then(Node::text);
    let says_so = root
        .get("apiVersion")
        .and_then(Node::text)
        .is_some_and(|version| version.starts_with("kustomize.config.k8s.io/"));
    let is_typical = kind.is_none()
        && PARTS
            .iter()
            .chain(&WITH_PATH)
            .chain(&GENERATORS)
            .any(|field| root.get(field).is_some_and(Node::is_sequence));
    if !says_so && !is_typical {
        return None;
    }
    let parts: Vec<Box<str>> = PARTS
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(|item| item.text().map(Box::from))
        .collect();
    let is_remote = parts.iter().any(|part| is_remote(part)) || files(root).any(is_remote);
    Some(Kustomization {
        parts,
        is_remote,
        is_component: kind == Some("Component"),
    })
}

fn items<'n>(node: &'n Node, field: &str) -> &'n [Node] {
    match node.get(field).map(|value| &value.value) {
        Some(Value::Sequence(items)) => items,
        _ => &[],
    }
}

fn files(root: &Node) -> impl Iterator<Item = &str> {
    let plain = FILES
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(Node::text);
    let with_path = WITH_PATH
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(|item| item.get("path")?.text());
    let generated = GENERATORS
        .iter()
        .flat_map(|field| items(root, field))
        .flat_map(|item| {
            GENERATOR_LISTS
                .iter()
                .flat_map(|list| items(item, list))
                .chain(item.get("env"))
        })
        .filter_map(Node::text);
    let schema = root
        .at(&["openapi", "path"])
        .and_then(Node::text)
        .into_iter();
    plain.chain(with_path).chain(generated).chain(schema)
}

/// Whether kustomize would fetch this name: a URL, an SCP-like address, or the host of a known forge without a scheme
/// (kustomize, api/internal/git/repospec.go). Inline documents, which span lines, are no names.
fn is_remote(name: &str) -> bool {
    // Generators write `key=file`.
    let name = name.rsplit_once('=').map_or(name, |(_, file)| file).trim();
    !name.contains('\n')
        && (name.contains("://")
            || name.starts_with("git::")
            || name.starts_with("git@")
            || name.starts_with("gh:")
            || name.starts_with("github.com/")
            || name.starts_with("github.com:")
            || name.contains("?ref=")
            || name.contains(".git//"))
}

#[cfg(test)]
mod tests {
    use super::{is_remote, read};

    #[test]
    fn tells_a_kustomization_by_its_content() {
        assert!(read("resources:\n- a.yaml\n").is_some());
        assert!(
            read("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n").is_some()
        );
        assert!(read("configMapGenerator:\n- name: a\n").is_some());
        assert!(read("apiVersion: v1\nkind: Pod\nresources: []\n").is_none());
        assert!(read("name: resources\n").is_none());
        assert!(read("").is_none());
    }

    #[test]
    fn names_its_parts_and_what_lies_far_away() {
        let found = read(
            "resources: [a.yaml, ../base]\ncomponents: [../tls]\nconfigMapGenerator:\n- name: a\n  files: ['x=https://h/x']\n",
        );
        let found = found.expect("a kustomization");
        assert_eq!(found.parts.concat(), "a.yaml../base../tls");
        assert!(found.is_remote);
        assert!(!found.is_component);
    }

    #[test]
    fn tells_remote_names_from_local_ones() {
        for name in [
            "https://h/x.yaml",
            "git@h:o/r",
            "github.com/o/r//base?ref=v1",
            "ssh://git@h/r",
            "h/r.git//base",
        ] {
            assert!(is_remote(name), "{name}");
        }
        for name in [
            "../base",
            "a=b.yaml",
            "deployment.yaml",
            "- op: add\n  value: http://h",
        ] {
            assert!(!is_remote(name), "{name}");
        }
    }
}
