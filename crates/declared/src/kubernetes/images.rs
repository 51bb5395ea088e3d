//! Container images anywhere in an object.

use settings::kubernetes::object::Object;
use text::{Node, Value};

/// The values of every `image` field of an object, at any depth: pod templates of built-in and custom kinds alike.
pub(crate) fn images(object: &Object) -> Vec<&Node> {
    let mut images = Vec::new();
    collect(&object.root, &mut images);
    images
}

/// Depth is bounded by the parser, so recursion is.
fn collect<'o>(node: &'o Node, images: &mut Vec<&'o Node>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, images)),
        Value::Mapping(entries) => {
            for entry in entries {
                if entry.key.text() == Some("image") && entry.value.str().is_some() {
                    images.push(&entry.value);
                }
                collect(&entry.value, images);
            }
        }
    }
}
