//! Security keys that came between the releases Hadoop's users run.
//!
//! The tables of defaults cannot tell this: a key is often read before a `*-default.xml` lists it, and after. So only keys
//! are here whose code was looked at: `DFSConfigKeys`, `CommonConfigurationKeysPublic`, `HdfsConfiguration` and
//! `IngressPortBasedResolver` of 2.7.7, 2.10.2, 3.2.0, 3.3.6 and 3.4.1.

use model::Release;

/// A key, or all keys that start with a text that ends in a dot.
struct Newcomer {
    key: &'static str,
    first: Release,
    before: Option<&'static str>,
}

const NEWCOMERS: [Newcomer; 5] = [
    Newcomer {
        key: "dfs.encrypt.data.overwrite.downstream.",
        first: Release(2, 10, 0),
        before: None,
    },
    Newcomer {
        key: "dfs.namenode.rpc-address.auxiliary-ports",
        first: Release(2, 10, 0),
        before: None,
    },
    Newcomer {
        key: "hadoop.caller.context.enabled",
        first: Release(2, 8, 0),
        before: None,
    },
    Newcomer {
        key: "hadoop.security.key.provider.path",
        first: Release(2, 9, 0),
        before: Some("dfs.encryption.key.provider.uri"),
    },
    Newcomer {
        key: "ingress.port.sasl.",
        first: Release(2, 10, 0),
        before: None,
    },
];

/// That a release is too old for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOld {
    /// The first release that reads the key.
    pub first: Release,
    /// The key that older releases read in its place.
    pub before: Option<&'static str>,
}

/// Whether a release is surely too old to read a real security key.
#[must_use]
pub fn too_old(key: &str, release: Release) -> Option<TooOld> {
    let found = NEWCOMERS.iter().find(|known| {
        known.key == key || (known.key.ends_with('.') && key.starts_with(known.key))
    })?;
    (release < found.first).then_some(TooOld {
        first: found.first,
        before: found.before,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_from_its_first_release_on() {
        let key = "ingress.port.sasl.prop.8020";
        assert!(too_old(key, Release(2, 7, 7)).is_some());
        assert_eq!(too_old(key, Release(2, 10, 2)), None);
        let path = "hadoop.security.key.provider.path";
        let found = too_old(path, Release(2, 7, 3));
        assert_eq!(
            found.and_then(|old| old.before),
            Some("dfs.encryption.key.provider.uri")
        );
        assert_eq!(too_old(path, Release(3, 3, 6)), None);
        assert_eq!(too_old("dfs.http.policy", Release(2, 7, 7)), None);
    }
}
