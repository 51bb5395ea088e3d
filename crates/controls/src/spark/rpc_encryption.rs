//! Spark RPC encryption: are RPC and block bytes encrypted with an authenticated cipher, at worst?
//!
//! # What it proves
//! That the bytes between driver, executors, Masters, Workers and shuffle services are encrypted, that nobody on the path can
//! change them unseen, and that nobody can talk the peers out of it.
//!
//! # Why it matters: the attack
//! Shuffle blocks, task results, broadcast data and the key of local disk encryption cross these channels. With
//! `spark.network.crypto.saslFallback` on both sides, whoever can inject one failure on the path moves the peers to SASL
//! without encryption, and needs no secret for it. AES in counter mode lets an attacker flip chosen bits (CVE-2025-55039).
//!
//! # How each depth is read
//! - declared and loaded: the effective properties. RPC TLS (4.0 on) beats network encryption, and does not replace
//!   authentication. Texts that `TransportConf` reads as Booleans count as false unless they are `true`.
//! - observed: the `qop=` list of a SASL challenge, `Unknown challenge message.` (no fallback), a TLS hello. Cipher mode and
//!   engine version cannot be told without the secret.
//! - recorded: the environment in each event log.
//!
//! # How to fix
//! With `spark.authenticate` on, set `spark.network.crypto.enabled` true, `spark.network.crypto.cipher` AES/GCM/NoPadding
//! (3.5.9, 4.0.4, 4.1.3 and 4.2.0 on: earlier releases that have it lose messages, SPARK-56227), `spark.network.crypto.saslFallback`
//! false and `spark.network.crypto.authEngineVersion` 2, on all peers at once.
//!
//! # References
//! - `TransportConf`, `AuthRpcHandler`, `AuthClientBootstrap`, `SSLFactory`, `SecurityManager` (3.5.7, 4.1.1)
//! - CVE-2021-38296, CVE-2025-55039, SPARK-56227

use super::authentication::{self, AUTHENTICATE};
use crate::judging_spark::{each_spark, not_distributed};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::spark::release_facts::{gcm_delivers, has_gcm, has_rpc_tls};
use settings::spark::{Deployment, Kind, Spark, State};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark RPC encryption",
    question: "Are RPC and block bytes encrypted with an authenticated cipher, at worst?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "off",
            severity: Severity::High,
            title: "RPC and shuffle bytes travel in clear",
            remedy: "set spark.network.crypto.enabled to true, with cipher AES/GCM/NoPadding and saslFallback false",
        },
        Cause {
            slug: "ctr-malleable",
            severity: Severity::Medium,
            title: "AES in counter mode: bits can be flipped on the path (CVE-2025-55039)",
            remedy: "set spark.network.crypto.cipher to AES/GCM/NoPadding on Spark 3.5.9, 4.0.4, 4.1.3, 4.2.0 or later",
        },
        Cause {
            slug: "gcm-unavailable",
            severity: Severity::Medium,
            title: "this release has no AES/GCM/NoPadding, so the first handshake fails",
            remedy: "upgrade to Spark 3.5.9, 4.0.4, 4.1.3, 4.2.0 or later; keep the cipher",
        },
        Cause {
            slug: "cipher-unsupported",
            severity: Severity::Medium,
            title: "Spark does not support this cipher: daemons start, and every peer fails",
            remedy: "set spark.network.crypto.cipher to AES/GCM/NoPadding",
        },
        Cause {
            slug: "sasl-only",
            severity: Severity::Medium,
            title: "only SASL encryption: DIGEST-MD5, at best 3DES",
            remedy: "set spark.network.crypto.enabled to true",
        },
        Cause {
            slug: "sasl-fallback",
            severity: Severity::High,
            title: "whoever can inject on the path removes the encryption, without the secret",
            remedy: "set spark.network.crypto.saslFallback to false",
        },
        Cause {
            slug: "sasl-not-enforced",
            severity: Severity::Medium,
            title: "the server still offers SASL without encryption",
            remedy: "set spark.network.sasl.serverAlwaysEncrypt to true, or use network encryption",
        },
        Cause {
            slug: "key-recovery",
            severity: Severity::Critical,
            title: "network encryption of this release gives its key away (CVE-2021-38296)",
            remedy: "upgrade to Spark 3.1.3, 3.2.0 or later",
        },
        Cause {
            slug: "engine-v1",
            severity: Severity::Low,
            title: "the first version of the key agreement is in use",
            remedy: "set spark.network.crypto.authEngineVersion to 2 on all peers at once",
        },
        Cause {
            slug: "dead-key-settings",
            severity: Severity::Low,
            title: "a property that this release no longer reads",
            remedy: "remove the property",
        },
        Cause {
            slug: "tls-without-authentication",
            severity: Severity::Critical,
            title: "RPC TLS without spark.authenticate: encrypted, to anybody",
            remedy: "set spark.authenticate to true; RPC TLS does not replace it",
        },
        Cause {
            slug: "tls-without-keys",
            severity: Severity::Medium,
            title: "RPC TLS is on without a key, so processes exit at start",
            remedy: "set spark.ssl.rpc.keyStore, or privateKey and certChain with openSslEnabled; keep TLS on",
        },
        Cause {
            slug: "tls-trusts-anyone",
            severity: Severity::High,
            title: "RPC TLS without a trust store accepts every certificate",
            remedy: "set spark.ssl.rpc.trustStore to a store with a private CA, in every image",
        },
        Cause {
            slug: "tls-shared-ca",
            severity: Severity::Medium,
            title: "RPC TLS trusts public CAs and checks no host name: any certificate of theirs passes",
            remedy: "set spark.ssl.rpc.trustStore to a store that holds a private CA only",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

const CRYPTO: &str = "spark.network.crypto.enabled";
const SASL: &str = "spark.authenticate.enableSaslEncryption";
const FALLBACK: &str = "spark.network.crypto.saslFallback";

/// Judges everything that speaks Spark's own protocol.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind != Kind::HistoryServer, rpc);
}

