//! Objects for tests, from YAML text.

use super::object::{Object, Runs};
use model::SourceId;
use text::{Node, yaml};

/// The objects of a stream, one per document, all of text 0.
pub(super) fn objects(text: &str) -> Vec<Object> {
    let stream = yaml::parse(text);
    assert!(stream.errors.is_empty(), "{:?}", stream.errors);
    stream
        .documents
        .into_iter()
        .map(|document| {
            let word = |path: &[&str]| document.root.at(path).and_then(Node::str).map(Into::into);
            Object {
                source: SourceId(0),
                api_version: word(&["apiVersion"]).unwrap_or_default(),
                kind: word(&["kind"]).unwrap_or_default(),
                namespace: word(&["metadata", "namespace"]),
                name: word(&["metadata", "name"])
                    .or_else(|| word(&["metadata", "generateName"]))
                    .unwrap_or_default(),
                template: None,
                cluster: 0,
                document: document.span,
                strict: document.strict,
                runs: Runs::Itself,
                is_patch: false,
                images: Vec::new(),
                root: document.root,
            }
        })
        .collect()
}

/// The first object of a stream.
pub(super) fn object(text: &str) -> Object {
    objects(text).remove(0)
}
