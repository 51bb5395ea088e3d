//! Spark authentication: must every peer on driver, executor, master, worker and shuffle-service ports know the secret?
//!
//! # What it proves
//! That the effective value of `spark.authenticate` is true, after defaults files, manifests, flags and operators had their
//! say, and that the process can start with the secret it was given.
//!
//! # Why it matters: the attack
//! Spark's ports deserialize Java objects. Without authentication anybody who reaches a driver, Master or Worker port can
//! send objects and run code there (CVE-2018-17190 is this, by design).
//!
//! # How each depth is read
//! - declared and loaded: the effective value per application and daemon. Apache's operator sets the property on a
//!   SparkApplication from 0.8.0 on when it is missing; kubeflow's never does.
//! - observed: an empty RpcRequest or an OpenBlocks without blocks is answered.
//! - recorded: the environment in each event log.
//!
//! # How to fix
//! Set `spark.authenticate` to `true` wherever it is false. Kubernetes and YARN generate the secret; a standalone cluster
//! needs `spark.authenticate.secret` in a file of mode 0600 on every host.
//!
//! # References
//! - Spark Security, section "Spark RPC"; `SecurityManager`, `SparkConf.validateSettings` (3.5.7, 4.1.1)
//! - CVE-2018-17190

use crate::judging_spark::{each_spark, not_distributed};
use crate::spark_pods;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::spark::{Kind, Master, PropertiesFile, Setting, Spark, State, Tie};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark authentication",
    question: "Must every peer on driver, executor, master, worker and shuffle-service ports know the secret?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "off",
            severity: Severity::Critical,
            title: "Spark's ports answer anybody who reaches them",
            remedy: "set spark.authenticate to true",
        },
        Cause {
            slug: "overridden-per-application",
            severity: Severity::High,
            title: "the defaults ask for authentication, and this application switches it off",
            remedy: "remove the application's own spark.authenticate",
        },
        Cause {
            slug: "encryption-without-authentication",
            severity: Severity::Medium,
            title: "encryption is on without authentication, so the driver refuses to start",
            remedy: "set spark.authenticate to true; never switch the encryption off instead",
        },
        Cause {
            slug: "secret-missing",
            severity: Severity::Medium,
            title: "a standalone cluster has authentication but no secret: drivers refuse to start and nobody can log in",
            remedy: "give every host spark.authenticate.secret in a file of mode 0600; keep authentication on",
        },
        Cause {
            slug: "secret-file-outside-kubernetes",
            severity: Severity::Medium,
            title: "the secret is given by a file where Spark refuses that, so it will not start",
            remedy: "off Kubernetes use spark.authenticate.secret in a closed file; on Kubernetes name the file for driver and executors",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

pub(crate) const AUTHENTICATE: &str = "spark.authenticate";
const SECRET: &str = "spark.authenticate.secret";
/// Variables that give daemons the secret: Spark's own, and the one that Bitnami's images turn into the property.
const SECRET_VARIABLES: [&str; 2] = ["_SPARK_AUTH_SECRET", "SPARK_RPC_AUTHENTICATION_SECRET"];

/// Judges everything that opens a port of Spark's own protocol.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind != Kind::HistoryServer, peer);
}

fn peer(spark: &Spark<'_>) -> Claim {
    if let Some(claim) = not_distributed(spark) {
        return claim;
    }
    let authenticate = spark.switch(AUTHENTICATE);
    let mut judgement = Judgement::new();
    match authenticate.state {
        State::Off => judgement.expose(when_off(spark)),
        State::On => judge_secret(spark, &mut judgement),
        State::Refused | State::Unknown => judgement.doubt(
            authenticate.doubt().unwrap_or_default(),
            vec![spark.witness(&authenticate.effective, "decides")],
        ),
    }
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&authenticate.effective, "every peer must know the secret"),
    ]))
}