/// The claim for the channels of one deployment.
pub(crate) fn rpc(spark: &Spark<'_>) -> Claim {
    if let Some(claim) = not_distributed(spark) {
        return claim;
    }
    let authenticate = spark.switch(AUTHENTICATE);
    let tls = spark.ssl_switch("rpc", "enabled");
    let has_tls = has_rpc_tls(spark.release) && tls.is_on();
    let mut judgement = Judgement::new();
    match authenticate.state {
        State::Off if has_tls => judgement.expose(
            Exposure::new(
                "tls-without-authentication",
                spark.witness(&tls.effective, "encrypts to anybody"),
            )
            .with(spark.witness(&authenticate.effective, "nobody has to know the secret")),
        ),
        State::Off => return unauthenticated(spark),
        State::On if has_tls => judge_tls(spark, &mut judgement),
        State::On => judge_crypto(spark, &mut judgement),
        State::Refused | State::Unknown => {
            judgement.doubt(authenticate.doubt().unwrap_or_default(), Vec::new())
        }
    }
    if has_rpc_tls(spark.release)
        && !judgement.is_exposed()
        && let Some(doubt) = tls.doubt()
    {
        judgement.doubt(doubt, Vec::new());
    }
    judge_dead_keys(spark, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&authenticate.effective, "peers know the secret"),
        spark.witness(
            &if has_tls {
                tls.effective
            } else {
                spark.get(CRYPTO)
            },
            "bytes are encrypted",
        ),
    ]))
}

/// Without authentication nothing is encrypted: part of that finding.
fn unauthenticated(spark: &Spark<'_>) -> Claim {
    let root = authentication::when_off(spark);
    if root.cause == "encryption-without-authentication" {
        return Claim::unproven("the driver will not start like this (spark/authentication)");
    }
    let witnesses = root.witnesses;
    let mut exposure = Exposure::new(
        "off",
        spark.witness(
            &spark.get(AUTHENTICATE),
            "without authentication nothing is encrypted",
        ),
    )
    .consequence_of("spark/authentication", root.cause);
    exposure.witnesses.extend(witnesses.into_iter().skip(1));
    Claim::Exposed(vec![exposure])
}

fn judge_crypto(spark: &Spark<'_>, judgement: &mut Judgement) {
    let (crypto, sasl) = (spark.switch(CRYPTO), spark.switch(SASL));
    if let Some(doubt) = crypto.doubt().or_else(|| sasl.doubt()) {
        judgement.doubt(doubt, Vec::new());
        return;
    }
    match (crypto.is_on(), sasl.is_on()) {
        (true, _) => {
            judge_cipher(spark, judgement);
            judge_fallback(spark, judgement, sasl.is_on());
            judge_engine(spark, judgement);
        }
        (false, true) => judge_sasl(spark, judgement),
        (false, false) => judgement.expose(
            Exposure::new(
                "off",
                spark.witness(&crypto.effective, "no network encryption"),
            )
            .with(spark.witness(&spark.get(AUTHENTICATE), "peers log in, then talk in clear")),
        ),
    }
}

