//! Secrets in ConfigMaps: does a ConfigMap hold what belongs in a Secret?
//!
//! # What it proves
//! That no ConfigMap carries keytabs, private keys, logins or passwords.
//!
//! # Why it matters: the attack
//! The role `view` reads every ConfigMap and no Secret, and most encryption configurations name `secrets` only. Whoever may
//! look at a namespace, or reads a backup of etcd, takes the key from the ConfigMap.
//!
//! # How each depth is read
//! - declared: `data` and `binaryData` by content, never by the name of a key alone. Placeholders, references to files, trust
//!   stores and values of public kinds are no secrets. Where the control of a product sees the same bytes (the keys of S3A,
//!   Spark's RPC secret), that one reports them.
//! - loaded: the ConfigMaps of the cluster; those that Spark writes for its drivers are part of them.
//! - observed: nothing.
//! - recorded: the rows of etcd.
//!
//! # How to fix
//! A Secret with the same keys, mounted at the same path. The value was readable: make a new one.
//!
//! # References
//! - Kubernetes: ConfigMaps, Secrets; ClusterRole `view` (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go)
//! - MIT krb5 keytab file format; RFC 7468 (PEM); RFC 7292 (PKCS#12)

use crate::judging_kubernetes::fact;
use crate::key_files::{self, KeyFile};
use crate::pods::object_subject;
use crate::secret_documents::{login_in_kubeconfig, private_key};
use crate::secret_texts::{Named, Passage, addresses, named_values};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::kubernetes::encryption::base64;
use settings::kubernetes::object::Object;
use text::{Entry, Node};

/// What this control is.
pub const META: Meta = Meta {
    title: "Secrets in ConfigMaps",
    question: "Does a ConfigMap hold what belongs in a Secret?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "keytab",
            severity: Severity::Critical,
            title: "a ConfigMap holds a keytab: whoever may read it is that principal",
            remedy: "move the keytab to a Secret mounted at the same path, and make new keys for its principals",
        },
        Cause {
            slug: "private-key",
            severity: Severity::Critical,
            title: "a ConfigMap holds a private key",
            remedy: "move the key to a Secret mounted at the same path, and replace the key and its certificate",
        },
        Cause {
            slug: "kubeconfig",
            severity: Severity::Critical,
            title: "a ConfigMap holds a kubeconfig with a login",
            remedy: "use the pod's service account, and revoke the login",
        },
        Cause {
            slug: "keystore",
            severity: Severity::High,
            title: "a ConfigMap holds a key store with a private key",
            remedy: "move the key store to a Secret mounted at the same path, and replace the key",
        },
        Cause {
            slug: "credential-property",
            severity: Severity::High,
            title: "a text in a ConfigMap sets a password, a key or a token",
            remedy: "move the value to a Secret, refer to it by file or secretKeyRef, and change it",
        },
    ],
    safety: Safety::Safe,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Judges every ConfigMap.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for object in estate.all::<Object>() {
        if !object.is("", "ConfigMap") {
            continue;
        }
        let mut judgement = Judgement::new();
        for entry in entries(object, "data") {
            if let Some(passage) = Passage::of_scalar(estate, object, &entry.value) {
                // A file that is no text is sometimes pasted in base64.
                match base64::decode(passage.text.trim())
                    .and_then(|bytes| key_files::recognise(&bytes))
                {
                    Some(file) => key_file(estate, object, entry, file, &mut judgement),
                    None => text(estate, entry, &passage, &mut judgement),
                }
            }
        }
        for entry in entries(object, "binaryData") {
            binary(estate, object, entry, &mut judgement);
        }
        claims.state(
            object_subject(object),
            judgement.otherwise(Claim::Protected(Vec::new())),
        );
    }
}

fn entries<'o>(object: &'o Object, field: &str) -> &'o [Entry] {
    object.at(&[field]).map_or(&[], Node::entries)
}

fn binary(estate: &Estate, object: &Object, entry: &Entry, judgement: &mut Judgement) {
    let Some(bytes) = entry.value.text().and_then(base64::decode) else {
        return;
    };
    if let Some(file) = key_files::recognise(&bytes) {
        key_file(estate, object, entry, file, judgement);
    } else if let Ok(decoded) = String::from_utf8(bytes) {
        let passage = Passage::decoded(object, &entry.value, decoded);
        text(estate, entry, &passage, judgement);
    }
}

fn key_file(
    estate: &Estate,
    object: &Object,
    entry: &Entry,
    file: KeyFile,
    judgement: &mut Judgement,
) {
    let (cause, label) = match file {
        KeyFile::Keytab => ("keytab", "a keytab"),
        KeyFile::KeyStore => ("keystore", "a store with a private key"),
    };
    let witness = fact(estate, object.place(&entry.value), label);
    judgement.expose(Exposure::new(cause, named_by(witness, entry)));
}

fn text(estate: &Estate, entry: &Entry, passage: &Passage<'_>, judgement: &mut Judgement) {
    let mut expose = |cause, span, label: &str| {
        let witness = fact(estate, passage.place(span), label);
        judgement.expose(Exposure::new(cause, named_by(witness, entry)));
    };
    if let Some(span) = private_key(&passage.text) {
        expose("private-key", span, "a private key");
        return;
    }
    if let Some(span) = login_in_kubeconfig(&passage.text) {
        expose("kubeconfig", span, "a login to a cluster");
        return;
    }
    for named in credentials(entry, passage) {
        let witness = fact(estate, passage.place(named.span), "in clear")
            .key(named.name)
            .redacted();
        judgement.expose(Exposure::new("credential-property", witness));
    }
}

/// The secrets that a text sets; a text of one value is named by its key.
fn credentials(entry: &Entry, passage: &Passage<'_>) -> Vec<Named> {
    let whole = entry.key.text().map(|name| Named {
        name: name.to_owned(),
        value: passage.text.trim().to_owned(),
        span: text::Span::new(0, passage.text.len()),
    });
    if let Some(whole) = whole.filter(Named::is_secret) {
        return vec![whole];
    }
    let mut found: Vec<Named> = named_values(&passage.text)
        .into_iter()
        .filter(Named::is_secret)
        .collect();
    found.extend(addresses(&passage.text));
    found
}

fn named_by(witness: Witness, entry: &Entry) -> Witness {
    witness.key(entry.key.text().unwrap_or_default()).redacted()
}
