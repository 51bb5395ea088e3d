//! What a kustomization is made of: other kustomizations, and files, some of which may be far away.

use text::{Node, SegmentMap, Span, Value};

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

/// What a kustomization does to the names of everything in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Naming {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) namespace: Option<Box<str>>,
}

impl Naming {
    /// What happens to what an inner kustomization named: its names are put inside these, and this namespace wins
    /// (kustomize runs the transformers of the innermost kustomization first).
    pub(super) fn around(&self, inner: &Naming) -> Naming {
        Naming {
            prefix: format!("{}{}", self.prefix, inner.prefix),
            suffix: format!("{}{}", inner.suffix, self.suffix),
            namespace: self.namespace.clone().or_else(|| inner.namespace.clone()),
        }
    }

    /// Whether `rendered` is `name` with the prefix and the suffix.
    pub(super) fn makes(&self, name: &str, rendered: &str) -> bool {
        rendered
            .strip_prefix(self.prefix.as_str())
            .and_then(|rest| rest.strip_suffix(self.suffix.as_str()))
            == Some(name)
    }
}

/// A ConfigMap or Secret that a kustomization makes, as far as its values stand in the kustomization itself.
#[derive(Clone, Debug)]
pub(super) struct Generated {
    pub(super) kind: &'static str,
    pub(super) name: Box<str>,
    /// Key, value, and where both stand.
    pub(super) literals: Vec<(Box<str>, Box<str>, Span)>,
}

/// A patch that is written inside a kustomization.
#[derive(Clone, Debug)]
pub(super) struct Inline {
    pub(super) text: Box<str>,
    pub(super) span: Span,
    /// Where its bytes come from.
    pub(super) map: SegmentMap,
}

/// One kustomization.
#[derive(Debug, Default)]
pub(super) struct Kustomization {
    /// The entries of `resources`, `bases` and `components`, as written.
    pub(super) parts: Vec<Box<str>>,
    /// The names of its patch files: partial objects, which exist only in what they change.
    pub(super) patches: Vec<Box<str>>,
    /// What it does to names.
    pub(super) naming: Naming,
    /// What it makes of literals.
    pub(super) generated: Vec<Generated>,
    /// Its patches that are written inside.
    pub(super) inline: Vec<Inline>,
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
        naming: naming(root),
        generated: generated(root),
        inline: inline(root, text),
        is_remote,
        is_component: kind == Some("Component"),
    })
}

fn naming(root: &Node) -> Naming {
    let word = |field| root.get(field).and_then(Node::str).unwrap_or_default();
    Naming {
        prefix: word("namePrefix").to_owned(),
        suffix: word("nameSuffix").to_owned(),
        namespace: Some(word("namespace"))
            .filter(|namespace| !namespace.is_empty())
            .map(Box::from),
    }
}

fn generated(root: &Node) -> Vec<Generated> {
    GENERATORS
        .iter()
        .zip(["ConfigMap", "Secret"])
        .flat_map(|(field, kind)| items(root, field).iter().map(move |item| (item, kind)))
        .filter_map(|(item, kind)| {
            let literals = items(item, "literals").iter().filter_map(|literal| {
                let (key, value) = literal.text()?.split_once('=')?;
                Some((key.into(), unquoted(value).into(), literal.span))
            });
            Some(Generated {
                kind,
                name: item.get("name")?.str()?.into(),
                literals: literals.collect(),
            })
        })
        .collect()
}

fn inline(root: &Node, text: &str) -> Vec<Inline> {
    let plain = items(root, PATCHES)
        .iter()
        .filter(|item| item.text().is_some_and(|text| text.contains('\n')));
    let with_target = PATCHES_WITH_PATH
        .iter()
        .flat_map(|field| items(root, field))
        .filter_map(|item| item.get("patch"));
    plain
        .chain(with_target)
        .filter_map(|node| {
            Some(Inline {
                text: node.text()?.into(),
                span: node.span,
                map: text::yaml::block_scalar_segments(text, node),
            })
        })
        .collect()
}

/// A literal's value without the quotes around it (kustomize, api/kv `trimQuotes`).
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
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
    fn names_are_put_inside_those_of_the_outer_kustomization() {
        let naming = |text: &str| read(text).expect("a kustomization").naming;
        let inner = naming("resources: []\nnamePrefix: a-\nnameSuffix: -x\nnamespace: inner\n");
        let outer = naming("resources: []\nnamePrefix: prod-\nnameSuffix: -v1\nnamespace: data\n");
        let both = outer.around(&inner);
        assert!(both.makes("etl", "prod-a-etl-x-v1") && !both.makes("etl", "etl"));
        assert_eq!(both.namespace.as_deref(), Some("data"));
        let none = naming("resources: []\n");
        assert_eq!(none.around(&inner), inner);
    }

    #[test]
    fn literals_of_generators() {
        let found = read("secretGenerator:\n- name: s\n  literals: [a=b, 'c=\"d\"']\n");
        let generated = found.expect("a kustomization").generated;
        let [secret] = generated.as_slice() else {
            panic!("one Secret")
        };
        assert_eq!((secret.kind, &*secret.name), ("Secret", "s"));
        let values: Vec<&str> = secret
            .literals
            .iter()
            .map(|(_, value, _)| &**value)
            .collect();
        assert_eq!(values, ["b", "d"]);
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
