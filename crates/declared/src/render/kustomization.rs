//! What a kustomization is made of: other kustomizations, and files, some of which may be far away.

use text::{Node, Value};

/// The names under which kustomize looks for a kustomization (kustomize, api/konfig `RecognizedKustomizationFileNames`).
pub(super) const FILE_NAMES: [&str; 3] =
    ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Fields that list other kustomizations or manifests; `bases` is the old name of `resources`
/// (kustomize, api/types `Kustomization`).
const PARTS: [&str; 3] = ["resources", "bases", "components"];

/// Further fields whose entries are names of files, or inline documents.
const FILES: [&str; 5] = [
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
];

/// Fields whose entries are names of patch files, or inline patches; and mappings with a patch file under `path`.
const PATCHES: &str = "patchesStrategicMerge";
const PATCHES_WITH_PATH: [&str; 2] = ["patches", "patchesJson6902"];

/// Fields whose entries are mappings with lists of files, and the names of these lists.
const GENERATORS: [&str; 2] = ["configMapGenerator", "secretGenerator"];
const GENERATOR_LISTS: [&str; 2] = ["files", "envs"];

/// One kustomization.
#[derive(Debug, Default)]
pub(super) struct Kustomization {
    /// The entries of `resources`, `bases` and `components`, as written.
    pub(super) parts: Vec<Box<str>>,
    /// The names of its patch files: partial objects, which exist only in what they change.
    pub(super) patches: Vec<Box<str>>,
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
            .chain(&PATCHES_WITH_PATH)
            .chain(&GENERATORS)
            .chain([&PATCHES])
            .any(|field| root.get(field).is_some_and(Node::is_sequence));
    if !says_so && !is_typical {
        return None;
    }
    let parts: Vec<Box<str>> = PARTS
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(|item| item.text().map(Box::from))
        .collect();
    let patches: Vec<Box<str>> = patches(root).map(Box::from).collect();
    let is_remote =
        parts.iter().chain(&patches).any(|name| is_remote(name)) || files(root).any(is_remote);
    Some(Kustomization {
        parts,
        patches,
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

fn patches(root: &Node) -> impl Iterator<Item = &str> {
    let plain = items(root, PATCHES).iter().filter_map(Node::text);
    let with_path = PATCHES_WITH_PATH
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(|item| item.get("path")?.text());
    plain.chain(with_path)
}

fn files(root: &Node) -> impl Iterator<Item = &str> {
    let plain = FILES
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(Node::text);
    let with_path = items(root, "replacements")
        .iter()
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
    const STARTS: [&str; 5] = ["git::", "git@", "gh:", "github.com/", "github.com:"];
    const PARTS: [&str; 3] = ["://", "?ref=", ".git//"];
    // Generators write `key=file`.
    let file = name.split_once('=').map_or(name, |(_, file)| file);
    !name.contains('\n')
        && (PARTS.iter().any(|part| name.contains(part))
            || STARTS
                .iter()
                .any(|start| name.trim().starts_with(start) || file.trim().starts_with(start)))
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
