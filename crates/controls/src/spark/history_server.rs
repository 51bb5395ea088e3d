//! History Server: who can read past applications?
//!
//! # What it proves
//! That the History Server knows its users by a filter of its own and checks them against access control lists.
//!
//! # Why it matters: the attack
//! Event logs hold configurations, SQL texts and paths of every past application. The server ignores `spark.acls.enable`;
//! without its own list and filter everybody reads everything.
//!
//! # How each depth is read
//! - declared and loaded: `spark.history.ui.acls.enable` and `spark.ui.filters` of the server's own configuration, the
//!   Services and Ingresses in front of 18080, the release and the log directory.
//! - observed: the application list without credentials.
//! - recorded: the access log.
//!
//! # How to fix
//! Set `spark.history.ui.acls.enable` to `true` and `spark.ui.filters` to a filter that authenticates, both for the server.
//! Publish it through something that asks for a login, and let only Spark's service accounts write the log directory.
//!
//! # References
//! - `HistoryServer`, `ApplicationCacheCheckFilter`, `SecurityManager` (3.5.7); CVE-2025-54920

use crate::judging_spark::each_spark;
use crate::reach::{self, Reach, Way};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::spark::release_facts::trusts_event_logs;
use settings::spark::{Deployment, Kind, PropertiesFile, Setting, Spark, State, Tie};
use std::cell::LazyCell;

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark History Server",
    question: "Who can read past applications?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "acls-off",
            severity: Severity::High,
            title: "the History Server shows every application to everybody",
            remedy: "set spark.history.ui.acls.enable to true, and spark.ui.filters to a filter that authenticates",
        },
        Cause {
            slug: "acls-without-filter",
            severity: Severity::High,
            title: "the server checks lists without knowing its users, so everybody passes",
            remedy: "set spark.ui.filters in the server's own configuration to a filter that authenticates",
        },
        Cause {
            slug: "exposed",
            severity: Severity::High,
            title: "the History Server is published outside the cluster and asks nobody",
            remedy: "make the Service a ClusterIP, and publish it through a proxy that asks for a login",
        },
        Cause {
            slug: "hostile-log",
            severity: Severity::Medium,
            title: "this release runs what a crafted event log says, and applications write the logs it reads (CVE-2025-54920)",
            remedy: "upgrade the History Server to 3.5.7, 4.0.1 or later",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authorization,
    since: "0.1.0",
};

const PORT: u16 = 18080;

/// Judges History Servers.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let reach = LazyCell::new(|| Reach::new(estate));
    each_spark(
        estate,
        claims,
        |d| d.kind == Kind::HistoryServer,
        |spark| server(spark, &reach),
    );
}

fn server(spark: &Spark<'_>, reach: &Reach<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let filters = spark.get("spark.ui.filters");
    let ways = reach.ways(spark, PORT);
    let is_external = ways
        .iter()
        .any(|way| matches!(way, Way::ExternalAuthentication(_)));
    let is_local = reach::bound_to_loopback(spark).is_some();
    if !is_external && !is_local {
        judge_lists(spark, &mut judgement);
    }
    if !filters.is_set() && !filters.is_unknown() {
        for way in &ways {
            if let Some(place) = way.asks_nobody() {
                judgement.expose(
                    Exposure::new(
                        "exposed",
                        spark.place_witness(place, "publishes the server"),
                    )
                    .with(spark.witness(&filters, "no filter asks who is looking")),
                );
            }
        }
    }
    judge_release(spark, &mut judgement);
    judgement.otherwise(if is_external {
        Claim::not_applicable(
            "external authentication: the Ingress asks another service who is looking",
        )
    } else if is_local {
        Claim::not_applicable("the server listens on the loopback address only")
    } else {
        Claim::Protected(vec![
            spark.witness(&filters, "asks who is looking"),
            spark.witness(
                &spark.get("spark.history.ui.acls.enable"),
                "lists are checked",
            ),
        ])
    })
}

fn judge_lists(spark: &Spark<'_>, judgement: &mut Judgement) {
    let acls = spark.switch("spark.history.ui.acls.enable");
    let filters = spark.get("spark.ui.filters");
    match acls.state {
        State::Off => judgement.expose(Exposure::new(
            "acls-off",
            spark.witness(&acls.effective, "everybody reads everything"),
        )),
        State::On if !filters.is_set() && !filters.is_unknown() => judgement.expose(
            Exposure::new(
                "acls-without-filter",
                spark.witness(&acls.effective, "has no user to look at"),
            )
            .with(spark.witness(&filters, "no filter names the user")),
        ),
        State::On => {}
        State::Refused | State::Unknown => {
            judgement.doubt(acls.doubt().unwrap_or_default(), Vec::new())
        }
    }
}

/// A crafted log needs somebody who may write one: an application that logs to the same directory.
fn judge_release(spark: &Spark<'_>, judgement: &mut Judgement) {
    if !trusts_event_logs(spark.release) {
        return;
    }
    let directory = spark.get("spark.history.fs.logDirectory");
    let read = normalised(directory.str());
    let writer = applications(spark)
        .into_iter()
        .find(|setting| normalised(&setting.value) == read && !read.is_empty());
    if let Some(writer) = writer {
        judgement.expose(
            Exposure::new("hostile-log", spark.witness(&directory, "read by a release that trusts logs"))
                .with(spark.setting_witness(writer, "applications write it"))
                .message(format!("Spark {} runs what a crafted event log says, and applications write to the directory it reads", spark.release)),
        );
    }
}

fn normalised(directory: &str) -> String {
    directory.trim().trim_end_matches('/').replace(":///", ":/")
}

/// Where the applications of the estate write their logs.
fn applications<'e>(spark: &Spark<'e>) -> Vec<&'e Setting> {
    let files = spark.estate.all::<PropertiesFile>();
    let settings_of = |deployment: &'e Deployment| {
        let base = match deployment.defaults {
            Tie::Certain(index) => files.get(index),
            _ => None,
        };
        let own = deployment.layers.iter().flat_map(|layer| &layer.settings);
        base.into_iter()
            .flat_map(|file| &file.settings)
            .chain(own)
            .rfind(|setting| &*setting.key == "spark.eventLog.dir")
    };
    let deployments = spark.estate.all::<Deployment>().iter();
    deployments
        .filter(|deployment| deployment.kind.is_application())
        .filter_map(settings_of)
        .collect()
}
