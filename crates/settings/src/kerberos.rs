//! MIT Kerberos: profiles and lists of encryption types.
//!
//! Source: krb5 `src/lib/krb5/krb/init_ctx.c` (krb5int_parse_enctype_list), `doc/admin/enctypes.rst`, 1.17 to 1.22.

use model::{Fact, SourceId};
use text::ini::Profile;

/// A krb5.conf or kdc.conf.
#[derive(Debug)]
pub struct KerberosProfile {
    /// Its text.
    pub source: SourceId,
    /// Its content.
    pub profile: Profile,
    /// Whether it configures a KDC: it has `[kdcdefaults]`, or a realm with a KDC's own relations.
    pub is_kdc: bool,
    /// Whether it is a template that is not rendered, so that what it does not say is not known to be unsaid.
    pub is_template: bool,
}

impl Fact for KerberosProfile {}

impl KerberosProfile {
    /// The realms that it speaks of: those it knows KDCs of, and those on its paths of trust.
    pub fn realms(&self) -> impl Iterator<Item = &str> {
        self.profile
            .sections
            .iter()
            .filter(|section| matches!(section.name.as_str(), "realms" | "capaths"))
            .flat_map(|section| &section.relations)
            .map(|relation| relation.tag.as_str())
    }
}

/// Weak families of encryption types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weakness {
    /// Single DES: gone from 1.18 on; before only with `allow_weak_crypto`.
    SingleDes,
    /// Triple DES.
    TripleDes,
    /// RC4 (`arcfour-hmac`).
    Rc4,
}

/// The weak family that a word of a list names: a type, an alias, or a family word.
#[must_use]
pub fn weakness(word: &str) -> Option<Weakness> {
    let word = word.to_ascii_lowercase();
    match word.split_once(':').map_or(word.as_str(), |(word, _)| word) {
        "des" | "des-cbc-crc" | "des-cbc-md4" | "des-cbc-md5" | "des-hmac-sha1" => {
            Some(Weakness::SingleDes)
        }
        "des3" | "des3-cbc-sha1" | "des3-hmac-sha1" | "des3-cbc-sha1-kd" => {
            Some(Weakness::TripleDes)
        }
        "rc4"
        | "rc4-hmac"
        | "arcfour-hmac"
        | "arcfour-hmac-md5"
        | "arcfour-hmac-exp"
        | "rc4-hmac-exp"
        | "arcfour-hmac-md5-exp" => Some(Weakness::Rc4),
        _ => None,
    }
}

/// The weak families that a list leaves standing: words are taken left to right, `-word` removes a type or a family,
/// `DEFAULT` adds none that is weak from 1.18 on.
#[must_use]
pub fn weak_in_list(list: &str) -> Vec<Weakness> {
    let mut standing: Vec<Weakness> = Vec::new();
    for word in list.split([' ', '\t', ',']).filter(|word| !word.is_empty()) {
        if let Some(removed) = word.strip_prefix('-') {
            standing.retain(|weak| Some(*weak) != weakness(removed));
        } else if let Some(weak) = weakness(word.trim_start_matches('+'))
            && !standing.contains(&weak)
        {
            standing.push(weak);
        }
    }
    standing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_families_and_removals() {
        assert_eq!(
            weak_in_list("aes256-cts des3-cbc-sha1 arcfour-hmac:normal"),
            [Weakness::TripleDes, Weakness::Rc4]
        );
        assert_eq!(weak_in_list("DEFAULT -rc4 -des3"), []);
        assert_eq!(weak_in_list("rc4 des3 -rc4"), [Weakness::TripleDes]);
        assert_eq!(weak_in_list("aes, camellia"), []);
        assert_eq!(weak_in_list("des-cbc-md5"), [Weakness::SingleDes]);
    }
}
