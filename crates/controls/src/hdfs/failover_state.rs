//! Failover state: can a stranger steer failover or read edits?
//!
//! # What it proves
//! That the election nodes in ZooKeeper and the edits of the JournalNodes are closed to strangers.
//!
//! # Why it matters: the attack
//! With the default list `world:anyone:rwcda` whoever reaches ZooKeeper deletes the election lock and forces a failover at
//! will, or keeps both NameNodes standby. A JournalNode without authentication hands out every change of the namespace.
//!
//! # How each depth is read
//! - declared and loaded: `ha.zookeeper.acl`, `ha.zookeeper.auth` and TLS to ZooKeeper, where automatic failover is on;
//!   the JournalNode's web type.
//! - observed: an unauthenticated getACL on the election node.
//! - recorded: ZooKeeper's log.
//!
//! # How to fix
//! Give `ha.zookeeper.acl` the daemons' own identity (`sasl:hdfs:rwcda`, or `@/path` with a digest) and let the operator
//! re-create the election node. Keep `ha.zookeeper.auth` in a file: `@/path`.
//!
//! # References
//! - core-default.xml, `ha.zookeeper.acl`; ZKFailoverController, GetJournalEditServlet (3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Failover state",
    question: "Can a stranger steer failover or read edits?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "zookeeper-open",
            severity: Severity::High,
            title: "the election nodes in ZooKeeper are open to everybody",
            remedy: "set ha.zookeeper.acl to the daemons' identity and re-create the election node",
        },
        Cause {
            slug: "zookeeper-auth-literal",
            severity: Severity::High,
            title: "the password for ZooKeeper stands in the configuration",
            remedy: "move it to a file of mode 0400 and write ha.zookeeper.auth as @/path; then change it",
        },
        Cause {
            slug: "zookeeper-cleartext",
            severity: Severity::Medium,
            title: "the failover controllers talk to ZooKeeper without TLS",
            remedy: "set dfs.ha.zkfc.client.ssl.enabled to true",
        },
        Cause {
            slug: "journal-open",
            severity: Severity::Critical,
            title: "the JournalNode serves edits to anybody",
            remedy: "enable Kerberos and hadoop.http.authentication.type kerberos on JournalNodes",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Rest,
    since: "0.1.0",
};

const FAILOVER: &str = "dfs.ha.automatic-failover.enabled";

/// Judges NameNodes (whose failover controllers read the same files) and JournalNodes.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::NameNode, Role::JournalNode],
        "HDFS",
        node,
    );
}

fn node(hdfs: &Hadoop<'_>) -> Claim {
    let failover = hdfs.flag(FAILOVER, false);
    if let Err(reason) = hdfs.kerberos() {
        return Claim::unproven(reason);
    }
    if failover.is_unknown() {
        return Claim::unproven(failover.why_unknown());
    }
    let mut judgement = Judgement::new();
    let has_failover = hdfs.has(Role::NameNode) && enabled(hdfs);
    if has_failover {
        zookeeper(hdfs, &mut judgement);
    }
    let has_journal = hdfs.has(Role::JournalNode);
    if has_journal {
        journal(hdfs, &mut judgement);
    }
    if judgement.is_silent() && !has_failover && !has_journal {
        return Claim::not_applicable(
            "component not present: no automatic failover and no JournalNode",
        );
    }
    judgement.otherwise(Claim::Protected(Vec::new()))
}

/// On for the cluster, or for one nameservice (`dfs.ha.automatic-failover.enabled.<nameservice>`).
fn enabled(hdfs: &Hadoop<'_>) -> bool {
    let nameservices = hdfs.get("dfs.nameservices");
    hdfs.flag(FAILOVER, false).on
        || nameservices.items().any(|nameservice| {
            let key = format!("{FAILOVER}.{nameservice}");
            hdfs.flag(&key, false).on
        })
}

fn zookeeper(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let acl = hdfs.get("ha.zookeeper.acl");
    let failover = hdfs.flag(FAILOVER, false);
    // "@/path" keeps the list in a file that was not read.
    if acl.items().any(|entry| {
        entry.starts_with("world:anyone:") && entry != "world:anyone:r" && entry != "world:anyone:"
    }) {
        judgement.expose(
            Exposure::new(
                "zookeeper-open",
                hdfs.witness(&acl, "everybody may delete the election lock"),
            )
            .with(hdfs.witness(&failover.effective, "automatic failover is on")),
        );
    }
    let auth = hdfs.get("ha.zookeeper.auth");
    if auth.is_set() && auth.items().any(|entry| !entry.starts_with('@')) && !auth.unresolved {
        judgement.expose(Exposure::new(
            "zookeeper-auth-literal",
            hdfs.witness(&auth, "a literal password"),
        ));
    }
    let tls = hdfs.flag("dfs.ha.zkfc.client.ssl.enabled", false);
    if hdfs.release >= Release(3, 4, 0) && !tls.on {
        judgement.expose(Exposure::new(
            "zookeeper-cleartext",
            hdfs.witness(&tls.effective, "no TLS"),
        ));
    }
}

fn journal(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let authentication = hdfs.get("hadoop.security.authentication");
    if hdfs.kerberos() == Ok(false) {
        judgement.expose(
            Exposure::new(
                "journal-open",
                hdfs.witness(&authentication, "callers name themselves"),
            )
            .consequence_of("hdfs/authentication", "simple"),
        );
        return;
    }
    let web_type = hdfs.get("hadoop.http.authentication.type");
    if hdfs.release >= Release(3, 3, 0) && web_type.is("simple") {
        judgement.expose(
            Exposure::new(
                "journal-open",
                hdfs.witness(&web_type, "the caller's name is believed"),
            )
            .consequence_of("hdfs/gateways", "web-type-simple"),
        );
    }
}
