//! Secrets in clear: does a secret stand in clear in a file, manifest, environment or argument?
//!
//! # What it proves
//! That passwords, keys and tokens are referred to, and written out nowhere.
//!
//! # Why it matters: the attack
//! A password in a repository is read by everyone who ever clones it, and stays in its history. One in an argument shows in
//! the list of processes; one in a pod's variables shows to whoever may get pods.
//!
//! # How each depth is read
//! - declared: Hadoop and Spark files, scripts, pods, custom resources, annotations, Secrets, PEM keys. A name alone is no
//!   evidence: placeholders, references, switches, numbers, paths and class names are no secrets. ConfigMaps are judged by
//!   secrets/in-configmap. A file that others cannot read lowers the severity; so does the password of a trust store. Where
//!   the control of a product sees the same bytes (the keys of S3A, Spark's RPC secret), that one reports them.
//! - loaded: live objects. A Secret in a cluster is where it belongs.
//! - observed: nothing.
//! - recorded: event logs, bodies in audit lines.
//!
//! # How to fix
//! Refer to a credential store, a file or a Secret. Moving the value is not enough: whoever saw it has it, so change it.
//!
//! # References
//! - Kubernetes: Good practices for Secrets; Hadoop CredentialProvider API; SOPS; Sealed Secrets; External Secrets

use crate::judging_kubernetes::{fact, file_of};
use crate::key_files;
use crate::pods::object_subject;
use crate::secret_documents::{login_in_kubeconfig, private_key};
use crate::secret_places::{Held, Stand, held, held_in_overlaid};
use crate::secret_texts::{Named, addresses, named_values};
use crate::secret_values::{is_literal, looks_generated};
use model::{
    Cause, Claim, Claims, Depth, Estate, Exposure, Family, Judgement, Meta, Place, Safety,
    Severity, SourceId, Stage, Subject,
};
use settings::kubernetes::encryption::base64;
use settings::kubernetes::object::{Object, Overlaid};
use settings::secret_names::{is_trust_store, last_word, names_a_secret};
use std::collections::{BTreeMap, HashSet};
use text::{Entry, Node, Span};

/// What this control is.
pub const META: Meta = Meta {
    title: "Secrets in clear",
    question: "Does a secret stand in clear in a file, manifest, environment or argument?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "in-configuration",
            severity: Severity::High,
            title: "a configuration file holds a password, a key or a token in clear",
            remedy: "move the value to a credential store that the file names, and change it",
        },
        Cause {
            slug: "in-environment",
            severity: Severity::High,
            title: "a variable holds a secret in clear",
            remedy: "mount a Secret as a file, or use secretKeyRef, and change the value",
        },
        Cause {
            slug: "in-arguments",
            severity: Severity::High,
            title: "an argument holds a secret in clear: every user of the machine sees it in the list of processes",
            remedy: "hand the value over in a file, and change it",
        },
        Cause {
            slug: "in-url",
            severity: Severity::High,
            title: "an address holds a password or a token in clear: logs and errors print addresses",
            remedy: "give user and password by settings of their own that refer to a Secret, and change the password",
        },
        Cause {
            slug: "in-custom-resource",
            severity: Severity::High,
            title: "a custom resource holds a secret in clear: its readers are not those of Secrets",
            remedy: "refer to a Secret, and change the value",
        },
        Cause {
            slug: "in-annotation",
            severity: Severity::Medium,
            title: "an annotation holds a secret in clear, often as a copy of what kubectl applied",
            remedy: "remove the value from the object, apply it again with --server-side, and change the value",
        },
        Cause {
            slug: "manifest-in-repository",
            severity: Severity::Critical,
            title: "the file of a Secret holds its values in clear: base64 hides nothing",
            remedy: "keep it encrypted (SOPS, SealedSecret) or elsewhere (ExternalSecret), and change every value",
        },
        Cause {
            slug: "private-key-in-tree",
            severity: Severity::Critical,
            title: "a file of the tree is a private key in clear",
            remedy: "remove the file, and replace the key and its certificate",
        },
    ],
    safety: Safety::Manual,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Names of values that stand in Secrets beside the secret ones and are none themselves.
