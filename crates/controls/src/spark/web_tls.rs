//! Web TLS: do UI, Master, Worker and History pages use TLS?
//!
//! # What it proves
//! That the pages of this process are served over TLS with a key, and that the settings which narrow TLS do what they say.
//!
//! # Why it matters: the attack
//! Pages, session cookies and bearer tokens cross the network in clear: whoever listens reads SQL texts and replays logins.
//!
//! # How each depth is read
//! - declared and loaded: `spark.ssl.<ui, standalone, historyServer>`, each value inherited from `spark.ssl` but for `port`.
//!   `protocol` does not narrow TLS for these pages; only `enabledAlgorithms` does.
//! - observed: TLS versions of the port, the answer of the http port.
//! - recorded: nothing.
//!
//! # How to fix
//! Set `spark.ssl.<namespace>.enabled` with `keyStore`, and `enabledAlgorithms` to TLS 1.3 suites; passwords from a Hadoop
//! credential provider.
//!
//! # References
//! - `SSLOptions`, `JettyUtils`, `SSLFactory` (3.5.7, 4.1.1, 4.3.0); Spark Security, section "SSL Configuration"

use crate::judging_spark::each_spark;
use crate::reach;
use model::{Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage};
use settings::spark::release_facts::has_rpc_tls;
use settings::spark::{Kind, Master, Spark, State};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark web TLS",
    question: "Do UI, Master, Worker and History pages use TLS?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "off",
            severity: Severity::Medium,
            title: "Spark's pages cross the network in clear",
            remedy: "set spark.ssl.<namespace>.enabled to true with a keyStore",
        },
        Cause {
            slug: "enabled-without-keystore",
            severity: Severity::Medium,
            title: "TLS is on without a key store: the page is dead, the process runs on",
            remedy: "set spark.ssl.<namespace>.keyStore; keep TLS on",
        },
        Cause {
            slug: "protocol-ignored",
            severity: Severity::Medium,
            title: "protocol does not narrow TLS for pages: TLS 1.2 stays on",
            remedy: "set enabledAlgorithms to TLS 1.3 suites",
        },
        Cause {
            slug: "client-certificate-ignored",
            severity: Severity::Medium,
            title: "RPC TLS never asks for a client certificate, whatever needClientAuth says",
            remedy: "rely on spark.authenticate for RPC; needClientAuth works for pages only",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

/// Judges everything that serves pages.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind != Kind::ShuffleService, pages);
}

fn pages(spark: &Spark<'_>) -> Claim {
    let mut judgement = Judgement::new();
    judge_rpc(spark, &mut judgement);
    let namespace = match spark.deployment.kind {
        Kind::Master | Kind::Worker | Kind::Cluster => "standalone",
        Kind::HistoryServer => "historyServer",
        _ => "ui",
    };
    if let Some(silent) = out_of_question(spark, namespace) {
        return judgement.otherwise(silent);
    }
    let enabled = spark.ssl_switch(namespace, "enabled");
    match enabled.state {
        State::Off => judge_off(spark, namespace, &mut judgement),
        State::On => judge_on(spark, namespace, &mut judgement),
        State::Refused | State::Unknown => judgement.doubt(enabled.doubt().unwrap_or_default(), Vec::new()),
    }
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&enabled.effective, "TLS is on"),
        spark.witness(&spark.ssl(namespace, "keyStore"), "with a key"),
    ]))
}

fn out_of_question(spark: &Spark<'_>, namespace: &str) -> Option<Claim> {
    if reach::bound_to_loopback(spark).is_some() {
        return Some(Claim::not_applicable("the pages are served on the loopback address only"));
    }
    if namespace != "ui" {
        return None;
    }
    let enabled = spark.switch("spark.ui.enabled");
    match (enabled.state, spark.master()) {
        (State::Off, _) => Some(Claim::not_applicable("the UI is off")),
        (State::Refused | State::Unknown, _) => Some(Claim::unproven(enabled.doubt().unwrap_or_default())),
        (State::On, Master::Yarn) => Some(Claim::not_applicable("on YARN pages go through the ResourceManager's proxy (yarn/web-access)")),
        (State::On, Master::Unknown) if !spark.ssl("ui", "enabled").is_written() => {
            Some(Claim::unproven("no master is set here, and on YARN pages go through the ResourceManager's proxy"))
        }
        _ => None,
    }
}

fn judge_off(spark: &Spark<'_>, namespace: &str, judgement: &mut Judgement) {
    let enabled = spark.ssl(namespace, "enabled");
    let ui = spark.get("spark.ui.enabled");
    let exposure = if !enabled.is_written() && ui.is_written() && namespace == "ui" {
        Exposure::new("off", spark.witness(&ui, "served in clear")).with(spark.witness(&enabled, "no TLS"))
    } else {
        Exposure::new("off", spark.witness(&enabled, "served in clear"))
    };
    let filters = spark.get("spark.ui.filters");
    judgement.expose(if filters.is_set() {
        exposure
            .severity(Severity::High)
            .message("the login or token that the filter asks for crosses the network in clear")
            .with(spark.witness(&filters, "asks for a login"))
    } else {
        exposure
    });
}

fn judge_on(spark: &Spark<'_>, namespace: &str, judgement: &mut Judgement) {
    let enabled = spark.ssl(namespace, "enabled");
    let key_store = spark.ssl(namespace, "keyStore");
    if !key_store.is_set() && !key_store.is_unknown() {
        judgement.expose(
            Exposure::new("enabled-without-keystore", spark.witness(&enabled, "TLS is on"))
                .with(spark.witness(&key_store, "no key to serve with")),
        );
    }
    let protocol = spark.ssl(namespace, "protocol");
    let suites = spark.ssl(namespace, "enabledAlgorithms");
    if protocol.is("TLSv1.3") && !suites.is_set() {
        judgement.expose(
            Exposure::new("protocol-ignored", spark.witness(&protocol, "does not narrow anything here"))
                .with(spark.witness(&suites, "would")),
        );
    }
}

fn judge_rpc(spark: &Spark<'_>, judgement: &mut Judgement) {
    let asks = spark.ssl_switch("rpc", "needClientAuth");
    if has_rpc_tls(spark.release) && spark.ssl_switch("rpc", "enabled").is_on() && asks.is_on() && spark.deployment.kind != Kind::HistoryServer {
        judgement.expose(Exposure::new("client-certificate-ignored", spark.witness(&asks.effective, "RPC TLS asks for none")));
    }
}
