//! What anchors name.

use crate::{Node, Value};

/// An anchored value. Its measures bound what its aliases cost before they are paid for.
pub(super) struct Anchored {
    pub(super) node: Node,
    /// How many nodes it has.
    pub(super) size: usize,
    /// How many levels of collections it has.
    pub(super) height: usize,
}

impl Anchored {
    pub(super) fn measure(node: &Node) -> Self {
        let (size, height) = measure(node);
        Anchored {
            node: node.clone(),
            size,
            height,
        }
    }
}

/// Depth is bounded where trees are built, so recursion is.
fn measure(node: &Node) -> (usize, usize) {
    let add = |(size, height): (usize, usize), child: &Node| {
        let (child_size, child_height) = measure(child);
        (size + child_size, height.max(child_height))
    };
    let (size, height) = match &node.value {
        Value::Scalar(_) => return (1, 0),
        Value::Sequence(items) => items.iter().fold((0, 0), add),
        Value::Mapping(entries) => entries
            .iter()
            .flat_map(|entry| [&entry.key, &entry.value])
            .fold((0, 0), add),
    };
    (size + 1, height + 1)
}
