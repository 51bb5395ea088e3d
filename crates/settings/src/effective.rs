//! The value that a product ends up with for a key, and where it comes from.

use crate::secret_names::hides_its_value;
use model::{Absence, Depth, Place, Product, Provenance, Shown, Witness};
use std::borrow::Cow;

/// The outcome of resolving one key the way the product does.
#[derive(Clone, Debug)]
pub struct Effective<'e> {
    /// The key as asked.
    pub key: Cow<'e, str>,
    /// The value after precedence, defaults and variables, untrimmed; `None` if the product sees no value at all.
    pub value: Option<Cow<'e, str>>,
    /// Where the value, or its absence, comes from.
    pub origin: Origin,
    /// Values written for the key that lost, in reading order.
    pub losers: Vec<Loser>,
    /// Whether only the running system, or the rendering of a template, tells the value: it holds a `${variable}` or an
    /// expression, or a condition decides about it.
    pub unresolved: bool,
}

/// Where an effective value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody wrote it.
    Written {
        /// The value's text.
        place: Place,
        /// How it got in force where that is not plain: `inherited by every per-bucket setting`.
        note: Option<&'static str>,
    },
    /// Nobody did, and the product's default counts (which may be "no value").
    Default {
        /// The product.
        product: Product,
        /// The release whose default this is.
        release: Box<str>,
        /// The text in which it would be set.
        unset_in: Option<Place>,
    },
    /// The file that would carry it is not part of the estate, so not even the default is known to count.
    NotCollected {
        /// The name of the missing file.
        file: &'static str,
    },
    /// The file that would carry it was read in part, so whether it is set is not known.
    ReadInPart {
        /// The name of the file.
        file: &'static str,
        /// What hides the rest: `is a template that is not rendered here`.
        why: &'static str,
    },
}

/// A written value that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loser {
    /// The value's text.
    pub place: Place,
    /// The value; `None` for an empty element, which sets nothing.
    pub value: Option<Box<str>>,
    /// Why it lost.
    pub reason: &'static str,
}

/// A Boolean as the product reads it.
#[derive(Clone, Debug)]
pub struct Flag<'e> {
    /// What the product acts on.
    pub on: bool,
    /// Whether the text was neither true nor false, so that the default of the read counts.
    pub unreadable: bool,
    /// The value behind it.
    pub effective: Effective<'e>,
}

impl<'e> Effective<'e> {
    /// The trimmed value; `None` if there is no value.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_deref().map(str::trim)
    }

    /// The trimmed value, or the empty string.
    #[must_use]
    pub fn str(&self) -> &str {
        self.text().unwrap_or_default()
    }

    /// Whether the trimmed value equals `word`, ignoring ASCII case.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.text()
            .is_some_and(|text| text.eq_ignore_ascii_case(word))
    }

    /// The items of a comma-separated list, trimmed, empty ones dropped (`Configuration.getTrimmedStrings`).
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.str()
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
    }

    /// Whether somebody wrote the value that counts.
    #[must_use]
    pub fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Written { .. })
    }

    /// Whether nothing is known because the file that would carry the key was not read, or not all of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(
            self.origin,
            Origin::NotCollected { .. } | Origin::ReadInPart { .. }
        )
    }

    /// Whether the files do not tell the value.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.unresolved || self.is_unknown()
    }

    /// Why the files do not tell the value.
    #[must_use]
    pub fn why_unknown(&self) -> String {
        match &self.origin {
            Origin::NotCollected { file } => {
                format!("not collected: no {file} of this node was read")
            }
            Origin::ReadInPart { file, why } => {
                format!("{file} {why}; what it sets besides is not known")
            }
            _ if self.str().contains("${") => format!(
                "{} holds a variable that only the running node resolves",
                self.key
            ),
            _ => format!(
                "{} depends on what only the running node, or the rendering of a template, tells",
                self.key
            ),
        }
    }

    /// The same value, independent of the key it was asked by.
    #[must_use]
    pub fn into_owned<'o>(self) -> Effective<'o> {
        Effective {
            key: Cow::Owned(self.key.into_owned()),
            value: self.value.map(|value| Cow::Owned(value.into_owned())),
            origin: self.origin,
            losers: self.losers,
            unresolved: self.unresolved,
        }
    }

    /// Whether there is a value that is more than blanks.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.text().is_some_and(|text| !text.is_empty())
    }

    /// The place of the value, or the file in which it would be set.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match &self.origin {
            Origin::Written { place, .. } => Some(*place),
            Origin::Default { unset_in, .. } => *unset_in,
            Origin::NotCollected { .. } | Origin::ReadInPart { .. } => None,
        }
    }

    /// This value as evidence, at the depth of the estate it came from. Values of keys that name secrets are not shown.
    #[must_use]
    pub fn witness(&self, depth: Depth, label: impl Into<Box<str>>) -> Witness {
        let provenance = match &self.origin {
            Origin::Written { place, .. } => Provenance::Text(*place),
            Origin::Default {
                product,
                release,
                unset_in,
            } => Provenance::Default {
                product: *product,
                releases: release.clone(),
                unset_in: *unset_in,
            },
            Origin::NotCollected { .. } | Origin::ReadInPart { .. } => {
                Provenance::Absent(Absence::NotCollected)
            }
        };
        let value = match &self.value {
            Some(_) if hides_its_value(&self.key) => Shown::Redacted,
            Some(value) => Shown::Plain(value.trim().into()),
            None => Shown::Nothing,
        };
        Witness {
            depth,
            provenance,
            key: Some(self.key.as_ref().into()),
            value,
            label: label.into(),
        }
    }
}

impl Flag<'_> {
    /// Whether the files do not tell it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.effective.is_doubtful()
    }

    /// Why the files do not tell it.
    #[must_use]
    pub fn why_unknown(&self) -> String {
        self.effective.why_unknown()
    }
}
