//! What a request asks for beyond its profile.

use super::roles::Role;
use crate::{LabError, Result};

/// How many files are `thousands`.
const THOUSANDS: u32 = 3000;

/// The words of `--set`, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wishes {
    /// Settings, in the words of [`Site::apply`](super::site::Site::apply).
    pub(super) settings: Vec<String>,
    /// How many files are filled in beyond those that questions need.
    pub(super) files: u32,
    /// More daemons.
    pub(super) more: Vec<Role>,
}

impl Wishes {
    /// # Errors
    ///
    /// When a word is not understood.
    pub(super) fn parse(words: &[String]) -> Result<Wishes> {
        let mut wishes = Wishes::default();
        for word in words {
            match word.split_once('=') {
                Some(("fill", "thousands")) => wishes.files = THOUSANDS,
                Some(("fill", number)) => {
                    wishes.files = number
                        .parse()
                        .map_err(|error| LabError::failed(format!("--set {word}"), error))?;
                }
                Some(("with", roles)) => {
                    for role in roles.split(',') {
                        wishes.more.push(match role {
                            "httpfs" => Role::HttpFs,
                            "rm" => Role::ResourceManager,
                            _ => {
                                return Err(LabError::failed(
                                    format!("--set {word}"),
                                    "the lab can add httpfs and rm",
                                ));
                            }
                        });
                    }
                }
                _ => wishes.settings.push(word.clone()),
            }
        }
        Ok(wishes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn sorts_the_words() {
        let words = ["fill=thousands", "with=rm", "core:a=b"].map(str::to_owned);
        let wishes = Wishes::parse(&words).expect("understood");
        assert_eq!(
            wishes,
            Wishes {
                settings: vec!["core:a=b".to_owned()],
                files: 3000,
                more: vec![Role::ResourceManager],
            }
        );
        assert!(Wishes::parse(&["with=spark".to_owned()]).is_err());
    }
}
