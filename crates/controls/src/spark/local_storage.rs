//! Local storage: are shuffle, spill and broadcast files encrypted, with a key that stayed secret?
//!
//! # What it proves
//! That what executors write beside memory is encrypted, and that the key reached them over an encrypted channel.
//!
//! # Why it matters: the attack
//! Shuffle and spill files hold rows of the data, outside every encryption zone. They stay on the disk when a node is
//! returned, and on a shared node other pods may mount it.
//!
//! # How each depth is read
//! - declared and loaded: `spark.io.encryption.enabled`, the volumes behind the local directories, `spark.local.dir` and
//!   `SPARK_LOCAL_DIRS`. The driver ships the key over RPC, so RPC encryption counts.
//! - observed: bytes of a file on a node, looked at by its operator.
//! - recorded: the environment in each event log.
//!
//! # How to fix
//! Set `spark.io.encryption.enabled` to `true` together with RPC encryption.
//!
//! # References
//! - `CryptoStreamUtils`, `SecurityManager`, `LocalDirsFeatureStep` (3.5.7, 4.1.1)

use super::rpc_encryption;
use crate::judging_spark::{each_spark, names_no_master};
use crate::spark_pods;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::spark::{Deployment, Kind, Master, Spark, State};
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark local storage",
    question: "Are shuffle, spill and broadcast files encrypted, with a key that stayed secret?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "plain-on-persistent-disk",
            severity: Severity::High,
            title: "shuffle and spill files lie in clear on a disk that outlives the job",
            remedy: "set spark.io.encryption.enabled to true, with RPC encryption",
        },
        Cause {
            slug: "plain-on-pod-disk",
            severity: Severity::Medium,
            title: "shuffle and spill files lie in clear on the pod's scratch space",
            remedy: "set spark.io.encryption.enabled to true, with RPC encryption",
        },
        Cause {
            slug: "key-on-the-wire",
            severity: Severity::High,
            title: "the key of the local files crosses RPC in clear",
            remedy: "encrypt RPC (spark/rpc-encryption); keep the encryption of local files",
        },
        Cause {
            slug: "invalid-key-size",
            severity: Severity::Medium,
            title: "the key size is none of 128, 192 and 256, so Spark will not start",
            remedy: "set spark.io.encryption.keySizeBits to 256",
        },
        Cause {
            slug: "staging-shared",
            severity: Severity::Medium,
            title: "uploaded jars and files lie in a directory that everybody shares",
            remedy: "set spark.kubernetes.file.upload.path to a directory of the submitter alone",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Rest,
    since: "0.1.0",
};

const ENCRYPTION: &str = "spark.io.encryption.enabled";

/// Judges everything that has executors.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind.is_application(), files);
}

fn files(spark: &Spark<'_>) -> Claim {
    let encryption = spark.switch(ENCRYPTION);
    let mut judgement = Judgement::new();
    match encryption.state {
        State::Off if names_no_master(spark) && !encryption.effective.is_written() => judgement.doubt(
            "no master is set here: the defaults of the submitting host, which were not read, decide",
            vec![spark.witness(&encryption.effective, "not set here")],
        ),
        State::Off => judgement.expose(plain(spark)),
        State::On => judge_key(spark, &mut judgement),
        State::Refused | State::Unknown => {
            judgement.doubt(encryption.doubt().unwrap_or_default(), Vec::new())
        }
    }
    let staging = spark.get("spark.kubernetes.file.upload.path");
    if is_shared(staging.str()) {
        judgement.expose(Exposure::new(
            "staging-shared",
            spark.witness(&staging, "everybody's directory"),
        ));
    }
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&encryption.effective, "local files are encrypted"),
    ]))
}

fn is_shared(path: &str) -> bool {
    let path = path
        .strip_prefix("file:")
        .or_else(|| path.strip_prefix("hdfs:"))
        .unwrap_or(path);
    let path = path.strip_prefix("//").map_or(path, |rest| {
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("")
    });
    matches!(path.trim_end_matches('/'), "/tmp" | "/var/tmp")
}

/// Where plain files lie.
enum Medium {
    Memory(Option<Witness>),
    Pod(Option<Witness>),
    Persistent(Option<Witness>),
}

