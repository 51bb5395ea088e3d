//! UI access: does the UI ask who is looking?
//!
//! # What it proves
//! That an authenticating filter stands before the pages of drivers, Masters and Workers, so that access control lists have a
//! user to look at.
//!
//! # Why it matters: the attack
//! The UI shows configuration, environment, SQL texts and executor launch lines to anybody who reaches the port. Without a
//! filter the user is null, and Spark's access control lists let null pass everywhere.
//!
//! # How each depth is read
//! - declared and loaded: filters, access control lists, switches for kills and dumps; the Ingress in front. On YARN Spark
//!   installs the filter of the ResourceManager's proxy itself, so the verdict is that of yarn/web-access.
//! - observed: `/api/v1/version` without credentials is answered with 200.
//! - recorded: the Ingress log.
//!
//! # How to fix
//! Set `spark.ui.filters` to a filter that authenticates (`org.apache.spark.ui.JWSFilter` from 4.0 on, or Hadoop's
//! AuthenticationFilter with Kerberos) and `spark.acls.enable` to `true`; or switch the UI off for batch jobs.
//!
//! # References
//! - `JettyUtils`, `SecurityManager.checkUIViewPermissions`, `ApplicationMaster` (3.5.7, 4.1.1)
//! - Spark Security, section "Web UI"

use crate::judging_spark::each_spark;
use crate::reach::{self, Reach};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::Effective;
use settings::spark::{Kind, Master, Spark, State};
use std::cell::LazyCell;

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark UI access",
    question: "Does the UI ask who is looking?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "no-filter",
            severity: Severity::High,
            title: "the UI shows itself to anybody who reaches it",
            remedy: "set spark.ui.filters to a filter that authenticates, or spark.ui.enabled to false",
        },
        Cause {
            slug: "acls-without-filter",
            severity: Severity::High,
            title: "access control lists without a filter: the user is null, and everybody passes",
            remedy: "set spark.ui.filters to a filter that authenticates; keep the lists",
        },
        Cause {
            slug: "filter-unknown",
            severity: Severity::High,
            title: "spark.ui.filters names a class that this release does not have",
            remedy: "use org.apache.spark.ui.JWSFilter (4.0 on) or Hadoop's AuthenticationFilter",
        },
        Cause {
            slug: "view-any",
            severity: Severity::Medium,
            title: "an access control list holds *, which means everybody",
            remedy: "name users or groups instead of *",
        },
        Cause {
            slug: "kill-enabled",
            severity: Severity::Medium,
            title: "whoever sees the UI may kill jobs and stages",
            remedy: "set spark.ui.killEnabled to false, or spark.acls.enable to true behind a filter",
        },
        Cause {
            slug: "dumps-open",
            severity: Severity::Low,
            title: "an open UI gives away thread dumps, heap histograms or the environment",
            remedy: "set spark.ui.threadDumpsEnabled and spark.ui.heapHistogramEnabled to false, and empty spark.master.ui.visibleEnvVarPrefixes",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Judges drivers, Masters and Workers; the History Server has a control of its own.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let reach = LazyCell::new(|| Reach::new(estate));
    each_spark(
        estate,
        claims,
        |d| !matches!(d.kind, Kind::HistoryServer | Kind::ShuffleService),
        |spark| page(spark, &reach),
    );
}

fn page(spark: &Spark<'_>, reach: &Reach<'_>) -> Claim {
    if let Some(claim) = out_of_question(spark) {
        return claim;
    }
    let ways = reach.ways(spark, 4040);
    let is_open = ways.iter().any(|way| way.asks_nobody().is_some());
    // A second way past the proxy makes its question worthless.
    if !ways.is_empty() && !is_open {
        return Claim::not_applicable(
            "external authentication: the Ingress asks another service who is looking",
        );
    }
    let mut judgement = Judgement::new();
    let filters = spark.get("spark.ui.filters");
    let acls = spark.switch("spark.acls.enable");
    let is_filtered = judge_filters(spark, &filters, &mut judgement);
    if let Some(doubt) = acls.doubt() {
        judgement.doubt(doubt, Vec::new());
    }
    if is_filtered {
        judge_lists(spark, &mut judgement);
    } else if acls.is_on() {
        judgement.expose(
            Exposure::new(
                "acls-without-filter",
                spark.witness(&acls.effective, "has no user to look at"),
            )
            .with(spark.witness(&filters, "no filter names the user")),
        );
    }
    if spark.deployment.kind.is_application() {
        let kill = spark.switch("spark.ui.killEnabled");
        if kill.is_on() && acls.is_off() {
            judgement.expose(
                Exposure::new(
                    "kill-enabled",
                    spark.witness(&kill.effective, "kills are offered"),
                )
                .with(spark.witness(&acls.effective, "nobody is asked")),
            );
        }
    }
    if !is_filtered {
        judge_dumps(spark, &mut judgement);
    }
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&filters, "asks who is looking"),
    ]))
}

