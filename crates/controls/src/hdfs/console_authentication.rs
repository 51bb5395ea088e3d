//! Console authentication: do `/conf`, `/jmx`, `/logs` and `/stacks` ask who is calling?
//!
//! # What it proves
//! That the consoles of the daemons ask for a ticket. Which key decides depends on daemon and release.
//!
//! # Why it matters: the attack
//! An open console prints the configuration, the logs and the state of the cluster to anybody; with a static user who is a
//! superuser it browses the file system as that user.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.http.filter.initializers` together with `hadoop.http.authentication.type`. To 3.2 every
//!   daemon needs the AuthenticationFilterInitializer; from 3.3 on NameNode, SecondaryNameNode, JournalNode and Router go
//!   by the type alone (hdfs/gateways), and the DataNode still needs the initializer.
//! - observed: an anonymous GET; 401 with Negotiate is wanted, 401 PseudoAuth is not protection.
//! - recorded: web access logs.
//!
//! # How to fix
//! `hadoop.http.authentication.type` kerberos with principal and keytab, and
//! `org.apache.hadoop.security.AuthenticationFilterInitializer` in `hadoop.http.filter.initializers` where it counts. Put
//! the signature secret on all nodes first. Scrapers and health checks need tickets.
//!
//! # References
//! - HttpServer2, AuthenticationFilterInitializer, DFSUtil.httpServerTemplateForNNAndJN (2.7.7, 3.4.1); run on 3.3.6, 3.4.1

use crate::judging::{HDFS_SERVERS, each_hadoop};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::Effective;
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Console authentication",
    question: "Do /conf, /jmx, /logs and /stacks ask who is calling?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "filter-missing",
            severity: Severity::High,
            title: "no authentication filter: consoles are open, also in a Kerberos cluster",
            remedy: "set hadoop.http.authentication.type to kerberos and add org.apache.hadoop.security.AuthenticationFilterInitializer to hadoop.http.filter.initializers",
        },
        Cause {
            slug: "kerberos-without-filter",
            severity: Severity::High,
            title: "hadoop.http.authentication.type is kerberos, but no filter initializer puts it into effect",
            remedy: "add org.apache.hadoop.security.AuthenticationFilterInitializer to hadoop.http.filter.initializers",
        },
        Cause {
            slug: "filter-with-simple",
            severity: Severity::High,
            title: "the filter is there with type simple: the name in user.name= is believed",
            remedy: "set hadoop.http.authentication.type to kerberos with its principal and keytab",
        },
        Cause {
            slug: "anonymous-allowed",
            severity: Severity::High,
            title: "consoles serve callers without any name",
            remedy: "set hadoop.http.authentication.type to kerberos; switching anonymous access off alone protects nothing",
        },
        Cause {
            slug: "static-superuser",
            severity: Severity::Critical,
            title: "callers without a name browse as a superuser",
            remedy: "remove hadoop.http.staticuser.user",
        },
        Cause {
            slug: "path-exempt",
            severity: Severity::Medium,
            title: "paths are exempt from authentication",
            remedy: "empty hadoop.http.authentication.kerberos.endpoint.whitelist",
        },
        Cause {
            slug: "instrumentation-open",
            severity: Severity::Low,
            title: "every authenticated user reads configuration and metrics",
            remedy: "set hadoop.security.instrumentation.requires.admin to true",
        },
        Cause {
            slug: "cross-origin-any",
            severity: Severity::Medium,
            title: "pages of any origin may read the consoles with the reader's ticket",
            remedy: "name the origins in hadoop.http.cross-origin.allowed-origins",
        },
        Cause {
            slug: "redaction-narrowed",
            severity: Severity::Medium,
            title: "the list of redacted keys was replaced by a narrower one, so /conf prints secrets",
            remedy: "remove hadoop.security.sensitive-config-keys, or extend the default list",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

const TYPE: &str = "hadoop.http.authentication.type";
const INITIALIZERS: &str = "hadoop.http.filter.initializers";

/// Judges the daemons of HDFS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &HDFS_SERVERS, "HDFS", server);
}

fn server(hdfs: &Hadoop<'_>) -> Claim {
    let web_type = hdfs.get(TYPE);
    if web_type.is_doubtful() {
        return Claim::unproven(web_type.why_unknown());
    }
    let mut judgement = Judgement::new();
    if goes_by_filter(hdfs) {
        for exposure in filter_exposures(hdfs) {
            judgement.expose(exposure);
        }
    }
    for exposure in [
        anonymous(hdfs),
        static_superuser(hdfs),
        path_exempt(hdfs),
        cross_origin(hdfs),
        redaction(hdfs),
        instrumentation(hdfs),
    ]
    .into_iter()
    .flatten()
    {
        judgement.expose(exposure);
    }
    let silent = if goes_by_filter(hdfs) || web_type.is("kerberos") {
        Claim::Protected(vec![hdfs.witness(&web_type, "asks for a ticket")])
    } else {
        Claim::not_applicable(
            "from 3.3 on the consoles of this daemon go by the web type; see hdfs/gateways",
        )
    };
    judgement.otherwise(silent)
}

/// Up to 3.2 every daemon, from 3.3 on only the DataNode, obeys the initializer.
fn goes_by_filter(hdfs: &Hadoop<'_>) -> bool {
    hdfs.release < Release(3, 3, 0) || hdfs.has(Role::DataNode)
}