fn plain(spark: &Spark<'_>) -> Exposure {
    let encryption = spark.get(ENCRYPTION);
    let primary = spark.witness(&encryption, "local files are plain");
    let (exposure, place) = match medium(spark) {
        Medium::Persistent(place) => (Exposure::new("plain-on-persistent-disk", primary), place),
        Medium::Pod(place) => (Exposure::new("plain-on-pod-disk", primary), place),
        Medium::Memory(place) => (
            Exposure::new("plain-on-pod-disk", primary)
                .severity(Severity::Low)
                .message("shuffle and spill files lie in clear in memory-backed scratch space"),
            place,
        ),
    };
    exposure.with_all(place)
}

fn medium(spark: &Spark<'_>) -> Medium {
    let directories = local_directories(spark);
    let own_pod = spark_pods::object(spark).filter(|_| spark.deployment.kind != Kind::Defaults);
    match (spark.submits_to(), spark.master()) {
        (Master::Kubernetes, _) => {}
        // The one process is the pod's: what its container writes goes with the pod.
        (_, Master::Local) if own_pod.is_some() => {}
        (_, Master::Unknown) if names_kubernetes(spark) => {}
        (_, Master::Unknown) if directories.is_none() && runs_on_kubernetes(spark.estate) => {}
        // Workers in pods lend executors their own scratch space.
        (_, Master::Standalone) if has_only_workers_in_pods(spark.estate) => {}
        _ => {
            let is_memory = directories.as_ref().is_some_and(|(paths, _)| {
                paths.split(',').all(|path| {
                    ["/dev/shm", "/run/shm"]
                        .iter()
                        .any(|root| spark_pods::is_beneath(path.trim(), root))
                })
            });
            let witness = directories.map(|(_, witness)| witness);
            return if is_memory {
                Medium::Memory(witness)
            } else {
                Medium::Persistent(witness)
            };
        }
    }
    // Kubernetes gives pods of its own making a volume for each local directory; any other process falls back on Java's.
    let fallback = (spark.submits_to() != Master::Kubernetes).then_some("/tmp");
    let named = directories.as_ref().map(|(paths, _)| paths.as_str());
    let mut media = volumes_of_properties(spark);
    media.extend(volumes_of_pods(spark, named.or(fallback)));
    let rank = |medium: &Medium| match medium {
        Medium::Persistent(_) => 2,
        Medium::Pod(_) => 1,
        Medium::Memory(_) => 0,
    };
    if let Some(worst) = media.into_iter().max_by_key(rank) {
        return worst;
    }
    let tmpfs = spark.switch("spark.kubernetes.local.dirs.tmpfs");
    if tmpfs.is_on() {
        Medium::Memory(Some(
            spark.witness(&tmpfs.effective, "scratch space in memory"),
        ))
    } else {
        Medium::Pod(None)
    }
}

/// `SPARK_LOCAL_DIRS`, which wins, or `spark.local.dir`.
fn local_directories(spark: &Spark<'_>) -> Option<(String, Witness)> {
    if let Some(variable) = spark.deployment.variable("SPARK_LOCAL_DIRS") {
        return Some((
            variable.value.to_string(),
            spark.place_witness(variable.place, "the local directories"),
        ));
    }
    let property = spark.get("spark.local.dir");
    (property.is_written() && property.is_set()).then(|| {
        (
            property.str().to_owned(),
            spark.witness(&property, "the local directories"),
        )
    })
}

/// Whether properties are set that only Kubernetes reads.
fn names_kubernetes(spark: &Spark<'_>) -> bool {
    spark.settings().any(|setting| {
        setting.key.starts_with("spark.kubernetes.")
            || setting.key.starts_with("spark.authenticate.secret.")
    })
}

/// Whether the estate has Workers, and all of them run in pods without a volume for their local directories.
fn has_only_workers_in_pods(estate: &Estate) -> bool {
    let mut workers = estate
        .all::<Deployment>()
        .iter()
        .filter(|deployment| matches!(deployment.kind, Kind::Worker | Kind::Cluster))
        .peekable();
    workers.peek().is_some()
        && workers
            .all(|worker| worker.object.is_some() && worker.variable("SPARK_LOCAL_DIRS").is_none())
}

fn runs_on_kubernetes(estate: &Estate) -> bool {
    estate
        .all::<Deployment>()
        .iter()
        .any(|deployment| deployment.operator.is_some())
}

