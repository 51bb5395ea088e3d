//! Decrypt ACL: can only the data's readers, and never the HDFS superuser, decrypt keys?
//!
//! # What it proves
//! That an encryption zone means something: the KMS decrypts data keys for the readers of the data, and not for the account
//! that owns the file system.
//!
//! # Why it matters: the attack
//! The HDFS superuser passes every permission check. An encryption zone protects against it only because the KMS refuses
//! to decrypt for it. The shipped kms-acls.xml grants everything to everybody.
//!
//! # How each depth is read
//! - declared: the effective grant of DECRYPT_EEK, which is the AND of two layers: `hadoop.kms.acl.DECRYPT_EEK` without
//!   `hadoop.kms.blacklist.DECRYPT_EEK`, and `whitelist.`, `key.acl.<key>.` or `default.key.acl.` entries. Neither layer
//!   alone is judged.
//! - loaded: the switches only; the lists are in no answer.
//! - observed: nothing.
//! - recorded: DECRYPT_EEK lines of kms-audit by user.
//!
//! # How to fix
//! Add the superuser and its group to `hadoop.kms.blacklist.DECRYPT_EEK` (reloaded without restart). Lists per key need the
//! readers that kms-audit shows. An outage is cured by an entry, never by a wildcard.
//!
//! # References
//! - KMSACLs, KeyAuthorizationKeyProvider (2.7.7, 3.4.1); shipped and empty files run on 3.3.6 and 3.4.1
//! - Transparent Encryption in HDFS, section "Exploits"

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::hadoop::kms_acl::{
    DECRYPT_EEK, GENERATE_EEK, GET_METADATA, KmsAccess, OTHER_KEYS, Operation, STRANGER, User,
};
use settings::hadoop::name_rules::{parse, short_name};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "KMS decrypt ACL",
    question: "Can only the data's readers, and never the HDFS superuser, decrypt keys?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "superuser-can-decrypt",
            severity: Severity::Critical,
            title: "the HDFS superuser may decrypt data keys, so encryption zones do not protect against it",
            remedy: "add the superuser and its group to hadoop.kms.blacklist.DECRYPT_EEK",
        },
        Cause {
            slug: "superuser-group-not-blacklisted",
            severity: Severity::Medium,
            title: "members of the superuser group may decrypt data keys",
            remedy: "add the superuser group to hadoop.kms.blacklist.DECRYPT_EEK",
        },
        Cause {
            slug: "acl-default-any",
            severity: Severity::High,
            title: "everybody may decrypt data keys",
            remedy: "name the readers of each key in key.acl.<key>.DECRYPT_EEK and close default.key.acl.DECRYPT_EEK",
        },
        Cause {
            slug: "key-acl-any",
            severity: Severity::Medium,
            title: "every reader of one zone may decrypt the keys of all zones",
            remedy: "name the readers per key in key.acl.<key>.DECRYPT_EEK",
        },
        Cause {
            slug: "key-acl-off",
            severity: Severity::High,
            title: "key authorization is off: lists per key have no effect",
            remedy: "set hadoop.kms.key.authorization.enable to true",
        },
        Cause {
            slug: "all-operations-key-acl",
            severity: Severity::High,
            title: "key.acl.<key>.ALL grants every operation on the key to everybody",
            remedy: "replace the ALL entry by entries for single operations",
        },
        Cause {
            slug: "all-denied",
            severity: Severity::Medium,
            title: "no entry grants decryption of any key, so every read in a zone is refused",
            remedy: "add key.acl.<key>.DECRYPT_EEK entries for the readers; no wildcard",
        },
        Cause {
            slug: "key-acl-partial",
            severity: Severity::Medium,
            title: "a key has entries of its own, none of which grants decryption, so its readers are refused",
            remedy: "add key.acl.<key>.DECRYPT_EEK for the readers; no wildcard",
        },
        Cause {
            slug: "metadata-missing-namenode",
            severity: Severity::Medium,
            title: "the NameNode may not read key metadata or generate data keys: zones and new files break",
            remedy: "add the NameNode's user to whitelist.key.acl.READ and to GENERATE_EEK",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Judges each KMS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::Kms], "KMS", kms);
}

