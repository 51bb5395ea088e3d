//! Where what is rendered was written: a renderer passes on most of what it reads, and a finding must point at the line
//! that somebody can change.

use super::novelty::{identity, is_equal};
use super::patches::{Patch, operations};
use super::units::Unit;
use model::{Place, SourceId, Sources, Written};
use settings::kubernetes::encryption::base64;
use settings::kubernetes::object::Object;
use std::collections::HashMap;
use text::yaml::Document;
use text::{Node, Value};

/// Kinds whose names kustomize leaves as they are (kustomize, api/internal/builtins `prefixFieldSpecsToSkip`).
const UNNAMED: [&str; 3] = ["Namespace", "CustomResourceDefinition", "APIService"];

/// Longest list whose items are looked for.
const MOST_ITEMS: usize = 256;

/// A part of a file that a part of the rendered text may come from.
#[derive(Clone, Copy)]
struct Origin<'o> {
    node: &'o Node,
    source: SourceId,
}

/// Finds where the objects of one rendered text were written, among the objects of files that it was made of.
pub(super) struct Trace<'o> {
    unit: &'o Unit,
    sources: &'o Sources,
    /// By group and kind: the objects of the unit's files.
    objects: HashMap<[&'o str; 2], Vec<&'o Object>>,
    patches: &'o [Patch],
    files: &'o HashMap<String, SourceId>,
}

impl<'o> Trace<'o> {
    pub(super) fn new(
        unit: &'o Unit,
        sources: &'o Sources,
        all: impl Iterator<Item = &'o Object>,
        patches: &'o [Patch],
        files: &'o HashMap<String, SourceId>,
    ) -> Self {
        let mut objects: HashMap<[&str; 2], Vec<&Object>> = HashMap::new();
        for object in all {
            let path = sources.get(object.source).map_or("", |source| &source.path);
            if !unit.namings_of(path).is_empty() {
                let key = [object.group(), &*object.kind];
                objects.entry(key).or_default().push(object);
            }
        }
        Trace {
            unit,
            sources,
            objects,
            patches,
            files,
        }
    }

    /// The places of a document of the rendered text `rendered`.
    pub(super) fn document(&self, rendered: &str, document: &Document, written: &mut Written) {
        let root = &document.root;
        let [group, kind, namespace, name] = identity(root);
        let candidates = self
            .objects
            .get(&[group, kind])
            .map_or(&[][..], Vec::as_slice);
        let mut bases = candidates
            .iter()
            .filter(|object| self.is_base(object, namespace, name));
        // Two files that declare it are no answer.
        if let (Some(base), None) = (bases.next(), bases.next()) {
            let own = Origin {
                node: &base.root,
                source: base.source,
            };
            let patches = self.patches.iter().filter(|patch| {
                let [_, of_kind, _, of_name] = identity(&patch.root);
                of_kind == kind && of_name == &*base.name
            });
            let origins: Vec<Origin<'_>> = std::iter::once(own)
                .chain(patches.map(|patch| Origin {
                    node: &patch.root,
                    source: patch.source,
                }))
                .collect();
            written.node(document.span, Place::new(base.source, base.document));
            self.node(rendered, root, &origins, written);
            for patch in self.patches {
                for (value, became) in operations(&patch.root, root) {
                    let origin = Origin {
                        node: value,
                        source: patch.source,
                    };
                    self.node(rendered, became, &[origin], written);
                }
            }
            // A changed name is still shown where the object is named.
            let named = |root: &'o Node| root.at(&["metadata", "name"]);
            if let (Some(name), Some(original)) =
                (root.at(&["metadata", "name"]), named(&base.root))
            {
                written.node(name.span, base.place(original));
            }
        } else if matches!(kind, "ConfigMap" | "Secret") && group.is_empty() {
            self.generated(root, kind, name, written);
        }
    }

    fn path(&self, object: &Object) -> &str {
        self.sources
            .get(object.source)
            .map_or("", |source| &*source.path)
    }

    fn is_base(&self, object: &Object, namespace: &str, name: &str) -> bool {
        let is_unnamed = UNNAMED.contains(&&*object.kind);
        self.unit
            .namings_of(self.path(object))
            .iter()
            .any(|naming| {
                let is_named = if is_unnamed {
                    name == &*object.name || naming.namespace.as_deref() == Some(name)
                } else {
                    naming.makes(&object.name, name)
                };
                let own = object.namespace.as_deref();
                is_named
                    && (namespace.is_empty()
                        || own == Some(namespace)
                        || naming.namespace.as_deref() == Some(namespace))
            })
    }

