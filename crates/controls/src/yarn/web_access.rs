//! YARN web access: can a stranger submit an application or read jobs over HTTP?
//!
//! # What it proves
//! That the web services of ResourceManager, NodeManager, JobHistory and timeline server ask for Kerberos over TLS.
//!
//! # Why it matters: the attack
//! The ResourceManager's REST interface starts applications. Without authentication a request from anywhere runs a command
//! on the cluster: in 2018 more than a million such requests a day were counted.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.security.authentication`, `hadoop.http.authentication.type` together with
//!   `hadoop.http.filter.initializers` (the filter is needed in every release), `yarn.http.policy`, the timeline server's
//!   own type where it is enabled.
//! - observed: an anonymous GET of the cluster information; never a new application.
//! - recorded: the ResourceManager's audit log of the static user.
//!
//! # How to fix
//! As for HDFS: TLS first, then `hadoop.http.authentication.type` kerberos with the AuthenticationFilterInitializer.
//!
//! # References
//! - RMWebServices, AuthenticationFilterInitializer (2.7.7, 3.4.1); answers run on 3.4.1

use crate::hdfs::console_authentication::has_filter;
use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "YARN web access",
    question: "Can a stranger submit an application or read jobs over HTTP?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "anonymous-submission",
            severity: Severity::Critical,
            title: "anybody may submit applications over the ResourceManager's REST interface: code execution on the cluster",
            remedy: "enable Kerberos, and the authentication filter on the web ports; until then close 8088 to everybody but administrators",
        },
        Cause {
            slug: "http-policy-open",
            severity: Severity::High,
            title: "YARN's web ports serve without TLS",
            remedy: "set yarn.http.policy and mapreduce.jobhistory.http.policy to HTTPS_ONLY",
        },
        Cause {
            slug: "timeline-simple",
            severity: Severity::High,
            title: "the timeline server believes the name in user.name=",
            remedy: "set yarn.timeline-service.http-authentication.type to kerberos",
        },
        Cause {
            slug: "console-filter-missing",
            severity: Severity::High,
            title: "the web pages of ResourceManager, NodeManager and JobHistory do not ask who is calling",
            remedy: "set hadoop.http.authentication.type to kerberos and add AuthenticationFilterInitializer to hadoop.http.filter.initializers",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

/// Judges YARN's daemons.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::ResourceManager, Role::NodeManager, Role::JobHistory],
        "YARN",
        node,
    );
}

fn node(yarn: &Hadoop<'_>) -> Claim {
    let kerberos = match yarn.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    let mut judgement = Judgement::new();
    submission(yarn, kerberos, &mut judgement);
    policies(yarn, &mut judgement);
    let timeline = yarn.read_flag(Reader::Yarn, "yarn.timeline-service.enabled", false);
    let timeline_type = yarn.read(
        Reader::Yarn,
        "yarn.timeline-service.http-authentication.type",
    );
    if timeline.on && timeline_type.is("simple") {
        judgement.expose(
            Exposure::new(
                "timeline-simple",
                yarn.witness(&timeline_type, "the caller names itself"),
            )
            .with(yarn.witness(&timeline.effective, "the timeline server is on")),
        );
    }
    judgement.otherwise(Claim::Protected(vec![yarn.witness(
        &yarn.get("hadoop.http.authentication.type"),
        "asks for a ticket",
    )]))
}

fn submission(yarn: &Hadoop<'_>, kerberos: bool, judgement: &mut Judgement) {
    let web_type = yarn.get("hadoop.http.authentication.type");
    let initializers = yarn.get("hadoop.http.filter.initializers");
    if web_type.is("kerberos") && has_filter(&initializers) {
        return;
    }
    let authentication = yarn.get("hadoop.security.authentication");
    let runs_manager = yarn.has(Role::ResourceManager)
        && yarn.configuration.resource(ResourceKind::Yarn).is_some();
    if !kerberos && runs_manager {
        judgement.expose(
            Exposure::new(
                "anonymous-submission",
                yarn.witness(&authentication, "nobody is asked for a ticket"),
            )
            .with(yarn.witness(&initializers, "no filter on the web ports either")),
        );
    } else {
        let primary = if web_type.is("kerberos") {
            &initializers
        } else {
            &web_type
        };
        judgement.expose(
            Exposure::new(
                "console-filter-missing",
                yarn.witness(primary, "nobody is asked for a ticket"),
            )
            .with(yarn.witness(
                if web_type.is("kerberos") {
                    &web_type
                } else {
                    &initializers
                },
                "both are needed here",
            )),
        );
    }
}

fn policies(yarn: &Hadoop<'_>, judgement: &mut Judgement) {
    let candidates = [
        (Role::ResourceManager, Reader::Yarn, "yarn.http.policy"),
        (Role::NodeManager, Reader::Yarn, "yarn.http.policy"),
        (
            Role::JobHistory,
            Reader::Mapred,
            "mapreduce.jobhistory.http.policy",
        ),
    ];
    let mut seen = Vec::new();
    for (_, reader, key) in candidates.into_iter().filter(|(role, ..)| yarn.has(*role)) {
        let policy = yarn.read(reader, key);
        if seen.contains(&key)
            || policy.is_unknown()
            || policy.is("HTTPS_ONLY")
            || policy.unresolved
        {
            continue;
        }
        seen.push(key);
        if !on_loopback(yarn) {
            let daemon = match reader {
                Reader::Mapred => "the JobHistory server's web port serves",
                _ => "the ResourceManager's and NodeManagers' web ports serve",
            };
            judgement.expose(
                Exposure::new("http-policy-open", yarn.witness(&policy, "no TLS"))
                    .message(format!("{daemon} without TLS ({key})")),
            );
        }
    }
}

fn on_loopback(yarn: &Hadoop<'_>) -> bool {
    let address = yarn.read(Reader::Yarn, "yarn.resourcemanager.webapp.address");
    address.is_written()
        && ["127.0.0.1:", "localhost:", "[::1]:"]
            .iter()
            .any(|host| address.str().starts_with(host))
}
