//! What a control is judged on.

use crate::Place;
use std::fmt;

/// One component, flow or store that a control judges: this NameNode, that bucket. Never the whole tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The kind, in the field's own words: `NameNode`, `SparkApplication`, `Secret`.
    pub kind: &'static str,
    /// The name that tells it from others of its kind: `hadoop/nn1`, `spark/etl-7`.
    pub name: Box<str>,
    /// Where it is declared, if it is.
    pub place: Option<Place>,
}

impl Subject {
    /// A subject.
    pub fn new(kind: &'static str, name: impl Into<Box<str>>, place: Option<Place>) -> Self {
        Subject {
            kind,
            name: name.into(),
            place,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}
