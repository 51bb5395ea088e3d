//! What rendering changed or made. A kustomization passes most objects through as they stand in files, which are read
//! anyway; judging them twice would report everything twice.

use settings::kubernetes::object::Object;
use std::cmp::Ordering;
use std::collections::HashMap;
use text::{Node, Scalar, Style, Value};

/// Objects by what makes them the same object: group, kind, namespace, name.
pub(super) struct Known<'o> {
    objects: HashMap<[&'o str; 4], Vec<&'o Node>>,
}

impl<'o> Known<'o> {
    /// The objects that files declare.
    pub(super) fn new(objects: &'o [Object]) -> Self {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for object in objects {
            known
                .entry(identity(&object.root))
                .or_default()
                .push(&object.root);
        }
        Known { objects: known }
    }

    fn holds(&self, root: &Node) -> bool {
        self.objects
            .get(&identity(root))
            .is_some_and(|same| same.iter().any(|other| is_equal(root, other)))
    }
}

/// The rendered text with every document that equals a known object made blank. Line ends stay, so that positions are
/// those of the text that the renderer prints. `None` if nothing else is left. O(n log n).
pub(super) fn blank_known(mut rendered: String, known: &Known<'_>) -> Option<String> {
    let stream = text::yaml::parse(&rendered);
    let (mut blanks, mut is_new) = (Vec::new(), !stream.errors.is_empty());
    for document in &stream.documents {
        if known.holds(&document.root) {
            blanks.push(document.root.span.range());
        } else {
            is_new |= !document.root.is_null();
        }
    }
    // A span lies on character boundaries; blanking bytes keeps every length and so every other span.
    for range in blanks {
        if let Some(blank) = rendered.get(range.clone()).map(|text| {
            text.bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
                .collect::<String>()
        }) {
            rendered.replace_range(range, &blank);
        }
    }
    is_new.then_some(rendered)
}

fn identity(root: &Node) -> [&str; 4] {
    let word = |path: &[&str]| root.at(path).and_then(Node::text).unwrap_or_default();
    let version = word(&["apiVersion"]);
    [
        version.split_once('/').map_or("", |(group, _)| group),
        word(&["kind"]),
        word(&["metadata", "namespace"]),
        word(&["metadata", "name"]),
    ]
}

/// Whether two trees mean the same: mappings in any order, scalars in any style that decodes to the same value.
/// Bounded by the depth of texts.
fn is_equal(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar(a), Value::Scalar(b)) => a.text == b.text && is_string(a) == is_string(b),
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) if a.len() == b.len() => {
            let sorted = |entries: &'_ [text::Entry]| -> Vec<usize> {
                let mut order: Vec<usize> = (0..entries.len()).collect();
                order.sort_by(|&x, &y| by_key(entries.get(x), entries.get(y)));
                order
            };
            sorted(a).into_iter().zip(sorted(b)).all(|(x, y)| {
                a.get(x).zip(b.get(y)).is_some_and(|(a, b)| {
                    a.key.text() == b.key.text() && is_equal(&a.value, &b.value)
                })
            })
        }
        _ => false,
    }
}

fn by_key(a: Option<&text::Entry>, b: Option<&text::Entry>) -> Ordering {
    let key = |entry: Option<&'_ text::Entry>| entry.and_then(|e| e.key.text()).map(str::to_owned);
    key(a).cmp(&key(b))
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
