//! Published secrets: is a key or password one that was published?
//!
//! # What it proves
//! That no key in use is a documentation sample, a product's default or a constant.
//!
//! # Why it matters: the attack
//! The first thing that an attacker tries is the list of published keys. An encryption key from a documentation page opens
//! every Secret in a backup of etcd; a published signing key makes anybody an administrator of the web page that it guards.
//!
//! # How each depth is read
//! - declared: every value whose name says that it is secret is compared with a list of published ones: Hadoop and Spark
//!   files, scripts, pods, custom resources, ConfigMaps, Secrets. Keys of encryption configurations are decoded and compared
//!   by their bytes. Passwords of trust stores guard public certificates and are left out, as are placeholders.
//! - loaded: nothing.
//! - observed: a key store that opens with the default password.
//! - recorded: nothing.
//!
//! # How to fix
//! A new random key. Data that the old one encrypted must be written again; then drop the old key.
//!
//! # References
//! - Kubernetes: types_encryption.go of k8s.io/apiserver, Encrypting Confidential Data at Rest
//! - apache/spark-kubernetes-operator examples/cluster-with-jws-filter.yaml
//! - Hadoop JavaKeyStoreProvider (`none`); HiveConf METASTOREPWD (`mine`); keytool (`changeit`); MinIO (`minioadmin`)

use crate::judging_kubernetes::{fact, file_of, running};
use crate::named_files::unused;
use crate::pods::object_subject;
use crate::secret_places::{Held, held};
use crate::secret_values::{has_published_value, is_literal};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Subject,
};
use settings::kubernetes::encryption::{self, base64, is_encryption_configuration};
use settings::kubernetes::flags::Program;
use settings::kubernetes::object::Object;
use settings::secret_names::{is_trust_store, names_a_secret};
use std::collections::BTreeMap;
use text::{Entry, Node};

/// What this control is.
pub const META: Meta = Meta {
    title: "Published secrets",
    question: "Is a key or password one that was published?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "documentation-key",
            severity: Severity::Critical,
            title: "an encryption key is the sample of a documentation page",
            remedy: "add a random key of 32 bytes as the first one, write every object again, then drop the sample",
        },
        Cause {
            slug: "published-signing-key",
            severity: Severity::Critical,
            title: "the signing key is the one of a published example: anybody can sign a login",
            remedy: "make a random signing key and keep it in a Secret",
        },
        Cause {
            slug: "default-password",
            severity: Severity::Critical,
            title: "a password is the published default or an example that was never changed",
            remedy: "set a random password and keep it in a credential store or a Secret",
        },
        Cause {
            slug: "all-equal-bytes",
            severity: Severity::Critical,
            title: "an encryption key is one byte repeated, or counting bytes",
            remedy: "add a random key of 32 bytes as the first one, write every object again, then drop this one",
        },
    ],
    safety: Safety::Manual,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Sample keys, decoded: the first three stand in types_encryption.go of k8s.io/apiserver, the others on the pages of
/// Kubernetes on encryption at rest.
const DOCUMENTATION_KEYS: [&[u8]; 5] = [
    b"secret is secure",
    b"secret is secure, or is it?\n",
    b"secret is secure, I think",
    b"this is password",
    b"abcdefghijklmnopqrstuvwxyz123456",
];

/// How the key of the operator's JWSFilter examples starts: base64 of `Visit https://spark.apache.org`.
const PUBLISHED_SIGNING_KEY: &str = "VmlzaXQgaHR0cHM6Ly9zcGFyay5hcGFjaGUub3Jn";

/// Judges every place that holds a secret in clear.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let mut judgements: BTreeMap<Subject, Judgement> = BTreeMap::new();
    for held in held(estate).iter() {
        let is_judged = !is_trust_store(&held.name) && is_compared(held);
        if is_judged {
            let judgement = judgements.entry(held.subject.clone()).or_default();
            if let Some(exposure) = compare(estate, held) {
                judgement.expose(exposure);
            }
        }
    }
    let servers = running(estate, Program::ApiServer);
    for object in estate.all::<Object>() {
        if is_encryption_configuration(object) {
            let flag = "encryption-provider-config";
            match unused(estate, object, &servers, flag, is_encryption_configuration) {
                // No row is written or read with its keys.
                Some(reason) => claims.state(
                    configuration_subject(estate, object),
                    Claim::Unproven(reason.into(), Vec::new()),
                ),
                None => keys(estate, object, &mut judgements),
            }
        } else if object.is("", "Secret") {
            secret(estate, object, &mut judgements);
        }
    }
    for (subject, judgement) in judgements {
        claims.state(subject, judgement.otherwise(Claim::Protected(Vec::new())));
    }
}

