//! A setting of a component with its evidence.

use model::Place;

/// A setting and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// Somebody set it there.
    Set(T, Place),
    /// Nobody did, and the default counts; the place is where it would be set.
    Default(T, Place),
    /// The files do not tell: the place that decides, and why it does not tell.
    Unknown(Place, &'static str),
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its text.
    pub text: String,
    /// Where it stands; of a default, where the list would stand.
    pub place: Place,
}

impl<T> Setting<T> {
    /// The value, set or by default.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Setting::Set(value, _) | Setting::Default(value, _) => Some(value),
            Setting::Unknown(..) => None,
        }
    }

    /// Where it is set, would be set, or is decided.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Setting::Set(_, place) | Setting::Default(_, place) | Setting::Unknown(place, _) => {
                *place
            }
        }
    }

    /// Whether somebody set it.
    #[must_use]
    pub fn is_set(&self) -> bool {
        matches!(self, Setting::Set(..))
    }

    /// Whether nobody set it, so that the default counts.
    #[must_use]
    pub fn is_default(&self) -> bool {
        matches!(self, Setting::Default(..))
    }

    /// The setting with its value changed.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Setting::Set(value, place) => Setting::Set(f(value), place),
            Setting::Default(value, place) => Setting::Default(f(value), place),
            Setting::Unknown(place, reason) => Setting::Unknown(place, reason),
        }
    }
}

impl Setting<bool> {
    /// Whether it is known to be on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.value() == Some(&true)
    }
}

impl Setting<String> {
    /// Whether it is known to be empty, which means not set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value().is_some_and(String::is_empty)
    }
}

impl Setting<Vec<Item>> {
    /// The item of a text, if the list is known and holds it.
    #[must_use]
    pub fn holds(&self, text: &str) -> Option<&Item> {
        self.value()?.iter().find(|item| item.text == text)
    }
}

/// A Boolean as Go's `strconv.ParseBool` reads it.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
