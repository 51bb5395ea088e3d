//! Container images anywhere in an object.

use settings::kubernetes::object::Image;
use text::{Node, Value};

/// The values of every `image` field of an object, at any depth: pod templates of built-in and custom kinds alike.
pub(super) fn images(root: &Node) -> Vec<Image> {
    let mut images = Vec::new();
    collect(root, &mut images);
    images
}

/// Depth is bounded by the parser, so recursion is.
fn collect(node: &Node, images: &mut Vec<Image>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, images)),
        Value::Mapping(entries) => {
            for entry in entries {
                if entry.key.text() == Some("image")
                    && let Some(name) = entry.value.str()
                {
                    images.push(Image {
                        name: name.into(),
                        span: entry.value.span,
                    });
                }
                collect(&entry.value, images);
            }
        }
    }
}