/// UIs that are off, on loopback, or somebody else's.
fn out_of_question(spark: &Spark<'_>) -> Option<Claim> {
    if spark.deployment.kind.is_application() {
        let enabled = spark.switch("spark.ui.enabled");
        match enabled.state {
            State::Off => return Some(Claim::not_applicable("the UI is off")),
            State::Refused | State::Unknown => {
                return Some(Claim::unproven(enabled.doubt().unwrap_or_default()));
            }
            State::On => {}
        }
        if spark.master() == Master::Yarn {
            return Some(Claim::not_applicable(
                "on YARN Spark admits only the ResourceManager's proxy (yarn/web-access)",
            ));
        }
    }
    if reach::bound_to_loopback(spark).is_some() {
        return Some(Claim::not_applicable(
            "the UI listens on the loopback address only",
        ));
    }
    let may_be_yarn = spark.master() == Master::Unknown && spark.deployment.kind.is_application();
    (may_be_yarn && !spark.get("spark.ui.filters").is_set()).then(|| {
        Claim::unproven("no master is set here, and on YARN Spark installs a filter itself")
    })
}

/// Filters that change pages and ask nobody.
const NOT_ASKING: [&str; 5] = [
    "HttpSecurityFilter",
    "HttpsRedirectFilter",
    "CrossOriginFilter",
    "CorsFilter",
    "GzipFilter",
];

/// Whether a filter authenticates. Exposes what does not, doubts what cannot be told.
fn judge_filters(spark: &Spark<'_>, filters: &Effective<'_>, judgement: &mut Judgement) -> bool {
    if filters.is_unknown() || filters.unresolved {
        judgement.doubt(
            "which filters stand before the UI is not in the files",
            vec![spark.witness(filters, "decides")],
        );
        return true;
    }
    let asking: Vec<&str> = filters
        .items()
        .filter(|class| !NOT_ASKING.iter().any(|name| class.ends_with(name)))
        .collect();
    if asking.is_empty() {
        let enabled = spark.get("spark.ui.enabled");
        // Only a driver's pages obey the switch.
        let exposure = if enabled.is_written() && spark.deployment.kind.is_application() {
            Exposure::new(
                "no-filter",
                spark.witness(&enabled, "shows itself to everybody"),
            )
            .with(spark.witness(filters, "no filter"))
        } else {
            Exposure::new(
                "no-filter",
                spark.witness(filters, "no filter asks who is looking"),
            )
        };
        judgement.expose(exposure);
        return false;
    }
    for class in asking {
        match knowledge_of(spark, class) {
            Knowledge::Asks => return true,
            Knowledge::Nowhere => judgement.expose(
                Exposure::new("filter-unknown", spark.witness(filters, "no such class"))
                    .message(format!("Spark {} has no class {class}", spark.release)),
            ),
            Knowledge::Foreign => judgement.doubt(
                format!("what {class} asks is not in the files"),
                vec![spark.witness(filters, "decides")],
            ),
        }
    }
    true
}

enum Knowledge {
    Asks,
    Nowhere,
    Foreign,
}

fn knowledge_of(spark: &Spark<'_>, class: &str) -> Knowledge {
    match class {
        "org.apache.spark.ui.JWSFilter" if spark.release >= Release(4, 0, 0) => Knowledge::Asks,
        "org.apache.hadoop.security.authentication.server.AuthenticationFilter" => {
            let kind = spark.get("spark.org.apache.hadoop.security.authentication.server.AuthenticationFilter.param.type");
            // Type simple takes any name; parameters may also stand in one `.params` property.
            if kind.is("simple") {
                Knowledge::Foreign
            } else {
                Knowledge::Asks
            }
        }
        "org.apache.hadoop.yarn.server.webproxy.amfilter.AmIpFilter" => Knowledge::Asks,
        class if class.starts_with("org.apache.spark.") => Knowledge::Nowhere,
        _ => Knowledge::Foreign,
    }
}

fn judge_lists(spark: &Spark<'_>, judgement: &mut Judgement) {
    if !spark.switch("spark.acls.enable").is_on() {
        return;
    }
    for key in [
        "spark.ui.view.acls",
        "spark.ui.view.acls.groups",
        "spark.modify.acls",
        "spark.modify.acls.groups",
        "spark.admin.acls",
        "spark.admin.acls.groups",
    ] {
        let list = spark.get(key);
        if list.items().any(|item| item == "*") {
            judgement.expose(Exposure::new("view-any", spark.witness(&list, "everybody")));
        }
    }
}

fn judge_dumps(spark: &Spark<'_>, judgement: &mut Judgement) {
    let keys: &[&str] = match spark.deployment.kind {
        Kind::Master | Kind::Cluster => &["spark.master.ui.visibleEnvVarPrefixes"],
        kind if kind.is_application() => &[
            "spark.ui.threadDumpsEnabled",
            "spark.ui.heapHistogramEnabled",
        ],
        _ => &[],
    };
    // A default adds nothing to the missing filter; somebody's word does.
    let shown = keys
        .iter()
        .map(|key| spark.get(key))
        .find(|value| value.is_written() && value.is_set() && !value.is("false"));
    if let Some(shown) = shown {
        judgement.expose(Exposure::new(
            "dumps-open",
            spark.witness(&shown, "open to everybody"),
        ));
    }
}