    /// Bounded by the depth of texts.
    fn node(&self, rendered: &str, node: &Node, origins: &[Origin<'o>], written: &mut Written) {
        match &node.value {
            Value::Scalar(_) => {
                let Some(origin) = origins.iter().find(|origin| is_equal(node, origin.node)) else {
                    return;
                };
                written.node(node.span, Place::new(origin.source, origin.node.span));
                self.lines(rendered, node, *origin, written);
            }
            Value::Mapping(entries) => {
                same_form(node, origins, Node::is_mapping, written);
                for entry in entries {
                    let key = entry.key.text().unwrap_or_default();
                    let own: Vec<_> = origins
                        .iter()
                        .filter_map(|origin| Some((origin.source, origin.node.entry(key)?)))
                        .collect();
                    let values: Vec<Origin<'o>> = own
                        .iter()
                        .map(|(source, entry)| Origin {
                            node: &entry.value,
                            source: *source,
                        })
                        .collect();
                    if let Some((source, original)) = own.first() {
                        written.node(entry.key.span, Place::new(*source, original.key.span));
                    }
                    self.node(rendered, &entry.value, &values, written);
                }
            }
            Value::Sequence(items) => {
                same_form(node, origins, Node::is_sequence, written);
                for item in items {
                    let values: Vec<Origin<'o>> = origins
                        .iter()
                        .filter_map(|origin| {
                            Some(Origin {
                                node: same_item(item, origin.node.items())?,
                                ..*origin
                            })
                        })
                        .collect();
                    self.node(rendered, item, &values, written);
                }
            }
        }
    }

    /// The lines of a text, whose indentation may differ.
    fn lines(&self, rendered: &str, node: &Node, origin: Origin<'_>, written: &mut Written) {
        let Some(decoded) = node.text().filter(|text| text.contains('\n')) else {
            return;
        };
        let original = self
            .sources
            .get(origin.source)
            .map_or("", |source| &source.text);
        let here = text::yaml::block_scalar_segments(rendered, node);
        let there = text::yaml::block_scalar_segments(original, origin.node);
        let mut start = 0;
        for line in decoded.split_inclusive('\n') {
            let content = line.trim_end();
            let span = text::Span::new(start, start + content.len());
            let (here, there) = (here.to_origin(span), there.to_origin(span));
            let is_same = |text: &str, at: text::Span| text.get(at.range()) == Some(content);
            if !content.is_empty() && is_same(rendered, here) && is_same(original, there) {
                written.run(here, Place::new(origin.source, there));
            }
            start += line.len();
        }
    }

    /// The literals of a generator.
    fn generated(&self, root: &Node, kind: &str, name: &str, written: &mut Written) {
        let made = self
            .unit
            .generated()
            .iter()
            .filter(|(_, naming, generated)| {
                generated.kind == kind && naming.makes(&generated.name, name)
            });
        for (path, _, generated) in made {
            let Some(source) = self.files.get(path.as_str()) else {
                continue;
            };
            for entry in root.get("data").map(Node::entries).unwrap_or_default() {
                let value = entry.value.text().unwrap_or_default();
                let decoded = if kind == "Secret" {
                    base64::decode(value).and_then(|bytes| String::from_utf8(bytes).ok())
                } else {
                    Some(value.to_owned())
                };
                let literal = generated.literals.iter().find(|(key, literal, _)| {
                    entry.key.text() == Some(key) && decoded.as_deref() == Some(literal)
                });
                if let Some((_, _, span)) = literal {
                    written.node(entry.value.span, Place::new(*source, *span));
                    written.node(entry.key.span, Place::new(*source, *span));
                }
            }
        }
    }
}

/// A collection is shown where the first collection of its kind stands.
fn same_form(
    node: &Node,
    origins: &[Origin<'_>],
    is_form: impl Fn(&Node) -> bool,
    written: &mut Written,
) {
    if let Some(origin) = origins.iter().find(|origin| is_form(origin.node)) {
        written.node(node.span, Place::new(origin.source, origin.node.span));
    }
}

/// The item of a list that an item of the rendered list comes from: the one that is equal, else the one with the same key.
/// The keys are those by which the API merges lists of objects (`patchMergeKey` in k8s.io/api).
fn same_item<'n>(item: &Node, items: &'n [Node]) -> Option<&'n Node> {
    const KEYS: [&str; 9] = [
        "name",
        "mountPath",
        "containerPort",
        "port",
        "devicePath",
        "ip",
        "topologyKey",
        "uid",
        "key",
    ];
    // Nobody overlays lists as long as this, and comparing all with all takes its time.
    if items.len() > MOST_ITEMS {
        return None;
    }
    if let Some(same) = items.iter().find(|other| is_equal(item, other)) {
        return Some(same);
    }
    KEYS.iter().find_map(|key| {
        let value = item.get(key)?;
        items
            .iter()
            .find(|other| other.get(key).is_some_and(|other| is_equal(value, other)))
    })
}
