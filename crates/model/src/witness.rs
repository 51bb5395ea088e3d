//! Facts as evidence: what a finding points at.

use crate::{Depth, Place, Product};
use std::fmt;

/// A fact that a claim rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Witness {
    /// How it is known.
    pub depth: Depth,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The key or field, as the product spells it.
    pub key: Option<Box<str>>,
    /// The value as it may be shown.
    pub value: Shown,
    /// What this fact says about the claim, in a few words: `the default of 3.3.6`, `the client offers only this`.
    pub label: Box<str>,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// It stands in a text.
    Text(Place),
    /// Nobody set it; the product's default counts.
    Default {
        /// The product.
        product: Product,
        /// The release or releases whose default this is: `3.3.6`, `every supported release`.
        releases: Box<str>,
        /// The text in which it would be set.
        unset_in: Option<Place>,
    },
    /// It is not known.
    Absent(Absence),
}

/// Why a fact is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Absence {
    /// The file or answer that would hold it is not part of the input.
    NotCollected,
    /// The service could not be reached.
    NotReachable,
    /// The service refused to answer.
    NotPermitted,
    /// This release or build cannot tell.
    NotSupported,
    /// A library needed to ask is missing on this machine.
    LibraryMissing,
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Absence::NotCollected => "not collected",
            Absence::NotReachable => "not reachable",
            Absence::NotPermitted => "not permitted",
            Absence::NotSupported => "not supported",
            Absence::LibraryMissing => "library missing",
        })
    }
}

/// A value as it may be shown. Secret values have no representation here, so they cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// There is no single value to show.
    Nothing,
    /// A value that is no secret.
    Plain(Box<str>),
    /// A secret: it is set, and that is all that is said.
    Redacted,
}

impl Witness {
    /// A declared fact that stands in a text.
    pub fn declared(place: Place, label: impl Into<Box<str>>) -> Self {
        Witness {
            depth: Depth::Declared,
            provenance: Provenance::Text(place),
            key: None,
            value: Shown::Nothing,
            label: label.into(),
        }
    }

    /// Names the key.
    #[must_use]
    pub fn key(mut self, key: impl Into<Box<str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Shows the value, which must not be a secret.
    #[must_use]
    pub fn value(mut self, value: impl Into<Box<str>>) -> Self {
        self.value = Shown::Plain(value.into());
        self
    }

    /// Says that the value is a secret.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.value = Shown::Redacted;
        self
    }

    /// Replaces the label.
    #[must_use]
    pub fn label(mut self, label: impl Into<Box<str>>) -> Self {
        self.label = label.into();
        self
    }

    /// The place in a text that the fact points at, be it set there or not.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match &self.provenance {
            Provenance::Text(place) => Some(*place),
            Provenance::Default { unset_in, .. } => *unset_in,
            Provenance::Absent(_) => None,
        }
    }
}