/// `spark.kubernetes.<role>.volumes.<type>.spark-local-dir-<n>.*`: volumes of this name become local directories.
fn volumes_of_properties(spark: &Spark<'_>) -> Vec<Medium> {
    let mut media = Vec::new();
    for setting in spark.settings() {
        let rest = ["driver", "executor"].iter().find_map(|role| {
            setting
                .key
                .strip_prefix("spark.kubernetes.")?
                .strip_prefix(role)?
                .strip_prefix(".volumes.")
        });
        let Some((kind, name)) = rest.and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        if !name.starts_with("spark-local-dir-") || !name.ends_with(".mount.path") {
            continue;
        }
        let witness = Some(spark.setting_witness(setting, "a local directory"));
        media.push(match kind {
            "emptyDir" => {
                let volume = name.strip_suffix(".mount.path").unwrap_or(name);
                let end = format!("emptyDir.{volume}.options.medium");
                let in_memory = spark
                    .settings()
                    .any(|other| other.key.ends_with(&end) && &*other.value == "Memory");
                if in_memory {
                    Medium::Memory(witness)
                } else {
                    Medium::Pod(witness)
                }
            }
            _ => Medium::Persistent(witness),
        });
    }
    media
}

/// Volumes of the pods that are named as local directories, or mounted where these lie.
fn volumes_of_pods(spark: &Spark<'_>, directories: Option<&str>) -> Vec<Medium> {
    let mut media = Vec::new();
    for role in ["driver", "executor"] {
        for template in spark_pods::templates(spark, role) {
            let mounts: Vec<(&str, &str)> = template
                .containers()
                .iter()
                .flat_map(|container| container.volume_mounts())
                .filter_map(|mount| {
                    Some((mount.get("name")?.str()?, mount.get("mountPath")?.str()?))
                })
                .collect();
            for volume in template.volumes() {
                let is_mounted_there = directories.is_some_and(|paths| {
                    paths.split(',').any(|path| {
                        mounts.iter().any(|(name, root)| {
                            *name == volume.name && spark_pods::is_beneath(path.trim(), root)
                        })
                    })
                });
                if !volume.name.starts_with("spark-local-dir-") && !is_mounted_there {
                    continue;
                }
                let witness = Some(spark.place_witness(
                    template.object.place(volume.node),
                    "the volume of the local directories",
                ));
                let in_memory = volume
                    .settings
                    .and_then(|settings| settings.get("medium"))
                    .and_then(Node::str)
                    == Some("Memory");
                media.push(match volume.source {
                    "emptyDir" | "" if in_memory => Medium::Memory(witness),
                    "emptyDir" | "" => Medium::Pod(witness),
                    _ => Medium::Persistent(witness),
                });
            }
        }
    }
    media
}

fn judge_key(spark: &Spark<'_>, judgement: &mut Judgement) {
    let encryption = spark.get(ENCRYPTION);
    let size = spark.get("spark.io.encryption.keySizeBits");
    if size.is_written()
        && !size.unresolved
        && !["128", "192", "256"].iter().any(|valid| size.is(valid))
    {
        judgement.expose(Exposure::new(
            "invalid-key-size",
            spark.witness(&size, "none of 128, 192, 256"),
        ));
    }
    match rpc_encryption::rpc(spark) {
        Claim::Exposed(exposures) => {
            let open = exposures.into_iter().find(|exposure| {
                matches!(
                    exposure.cause,
                    "off"
                        | "tls-without-authentication"
                        | "sasl-fallback"
                        | "tls-trusts-anyone"
                        | "key-recovery"
                )
            });
            if let Some(open) = open {
                let exposure = Exposure::new(
                    "key-on-the-wire",
                    spark.witness(&encryption, "its key crosses RPC"),
                )
                .with_all(open.witnesses);
                judgement.expose(match open.cause {
                    "sasl-fallback" | "tls-trusts-anyone" | "key-recovery" => {
                        exposure.consequence_of("spark/rpc-encryption", open.cause)
                    }
                    _ => exposure,
                });
            }
        }
        Claim::Unproven(reason, witnesses) => {
            judgement.doubt(
                format!(
                    "the key crosses RPC, and whether RPC is encrypted is not proven: {reason}"
                ),
                witnesses,
            );
        }
        Claim::Protected(_) | Claim::NotApplicable(_) => {}
    }
}