/// A value that is written out; `none` is one for stores only.
fn is_compared(held: &Held) -> bool {
    is_literal(&held.value) || has_published_value(&held.name, &held.value)
}

fn compare(estate: &Estate, held: &Held) -> Option<Exposure> {
    let cause = published(&held.name, &held.value)?;
    let witness = fact(estate, held.place, "published")
        .key(held.name.as_str())
        .redacted();
    Some(Exposure::new(cause, witness))
}

/// The cause, if a value under a name is a published one.
fn published(name: &str, value: &str) -> Option<&'static str> {
    if value.trim().starts_with(PUBLISHED_SIGNING_KEY) {
        return Some("published-signing-key");
    }
    has_published_value(name, value).then_some("default-password")
}

fn secret(estate: &Estate, object: &Object, judgements: &mut BTreeMap<Subject, Judgement>) {
    for (field, is_encoded) in [("data", true), ("stringData", false)] {
        for entry in object.at(&[field]).map(Node::entries).unwrap_or_default() {
            let Some((name, value)) = value(entry, is_encoded) else {
                continue;
            };
            if !names_a_secret(name) || is_trust_store(name) {
                continue;
            }
            let judgement = judgements.entry(object_subject(object)).or_default();
            if let Some(cause) = published(name, &value) {
                let witness = fact(estate, object.place(&entry.value), "published")
                    .key(name)
                    .redacted();
                judgement.expose(Exposure::new(cause, witness));
            }
        }
    }
}

fn value(entry: &Entry, is_encoded: bool) -> Option<(&str, String)> {
    let (name, text) = (entry.key.text()?, entry.value.str()?);
    let value = if is_encoded {
        String::from_utf8(base64::decode(text)?).ok()?
    } else {
        text.to_owned()
    };
    Some((name, value))
}

fn configuration_subject(estate: &Estate, object: &Object) -> Subject {
    Subject::new(
        "EncryptionConfiguration",
        file_of(estate, object.name_place()),
        Some(object.name_place()),
    )
}

/// The keys of an encryption configuration. One that the API server refuses is the matter of k8s/secrets-encryption, and a
/// placeholder is no key yet.
fn keys(estate: &Estate, object: &Object, judgements: &mut BTreeMap<Subject, Judgement>) {
    let subject = configuration_subject(estate, object);
    let text = estate
        .sources
        .get(object.source)
        .map_or("", |source| &source.text);
    let Ok(configuration) = encryption::load(object, None, None) else {
        return;
    };
    for entry in &configuration.entries {
        for provider in &entry.providers {
            for key in provider.keys.iter().filter(|key| key.length.is_some()) {
                let cause = configuration.with_key_bytes(key, text, weakness);
                let judgement = judgements.entry(subject.clone()).or_default();
                if let Some(cause) = cause.flatten() {
                    let label = format!("the key {}", key.name);
                    let witness = fact(estate, key.secret_place, label)
                        .key("secret")
                        .redacted();
                    judgement.expose(Exposure::new(cause, witness));
                }
            }
        }
    }
}

fn weakness(bytes: &[u8]) -> Option<&'static str> {
    if DOCUMENTATION_KEYS.contains(&bytes) {
        return Some("documentation-key");
    }
    let steps = bytes.windows(2).map(|pair| match pair {
        [a, b] => b.wrapping_sub(*a),
        _ => 0,
    });
    let mut steps = steps.peekable();
    let first = steps.peek().copied()?;
    // One byte repeated, or bytes that count up or down by one.
    (matches!(first, 0 | 1 | 0xff) && steps.all(|step| step == first)).then_some("all-equal-bytes")
}