/// Whether a list of filter initializers authenticates. Shared with YARN's daemons, which read the same keys.
pub(crate) fn has_filter(initializers: &Effective<'_>) -> bool {
    initializers
        .items()
        .any(|class| class.ends_with("AuthenticationFilterInitializer"))
}

fn filter_exposures(hdfs: &Hadoop<'_>) -> Vec<Exposure> {
    let (web_type, initializers) = (hdfs.get(TYPE), hdfs.get(INITIALIZERS));
    let whom = if hdfs.release < Release(3, 3, 0) {
        "consoles"
    } else {
        "the DataNode's consoles"
    };
    let kerberos = web_type.is("kerberos");
    match (has_filter(&initializers), kerberos) {
        (true, true) => Vec::new(),
        (true, false) => vec![
            Exposure::new(
                "filter-with-simple",
                hdfs.witness(&web_type, "believes user.name="),
            )
            .with(hdfs.witness(&initializers, "the filter that asks"))
            .message(format!("{whom} believe the name in user.name=")),
        ],
        (false, true) => vec![
            Exposure::new(
                "kerberos-without-filter",
                hdfs.witness(&initializers, "no AuthenticationFilterInitializer"),
            )
            .with(hdfs.witness(&web_type, "has no effect here"))
            .message(format!("{whom} are open although the type says kerberos")),
        ],
        (false, false) => {
            let anonymous = hdfs.flag("hadoop.http.authentication.simple.anonymous.allowed", true);
            let mut exposures = vec![
                Exposure::new(
                    "filter-missing",
                    hdfs.witness(&initializers, "no AuthenticationFilterInitializer"),
                )
                .with(hdfs.witness(&web_type, "the type, without effect here"))
                .message(format!("{whom} are open to anybody")),
            ];
            if anonymous.on && anonymous.effective.is_written() {
                exposures.push(Exposure::new(
                    "anonymous-allowed",
                    hdfs.witness(&anonymous.effective, "no name is asked for"),
                ));
            }
            exposures
        }
    }
}

/// Where the type alone decides, written permission for callers without any name is a mistake beside it.
fn anonymous(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let anonymous = hdfs.flag("hadoop.http.authentication.simple.anonymous.allowed", true);
    let counts =
        !goes_by_filter(hdfs) && !hdfs.get(TYPE).is("kerberos") && hdfs.kerberos() == Ok(true);
    (counts && anonymous.on && anonymous.effective.is_written()).then(|| {
        Exposure::new(
            "anonymous-allowed",
            hdfs.witness(&anonymous.effective, "no name is asked for"),
        )
    })
}

fn static_superuser(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let user = hdfs.get("hadoop.http.staticuser.user");
    let namenode = hdfs.get("dfs.namenode.kerberos.principal");
    let superuser = namenode.str().split(['/', '@']).next().unwrap_or_default();
    let is_superuser =
        user.is("hdfs") || user.is("root") || (!superuser.is_empty() && user.is(superuser));
    let anonymous = !hdfs.get(TYPE).is("kerberos");
    (is_superuser && anonymous)
        .then(|| Exposure::new("static-superuser", hdfs.witness(&user, "the superuser")))
}

fn path_exempt(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let exempt = hdfs.get("hadoop.http.authentication.kerberos.endpoint.whitelist");
    let counts = hdfs.release >= Release(3, 3, 0) && hdfs.get(TYPE).is("kerberos");
    (counts && exempt.is_set()).then(|| {
        Exposure::new(
            "path-exempt",
            hdfs.witness(&exempt, "served without a ticket"),
        )
    })
}

fn cross_origin(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let enabled = hdfs.flag("hadoop.http.cross-origin.enabled", false);
    let origins = hdfs.get("hadoop.http.cross-origin.allowed-origins");
    // Without the initializer the switch is inert; flow/overridden-key tells of that.
    let active = hdfs
        .get(INITIALIZERS)
        .items()
        .any(|class| class.ends_with("HttpCrossOriginFilterInitializer"));
    (enabled.on && active && origins.items().any(|origin| origin == "*")).then(|| {
        Exposure::new("cross-origin-any", hdfs.witness(&origins, "any origin"))
            .with(hdfs.witness(&enabled.effective, "puts it into effect"))
    })
}

fn redaction(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let keys = hdfs.get("hadoop.security.sensitive-config-keys");
    let needed = ["secret", "password"];
    let narrowed = keys.is_written()
        && !keys.unresolved
        && needed.iter().any(|word| !keys.str().contains(word));
    narrowed.then(|| {
        Exposure::new(
            "redaction-narrowed",
            hdfs.witness(&keys, "lacks secret or password"),
        )
    })
}

fn instrumentation(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let admin = hdfs.flag("hadoop.security.instrumentation.requires.admin", false);
    let authorization = hdfs.flag("hadoop.security.authorization", false);
    let authenticates = hdfs.get(TYPE).is("kerberos")
        && (!goes_by_filter(hdfs) || has_filter(&hdfs.get(INITIALIZERS)));
    (authorization.on && authenticates && !admin.on).then(|| {
        Exposure::new(
            "instrumentation-open",
            hdfs.witness(&admin.effective, "any user may read"),
        )
    })
}
