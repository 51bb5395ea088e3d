//! What the rules of `hadoop.security.auth_to_local` make of principals that should become nobody, found by applying them.

use settings::hadoop::name_rules::{Mapping, Rule, map};

/// A user whom no rule names.
const NOBODY: &str = "wardlineprobe";
/// A realm that no rule names.
const ANY_REALM: &str = "ANY.REALM.INVALID";
/// The default realm, where nothing tells it.
const SOME_REALM: &str = "DEFAULT.REALM.INVALID";
const SUPERUSERS: [&str; 4] = ["hdfs", "yarn", "root", "mapred"];
/// Names under which services log in.
const SERVICES: [&str; 9] = [
    "nn", "dn", "jn", "rm", "nm", "hdfs", "yarn", "mapred", "jhs",
];

/// What the rules give away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gift {
    /// Anybody at all becomes this superuser.
    Superuser(String),
    /// Principals of another realm become local users; the sentence says which.
    Stranger(String),
}

/// The worst that the rules do, and whether a pattern could not be evaluated. `named` are realms that somebody speaks of.
#[must_use]
pub fn gift(rules: &[Rule], own_realm: Option<&str>, named: &[String]) -> (Option<Gift>, bool) {
    let default_realm = own_realm.unwrap_or(SOME_REALM);
    let mut is_unknown = false;
    let mut user = |principal: &str| match map(rules, principal, default_realm) {
        Mapping::User(name) => Some(name),
        Mapping::Refused => None,
        Mapping::Unknown => {
            is_unknown = true;
            None
        }
    };
    for realm in [default_realm, ANY_REALM] {
        for name in [NOBODY.to_owned(), format!("{NOBODY}/host.example")] {
            let found = user(&format!("{name}@{realm}"));
            if let Some(name) = found.filter(|name| SUPERUSERS.contains(&name.as_str())) {
                return (Some(Gift::Superuser(name)), is_unknown);
            }
        }
    }
    let foreign = named
        .iter()
        .map(String::as_str)
        .filter(|realm| own_realm.is_some_and(|own| own != *realm));
    for realm in std::iter::once(ANY_REALM).chain(foreign) {
        let shown = if realm == ANY_REALM {
            "ANY.REALM"
        } else {
            realm
        };
        let people = [NOBODY.to_owned(), format!("{NOBODY}/host.example")];
        for name in people {
            match user(&format!("{name}@{realm}")) {
                Some(found) if found == NOBODY => {
                    let said = format!("user@{shown} becomes the local user of that name");
                    return (Some(Gift::Stranger(said)), is_unknown);
                }
                // A name of their own, such as alice_partner, is nobody else's.
                Some(found) if found.contains(NOBODY) => {}
                Some(found) => {
                    let said = format!("everybody of {shown} becomes the local user {found}");
                    return (Some(Gift::Stranger(said)), is_unknown);
                }
                None => {}
            }
        }
        for service in SERVICES {
            let principal = format!("{service}/host.example@{realm}");
            if let Some(found) = user(&principal).filter(|name| SUPERUSERS.contains(&name.as_str()))
            {
                let said = format!("{service}/host@{shown} becomes the local user {found}");
                return (Some(Gift::Stranger(said)), is_unknown);
            }
        }
    }
    (None, is_unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use settings::hadoop::name_rules::parse;

    fn of(rules: &str) -> Option<Gift> {
        let named = [String::from("PARTNER.ORG")];
        gift(&parse(rules).0, Some("EXAMPLE.COM"), &named).0
    }

    #[test]
    fn rules_are_applied_and_not_searched() {
        let stranger = |rules| matches!(of(rules), Some(Gift::Stranger(_)));
        assert_eq!(of("RULE:[1:$1@$0](.*@EXAMPLE.COM)s/@.*// DEFAULT"), None);
        assert_eq!(
            of("RULE:[1:$1@$0](.*@EXAMPLE.COM)s/.*/hdfs/ DEFAULT"),
            Some(Gift::Superuser("hdfs".into()))
        );
        assert_eq!(of("RULE:[2:$1@$0](nn@EXAMPLE.COM)s/.*/hdfs/ DEFAULT"), None);
        assert!(stranger("RULE:[2:$1](nn|dn)s/.*/hdfs/ DEFAULT"));
        assert!(stranger("RULE:[1:$1@$0](.*@PARTNER.ORG)s/@.*//"));
        assert_eq!(of("RULE:[1:$1@$0](.*@PARTNER.ORG)s/@.*/_partner/"), None);
        assert!(stranger("RULE:[1:$1@$0](.*@PARTNER.ORG)s/.*/guest/"));
        // A later rule that nothing reaches gives nothing away.
        assert_eq!(of("DEFAULT RULE:[1:$1@$0](.*@EXAMPLE.COM)s/.*/hdfs/"), None);
    }
}