const PUBLIC_WORDS: [&str; 26] = [
    "username",
    "user",
    "login",
    "host",
    "hostname",
    "port",
    "endpoint",
    "url",
    "uri",
    "region",
    "bucket",
    "database",
    "dbname",
    "namespace",
    "name",
    "id",
    "realm",
    "crt",
    "cert",
    "ca",
    "email",
    "issuer",
    "type",
    "schema",
    "firstname",
    "lastname",
];
/// Secrets that other causes judge, and those that a cluster makes by itself.
const OWN_CAUSES: [&str; 2] = ["kubernetes.io/service-account-token", "helm.sh/release.v1"];
/// A value under a name that says nothing is a secret from this length on.
const SHORTEST: usize = 8;
/// Further values of one Secret that are pointed at.
const MOST_WITNESSES: usize = 4;

/// Judges every place that may hold a secret.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let objects = estate.all::<Object>();
    let secrets: HashSet<&str> = objects
        .iter()
        .filter(|object| object.is("", "Secret"))
        .map(|object| &*object.name)
        .collect();
    let mut judgements: BTreeMap<Subject, Judgement> = BTreeMap::new();
    for held in held(estate).iter() {
        if held.stand == Stand::ConfigMap {
            continue;
        }
        let judgement = judgements.entry(held.subject.clone()).or_default();
        let names_an_object = matches!(held.stand, Stand::CustomResource | Stand::Annotation)
            && secrets.contains(held.value.as_str());
        if is_literal(&held.value) && !names_an_object {
            judgement.expose(exposure(estate, held));
        }
    }
    if estate.depth == Depth::Declared {
        for object in objects.iter().filter(|object| object.is("", "Secret")) {
            manifest(estate, object, &mut judgements, is_secret_content);
        }
        overlaid(estate, &mut judgements);
        private_keys(estate, objects, &mut judgements);
    }
    for (subject, judgement) in judgements {
        claims.state(subject, judgement.otherwise(Claim::Protected(Vec::new())));
    }
}

/// What an overlay replaces still stands in the file of the base. There it is mostly a stand-in, so only what a machine made
/// counts.
fn overlaid(estate: &Estate, judgements: &mut BTreeMap<Subject, Judgement>) {
    for held in held_in_overlaid(estate) {
        if is_literal(&held.value) && looks_generated(&held.value) {
            let judgement = judgements.entry(held.subject.clone()).or_default();
            judgement.expose(exposure(estate, &held));
        }
    }
    let is_made = |entry: &Entry, bytes: &[u8]| {
        is_secret_content(entry, bytes)
            && std::str::from_utf8(bytes)
                .is_ok_and(|text| looks_generated(text.trim()) || private_key(text).is_some())
    };
    for Overlaid(object) in estate.all::<Overlaid>() {
        if object.is("", "Secret") {
            manifest(estate, object, judgements, is_made);
        }
    }
}

fn exposure(estate: &Estate, held: &Held) -> Exposure {
    let (cause, is_in_file) = match held.stand {
        // ConfigMaps that are deployed are judged by secrets/in-configmap; this is the file of one that is only overlaid.
        Stand::Configuration | Stand::ConfigMap => ("in-configuration", true),
        Stand::Environment => ("in-environment", true),
        Stand::Argument => ("in-arguments", false),
        Stand::Address => ("in-url", true),
        Stand::CustomResource => ("in-custom-resource", false),
        Stand::Annotation => ("in-annotation", false),
        Stand::Generator => ("manifest-in-repository", false),
    };
    let witness = fact(estate, held.place, "in clear")
        .key(held.name.as_str())
        .redacted();
    let exposure = Exposure::new(cause, witness);
    if is_trust_store(&held.name) {
        return exposure
            .severity(Severity::Low)
            .message("the password of a trust store stands in clear; it guards certificates, which are public");
    }
    if is_in_file && is_closed(estate, held.place) {
        return exposure
            .severity(Severity::Medium)
            .message("a secret stands in clear in a file that other users cannot read");
    }
    exposure
}

