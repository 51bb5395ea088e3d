//! HTTP privacy: do the daemons' HTTP ports answer only over TLS?
//!
//! # What it proves
//! That NameNode, DataNode, JournalNode and SecondaryNameNode serve WebHDFS, consoles, images and edits over HTTPS only.
//!
//! # Why it matters: the attack
//! WebHDFS carries file contents and delegation tokens, `/imagetransfer` the whole namespace with the token master keys,
//! `/getJournal` every change. Over http a listener on the path reads them all.
//!
//! # How each depth is read
//! - declared and loaded: `dfs.http.policy`. The switches `hadoop.ssl.enabled` and `dfs.https.enable` are honoured by no
//!   release from 2.7 on. Listeners bound to 127.0.0.1 are silent.
//! - observed: an http GET and a TLS hello per port.
//! - recorded: the scheme in access logs.
//!
//! # How to fix
//! `HTTP_ONLY` to `HTTP_AND_HTTPS`, move clients to swebhdfs and https, then `HTTPS_ONLY`. Early HTTPS_ONLY breaks
//! checkpoints and edit transfer between nodes that do not serve it yet.
//!
//! # References
//! - hdfs-default.xml, `dfs.http.policy`; DFSUtil.getHttpPolicy (2.7.7, 3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "HDFS HTTP privacy",
    question: "Do the daemons' HTTP ports answer only over TLS?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "http-only",
            severity: Severity::High,
            title: "dfs.http.policy is HTTP_ONLY: WebHDFS and consoles travel in clear",
            remedy: "set dfs.http.policy to HTTP_AND_HTTPS, move clients, then to HTTPS_ONLY",
        },
        Cause {
            slug: "http-still-open",
            severity: Severity::High,
            title: "dfs.http.policy is HTTP_AND_HTTPS: the http ports still answer",
            remedy: "set dfs.http.policy to HTTPS_ONLY, once every client uses https",
        },
        Cause {
            slug: "legacy-switch",
            severity: Severity::Medium,
            title: "the configuration relies on a switch that no release from 2.7 on honours",
            remedy: "set dfs.http.policy; remove hadoop.ssl.enabled and dfs.https.enable",
        },
        Cause {
            slug: "journal-over-http",
            severity: Severity::High,
            title: "edits and images move between nodes over http",
            remedy: "set dfs.http.policy to HTTPS_ONLY on NameNodes and JournalNodes together",
        },
        Cause {
            slug: "invalid-policy",
            severity: Severity::Medium,
            title: "dfs.http.policy holds a word Hadoop does not know, so daemons will not start",
            remedy: "write HTTPS_ONLY",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

const POLICY: &str = "dfs.http.policy";

/// The http listeners that the policy opens, by role.
const LISTENERS: [(Role, &str); 4] = [
    (Role::NameNode, "dfs.namenode.http-address"),
    (Role::DataNode, "dfs.datanode.http.address"),
    (Role::JournalNode, "dfs.journalnode.http-address"),
    (
        Role::SecondaryNameNode,
        "dfs.namenode.secondary.http-address",
    ),
];

/// Judges the daemons with a web port.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let servers = [
        Role::NameNode,
        Role::DataNode,
        Role::JournalNode,
        Role::SecondaryNameNode,
    ];
    each_hadoop(estate, claims, &servers, "HDFS", server);
}

fn server(hdfs: &Hadoop<'_>) -> Claim {
    let policy = hdfs.get(POLICY);
    if policy.is_doubtful() {
        return Claim::unproven(policy.why_unknown());
    }
    if policy.is("HTTPS_ONLY") {
        return Claim::Protected(vec![hdfs.witness(&policy, "no http listener")]);
    }
    if !policy.is("HTTP_ONLY") && !policy.is("HTTP_AND_HTTPS") {
        let exposure = Exposure::new(
            "invalid-policy",
            hdfs.witness(&policy, "not one of HTTP_ONLY, HTTPS_ONLY, HTTP_AND_HTTPS"),
        );
        return Claim::Exposed(vec![exposure]);
    }
    if all_on_loopback(hdfs) {
        return Claim::not_applicable("every http listener is bound to the loopback interface");
    }
    let mut judgement = Judgement::new();
    let cause = if policy.is("HTTP_ONLY") {
        "http-only"
    } else {
        "http-still-open"
    };
    let label = if policy.is("HTTP_ONLY") {
        "no TLS at all"
    } else {
        "TLS is offered, not required"
    };
    let journal =
        hdfs.has(Role::JournalNode) && hdfs.configuration.roles_known && !hdfs.has(Role::NameNode);
    judgement.expose(Exposure::new(
        if journal { "journal-over-http" } else { cause },
        hdfs.witness(&policy, label),
    ));
    legacy_switches(hdfs, &mut judgement);
    judgement.otherwise(Claim::Protected(Vec::new()))
}

/// Somebody meant to switch TLS on, with a key that is dead.
fn legacy_switches(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    for key in ["hadoop.ssl.enabled", "dfs.https.enable"] {
        let switch = hdfs.flag(key, false);
        if switch.on && switch.effective.is_written() {
            judgement.expose(
                Exposure::new(
                    "legacy-switch",
                    hdfs.witness(&switch.effective, "read by no release from 2.7 on"),
                )
                .with(hdfs.witness(&hdfs.get(POLICY), "what counts")),
            );
        }
    }
}

fn all_on_loopback(hdfs: &Hadoop<'_>) -> bool {
    let mut held = LISTENERS
        .iter()
        .filter(|(role, _)| hdfs.has(*role))
        .peekable();
    held.peek().is_some()
        && held.all(|(_, key)| {
            let address = hdfs.get(key);
            let host = address
                .str()
                .rsplit_once(':')
                .map_or(address.str(), |(host, _)| host);
            address.is_written() && matches!(host, "127.0.0.1" | "localhost" | "::1" | "[::1]")
        })
}
