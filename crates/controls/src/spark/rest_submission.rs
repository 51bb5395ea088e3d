//! REST submission: can a stranger submit a driver over REST (6066)?
//!
//! # What it proves
//! That the Master's REST server is off, or that a filter asks who is calling.
//!
//! # Why it matters: the attack
//! A POST to `/v1/submissions/create` runs a main class of the caller's choice on a Worker. `spark.authenticate` does not
//! cover REST (CVE-2018-11770).
//!
//! # How each depth is read
//! - declared and loaded: the Master's effective `spark.master.rest.enabled`, which became true by default in 4.1, its filters
//!   (4.0 on), and the guard of older releases, which refuse to start with REST on and a secret set.
//! - observed: `/v1/submissions/status/x` is answered with 200.
//! - recorded: the Master's log names the REST server's port.
//!
//! # How to fix
//! Set `spark.master.rest.enabled` to `false` on the Master. Where REST is needed, put an authenticating filter into
//! `spark.master.rest.filters`. Never remove the secret to make REST start.
//!
//! # References
//! - `StandaloneRestServer`, `Master` (3.5.7, 4.1.1, 4.3.0); SPARK-57451; CVE-2018-11770

use crate::judging_spark::each_spark;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::spark::release_facts::{Known, guards_rest};
use settings::spark::{Deployment, Kind, Master, Spark, State};

/// What this control is.
pub const META: Meta = Meta {
    title: "REST submission",
    question: "Can a stranger submit a driver over REST (6066)?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "on-by-default",
            severity: Severity::Critical,
            title: "the Master's REST server is on by default and asks nobody for a name",
            remedy: "set spark.master.rest.enabled to false on the Master",
        },
        Cause {
            slug: "enabled",
            severity: Severity::Critical,
            title: "the Master's REST server is switched on and asks nobody for a name",
            remedy: "set spark.master.rest.enabled to false, or put an authenticating filter into spark.master.rest.filters",
        },
        Cause {
            slug: "rest-and-secret",
            severity: Severity::Medium,
            title: "the Master refuses to start with REST on and a secret set",
            remedy: "set spark.master.rest.enabled to false; keep the secret",
        },
        Cause {
            slug: "unrestricted-resources",
            severity: Severity::Medium,
            title: "whoever passes the REST filter may run a resource from anywhere",
            remedy: "list the allowed places in spark.master.rest.allowedAppResourcePatterns",
        },
        Cause {
            slug: "all-interfaces",
            severity: Severity::Low,
            title: "the REST server listens on every interface",
            remedy: "set spark.master.rest.host to the interface that clients use",
        },
    ],
    safety: Safety::Safe,
    family: Family::Authentication,
    since: "0.1.0",
};

const ENABLED: &str = "spark.master.rest.enabled";

/// Judges standalone Masters; defaults of applications only show that there is one.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let has_master = estate.all::<Deployment>().iter().any(is_master);
    each_spark(
        estate,
        claims,
        |deployment| is_master(deployment) || (!has_master && names_a_master(estate, deployment)),
        master,
    );
}

fn is_master(deployment: &Deployment) -> bool {
    matches!(deployment.kind, Kind::Master | Kind::Cluster)
}

/// Whether a file of defaults or a submission goes to a standalone Master.
fn names_a_master(estate: &Estate, deployment: &Deployment) -> bool {
    let base = match deployment.defaults {
        settings::spark::Tie::Certain(index) => {
            estate.all::<settings::spark::PropertiesFile>().get(index)
        }
        _ => None,
    };
    let own = deployment.layers.iter().flat_map(|layer| &layer.settings);
    deployment.kind.is_application()
        && base
            .into_iter()
            .flat_map(|file| &file.settings)
            .chain(own)
            .any(|setting| &*setting.key == "spark.master" && setting.value.starts_with("spark://"))
}

fn master(spark: &Spark<'_>) -> Claim {
    if !is_master(spark.deployment) {
        return if spark.master() == Master::Standalone {
            Claim::unproven(
                "not collected: the configuration of the standalone Master that this goes to",
            )
        } else {
            Claim::not_applicable("no standalone Master")
        };
    }
    let rest = spark.switch(ENABLED);
    let mut judgement = Judgement::new();
    match rest.state {
        State::On => judge_open(spark, &mut judgement),
        State::Off => {}
        State::Refused | State::Unknown => {
            judgement.doubt(rest.doubt().unwrap_or_default(), Vec::new())
        }
    }
    judgement.otherwise(Claim::Protected(vec![spark.witness(
        &rest.effective,
        if rest.is_on() {
            "behind a filter"
        } else {
            "REST is off"
        },
    )]))
}

fn judge_open(spark: &Spark<'_>, judgement: &mut Judgement) {
    let rest = spark.get(ENABLED);
    let secret = spark.get("spark.authenticate.secret");
    if secret.is_set() {
        match guards_rest(spark.release) {
            Known::Yes(true) => {
                judgement.expose(
                    Exposure::new("rest-and-secret", spark.witness(&rest, "REST is on"))
                        .with(spark.witness(&secret, "the secret that the guard looks at")),
                );
                return;
            }
            Known::Unknown => {
                judgement.doubt(
                    format!("whether Spark {} refuses to start with REST on and a secret set was not looked at", spark.release),
                    vec![spark.witness(&rest, "REST is on")],
                );
                return;
            }
            Known::Yes(false) => {}
        }
    }
    let filters = spark.get("spark.master.rest.filters");
    if filters.is_unknown() || filters.unresolved {
        judgement.doubt(
            "which filters stand before REST is not in the files",
            vec![spark.witness(&filters, "decides")],
        );
        return;
    }
    if spark.release < Release(4, 0, 0) || !filters.is_set() {
        let cause = if rest.is_written() {
            "enabled"
        } else {
            "on-by-default"
        };
        judgement.expose(
            Exposure::new(cause, spark.witness(&rest, "REST answers on 6066"))
                .with(spark.witness(&filters, "no filter asks for a name")),
        );
        return;
    }
    let patterns = spark.get("spark.master.rest.allowedAppResourcePatterns");
    if spark.release >= Release(4, 3, 0) && !patterns.is_set() {
        judgement.expose(
            Exposure::new(
                "unrestricted-resources",
                spark.witness(&filters, "lets callers in"),
            )
            .with(spark.witness(&patterns, "any resource")),
        );
    }
    let host = spark.get("spark.master.rest.host");
    if host.is("0.0.0.0") || host.is("::") {
        judgement.expose(Exposure::new(
            "all-interfaces",
            spark.witness(&host, "every interface"),
        ));
    }
}
