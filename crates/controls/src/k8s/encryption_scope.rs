//! Encryption scope: is what holds credentials covered, not only Secrets?
//!
//! # What it proves
//! That the encryption configuration covers every kind of object in which this estate keeps credentials.
//!
//! # Why it matters: the attack
//! `resources: [secrets]` leaves ConfigMaps and custom resources in clear. A SparkApplication with an S3 key in its sparkConf
//! lies as plain JSON in etcd, its snapshots and its disks.
//!
//! # How each depth is read
//! - declared: the EncryptionConfiguration, resolved per resource, beside the ConfigMaps and custom resources that carry
//!   credentials in literal properties or variables. Judged only where a configuration was read.
//! - loaded: the list of custom resources.
//! - observed: nothing.
//! - recorded: prefixes of the rows per resource in etcd.
//!
//! # How to fix
//! Take the credential out of the object into a Secret. Else add the resource to the entry that covers secrets, reload all API
//! servers and rewrite the objects.
//!
//! # References
//! - k8s.io/apiserver pkg/server/options/encryptionconfig/config.go (1.37), transformerFromOverrides
//! - Kubernetes, "Encrypting Confidential Data at Rest"

use crate::credentials_in_objects::{
    Carried, Credential, Plurals, in_config_map, in_custom_resource,
};
use crate::judging_kubernetes::{fact, file_of, objects_of, running};
use crate::judging_rbac::SET_NOT_COMPLETE;
use crate::named_files::unused;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Safety, Severity,
    SourceId, Stage, Subject, Witness,
};
use settings::kubernetes::encryption::{Encryption, Entry, is_encryption_configuration, load};
use settings::kubernetes::flags::Program;
use settings::kubernetes::object::Object;
use std::collections::{BTreeMap, HashSet};

/// What this control is.
pub const META: Meta = Meta {
    title: "Encryption scope",
    question: "Is what holds credentials covered, not only Secrets?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "credentials-in-custom-resource",
            severity: Severity::High,
            title: "custom resources carry credentials and are stored in clear",
            remedy: "move the credential into a Secret, or add the resource to the entry that encrypts",
        },
        Cause {
            slug: "configmaps-uncovered",
            severity: Severity::High,
            title: "ConfigMaps carry credentials and are stored in clear",
            remedy: "move the credential into a Secret, or add configmaps to the entry that encrypts",
        },
        Cause {
            slug: "events-carved-too-wide",
            severity: Severity::Medium,
            title: "the exception from encryption covers more than events",
            remedy: "leave only events in the entry whose provider is identity",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Rest,
    since: "0.1.0",
};

/// Judges each encryption configuration.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let mut seen: HashSet<SourceId> = HashSet::new();
    let carried = Carried::of(estate);
    let plurals = Plurals::of(estate);
    let servers = running(estate, Program::ApiServer);
    for file in estate.all::<Object>() {
        if !is_encryption_configuration(file) || !seen.insert(file.source) {
            continue;
        }
        // A file that the API server refuses is the matter of k8s/secrets-encryption. Releases differ about KMSv1 only,
        // which covers as much as v2.
        let Ok(encryption) = load(file, None, Some(true)) else {
            continue;
        };
        let place = Place::new(file.source, file.document);
        let subject = Subject::new(
            "EncryptionConfiguration",
            file_of(estate, place),
            Some(place),
        );
        let flag = "encryption-provider-config";
        let claim = match unused(estate, file, &servers, flag, is_encryption_configuration) {
            Some(reason) => {
                Claim::Unproven(reason.into(), vec![covered(estate, file, &encryption)])
            }
            None => configuration(estate, file, &encryption, &carried, &plurals),
        };
        claims.state(subject, claim);
    }
}