/// Whether the file's mode keeps other users out. A mode that is not known proves nothing.
fn is_closed(estate: &Estate, place: Place) -> bool {
    let source = estate.sources.written(place).source;
    let mode = estate.sources.get(source).and_then(|source| source.mode);
    mode.is_some_and(|mode| mode & 0o007 == 0)
}

/// One finding a Secret: its first value in clear, and a few more.
fn manifest(
    estate: &Estate,
    secret: &Object,
    judgements: &mut BTreeMap<Subject, Judgement>,
    is_secret: impl Fn(&Entry, &[u8]) -> bool,
) {
    let kind = secret.at(&["type"]).and_then(Node::str).unwrap_or_default();
    if OWN_CAUSES.contains(&kind) {
        return;
    }
    // A Secret that SOPS wrote is judged value by value: its rules may leave some in clear.
    let judgement = judgements.entry(object_subject(secret)).or_default();
    let entries = |field: &str| secret.at(&[field]).map(Node::entries).unwrap_or_default();
    let encoded = entries("data").iter().filter(|entry| {
        let bytes = entry.value.str().and_then(base64::decode);
        bytes.is_some_and(|bytes| is_secret(entry, &bytes))
    });
    let plain = entries("stringData").iter().filter(|entry| {
        let text = entry.value.str().unwrap_or_default();
        is_secret(entry, text.as_bytes())
    });
    let mut found: Vec<&Entry> = encoded.chain(plain).collect();
    // What is secret by its name is shown first; the others are secret because they stand in a Secret.
    found.sort_by_key(|entry| !entry.key.text().is_some_and(names_a_secret));
    let mut witnesses = found.into_iter().map(|entry| {
        let key = entry.key.text().unwrap_or_default();
        fact(estate, secret.place(&entry.value), "in clear")
            .key(key)
            .redacted()
    });
    if let Some(first) = witnesses.next() {
        let exposure = Exposure::new("manifest-in-repository", first);
        judgement.expose(exposure.with_all(witnesses.take(MOST_WITNESSES)));
    }
}

/// Whether a value of a Secret is secret: somebody put it there for that, unless its name or form says otherwise.
fn is_secret_content(entry: &Entry, bytes: &[u8]) -> bool {
    let name = entry.key.text().unwrap_or_default();
    let Ok(text) = std::str::from_utf8(bytes) else {
        return key_files::recognise(bytes).is_some();
    };
    if is_trust_store(name) {
        return false;
    }
    let is_public = last_word(name).is_some_and(|word| PUBLIC_WORDS.contains(&word.as_str()));
    private_key(text).is_some()
        || login_in_kubeconfig(text).is_some()
        || key_files::recognise(bytes).is_some()
        || (is_literal(text)
            && !text.trim().starts_with('{')
            && (names_a_secret(name) || (!is_public && text.trim().len() >= SHORTEST)))
        || named_values(text).iter().any(Named::is_secret)
        || !addresses(text).is_empty()
        || registry_login(text)
}

/// `.dockerconfigjson`: a login to a registry.
fn registry_login(text: &str) -> bool {
    text.contains("\"auths\"")
        && named_values(text)
            .iter()
            .any(|named| named.name == "auth" && is_literal(&named.value))
}

/// Files of the tree that are private keys. Prose that shows one is documentation, and objects are judged by their fields.
fn private_keys(
    estate: &Estate,
    objects: &[Object],
    judgements: &mut BTreeMap<Subject, Judgement>,
) {
    let with_objects: HashSet<SourceId> = objects.iter().map(|object| object.source).collect();
    for (id, source) in estate.sources.iter() {
        let is_prose = [".md", ".rst", ".adoc", ".html"]
            .iter()
            .any(|end| source.path.ends_with(end));
        if source.embedding.is_some() || is_prose || with_objects.contains(&id) {
            continue;
        }
        if let Some(span) = private_key(&source.text) {
            let place = Place::new(id, span);
            let start = Place::new(id, Span::at(0));
            let subject = Subject::new("File", file_of(estate, place), Some(start));
            let witness = fact(estate, place, "a private key").redacted();
            judgements
                .entry(subject)
                .or_default()
                .expose(Exposure::new("private-key-in-tree", witness));
        }
    }
}
