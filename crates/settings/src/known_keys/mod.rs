//! What the key lists of all products share: tables of defaults by release, patterns of names, near spellings.

pub(crate) mod edits;
pub(crate) mod patterns;
pub(crate) mod spelling;
pub(crate) mod table;