/// How a deployment without authentication fails.
pub(crate) fn when_off(spark: &Spark<'_>) -> Exposure {
    let authenticate = spark.get(AUTHENTICATE);
    for key in [
        "spark.network.crypto.enabled",
        "spark.authenticate.enableSaslEncryption",
    ] {
        let encryption = spark.switch(key);
        // Daemons do not validate: there the encryption is silently ignored.
        if encryption.is_on() && spark.deployment.kind.is_application() {
            let (primary, other) = if authenticate.is_written() {
                (
                    spark.witness(&authenticate, "off, although encryption needs it"),
                    spark.witness(&encryption.effective, "needs spark.authenticate"),
                )
            } else {
                (
                    spark.witness(&encryption.effective, "needs spark.authenticate"),
                    spark.witness(&authenticate, "off"),
                )
            };
            return Exposure::new("encryption-without-authentication", primary).with(other);
        }
    }
    if let (Some(own), Some(default)) = (own_setting(spark), default_that_asks(spark)) {
        return Exposure::new(
            "overridden-per-application",
            spark.setting_witness(own, "switches off what the defaults ask for"),
        )
        .with(spark.setting_witness(default, "the defaults"));
    }
    let exposure = Exposure::new(
        "off",
        spark.witness(&authenticate, "anybody who reaches a port is served"),
    );
    let exposure = match spark.deployment.kind {
        Kind::ShuffleService => exposure
            .message("the shuffle service serves the blocks of every application to anybody"),
        _ => exposure,
    };
    let ignored = spark.switch("spark.network.crypto.enabled");
    if ignored.is_on() {
        return exposure.with(spark.witness(
            &ignored.effective,
            "silently ignored without authentication",
        ));
    }
    exposure
}

/// The deployment's own word on authentication.
fn own_setting<'e>(spark: &Spark<'e>) -> Option<&'e Setting> {
    spark
        .own_settings()
        .filter(|setting| &*setting.key == AUTHENTICATE)
        .last()
}

/// A file of defaults that applies, or may apply, and asks for authentication.
fn default_that_asks<'e>(spark: &Spark<'e>) -> Option<&'e Setting> {
    let files = spark.estate.all::<PropertiesFile>();
    let indexes = match &spark.deployment.defaults {
        Tie::Certain(index) => std::slice::from_ref(index),
        Tie::Guessed(indexes) => indexes.as_slice(),
        Tie::None | Tie::NotCollected => &[],
    };
    indexes
        .iter()
        .filter_map(|index| files.get(*index)?.last(AUTHENTICATE))
        .find(|setting| setting.value.eq_ignore_ascii_case("true"))
}

fn judge_secret(spark: &Spark<'_>, judgement: &mut Judgement) {
    let master = spark.master();
    let file = spark.get("spark.authenticate.secret.file");
    let of_driver = spark.get("spark.authenticate.secret.driver.file");
    let of_executor = spark.get("spark.authenticate.secret.executor.file");
    let files = [&file, &of_driver, &of_executor];
    let named = files.into_iter().find(|file| file.is_set());
    match (master, named) {
        (Master::Yarn | Master::Standalone, Some(named)) => judgement.expose(Exposure::new(
            "secret-file-outside-kubernetes",
            spark.witness(named, "allowed in Kubernetes mode only"),
        )),
        (Master::Kubernetes, Some(named))
            if !file.is_set() && of_driver.is_set() != of_executor.is_set() =>
        {
            judgement.expose(Exposure::new(
                "secret-file-outside-kubernetes",
                spark.witness(named, "driver and executors both need one"),
            ));
        }
        (Master::Standalone, None) if spark.deployment.kind != Kind::Defaults => {
            judge_standalone(spark, judgement)
        }
        _ => {}
    }
}

fn judge_standalone(spark: &Spark<'_>, judgement: &mut Judgement) {
    let secret = spark.get(SECRET);
    // Daemons also take the secret from their environment; drivers insist on the property.
    let in_environment = spark.deployment.kind.is_standalone_daemon()
        && SECRET_VARIABLES
            .iter()
            .any(|name| spark_pods::sees_variable(spark, "driver", name));
    if secret.is_unknown() {
        judgement.doubt(format!("not collected: where {SECRET} is set"), Vec::new());
    } else if !secret.is_set() && !in_environment {
        judgement.expose(
            Exposure::new("secret-missing", spark.witness(&secret, "set nowhere"))
                .with(spark.witness(&spark.get(AUTHENTICATE), "asks for it")),
        );
    }
}
