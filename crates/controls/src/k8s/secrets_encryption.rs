//! Secrets encryption: does the provider that writes Secrets encrypt, by the API server's own rules?
//!
//! # What it proves
//! That a Secret written from now on reaches etcd encrypted. The configuration is resolved as the API server does it: an
//! entry that names secrets beats `*.`, that beats `*.*`; equal names join their lists; the first provider writes.
//!
//! # Why it matters: the attack
//! Whoever copies etcd's data directory, a snapshot or a disk of the control plane reads every Secret that was written in
//! clear: keytabs, S3 keys, the Spark RPC secret. A file with `identity` first looks like encryption and is none.
//!
//! # How each depth is read
//! - declared: `--encryption-provider-config` of every API server, and each EncryptionConfiguration (or legacy
//!   EncryptionConfig), decoded as strictly as the API server does. Only the first document of a file counts.
//!   A file that every API server passes over for another one is left unjudged. Flags are read from static pods, units with
//!   their drop-ins, kubeadm, Cluster API, kind, k3s, RKE2, RKE, kops, k0s, Talos and MicroK8s.
//! - loaded: flags of the mirror pod, the hash of the configuration, transformation metrics.
//! - observed: nothing.
//! - recorded: the stored rows, see etcd/stored-values.
//!
//! # How to fix
//! Put the new provider first on all API servers, keep identity last, reload, rewrite all Secrets, prove that no clear row
//! is left, then drop identity. Prefer `kms` with `apiVersion: v2`: its key is not on the disk that it protects.
//!
//! # References
//! - k8s.io/apiserver pkg/server/options/encryptionconfig/config.go (1.37); 80 files run on 1.37.2
//! - Kubernetes, "Encrypting Confidential Data at Rest"
//! - k3s, "Secrets Encryption Config": off unless it is switched on, aescbc unless another provider is chosen
//! - rancher/rke2 pkg/rke2/rke2.go: always on

use crate::judging_kubernetes::{
    Running, by_release, fact, file_of, flag_fact, release_of, running, same_cluster,
};
use crate::named_files::{Named, named, unused};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Release, Safety,
    Severity, SourceId, Stage, Subject,
};
use settings::kubernetes::encryption::{
    Condition, Encryption, KmsVersion, ProviderKind, ProviderRef, is_encryption_configuration, load,
};
use settings::kubernetes::flags::{K3s, OwnEncryption, Program, Setting, own_encryption};
use settings::kubernetes::object::Object;
use std::collections::HashSet;
use text::Span;

/// What this control is.
pub const META: Meta = Meta {
    title: "Secrets encryption",
    question: "Does the provider that writes Secrets encrypt, by the API server's own rules?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "not-configured",
            severity: Severity::High,
            title: "the API server has no encryption configuration, so Secrets are stored in clear",
            remedy: "write an EncryptionConfiguration and name it in --encryption-provider-config of every API server",
        },
        Cause {
            slug: "identity-first",
            severity: Severity::Critical,
            title: "the first provider for Secrets is identity, so new Secrets are stored in clear",
            remedy: "move a provider that encrypts before identity, then rewrite all Secrets",
        },
        Cause {
            slug: "not-covered",
            severity: Severity::Critical,
            title: "no entry of the encryption configuration covers Secrets",
            remedy: "name secrets in the resources of an entry, then rewrite all Secrets",
        },
        Cause {
            slug: "kms-v1",
            severity: Severity::High,
            title: "a KMS provider speaks the deprecated protocol v1",
            remedy: "add a kms provider with apiVersion: v2 and a name of its own as the first one, keep the old one for reading, then rewrite all Secrets",
        },
        Cause {
            slug: "local-key",
            severity: Severity::Medium,
            title: "Secrets are encrypted with a key that lies beside them on the control plane's disk",
            remedy: "use a kms provider with apiVersion: v2 as the first one",
        },
        Cause {
            slug: "unauthenticated-cipher",
            severity: Severity::Medium,
            title: "aescbc writes Secrets: stored bytes can be altered or exchanged unnoticed",
            remedy: "use a kms provider with apiVersion: v2 as the first one",
        },
        Cause {
            slug: "invalid",
            severity: Severity::High,
            title: "the API server refuses this encryption configuration",
            remedy: "correct the field; never drop the providers that hold the keys of stored rows",
        },
        Cause {
            slug: "replicas-differ",
            severity: Severity::High,
            title: "API servers of one cluster have different encryption configurations",
            remedy: "give every API server the same file",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Rest,
    since: "0.1.0",
};

