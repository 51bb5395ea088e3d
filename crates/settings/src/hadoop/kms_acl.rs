//! The KMS's access control: which user is effectively granted which operation on which key.
//!
//! Source: `KMSACLs`, `KeyAuthorizationKeyProvider` (2.7.7, 3.4.1); empty elements and stars run on 3.3.6. The grant is the
//! AND of two layers: `hadoop.kms.acl.<OP>` without `hadoop.kms.blacklist.<OP>`, and the key layer (`key.acl.*`,
//! `default.key.acl.*`, `whitelist.key.acl.*`) unless key authorization is off.

use super::acl::AccessList;
use super::reader::Reader;
use super::resource::{Resource, ResourceKind};
use super::view::Hadoop;
use crate::effective::{Effective, Flag};
use std::collections::BTreeSet;

/// An operation and the key layer's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `DECRYPT_EEK`: the KMS layer's name.
    pub name: &'static str,
    /// `DECRYPT_EEK`, `READ`, `MANAGEMENT`: the key layer's.
    pub key_operation: &'static str,
}

/// Decryption of encrypted data keys: reading the data.
pub const DECRYPT_EEK: Operation = Operation {
    name: "DECRYPT_EEK",
    key_operation: "DECRYPT_EEK",
};
/// Generation of encrypted data keys: the NameNode's need for new files.
pub const GENERATE_EEK: Operation = Operation {
    name: "GENERATE_EEK",
    key_operation: "GENERATE_EEK",
};
/// Metadata of keys: the NameNode's need for new zones.
pub const GET_METADATA: Operation = Operation {
    name: "GET_METADATA",
    key_operation: "READ",
};
/// Raw key material.
pub const GET: Operation = Operation {
    name: "GET",
    key_operation: "READ",
};
/// Creation of keys.
pub const CREATE: Operation = Operation {
    name: "CREATE",
    key_operation: "MANAGEMENT",
};
/// Deletion of keys, and with them of the data.
pub const DELETE: Operation = Operation {
    name: "DELETE",
    key_operation: "MANAGEMENT",
};
/// New versions of keys.
pub const ROLLOVER: Operation = Operation {
    name: "ROLLOVER",
    key_operation: "MANAGEMENT",
};

/// A user with the groups that the KMS host sees.
#[derive(Clone, Copy, Debug)]
pub struct User<'u> {
    /// The short name after the KMS's own name rules.
    pub name: &'u str,
    /// Its groups.
    pub groups: &'u [&'u str],
}

/// An ordinary user whom no list names: what everybody may do.
pub const STRANGER: User<'static> = User {
    name: "\u{0}",
    groups: &[],
};

/// The access control of one KMS.
#[derive(Clone, Copy, Debug)]
pub struct KmsAccess<'e> {
    /// The KMS's configuration.
    pub kms: Hadoop<'e>,
}

impl<'e> KmsAccess<'e> {
    /// `hadoop.kms.key.authorization.enable`, read from 2.7 on with default true.
    #[must_use]
    pub fn key_authorization(&self) -> Flag<'e> {
        self.kms
            .read_flag(Reader::Kms, "hadoop.kms.key.authorization.enable", true)
    }

    /// The kms-acls.xml by which it decides.
    ///
    /// # Errors
    /// Why its files do not tell who is granted what.
    pub fn lists(&self) -> Result<&'e Resource, String> {
        if let Some(reason) = self.replaced() {
            return Err(reason);
        }
        let Some(lists) = self.kms.configuration.resource(ResourceKind::KmsAcls) else {
            return Err(String::from(
                "not collected: no kms-acls.xml of this KMS was read; without one it does not start",
            ));
        };
        if lists.gap.is_some() {
            return Err(String::from(
                "kms-acls.xml was read in part, so who else is granted what is not known",
            ));
        }
        Ok(lists)
    }

    /// Who decides in place of kms-acls.xml, if somebody does. Ranger's KMS, a fork, names its authorizer so; Hadoop's own
    /// knows no such key, and nobody sets it there.
    fn replaced(&self) -> Option<String> {
        let authorizer = self
            .kms
            .read(Reader::Kms, "hadoop.kms.security.authorization.manager");
        authorizer.is_set().then(|| {
            format!(
                "{} decides in place of kms-acls.xml; its policies are not in these files",
                authorizer.str().rsplit('.').next().unwrap_or_default()
            )
        })
    }

    /// A key of kms-acls.xml.
    #[must_use]
    pub fn entry<'k>(&self, key: &'k str) -> Effective<'k>
    where
        'e: 'k,
    {
        self.kms
            .configuration
            .get(Reader::KmsAcls, key, self.kms.release)
    }

    fn list(&self, key: &str) -> Option<AccessList> {
        self.entry(key).value.as_deref().map(AccessList::parse)
    }

    /// Whether the KMS layer lets a user through. Unset is everybody; the blacklist takes away.
    #[must_use]
    pub fn kms_layer(&self, operation: Operation, user: User<'_>) -> bool {
        let allowed = self
            .list(&format!("hadoop.kms.acl.{}", operation.name))
            .is_none_or(|list| list.holds(user.name, user.groups));
        let denied = self
            .list(&format!("hadoop.kms.blacklist.{}", operation.name))
            .is_some_and(|list| list.holds(user.name, user.groups));
        allowed && !denied
    }

    /// Whether the key layer lets a user through for the key of an access list name.
    #[must_use]
    pub fn key_layer(&self, operation: Operation, user: User<'_>, name: &str) -> bool {
        let holds = |key: String| {
            self.list(&key)
                .is_some_and(|list| list.holds(user.name, user.groups))
        };
        if holds(format!("whitelist.key.acl.{}", operation.key_operation)) {
            return true;
        }
        if self.has_own_entries(name) {
            return holds(format!("key.acl.{name}.{}", operation.key_operation))
                || holds(format!("key.acl.{name}.ALL"));
        }
        holds(format!("default.key.acl.{}", operation.key_operation))
    }

    /// Whether a user is granted an operation on the key of an access list name.
    #[must_use]
    pub fn granted(&self, operation: Operation, user: User<'_>, name: &str) -> bool {
        self.kms_layer(operation, user)
            && (!self.key_authorization().on || self.key_layer(operation, user, name))
    }

    /// Whether a key has entries of its own, so that the defaults no longer count for it.
    #[must_use]
    pub fn has_own_entries(&self, name: &str) -> bool {
        self.key_names().contains(name)
    }

    /// The keys that some `key.acl.<name>.<OP>` entry names.
    #[must_use]
    pub fn key_names(&self) -> BTreeSet<String> {
        let resource = self
            .kms
            .configuration
            .resource(super::resource::ResourceKind::KmsAcls);
        resource
            .into_iter()
            .flat_map(|resource| &resource.properties)
            .filter(|property| property.value.is_some())
            .filter_map(|property| property.name.strip_prefix("key.acl.")?.rsplit_once('.'))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// The access list names to judge: those with own entries, and one that stands for every other key.
    #[must_use]
    pub fn names_to_judge(&self) -> Vec<String> {
        let mut names: Vec<String> = self.key_names().into_iter().collect();
        names.push(String::from(OTHER_KEYS));
        names
    }
}

/// Stands for every key without entries of its own.
pub const OTHER_KEYS: &str = "\u{0}";
