//! The tree that YAML and JSON share.

use crate::Span;

/// A value with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value: a quoted scalar with its quotes, a flow collection with its brackets,
    /// a block collection from its first key or dash to the end of its last value, a block scalar's body.
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// The kinds of value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A scalar, decoded (escapes, folding and indentation resolved).
    Scalar(Scalar),
    /// A sequence, in order.
    Sequence(Vec<Node>),
    /// A mapping, in order; duplicates are kept (the product decides which one counts).
    Mapping(Vec<Entry>),
}

/// One key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key. Keys that are not scalars are kept, and match no name.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// A decoded scalar and how it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The decoded text.
    pub text: Box<str>,
    /// How it was written: only plain scalars may be null, Booleans or numbers.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes (in JSON: null, true, false and numbers).
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A literal or folded block (`|`, `>`).
    Block,
}

impl Node {
    /// The scalar text, for any style; `None` for collections.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The text of a scalar that is a string to Kubernetes: quoted, block, or plain and not null.
    #[must_use]
    pub fn str(&self) -> Option<&str> {
        if self.is_null() { None } else { self.text() }
    }

    /// Whether this is a null: plain and empty, `~` or `null` (YAML 1.1 spellings).
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(s)
            if s.style == Style::Plain && matches!(&*s.text, "" | "~" | "null" | "Null" | "NULL"))
    }

    /// A plain Boolean. `true` and `false` in any of YAML's capitalisations; also the YAML 1.1 words
    /// (`yes`, `on`, ...), which Kubernetes' decoder (sigs.k8s.io/yaml, YAML 1.1) takes as Booleans.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        let Value::Scalar(scalar) = &self.value else {
            return None;
        };
        if scalar.style != Style::Plain {
            return None;
        }
        match &*scalar.text {
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => {
                Some(true)
            }
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n"
            | "N" => Some(false),
            _ => None,
        }
    }

    /// A plain integer: decimal, `0x`, `0o`, or YAML 1.1 octal with a leading zero (`0400` is 256).
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        let Value::Scalar(scalar) = &self.value else {
            return None;
        };
        if scalar.style != Style::Plain {
            return None;
        }
        let text = scalar.text.as_ref();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let magnitude = if let Some(hex) = digits.strip_prefix("0x") {
            i64::from_str_radix(hex, 16).ok()?
        } else if let Some(octal) = digits.strip_prefix("0o") {
            i64::from_str_radix(octal, 8).ok()?
        } else if digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|b| (b'0'..=b'7').contains(&b))
        {
            i64::from_str_radix(digits, 8).ok()?
        } else {
            digits.parse().ok()?
        };
        Some(if negative { -magnitude } else { magnitude })
    }

    /// The entries of a mapping; empty for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            Value::Scalar(_) | Value::Sequence(_) => &[],
        }
    }

    /// The items of a sequence; empty for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence(items) => items,
            Value::Scalar(_) | Value::Mapping(_) => &[],
        }
    }

    /// The entry of a key in a mapping; the last one wins, as in Kubernetes' decoder.
    /// O(number of entries).
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()
            .iter()
            .rev()
            .find(|entry| entry.key.text() == Some(key))
    }

    /// The value of a key in a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether this is a mapping.
    #[must_use]
    pub fn is_mapping(&self) -> bool {
        matches!(self.value, Value::Mapping(_))
    }

    /// Whether this is a sequence.
    #[must_use]
    pub fn is_sequence(&self) -> bool {
        matches!(self.value, Value::Sequence(_))
    }
}

impl Entry {
    /// From the key to the end of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.key.span.to(self.value.span)
    }
}
