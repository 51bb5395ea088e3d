//! Defaults of properties.

use super::keys;
use super::release_facts::{self, Known};
use model::Release;

/// The default of a property in a release; `None` if it has none or an empty one, or the release does not know the property.
#[must_use]
pub fn default_of(key: &str, release: Release) -> Option<&'static str> {
    match key {
        // The only default that changed inside a line.
        "spark.redaction.regex" => match release_facts::redaction_regex(release) {
            Known::Yes(regex) => Some(regex),
            Known::Unknown => None,
        },
        // As documented; the code leaves them to the JDK, which tells JKS from PKCS12 by itself.
        "spark.ssl.keyStoreType" | "spark.ssl.trustStoreType" => Some("JKS"),
        _ => {
            let known = keys::find(key)?;
            let general = || keys::find(known.falls_back_to(release)?)?.default(release);
            known
                .default(release)
                .or_else(general)
                .filter(|default| !default.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_without_its_own_default_takes_that_of_another() {
        let newest = Release(4, 3, 0);
        assert_eq!(
            default_of("spark.ssl.ui.needClientAuth", newest),
            Some("false")
        );
        assert_eq!(default_of("spark.ssl.ui.keyStore", newest), None);
        assert_eq!(default_of("spark.ui.filters", newest), None);
        assert_eq!(
            default_of("spark.master.rest.enabled", Release(4, 1, 1)),
            Some("true")
        );
        assert_eq!(default_of("spark.redaction.regex", Release(4, 1, 2)), None);
    }
}