/// Judges each API server, and each encryption configuration.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let servers = running(estate, Program::ApiServer);
    let files = configurations(estate);
    for server in &servers {
        api_server(estate, server, claims);
    }
    for file in &files {
        let flag = "encryption-provider-config";
        if let Some(reason) = unused(estate, file, &servers, flag, is_encryption_configuration) {
            let place = Place::new(file.source, file.document);
            let witness = fact(estate, place, "loaded by nobody");
            claims.state(
                subject(estate, file),
                Claim::Unproven(reason.into(), vec![witness]),
            );
            continue;
        }
        let named = servers
            .iter()
            .filter(|server| same_cluster(server.cluster(), file.cluster))
            .collect::<Vec<_>>();
        let claim = match (
            configuration(estate, file, &named),
            differs(estate, file, &files, &named),
        ) {
            (Claim::Exposed(mut exposures), Some(exposure)) => {
                exposures.push(exposure);
                Claim::Exposed(exposures)
            }
            (_, Some(exposure)) => Claim::Exposed(vec![exposure]),
            (claim, None) => claim,
        };
        claims.state(subject(estate, file), claim);
    }
}

/// The encryption configurations, the first of each file: the API server reads no other.
fn configurations(estate: &Estate) -> Vec<&Object> {
    let mut seen: HashSet<SourceId> = HashSet::new();
    estate
        .all::<Object>()
        .iter()
        .filter(|object| is_encryption_configuration(object))
        .filter(|object| seen.insert(object.source))
        .collect()
}

fn subject(estate: &Estate, file: &Object) -> Subject {
    let place = Place::new(file.source, file.document);
    let own = estate.sources.get(file.source);
    let name = match own.filter(|source| source.embedding.is_some()) {
        Some(source) => format!("{} ({})", file_of(estate, place), source.path),
        None => file_of(estate, place).to_owned(),
    };
    Subject::new("EncryptionConfiguration", name, Some(place))
}

/// An API server without a configuration, or whose configuration was not read. With one, the configuration is judged.
fn api_server(estate: &Estate, server: &Running<'_>, claims: &mut Claims) {
    let Some(settings) = server.api_server() else {
        return;
    };
    let flag = settings.text("encryption-provider-config");
    if let Some(k3s) = &server.k3s
        && !flag.is_set()
    {
        claims_of_k3s(estate, server, k3s, claims);
        return;
    }
    if let Some(own) = server.object.and_then(own_encryption)
        && !flag.is_set()
    {
        claims.state(server.subject(estate), claim_of_installer(estate, own));
        return;
    }
    let claim = match &flag {
        Setting::Unknown(place, reason) => Claim::Unproven(
            format!("--encryption-provider-config: {reason}").into(),
            vec![fact(estate, *place, "decides")],
        ),
        setting if setting.is_empty() => Claim::Exposed(vec![Exposure::new(
            "not-configured",
            flag_fact(
                estate,
                setting,
                "encryption-provider-config",
                "not set: every object is stored in clear",
            ),
        )]),
        setting => match named(
            estate,
            server.cluster(),
            setting,
            is_encryption_configuration,
        ) {
            Named::Files(_) | Named::Perhaps => return,
            Named::Empty(source) => {
                let empty = fact(estate, Place::new(source, Span::at(0)), "empty");
                Claim::Exposed(vec![
                    Exposure::new("invalid", empty)
                        .with(flag_fact(
                            estate,
                            setting,
                            "encryption-provider-config",
                            "names the file",
                        ))
                        .message("the API server does not start with this file, or keeps the old one: it is empty"),
                ])
            }
            Named::NotRead => Claim::Unproven(
                "not collected: the file that --encryption-provider-config names was not read"
                    .into(),
                vec![flag_fact(
                    estate,
                    setting,
                    "encryption-provider-config",
                    "names the file",
                )],
            ),
        },
    };
    claims.state(server.subject(estate), claim);
}

/// What an installer does where no file tells.
fn claim_of_installer(estate: &Estate, own: OwnEncryption) -> Claim {
    let exposure = match own {
        OwnEncryption::Elsewhere(place, reason) => {
            return Claim::Unproven(reason.into(), vec![fact(estate, place, "decides")]);
        }
        OwnEncryption::Off(place) => Exposure::new(
            "not-configured",
            fact(estate, place, "off").key("encryption of Secrets"),
        ),
        OwnEncryption::AesCbc(place) => Exposure::new(
            "unauthenticated-cipher",
            fact(estate, place, "the installer writes with aescbc")
                .key("the key of aescbc")
                .redacted(),
        ),
        OwnEncryption::Secretbox(place) => Exposure::new(
            "local-key",
            fact(estate, place, "the installer writes with secretbox")
                .key("the key of secretbox")
                .redacted(),
        ),
    };
    Claim::Exposed(vec![exposure])
}