fn configuration(
    estate: &Estate,
    file: &Object,
    encryption: &Encryption,
    carried: &Carried,
    plurals: &Plurals<'_>,
) -> Claim {
    let mut judgement = Judgement::new();
    carved(estate, file, encryption, &mut judgement);
    let mut uncovered: BTreeMap<String, Vec<(&Object, Credential)>> = BTreeMap::new();
    for object in objects_of(estate, file.cluster) {
        let found = in_config_map(estate, object, carried)
            .map(|credential| (String::from("configmaps"), credential))
            .or_else(|| {
                let credential = in_custom_resource(object)?;
                Some((plurals.resource(object), credential))
            });
        if let Some((resource, credential)) = found
            && !encrypts(encryption, &resource)
        {
            uncovered
                .entry(resource)
                .or_default()
                .push((object, credential));
        }
    }
    for (resource, found) in uncovered {
        let cause = if resource == "configmaps" {
            "configmaps-uncovered"
        } else {
            "credentials-in-custom-resource"
        };
        let names: Vec<String> = found
            .iter()
            .take(4)
            .map(|(object, _)| object.qualified_name())
            .collect();
        let carried = found.iter().take(4).map(|(_, credential)| {
            fact(estate, credential.place, "a credential")
                .key(credential.key.clone())
                .redacted()
        });
        judgement.expose(
            Exposure::new(cause, covered(estate, file, encryption))
                .with_all(carried)
                .message(format!(
                    "no entry encrypts {resource}, and {} of them carry credentials: {}",
                    found.len(),
                    names.join(", ")
                )),
        );
    }
    judgement.otherwise(Claim::Unproven(
        SET_NOT_COMPLETE
            .replace("roles and bindings", "objects")
            .into(),
        vec![covered(estate, file, encryption)],
    ))
}

fn encrypts(encryption: &Encryption, resource: &str) -> bool {
    encryption
        .providers_for(resource)
        .first()
        .is_some_and(|writer| writer.provider.kind.encrypts())
}

/// What the configuration covers: the name of the entry for secrets, or the first one.
fn covered(estate: &Estate, file: &Object, encryption: &Encryption) -> Witness {
    let writer = encryption.providers_for("secrets");
    let name = writer.first().map(|writer| writer.matched).or_else(|| {
        encryption
            .entries
            .first()
            .and_then(|entry| entry.resources.first())
    });
    match name {
        Some(name) => fact(
            estate,
            Place::new(file.source, name.span),
            "what is encrypted",
        )
        .key("resources")
        .value(name.text.clone()),
        None => fact(
            estate,
            Place::new(file.source, file.document),
            "what is encrypted",
        ),
    }
}

fn writes_in_clear(entry: &Entry) -> bool {
    entry
        .providers
        .first()
        .is_some_and(|provider| !provider.kind.encrypts())
}

/// Names beside events in an entry that writes in clear and stands before a wildcard that would encrypt them.
fn carved(estate: &Estate, file: &Object, encryption: &Encryption, judgement: &mut Judgement) {
    for (index, entry) in encryption.entries.iter().enumerate() {
        if !writes_in_clear(entry) {
            continue;
        }
        let later = encryption.entries.iter().skip(index + 1);
        let wildcards: Vec<&str> = later
            .filter(|entry| !writes_in_clear(entry))
            .flat_map(|entry| &entry.resources)
            .filter(|name| name.is_wildcard())
            .map(|name| &*name.group)
            .collect();
        // Secrets among them are the matter of k8s/secrets-encryption.
        let too_wide: Vec<_> = entry
            .resources
            .iter()
            .filter(|name| !matches!(&*name.text, "events" | "secrets"))
            .filter(|name| wildcards.contains(&"*") || wildcards.contains(&&*name.group))
            .filter(|name| !encrypts(encryption, &name.text))
            .collect();
        let Some(first) = too_wide.first() else {
            continue;
        };
        let names: Vec<&str> = too_wide.iter().take(6).map(|name| &*name.text).collect();
        judgement.expose(
            Exposure::new(
                "events-carved-too-wide",
                fact(
                    estate,
                    Place::new(file.source, first.span),
                    "written in clear",
                )
                .key("resources")
                .value(first.text.clone()),
            )
            .message(format!(
                "an entry with identity takes {} out of what a later wildcard encrypts",
                names.join(", ")
            )),
        );
    }
}
