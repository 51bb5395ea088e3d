//! Spark file server: does the driver's file server refuse unauthenticated streams?
//!
//! # What it proves
//! The driver serves the files and jars of its application over its RPC port. This control says which of them are key
//! material, and whether the server asks for authentication before it sends one.
//!
//! # Why it matters: the attack
//! A StreamRequest names a file and gets its bytes. Where the check is missing, authentication of RPC does not cover it:
//! whoever reaches the port reads every file of `spark.files`, keytabs and keys included.
//!
//! # How each depth is read
//! - declared and loaded: the files that the application hands to the driver. Files of `hdfs:`, `s3a:`, `http:` and `local:`
//!   are not served by the driver, and YARN distributes files itself. The release is no proof: the check is not in every
//!   newer release.
//! - observed: decides. A request for an invented name is answered `Unauthenticated call to stream manager.` where the check
//!   is there; a real name is never asked for.
//! - recorded: the file list of each event log.
//!
//! # How to fix
//! Take key material out of `spark.files`: mount it from a Secret, or let every host keep its own. Let a NetworkPolicy
//! admit only executors to the driver's port.
//!
//! # References
//! - `NettyStreamManager`, `TransportRequestHandler`, `AbstractAuthRpcHandler` of Apache Spark

use super::authentication::AUTHENTICATE;
use crate::judging_spark::{each_spark, not_distributed};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::spark::release_facts::{Known, checks_streams};
use settings::spark::{Master, Setting, Spark};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark file server",
    question: "Does the driver's file server refuse unauthenticated streams?",
    stage: Stage::Transit,
    causes: &[Cause {
        slug: "sensitive-files",
        severity: Severity::Medium,
        title: "the driver serves key material to its executors",
        remedy: "mount keys from a Secret or keep them on the hosts, instead of handing them to the driver",
    }],
    safety: Safety::Manual,
    family: Family::Authentication,
    since: "0.1.0",
};

/// Properties that name files the driver serves.
const FILES: [&str; 4] = [
    "spark.files",
    "spark.jars",
    "spark.archives",
    "spark.submit.pyFiles",
];

/// Judges every driver.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind.is_application(), driver);
}

fn driver(spark: &Spark<'_>) -> Claim {
    if let Some(claim) = not_distributed(spark) {
        return claim;
    }
    let mut judgement = Judgement::new();
    if spark.master() != Master::Yarn {
        for setting in spark
            .settings()
            .filter(|setting| FILES.contains(&&*setting.key))
        {
            if let Some(file) = setting.value.split(',').find(|file| is_key_material(file)) {
                judgement.expose(sensitive(spark, setting, file.trim()));
            }
        }
    }
    let authenticate = spark.switch(AUTHENTICATE);
    let checks = checks_streams(spark.release);
    if !authenticate.is_on() {
        judgement.doubt(
            "without authentication every stream is answered (spark/authentication); a probe of the driver's port shows it",
            vec![spark.witness(&authenticate.effective, "decides first")],
        );
    } else if checks != Known::Yes(true) {
        judgement.doubt(
            "the release does not prove that streams are checked; a probe of the driver's port decides",
            Vec::new(),
        );
    }
    judgement.otherwise(Claim::Protected(vec![spark.witness(
        &authenticate.effective,
        "streams are checked in this release",
    )]))
}

fn sensitive(spark: &Spark<'_>, setting: &Setting, file: &str) -> Exposure {
    let name = file.rsplit('/').next().unwrap_or(file);
    Exposure::new(
        "sensitive-files",
        spark.setting_witness(setting, "handed to the driver's file server"),
    )
    .message(format!(
        "the driver serves {name} to whoever its RPC port lets in"
    ))
}

/// Whether a file that the driver serves is a key, a keytab or a credential store by its name. Trust stores hold
/// certificates only.
fn is_key_material(file: &str) -> bool {
    let file = file.trim();
    // `name#alias` gives the file another name on the other side.
    let file = file.split('#').next().unwrap_or(file);
    if let Some((scheme, _)) = file.split_once(":/")
        && scheme != "file"
    {
        return false;
    }
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    const ENDINGS: [&str; 10] = [
        ".keytab",
        ".jks",
        ".p12",
        ".pfx",
        ".key",
        ".jceks",
        ".keystore",
        "-key.pem",
        ".ppk",
        ".kubeconfig",
    ];
    const NAMES: [&str; 7] = [
        "id_rsa",
        "id_ed25519",
        "credentials",
        "credentials.json",
        "kubeconfig",
        "key.pem",
        ".netrc",
    ];
    !name.contains("trust")
        && (ENDINGS.iter().any(|end| name.ends_with(end)) || NAMES.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_key_material;

    #[test]
    fn key_material_is_told_by_name_and_scheme() {
        for file in [
            "/etc/security/etl.keytab",
            "file:///x/tls.key",
            "conf/keystore.jks#k.jks",
            "secrets.jceks",
        ] {
            assert!(is_key_material(file), "{file}");
        }
        for file in [
            "hdfs:///keys/etl.keytab",
            "local:///opt/k.key",
            "truststore.jks",
            "log4j2.properties",
            "a.jar",
            "",
        ] {
            assert!(!is_key_material(file), "{file}");
        }
    }
}