fn judge_cipher(spark: &Spark<'_>, judgement: &mut Judgement) {
    let crypto = spark.get(CRYPTO);
    if spark.release <= Release(3, 1, 2) {
        judgement.expose(Exposure::new(
            "key-recovery",
            spark.witness(&crypto, "on a release that leaks the key"),
        ));
        return;
    }
    let cipher = spark.get("spark.network.crypto.cipher");
    if cipher.unresolved || cipher.is_unknown() {
        judgement.doubt(
            "the cipher depends on what files do not show",
            vec![spark.witness(&cipher, "decides")],
        );
    } else if cipher.is("AES/CTR/NoPadding") {
        // An unset cipher is a property of the line that switches encryption on.
        let exposure = if cipher.is_written() {
            Exposure::new(
                "ctr-malleable",
                spark.witness(&cipher, "counter mode has no integrity"),
            )
            .with(spark.witness(&crypto, "encryption is on"))
        } else {
            Exposure::new(
                "ctr-malleable",
                spark.witness(&crypto, "encrypts in counter mode"),
            )
            .with(spark.witness(&cipher, "the default in every release"))
        };
        // Earlier releases that have it lose messages: the change would stop the cluster.
        let remedy = (!gcm_delivers(spark.release)).then(|| {
            format!("upgrade from {} to a release whose AES/GCM/NoPadding works (3.5.9, 4.0.4, 4.1.3, 4.2.0 or later), then set it as spark.network.crypto.cipher", spark.release)
        });
        judgement.expose(match remedy {
            Some(remedy) => exposure.remedy(remedy),
            None => exposure,
        });
    } else if cipher.is("AES/GCM/NoPadding") {
        if !has_gcm(spark.release) {
            judgement.expose(
                Exposure::new(
                    "gcm-unavailable",
                    spark.witness(&cipher, "not in this release"),
                )
                .message(format!(
                    "Spark {} has no AES/GCM/NoPadding: the first handshake fails",
                    spark.release
                )),
            );
        }
    } else {
        judgement.expose(Exposure::new(
            "cipher-unsupported",
            spark.witness(&cipher, "neither AES/GCM/NoPadding nor AES/CTR/NoPadding"),
        ));
    }
}

fn judge_fallback(spark: &Spark<'_>, judgement: &mut Judgement, sasl: bool) {
    let fallback = spark.switch(FALLBACK);
    match fallback.state {
        State::On if peers_refuse(spark) => {}
        State::On => {
            let crypto = spark.get(CRYPTO);
            let exposure = if fallback.effective.is_written() {
                Exposure::new(
                    "sasl-fallback",
                    spark.witness(&fallback.effective, "peers may be moved to SASL"),
                )
                .with(spark.witness(&crypto, "the encryption it removes"))
            } else {
                Exposure::new(
                    "sasl-fallback",
                    spark.witness(&crypto, "can be removed on the path"),
                )
                .with(spark.witness(&fallback.effective, "the fallback is on by default"))
            };
            judgement.expose(if sasl {
                exposure
                    .severity(Severity::Medium)
                    .message("whoever can inject on the path moves the peers to DIGEST-MD5 with 3DES at best")
            } else {
                exposure
            });
        }
        State::Unknown => judgement.doubt(fallback.doubt().unwrap_or_default(), Vec::new()),
        State::Off | State::Refused => {}
    }
}

/// Whether every peer of a standalone daemon refuses the fallback: one side is enough.
fn peers_refuse(spark: &Spark<'_>) -> bool {
    let own = spark.deployment;
    if !own.kind.is_standalone_daemon() || own.kind == Kind::Cluster {
        return false;
    }
    let peers: Vec<&Deployment> = spark
        .estate
        .all::<Deployment>()
        .iter()
        .filter(|other| !std::ptr::eq(*other, own) && is_peer(own.kind, other.kind))
        .collect();
    !peers.is_empty()
        && peers.iter().all(|peer| {
            let written = |key: &str, value: &str| {
                settings_of(spark.estate, peer)
                    .iter()
                    .rev()
                    .find(|s| &*s.key == key)
                    .is_some_and(|s| s.value.eq_ignore_ascii_case(value))
            };
            written(CRYPTO, "true") && written(FALLBACK, "false")
        })
}

/// Who talks to a standalone daemon.
fn is_peer(own: Kind, other: Kind) -> bool {
    match own {
        Kind::ShuffleService => other.is_application(),
        _ => other.is_application() || (other.is_standalone_daemon() && other != own),
    }
}

fn settings_of<'e>(
    estate: &'e Estate,
    deployment: &'e Deployment,
) -> Vec<&'e settings::spark::Setting> {
    let base = match deployment.defaults {
        settings::spark::Tie::Certain(index) => {
            estate.all::<settings::spark::PropertiesFile>().get(index)
        }
        _ => None,
    };
    base.into_iter()
        .flat_map(|file| &file.settings)
        .chain(deployment.layers.iter().flat_map(|layer| &layer.settings))
        .collect()
}