fn kms(kms: &Hadoop<'_>) -> Claim {
    let access = KmsAccess { kms: *kms };
    let acls = match access.lists() {
        Ok(acls) => acls,
        Err(reason) => return Claim::unproven(reason),
    };
    let anchor = Witness::declared(acls.anchor, "no entry for this operation");
    let mut judgement = Judgement::new();
    everybody(&access, &anchor, &mut judgement);
    superuser(&access, &anchor, &mut judgement);
    outages(&access, &anchor, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![deciding(
        &access,
        DECRYPT_EEK,
        &anchor,
    )]))
}

/// The written entry that lets the operation through, the KMS layer first; or the place where one would stand.
fn deciding(access: &KmsAccess<'_>, operation: Operation, anchor: &Witness) -> Witness {
    let keys = [
        format!("hadoop.kms.acl.{}", operation.name),
        format!("whitelist.key.acl.{}", operation.key_operation),
        format!("default.key.acl.{}", operation.key_operation),
    ];
    let depth = access.kms.depth();
    keys.iter()
        .find_map(|key| {
            let entry = access.entry(key);
            entry
                .is_written()
                .then(|| entry.witness(depth, "the entry that decides"))
        })
        .unwrap_or_else(|| {
            anchor
                .clone()
                .key(format!("default.key.acl.{}", operation.key_operation))
        })
}

fn everybody(access: &KmsAccess<'_>, anchor: &Witness, judgement: &mut Judgement) {
    let kms_layer_open = access.kms_layer(DECRYPT_EEK, STRANGER);
    let authorization = access.key_authorization();
    let depth = access.kms.depth();
    if !authorization.on {
        let severity = if kms_layer_open {
            Severity::Critical
        } else {
            Severity::High
        };
        judgement.expose(
            Exposure::new(
                "key-acl-off",
                authorization
                    .effective
                    .witness(depth, "lists per key are not read"),
            )
            .severity(severity),
        );
        return;
    }
    let primary = || deciding(access, DECRYPT_EEK, anchor);
    let open: Vec<String> = access
        .names_to_judge()
        .into_iter()
        .filter(|name| access.key_layer(DECRYPT_EEK, STRANGER, name))
        .collect();
    for name in open.iter().filter(|name| name.as_str() != OTHER_KEYS) {
        let all = format!("key.acl.{name}.ALL");
        let entry = access.entry(&all);
        if kms_layer_open && entry.is_written() {
            judgement.expose(Exposure::new(
                "all-operations-key-acl",
                entry.witness(depth, "everybody, every operation"),
            ));
        }
    }
    if open.is_empty() {
        return;
    }
    if kms_layer_open {
        judgement.expose(
            Exposure::new("acl-default-any", primary()).message("both layers grant DECRYPT_EEK to everybody, so any user of the KMS decrypts any data key"),
        );
    } else if open.iter().any(|name| name == OTHER_KEYS) {
        judgement.expose(Exposure::new("key-acl-any", primary()).message(
            "the KMS layer names readers, but the key layer opens every key to each of them",
        ));
    }
}

/// The accounts that own the file system: the NameNode's, and the superuser group's members.
fn superuser(access: &KmsAccess<'_>, anchor: &Witness, judgement: &mut Judgement) {
    let namenode = access.kms.peers().find(|peer| peer.has(Role::NameNode));
    let names = superuser_names(access, namenode.as_ref(), judgement);
    let group = namenode.map(|namenode| namenode.get("dfs.permissions.superusergroup"));
    let group = group
        .as_ref()
        .filter(|group| group.is_set())
        .map_or("supergroup", |group| group.str())
        .to_owned();
    let groups = [group.as_str()];
    let granted = |user: User<'_>| {
        access
            .names_to_judge()
            .into_iter()
            .any(|key| access.granted(DECRYPT_EEK, user, &key))
    };
    let blacklist = access.entry("hadoop.kms.blacklist.DECRYPT_EEK");
    let refusal = if blacklist.is_written() {
        blacklist.witness(access.kms.depth(), "does not name it")
    } else {
        anchor
            .clone()
            .key("hadoop.kms.blacklist.DECRYPT_EEK")
            .label("no blacklist for DECRYPT_EEK")
    };
    let grant = deciding(access, DECRYPT_EEK, anchor);
    if let Some(name) = names.iter().find(|name| {
        granted(User {
            name,
            groups: &groups,
        })
    }) {
        judgement.expose(
            Exposure::new("superuser-can-decrypt", grant)
                .with(refusal)
                .message(format!("the account {name}, which passes every permission check of HDFS, is granted DECRYPT_EEK")),
        );
    } else if granted(User {
        name: STRANGER.name,
        groups: &groups,
    }) {
        judgement.expose(
            Exposure::new("superuser-group-not-blacklisted", refusal)
                .with(grant)
                .message(format!("the superuser is refused, but members of the group {group} are superusers as well and are granted DECRYPT_EEK")),
        );
    }
}

