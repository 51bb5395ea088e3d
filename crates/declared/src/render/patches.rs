//! The patches of a kustomization as trees: what a rendered object has from a patch was written there.

use super::units::Unit;
use model::{Embedding, Place, Source, SourceId, Sources};
use std::collections::HashMap;
use text::Node;

/// What one patch says.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) source: SourceId,
    /// A part of an object (a strategic merge patch), or a list of operations (RFC 6902).
    pub(super) root: Node,
}

/// The patches of a unit. Those written inside a kustomization become texts of their own.
pub(super) fn of_unit(
    unit: &Unit,
    sources: &mut Sources,
    files: &HashMap<String, SourceId>,
) -> Vec<Patch> {
    let mut texts: Vec<SourceId> = unit
        .patch_files()
        .filter_map(|path| files.get(path).copied())
        .collect();
    for (path, inline) in unit.inline() {
        let Some(kustomization) = files.get(path) else {
            continue;
        };
        let embedding = Embedding {
            parent: Place::new(*kustomization, inline.span),
            map: inline.map.clone(),
        };
        texts.push(sources.add(Source::embedded("patch", inline.text.clone(), embedding)));
    }
    texts
        .into_iter()
        .filter_map(|id| Some((id, sources.get(id)?)))
        .flat_map(|(id, source)| {
            let stream = text::yaml::parse(&source.text);
            stream.documents.into_iter().map(move |document| Patch {
                source: id,
                root: document.root,
            })
        })
        .collect()
}

/// The values that a list of operations puts into a rendered object, each with the node that they became.
pub(super) fn operations<'n>(patch: &'n Node, rendered: &'n Node) -> Vec<(&'n Node, &'n Node)> {
    patch
        .items()
        .iter()
        .filter(|operation| {
            let name = operation.get("op").and_then(Node::text);
            matches!(name, Some("add" | "replace"))
        })
        .filter_map(|operation| {
            let path = operation.get("path")?.text()?;
            Some((operation.get("value")?, pointed(rendered, path)?))
        })
        .collect()
}

/// The node that a JSON pointer means (RFC 6901); `-` is the last item, which is what an operation put there became.
fn pointed<'n>(root: &'n Node, pointer: &str) -> Option<&'n Node> {
    let mut node = root;
    for token in pointer.strip_prefix('/')?.split('/') {
        let key = token.replace("~1", "/").replace("~0", "~");
        node = if !node.is_sequence() {
            node.get(&key)?
        } else if key == "-" {
            node.items().last()?
        } else {
            node.items().get(key.parse::<usize>().ok()?)?
        };
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::operations;

    #[test]
    fn operations_lead_to_what_they_became() {
        let tree = |text: &str| {
            let mut documents = text::yaml::parse(text).documents;
            documents.pop().expect("one document").root
        };
        let rendered = tree("a:\n  x/y: 1\n  list: [p, q]\n");
        let patch = tree(
            "- {op: replace, path: /a/x~1y, value: 1}\n- {op: add, path: /a/list/-, value: q}\n- {op: remove, path: /a/b}\n- {op: add, path: /a/z/0, value: 3}\n",
        );
        let found = operations(&patch, &rendered);
        let texts: Vec<_> = found.iter().map(|(_, node)| node.text()).collect();
        assert_eq!(texts, [Some("1"), Some("q")]);
    }
}