/// k3s writes the configuration itself where `secrets-encryption` is on, RKE2 always.
fn claims_of_k3s(estate: &Estate, server: &Running<'_>, k3s: &K3s<'_>, claims: &mut Claims) {
    let exposure = match k3s.secrets_encryption() {
        Some((false, place)) => Exposure::new(
            "not-configured",
            fact(estate, place, "off")
                .key("secrets-encryption")
                .value("false"),
        ),
        Some((true, place)) => encrypted_by_k3s(estate, k3s, place),
        None if k3s.is_partial() => {
            let reason = "secrets-encryption: the configuration file of the server was not read";
            let witness = fact(estate, server.flags.place, "does not set it");
            claims.state(
                server.subject(estate),
                Claim::Unproven(reason.into(), vec![witness]),
            );
            return;
        }
        // Nobody sets it, and k3s does not encrypt by itself.
        None => Exposure::new(
            "not-configured",
            fact(estate, server.flags.place, "not set: off is the default")
                .key("secrets-encryption"),
        ),
    };
    claims.state(server.subject(estate), Claim::Exposed(vec![exposure]));
}

/// Which provider the distribution writes with.
fn encrypted_by_k3s(estate: &Estate, k3s: &K3s<'_>, place: Place) -> Exposure {
    let exposure = match k3s.encryption_provider() {
        Some((provider, place)) if provider == "secretbox" => Exposure::new(
            "local-key",
            fact(estate, place, "the provider that writes")
                .key("secrets-encryption-provider")
                .value("secretbox"),
        ),
        // Whichever provider it is, its key lies on the server's disk.
        None if k3s.is_partial() => Exposure::new(
            "local-key",
            fact(estate, place, "on; the provider stands in a file that was not read")
                .key("secrets-encryption"),
        ),
        _ if k3s.is_rke2() => Exposure::new(
            "unauthenticated-cipher",
            fact(estate, place, "RKE2 encrypts by itself, with aescbc")
                .key("secrets-encryption-provider"),
        )
        .message("RKE2 encrypts Secrets by itself, with aescbc unless another provider is chosen: stored bytes can be altered or exchanged unnoticed"),
        _ => Exposure::new(
            "unauthenticated-cipher",
            fact(estate, place, "the distribution writes with aescbc")
                .key("secrets-encryption")
                .value("true"),
        ),
    };
    exposure.remedy("set secrets-encryption-provider to secretbox, where the release has it")
}

