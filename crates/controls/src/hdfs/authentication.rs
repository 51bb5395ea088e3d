//! HDFS authentication: must every caller prove who it is?
//!
//! # What it proves
//! That the daemons of HDFS ask for Kerberos tickets or tokens made from them, on every node of the cluster.
//!
//! # Why it matters: the attack
//! Under `simple` authentication the client names itself. Anybody who reaches port 8020 sets `HADOOP_USER_NAME=hdfs` and is
//! the superuser: every file, every permission, every delegation token. In January 2017 thousands of open clusters were
//! wiped this way.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.security.authentication` of every node; the principal and keytab keys that a daemon
//!   cannot start or serve without.
//! - observed: the methods in the reply to a SASL NEGOTIATE, without credentials.
//! - recorded: the `(auth:...)` method in hdfs-audit lines.
//!
//! # How to fix
//! There is no mixed mode: it is an outage. KDC, DNS and clocks first, principals and keytabs on every node, then one edit
//! that holds `hadoop.security.authentication`, `hadoop.security.authorization`, `dfs.block.access.token.enable` and a
//! satisfied rule for secure DataNodes, then a restart of everything.
//!
//! # References
//! - core-default.xml, `hadoop.security.authentication`; SecurityUtil.login and UserGroupInformation (3.4.1)
//! - Hadoop in Secure Mode

use crate::judging::{HDFS_SERVERS, each_hadoop};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "HDFS authentication",
    question: "Must every caller prove who it is?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "simple",
            severity: Severity::Critical,
            title: "any client names itself, also as the superuser",
            remedy: "enable Kerberos on all nodes in one step: authentication, authorization, block tokens and the secure DataNode rule",
        },
        Cause {
            slug: "nodes-disagree",
            severity: Severity::High,
            title: "nodes of one cluster differ in hadoop.security.authentication",
            remedy: "give every node of the cluster the same value, kerberos",
        },
        Cause {
            slug: "login-incomplete",
            severity: Severity::Medium,
            title: "a daemon's principal or keytab key is missing, so it will not start",
            remedy: "set the daemon's principal and keytab; never fall back to simple authentication",
        },
        Cause {
            slug: "principal-without-host",
            severity: Severity::Medium,
            title: "a daemon's principal has no host part, so every Kerberos connection to it fails",
            remedy: "write the principal as service/_HOST@REALM",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

const AUTHENTICATION: &str = "hadoop.security.authentication";

/// The keys by which a daemon logs in.
const LOGINS: [(Role, &str, &str); 4] = [
    (
        Role::NameNode,
        "dfs.namenode.kerberos.principal",
        "dfs.namenode.keytab.file",
    ),
    (
        Role::DataNode,
        "dfs.datanode.kerberos.principal",
        "dfs.datanode.keytab.file",
    ),
    (
        Role::JournalNode,
        "dfs.journalnode.kerberos.principal",
        "dfs.journalnode.keytab.file",
    ),
    (
        Role::Router,
        "dfs.federation.router.kerberos.principal",
        "dfs.federation.router.keytab.file",
    ),
];

/// Judges the servers of HDFS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &HDFS_SERVERS, "HDFS", server);
}

fn server(hdfs: &Hadoop<'_>) -> Claim {
    let authentication = hdfs.get(AUTHENTICATION);
    let mut judgement = Judgement::new();
    match hdfs.kerberos() {
        Ok(true) => login(hdfs, &mut judgement),
        Ok(false) => judgement.expose(without_kerberos(hdfs)),
        Err(reason) => return Claim::unproven(reason),
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&authentication, "Kerberos is asked for"),
    ]))
}

/// One open node of a Kerberos cluster is another mistake than an open cluster.
fn without_kerberos(hdfs: &Hadoop<'_>) -> Exposure {
    let authentication = hdfs.get(AUTHENTICATION);
    let secured = hdfs
        .peers()
        .filter(|peer| peer.configuration.roles_known && !peer.has(Role::Client))
        .find_map(|peer| {
            let theirs = peer.get(AUTHENTICATION);
            theirs.is("kerberos").then(|| {
                peer.witness(
                    &theirs,
                    format!("{} uses Kerberos", peer.configuration.name),
                )
            })
        });
    match secured {
        Some(peer) => Exposure::new("nodes-disagree", hdfs.witness(&authentication, "this node does not ask for Kerberos")).with(peer),
        None => Exposure::new("simple", hdfs.witness(&authentication, "callers name themselves"))
            .message("whoever reaches an RPC port names itself, also as the superuser, and reads, writes and deletes everything"),
    }
}

fn login(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    // Which daemons a directory serves is only sure when something says so.
    if !hdfs.configuration.roles_known {
        return;
    }
    for (role, principal, keytab) in LOGINS.iter().filter(|(role, ..)| hdfs.has(*role)) {
        let (principal, keytab) = (hdfs.get(principal), hdfs.get(keytab));
        if principal.is_unknown() || keytab.is_unknown() {
            continue;
        }
        // With one key set the operator meant to configure this daemon here; with neither it may live elsewhere.
        for (missing, other) in [(&principal, &keytab), (&keytab, &principal)] {
            if !missing.is_set() && other.is_set() {
                judgement.expose(
                    Exposure::new("login-incomplete", hdfs.witness(missing, "not set"))
                        .with(hdfs.witness(other, "set alone it is not enough"))
                        .message(format!(
                            "the {} has {} but not {}: it will not start",
                            role.as_str(),
                            other.key,
                            missing.key
                        )),
                );
            }
        }
        if principal.is_set() && !principal.unresolved && !has_host(principal.str()) {
            judgement.expose(
                Exposure::new("principal-without-host", hdfs.witness(&principal, "no host part"))
                    .message(format!("the {} starts, then clients refuse its principal: it does not have the expected host name part", role.as_str())),
            );
        }
    }
}

/// `service/host@REALM`; `_HOST` counts as a host (`SecurityUtil.getServerPrincipal`).
fn has_host(principal: &str) -> bool {
    let name = principal.split('@').next().unwrap_or_default();
    name.split_once('/')
        .is_some_and(|(_, host)| !host.is_empty())
}
