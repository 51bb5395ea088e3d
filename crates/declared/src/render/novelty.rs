//! What rendering changed or made. A kustomization passes most objects through as they stand in files, which are read
//! anyway; judging them twice would report everything twice. The same holds for ConfigMaps and Secrets that a generator
//! makes of files of the tree.

use model::Sources;
use settings::kubernetes::object::Object;
use std::collections::{HashMap, HashSet};
use text::yaml::{Document, Stream};
use text::{Entry, Node, Scalar, Style, Value};

/// Objects by what makes them the same object: group, kind, namespace, name.
pub(super) struct Known<'o> {
    objects: HashMap<[&'o str; 4], Vec<&'o Node>>,
    texts: HashSet<&'o str>,
}

impl<'o> Known<'o> {
    /// The objects that files declare, and the files' texts.
    pub(super) fn new(objects: &'o [Object], sources: &'o Sources) -> Self {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for object in objects {
            known
                .entry(identity(&object.root))
                .or_default()
                .push(&object.root);
        }
        let texts = sources
            .iter()
            .map(|(_, source)| source.text.trim())
            .collect();
        Known {
            objects: known,
            texts,
        }
    }

    fn holds(&self, root: &Node) -> bool {
        self.objects
            .get(&identity(root))
            .is_some_and(|same| same.iter().any(|other| is_equal(root, other)))
            || self.is_generated(root)
    }

    /// Whether a generator made it of files that are read anyway.
    fn is_generated(&self, root: &Node) -> bool {
        let [group, kind, ..] = identity(root);
        let plain = if kind == "Secret" {
            "stringData"
        } else {
            "data"
        };
        let values = root.get(plain).map(Node::entries).unwrap_or_default();
        group.is_empty()
            && matches!(kind, "ConfigMap" | "Secret")
            && !values.is_empty()
            && values.iter().all(|entry| {
                entry
                    .value
                    .text()
                    .is_some_and(|text| self.texts.contains(text.trim()))
            })
    }
}

/// The rendered text with every document that equals a known object made blank, and the documents that are left. Line ends
/// stay, so that positions are those of the text that the renderer prints. `None` if nothing is left. O(n log n).
pub(super) fn blank_known(
    rendered: String,
    stream: Stream,
    known: &Known<'_>,
) -> Option<(String, Vec<Document>)> {
    let (old, new): (Vec<_>, Vec<_>) = stream
        .documents
        .into_iter()
        .filter(|document| !document.root.is_null())
        .partition(|document| known.holds(&document.root));
    if new.is_empty() && stream.errors.is_empty() {
        return None;
    }
    let mut bytes = rendered.into_bytes();
    for document in old {
        for byte in bytes
            .get_mut(document.root.span.range())
            .into_iter()
            .flatten()
        {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    // Spans lie on character boundaries, so whole characters became blanks and the text is still UTF-8.
    Some((String::from_utf8(bytes).ok()?, new))
}

pub(super) fn identity(root: &Node) -> [&str; 4] {
    let word = |path: &[&str]| root.at(path).and_then(Node::text).unwrap_or_default();
    let version = word(&["apiVersion"]);
    [
        version.split_once('/').map_or("", |(group, _)| group),
        word(&["kind"]),
        word(&["metadata", "namespace"]),
        word(&["metadata", "name"]),
    ]
}

/// Whether two trees mean the same: mappings in any order and whatever of them is null left out, scalars in any style
/// that decodes to the same value. Bounded by the depth of texts.
pub(super) fn is_equal(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        // `0400` comes out as `256`, `yes` as `true`.
        (Value::Scalar(_), Value::Scalar(_)) if a.int().is_some() => a.int() == b.int(),
        (Value::Scalar(_), Value::Scalar(_)) if a.bool().is_some() => a.bool() == b.bool(),
        (Value::Scalar(a), Value::Scalar(b)) => a.text == b.text && is_string(a) == is_string(b),
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) => {
            let (a, b) = (by_key(a), by_key(b));
            a.len() == b.len()
                && a.iter()
                    .zip(&b)
                    .all(|(a, b)| a.key.text() == b.key.text() && is_equal(&a.value, &b.value))
        }
        _ => false,
    }
}

fn by_key(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = entries.iter().filter(|e| !e.value.is_null()).collect();
    entries.sort_by(|a, b| a.key.text().cmp(&b.key.text()));
    entries
}

/// Whether a scalar is a string: quoted, or plain and nothing else. `"1"` and `1` are different values.
fn is_string(scalar: &Scalar) -> bool {
    let is_word = || {
        matches!(
            scalar.text.to_ascii_lowercase().as_str(),
            "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        )
    };
    scalar.style != Style::Plain || !(is_word() || scalar.text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_equal;

    fn is_same(a: &str, b: &str) -> bool {
        let tree = |text: &str| {
            let mut documents = text::yaml::parse(text).documents;
            documents.pop().expect("one document").root
        };
        is_equal(&tree(a), &tree(b))
    }

    #[test]
    fn order_and_quotes_do_not_make_a_difference() {
        assert!(is_same("a: 1\nb: x\n", "{b: \"x\", a: 1}"));
        assert!(is_same("a: |\n  x\n", "a: \"x\\n\""));
        assert!(is_same("a: 1\nc: null\n", "a: 1\n"));
        assert!(is_same("a: 0400\nb: yes\n", "a: 256\nb: true\n"));
    }

    #[test]
    fn another_value_or_type_does() {
        assert!(!is_same("a: 1\n", "a: 2\n"));
        assert!(!is_same("a: \"1\"\n", "a: 1\n"));
        assert!(!is_same("a: 'true'\n", "a: true\n"));
        assert!(!is_same("a: [x, y]\n", "a: [y, x]\n"));
        assert!(!is_same("a: 1\n", "a: 1\nb: 2\n"));
    }
}