fn configuration(estate: &Estate, file: &Object, servers: &[&Running<'_>]) -> Claim {
    let gate = servers
        .iter()
        .find_map(|server| server.api_server()?.kms_v1(None));
    let claim = match release_of(estate, file.cluster) {
        // A gate that is set decides alone, so the release need not be known.
        Some(release) => under_release(estate, file, release, gate),
        None => by_release(estate, file.cluster, |release| {
            under_release(estate, file, release, gate)
        }),
    };
    let none_reads_it = !servers.is_empty()
        && servers.iter().all(|server| {
            server
                .api_server()
                .is_some_and(|settings| settings.text("encryption-provider-config").is_empty())
        });
    match claim {
        Claim::Protected(witnesses) if none_reads_it => Claim::Unproven(
            "no API server that was read names an encryption configuration, so this file has no effect there".into(),
            witnesses,
        ),
        claim => claim,
    }
}

/// Another file of the same name but with another text, where several API servers of the cluster name such a file. Told
/// once, at the later one of the two.
fn differs(
    estate: &Estate,
    file: &Object,
    files: &[&Object],
    servers: &[&Running<'_>],
) -> Option<Exposure> {
    let source = estate.sources.get(file.source)?;
    let naming = servers.iter().filter(|server| {
        let named = server
            .api_server()
            .map(|settings| settings.text("encryption-provider-config"));
        named.is_some_and(|named| {
            let path = named.value().map_or("", String::as_str);
            path.rsplit('/').next() == Some(source.file_name())
        })
    });
    if naming.count() < 2 {
        return None;
    }
    let other = files.iter().find(|other| {
        other.source < file.source
            && other.cluster == file.cluster
            && estate.sources.get(other.source).is_some_and(|other| {
                other.file_name() == source.file_name() && other.text.trim() != source.text.trim()
            })
    })?;
    let here = Place::new(file.source, file.document);
    let there = Place::new(other.source, other.document);
    Some(
        Exposure::new("replicas-differ", fact(estate, here, "one text"))
            .with(fact(estate, there, "another text"))
            .message("several API servers name a file of this name, and two such files differ: what one server writes the other may not read, or is stored in clear"),
    )
}

fn under_release(estate: &Estate, file: &Object, release: Release, gate: Option<bool>) -> Claim {
    let encryption = match load(file, Some(release), gate) {
        Ok(encryption) => encryption,
        Err(refusals) => {
            let exposures = refusals.into_iter().map(|refusal| {
                let is_kms_v1 = refusal.reason.contains("KMSv1");
                let cause = if is_kms_v1 { "kms-v1" } else { "invalid" };
                let place = Place::new(file.source, refusal.span);
                Exposure::new(cause, fact(estate, place, "refused")).message(format!(
                    "the API server does not start with this file, or keeps the old one: {}",
                    refusal.reason
                ))
            });
            return Claim::Exposed(exposures.collect());
        }
    };
    let mut judgement = Judgement::new();
    for note in encryption
        .notes
        .iter()
        .filter(|note| note.condition == Condition::Deprecated)
    {
        judgement.expose(
            Exposure::new("kms-v1", fact(estate, note.place, "protocol v1"))
                .severity(Severity::Medium)
                .message("the KMS protocol v1 works here and is deprecated; without a gate 1.29 and later refuse it"),
        );
    }
    let providers = encryption.providers_for("secrets");
    let Some(writer) = providers.first() else {
        judgement.expose(not_covered(estate, file, &encryption));
        return judgement.otherwise(Claim::unproven("no entry"));
    };
    let place = writer.provider.place;
    let kind = writer.provider.kind.as_str();
    match writer.provider.kind {
        ProviderKind::Identity => judgement.expose(identity_first(estate, &providers, writer)),
        ProviderKind::AesCbc => judgement.expose(
            Exposure::new("unauthenticated-cipher", fact(estate, place, "writes").key(kind)).message(
                "aescbc with a key in this file writes Secrets: stored bytes are not authenticated, and the key lies beside them",
            ),
        ),
        ProviderKind::AesGcm | ProviderKind::Secretbox => judgement.expose(
            Exposure::new("local-key", fact(estate, place, "writes").key(kind)).message(format!(
                "{kind} writes Secrets with a key in this file: that protects backups of etcd, not the control plane's disk"
            )),
        ),
        ProviderKind::Kms { .. } => {}
    }
    let version = match &writer.provider.kind {
        ProviderKind::Kms {
            version: KmsVersion::V2,
            ..
        } => "writes, protocol v2",
        _ => "writes",
    };
    if let Some(key) = encryption
        .entries
        .iter()
        .flat_map(|entry| &entry.providers)
        .flat_map(|provider| &provider.keys)
        .find(|key| key.length.is_none())
    {
        judgement.doubt(
            "the value of a key is a placeholder: whether the API server takes the file is decided by what an installer writes there",
            vec![fact(estate, key.secret_place, "filled in later").key("secret")],
        );
    }
    judgement.otherwise(Claim::Protected(vec![
        fact(estate, place, version).key(kind),
    ]))
}

fn identity_first(
    estate: &Estate,
    providers: &[ProviderRef<'_>],
    writer: &ProviderRef<'_>,
) -> Exposure {
    let place = writer.provider.place;
    let exposure = Exposure::new(
        "identity-first",
        fact(estate, place, "writes in clear").key("identity"),
    );
    let better = providers
        .iter()
        .find(|other| other.provider.kind.encrypts());
    match better {
        Some(other) => {
            let kind = other.provider.kind.as_str();
            exposure
                .with(fact(estate, other.provider.place, "only reads").key(kind))
                .message(format!("identity stands before {kind}: new Secrets are stored in clear, and {kind} only reads what is there"))
        }
        None => {
            exposure.message("identity is the only provider for Secrets: they are stored in clear")
        }
    }
}

fn not_covered(estate: &Estate, file: &Object, encryption: &Encryption) -> Exposure {
    let named = encryption
        .entries
        .iter()
        .flat_map(|entry| entry.resources.iter());
    let place = named.clone().next().map_or_else(
        || Place::new(file.source, file.document),
        |name| Place::new(file.source, name.span),
    );
    let list: Vec<&str> = named.take(8).map(|name| &*name.text).collect();
    Exposure::new(
        "not-covered",
        fact(estate, place, "names other resources").key("resources"),
    )
    .message(format!(
        "the entries cover {}: Secrets are stored in clear",
        list.join(", ")
    ))
}