fn judge_engine(spark: &Spark<'_>, judgement: &mut Judgement) {
    let engine = spark.get("spark.network.crypto.authEngineVersion");
    if engine.is("1") {
        let exposure = if engine.is_written() {
            Exposure::new("engine-v1", spark.witness(&engine, "version 1"))
        } else {
            Exposure::new(
                "engine-v1",
                spark.witness(&spark.get(CRYPTO), "agrees on keys by version 1"),
            )
            .with(spark.witness(&engine, "the default"))
        };
        judgement.expose(exposure);
    }
}

fn judge_sasl(spark: &Spark<'_>, judgement: &mut Judgement) {
    let sasl = spark.get(SASL);
    judgement.expose(Exposure::new(
        "sasl-only",
        spark.witness(&sasl, "DIGEST-MD5 with 3DES at best"),
    ));
    let always = spark.switch("spark.network.sasl.serverAlwaysEncrypt");
    if always.is_off() {
        judgement.expose(
            Exposure::new(
                "sasl-not-enforced",
                spark.witness(&always.effective, "qop auth is still offered"),
            )
            .with(spark.witness(&sasl, "clients ask for encryption")),
        );
    }
}

/// Network encryption counts as off under RPC TLS; what TLS trusts decides.
fn judge_tls(spark: &Spark<'_>, judgement: &mut Judgement) {
    let enabled = spark.ssl("rpc", "enabled");
    let set = |name: &str| spark.ssl("rpc", name).is_set();
    let has_pem = set("privateKey") && set("certChain");
    if spark.ssl_switch("rpc", "openSslEnabled").is_on() && has_pem {
        return;
    }
    let missing = ["keyStore", "trustStore"]
        .into_iter()
        .map(|name| spark.ssl("rpc", name))
        .find(settings::Effective::is_unknown);
    if let Some(missing) = missing {
        judgement.doubt(
            format!("not collected: where {} is set", missing.key),
            vec![spark.witness(&missing, "decides")],
        );
        return;
    }
    if !set("keyStore") {
        judgement.expose(Exposure::new(
            "tls-without-keys",
            spark.witness(&enabled, "no key to serve with"),
        ));
        return;
    }
    let trust_store = spark.ssl("rpc", "trustStore");
    if !trust_store.is_set() {
        judgement.expose(
            Exposure::new(
                "tls-trusts-anyone",
                spark.witness(&enabled, "accepts every certificate"),
            )
            .with(spark.witness(&trust_store, "no trust store")),
        );
    } else if trust_store.unresolved {
        judgement.doubt(
            "the trust store's path depends on a variable",
            vec![spark.witness(&trust_store, "decides")],
        );
    } else if is_public_store(trust_store.str()) {
        judgement.expose(Exposure::new(
            "tls-shared-ca",
            spark.witness(&trust_store, "the public CAs of the JDK or system"),
        ));
    } else if !is_mounted_everywhere(spark, trust_store.str()) {
        judgement.doubt(
            "a trust store that is missing in an image trusts everybody, and whether this one exists for driver and executors is not in the files",
            vec![spark.witness(&trust_store, "must exist for every peer")],
        );
    }
}

fn is_public_store(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| {
        name == "cacerts" || name.starts_with("ca-certificates") || name.starts_with("ca-bundle")
    })
}

/// Whether driver and executors both mount a Secret or ConfigMap over the path.
fn is_mounted_everywhere(spark: &Spark<'_>, path: &str) -> bool {
    ["driver", "executor"]
        .into_iter()
        .all(|role| crate::spark_pods::mounts_over(spark, role, path))
}

fn judge_dead_keys(spark: &Spark<'_>, judgement: &mut Judgement) {
    const DEAD: [&str; 5] = [
        "spark.network.crypto.keyLength",
        "spark.network.crypto.keyFactoryAlgorithm",
        "spark.network.crypto.keyFactoryIterations",
        "spark.network.crypto.ivLength",
        "spark.network.crypto.keyAlgorithm",
    ];
    // 3.3.4 reads them, 3.5.7 does not; nobody looked between.
    if spark.release < Release(3, 5, 7) {
        return;
    }
    for setting in spark
        .settings()
        .filter(|setting| DEAD.contains(&&*setting.key))
    {
        judgement.expose(Exposure::new(
            "dead-key-settings",
            spark.setting_witness(setting, "nothing reads it"),
        ));
    }
}