/// What the KMS calls the NameNode's principal: by its own rules, or by `DEFAULT`.
fn superuser_names(
    access: &KmsAccess<'_>,
    namenode: Option<&Hadoop<'_>>,
    judgement: &mut Judgement,
) -> Vec<String> {
    let principal = namenode.map(|namenode| namenode.get("dfs.namenode.kerberos.principal"));
    let Some(principal) = principal.filter(|principal| principal.is_set() && !principal.unresolved)
    else {
        return vec![String::from("hdfs")];
    };
    let realm = principal
        .str()
        .rsplit_once('@')
        .map_or("", |(_, realm)| realm);
    let rules = access
        .kms
        .read(Reader::Kms, "hadoop.kms.authentication.kerberos.name.rules");
    let text = if rules.is_set() {
        rules.str()
    } else {
        "DEFAULT"
    };
    match short_name(&parse(text).0, principal.str(), realm) {
        Some(name) => vec![name],
        None => {
            let reason =
                "the KMS's own name rules could not be evaluated for the NameNode's principal";
            judgement.doubt(
                reason,
                vec![rules.witness(access.kms.depth(), "maps principals")],
            );
            vec![String::from("hdfs")]
        }
    }
}

/// Refusals that tempt people to open everything.
fn outages(access: &KmsAccess<'_>, anchor: &Witness, judgement: &mut Judgement) {
    if !access.key_authorization().on {
        return;
    }
    let depth = access.kms.depth();
    let written = |key: &str| access.entry(key).is_written();
    let grants_someone = |name: &str| {
        written(&format!("key.acl.{name}.DECRYPT_EEK")) || written(&format!("key.acl.{name}.ALL"))
    };
    let general =
        written("whitelist.key.acl.DECRYPT_EEK") || written("default.key.acl.DECRYPT_EEK");
    let names = access.key_names();
    if !general && !names.iter().any(|name| grants_someone(name)) {
        judgement.expose(Exposure::new(
            "all-denied",
            anchor.clone().key("default.key.acl.DECRYPT_EEK"),
        ));
        return;
    }
    for name in names
        .iter()
        .filter(|name| !grants_someone(name) && !written("whitelist.key.acl.DECRYPT_EEK"))
    {
        let resource = access.kms.configuration.resource(ResourceKind::KmsAcls);
        let prefix = format!("key.acl.{name}.");
        let own = resource
            .into_iter()
            .flat_map(|resource| &resource.properties)
            .find(|property| property.name.starts_with(&prefix));
        if let Some(own) = own {
            let witness = Witness {
                depth,
                ..Witness::declared(
                    own.value_place,
                    "with this entry the defaults no longer count",
                )
                .key(own.name.clone())
            };
            judgement.expose(Exposure::new("key-acl-partial", witness).message(format!(
                "the key {name} has entries of its own, and none grants DECRYPT_EEK"
            )));
        }
    }
    let Some(server) = access.kms.peers().find(|peer| peer.has(Role::NameNode)) else {
        return;
    };
    // A principal that the rules do not evaluate is told of by `superuser`.
    let users = superuser_names(access, Some(&server), &mut Judgement::new());
    for operation in [GET_METADATA, GENERATE_EEK] {
        let key = format!("hadoop.kms.acl.{}", operation.name);
        let entry = access.entry(&key);
        let is_refused = users.iter().all(|name| {
            let user = User {
                name,
                groups: &["supergroup"],
            };
            !access.kms_layer(operation, user)
        });
        if entry.is_written() && is_refused {
            judgement.expose(
                Exposure::new(
                    "metadata-missing-namenode",
                    entry.witness(depth, "does not hold the NameNode's user"),
                )
                .message(format!(
                    "the NameNode's user {} is not granted {}",
                    users.join(" or "),
                    operation.name
                )),
            );
        }
    }
}
