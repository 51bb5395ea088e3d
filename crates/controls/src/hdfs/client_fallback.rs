//! Client fallback: does a client refuse to be talked down to no authentication?
//!
//! # What it proves
//! That a client which has Kerberos keeps it when a server claims not to have it.
//!
//! # Why it matters: the attack
//! With `ipc.client.fallback-to-simple-auth-allowed` the client accepts any server that answers "simple". An impostor on
//! the path needs no key: it answers so, reads the user name and every call, hands out its own data, and the client's
//! block transfers skip SASL as well.
//!
//! # How each depth is read
//! - declared and loaded: the client's own `ipc.client.fallback-to-simple-auth-allowed` and
//!   `hadoop.security.authentication`, compared with the servers of the same cluster.
//! - observed: nothing a probe could ask a client.
//! - recorded: SIMPLE attempts in the servers' logs.
//!
//! # How to fix
//! Remove the key, or set it to false, once the servers are on Kerberos. Until then it is the migration switch.
//!
//! # References
//! - core-default.xml, `ipc.client.fallback-to-simple-auth-allowed`; Client.setupIOstreams and SaslDataTransferClient (3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Client fallback to simple authentication",
    question: "Does a client refuse to be talked down to no authentication?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "fallback-allowed",
            severity: Severity::High,
            title: "the client accepts a server without SASL, and its block transfers skip SASL too",
            remedy: "remove ipc.client.fallback-to-simple-auth-allowed, once every server uses Kerberos",
        },
        Cause {
            slug: "client-simple",
            severity: Severity::Medium,
            title: "the client does not authenticate although its servers require Kerberos",
            remedy: "set hadoop.security.authentication to kerberos at the client",
        },
    ],
    safety: Safety::Safe,
    family: Family::Authentication,
    since: "0.1.0",
};

const AUTHENTICATION: &str = "hadoop.security.authentication";

/// Judges every configuration that clients load; daemons are clients of each other.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let clients = [
        Role::Client,
        Role::NameNode,
        Role::DataNode,
        Role::ResourceManager,
        Role::NodeManager,
        Role::HttpFs,
    ];
    each_hadoop(estate, claims, &clients, "HDFS client", client);
}

fn client(hdfs: &Hadoop<'_>) -> Claim {
    let fallback = hdfs.flag("ipc.client.fallback-to-simple-auth-allowed", false);
    if fallback.is_unknown() {
        return Claim::unproven(fallback.why_unknown());
    }
    let authentication = hdfs.get(AUTHENTICATION);
    let mut judgement = Judgement::new();
    if fallback.on {
        judgement.expose(
            Exposure::new(
                "fallback-allowed",
                hdfs.witness(&fallback.effective, "accepts a server without Kerberos"),
            )
            .with(hdfs.witness(&authentication, "what the client would otherwise use")),
        );
    }
    if let Some(exposure) = simple_beside_kerberos(hdfs) {
        judgement.expose(exposure);
    }
    if judgement.is_silent() && !authentication.is("kerberos") {
        return Claim::not_applicable("the client has no Kerberos to fall back from");
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&fallback.effective, "a server without Kerberos is refused"),
    ]))
}

fn simple_beside_kerberos(hdfs: &Hadoop<'_>) -> Option<Exposure> {
    let authentication = hdfs.get(AUTHENTICATION);
    let is_only_client =
        hdfs.has(Role::Client) && !hdfs.has(Role::NameNode) && !hdfs.has(Role::DataNode);
    if authentication.is("kerberos") || authentication.unresolved || !is_only_client {
        return None;
    }
    let server = hdfs
        .peers()
        .find(|peer| peer.has(Role::NameNode) && peer.kerberos() == Ok(true))?;
    let required = server.get(AUTHENTICATION);
    Some(
        Exposure::new(
            "client-simple",
            hdfs.witness(&authentication, "the client names itself"),
        )
        .with(server.witness(
            &required,
            format!("{} requires Kerberos", server.configuration.name),
        ))
        .message("a good server refuses this client; an impostor is accepted by it"),
    )
}
