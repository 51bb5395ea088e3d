//! Error messages that security settings cause, and what is behind each.
//!
//! Most texts were seen on running services: Hadoop 3.3.6 and 3.4.1, Spark 3.5.7 to 4.3.0, kube-apiserver 1.37; the others are
//! from the products' sources. The usual cure that people find for these messages is to switch protection off, so every entry says what not to do.

mod hadoop;
mod kubernetes;
mod spark;

/// A message and what is behind it.
#[derive(Debug)]
pub(super) struct KnownError {
    /// Parts of the message, in lower case, with single blanks and without quotes, numbers, hosts and users. All must be there.
    pub(super) parts: &'static [&'static str],
    /// What it means, as a sentence.
    pub(super) means: &'static str,
    /// The settings that decide, each with the side it stands on.
    pub(super) decided_by: &'static [&'static str],
    /// What to do.
    pub(super) fix: &'static str,
    /// What not to do, although it makes the message go away.
    pub(super) never: &'static str,
    /// The controls that judge these settings; those that this release has are shown.
    pub(super) controls: &'static [&'static str],
}

/// Every message, by product.
pub(super) fn all() -> impl Iterator<Item = &'static KnownError> {
    hadoop::ERRORS
        .iter()
        .chain(hadoop::clients::ERRORS)
        .chain(spark::ERRORS)
        .chain(kubernetes::ERRORS)
}
