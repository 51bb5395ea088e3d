//! Common quality of protection: do client and server share a QOP, without lowering either?
//!
//! # What it proves
//! That every node and client of a cluster can agree with its servers on how RPC, block transfer and Spark's connections are
//! protected, as each side is configured now.
//!
//! # Why it matters: the attack
//! Two sides without a common QOP cannot talk. That is an outage, and the usual cure is to lower the server until the client
//! fits: from then on every client may ask for cleartext, and whoever listens reads tokens and blocks.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.rpc.protection` of each node and client against that of its NameNodes,
//!   `dfs.data.transfer.protection` of clients against DataNodes, where Kerberos is on at both ends; the network encryption
//!   of Spark applications on YARN against the shuffle service in their yarn-site. `saslFallback` that merely differs breaks
//!   nothing.
//! - observed: the QOP list that a server offers, against the client's file.
//! - recorded: "No common protection layer" lines.
//!
//! # How to fix
//! Raise the weaker side. Give it the stronger word beside its own first, restart it, then drop the weaker one. Never lower
//! the stronger side.
//!
//! # References
//! - SaslRpcServer.QualityOfProtection, SaslPropertiesResolver (3.4.1); SaslDataTransferServer (2.7.7, 3.4.1)
//! - AuthEngine, TransportConf (3.5.1, 4.1.1); YarnShuffleService

use crate::judging::hadoop_claim;
use crate::judging_keys::same;
use crate::shuffle_service;
use model::{Cause, Claim, Claims, Estate, Exposure, Family, Meta, Safety, Severity, Stage};
use settings::Effective;
use settings::hadoop::secure_start::{Ports, is_privileged};
use settings::hadoop::{Configuration, Hadoop, Role};
use settings::spark::Deployment;

/// What this control is.
pub const META: Meta = Meta {
    title: "Common quality of protection",
    question: "Do client and server share a QOP, without lowering either?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "rpc-no-overlap",
            severity: Severity::Medium,
            title: "hadoop.rpc.protection of the two sides has no word in common, so they cannot talk",
            remedy: "raise the weaker side to privacy; do not lower the other",
        },
        Cause {
            slug: "block-no-overlap",
            severity: Severity::Medium,
            title: "dfs.data.transfer.protection of client and DataNode has no word in common, so blocks cannot be read",
            remedy: "raise the weaker side to privacy; do not lower the other",
        },
        Cause {
            slug: "spark-no-overlap",
            severity: Severity::Medium,
            title: "the application and its shuffle service do not agree on network encryption",
            remedy: "give the weaker side the settings of the stronger one",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

const RPC: &str = "hadoop.rpc.protection";
const BLOCKS: &str = "dfs.data.transfer.protection";
const WORDS: [&str; 3] = ["authentication", "integrity", "privacy"];

/// Who opens connections to a NameNode; a KMS does not.
const CALLERS: [Role; 11] = [
    Role::DataNode,
    Role::JournalNode,
    Role::SecondaryNameNode,
    Role::Router,
    Role::FailoverController,
    Role::NfsGateway,
    Role::HttpFs,
    Role::ResourceManager,
    Role::NodeManager,
    Role::JobHistory,
    Role::Client,
];

/// Judges every member of a cluster against its servers, and Spark applications against their shuffle service.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for configuration in estate.all::<Configuration>() {
        if configuration.cluster.is_some() && configuration.roles.has_any(&CALLERS) {
            let claim = hadoop_claim(estate, configuration, member);
            claims.state(configuration.subject("HDFS"), claim);
        }
    }
    for deployment in estate.all::<Deployment>() {
        if let Some(claim) = shuffle_service::agreement(estate, deployment) {
            claims.state(deployment.subject(), claim);
        }
    }
}

fn member(own: &Hadoop<'_>) -> Claim {
    match own.kerberos() {
        Err(reason) => return Claim::unproven(reason),
        Ok(false) => {
            return Claim::not_applicable("without Kerberos there is no QOP to agree on");
        }
        Ok(true) => {}
    }
    let mut found: Vec<Exposure> = Vec::new();
    let mut compared = false;
    for peer in own.peers().filter(|peer| peer.kerberos() == Ok(true)) {
        if is_server(&peer, Role::NameNode) && !is_server(own, Role::NameNode) {
            compared = true;
            if resolvers(own, &peer) {
                continue;
            }
            expose_once(&mut found, disjoint(own, &peer, RPC, "rpc-no-overlap"));
        }
        if is_server(&peer, Role::DataNode) && !is_server(own, Role::DataNode) && reads_blocks(own)
        {
            compared = true;
            if by_list(own) && by_list(&peer) {
                expose_once(&mut found, disjoint(own, &peer, BLOCKS, "block-no-overlap"));
            }
        }
    }
    if !found.is_empty() {
        return Claim::Exposed(found);
    }
    if !compared {
        return Claim::not_applicable("no server that it talks to was read");
    }
    let shown = own.get(RPC);
    Claim::Protected(vec![own.witness(&shown, "shared with its servers")])
}

/// Whether the configuration is certainly that of a server.
fn is_server(hadoop: &Hadoop<'_>, role: Role) -> bool {
    hadoop.configuration.roles_known && hadoop.has(role)
}

/// Gateways and clients read blocks; a NameNode or JournalNode does not.
fn reads_blocks(hadoop: &Hadoop<'_>) -> bool {
    [Role::Client, Role::HttpFs, Role::NfsGateway]
        .into_iter()
        .any(|role| is_server(hadoop, role))
}

/// Whether one side gives single addresses or ports another QOP than its list.
fn resolvers(own: &Hadoop<'_>, peer: &Hadoop<'_>) -> bool {
    let has = |hadoop: &Hadoop<'_>| {
        hadoop
            .get("hadoop.security.saslproperties.resolver.class")
            .is_set()
    };
    has(own) || has(peer)
}

/// Whether block transfer goes by the list alone: not by `dfs.encrypt.data.transfer`, a privileged port or a resolver.
fn by_list(hadoop: &Hadoop<'_>) -> bool {
    let privileged = hadoop.has(Role::DataNode) && is_privileged(&Ports::of(hadoop).transfer);
    let resolver = [
        "dfs.data.transfer.saslproperties.resolver.class",
        "hadoop.security.saslproperties.resolver.class",
        "dfs.trustedchannel.resolver.class",
    ]
    .into_iter()
    .any(|key| hadoop.get(key).is_set());
    !hadoop.flag("dfs.encrypt.data.transfer", false).on && !privileged && !resolver
}

/// The two sides' lists, if they share no word; the weaker side is the one to raise.
fn disjoint(
    own: &Hadoop<'_>,
    peer: &Hadoop<'_>,
    key: &'static str,
    cause: &'static str,
) -> Option<Exposure> {
    let (mine, theirs) = (own.get(key), peer.get(key));
    let (left, right) = (words(&mine)?, words(&theirs)?);
    if left.iter().any(|word| right.contains(word)) {
        return None;
    }
    let best = |words: &[usize]| words.iter().copied().max();
    let raise_peer = best(&left) > best(&right);
    let (weak, strong, weak_at, strong_at) = if raise_peer {
        (&theirs, &mine, peer, own)
    } else {
        (&mine, &theirs, own, peer)
    };
    Some(
        Exposure::new(cause, weak_at.witness(weak, "the side to raise"))
            .message(format!(
                "{} and {} share no word of {key}, so they cannot talk; raise the weaker side",
                own.configuration.name, peer.configuration.name
            ))
            .remedy(format!(
                "set {key} of {} to what {} asks for; do not lower the other side",
                weak_at.configuration.name, strong_at.configuration.name
            ))
            .with(strong_at.witness(strong, "the other side")),
    )
}

/// The words of a list by strength; `None` if it is empty, unknown, or holds what cannot be judged.
fn words(effective: &Effective<'_>) -> Option<Vec<usize>> {
    if effective.is_doubtful() {
        return None;
    }
    let of = |word: &str| {
        WORDS
            .iter()
            .position(|known| known.eq_ignore_ascii_case(word))
    };
    let words: Option<Vec<usize>> = effective.items().map(of).collect();
    words.filter(|words| !words.is_empty())
}

/// Several peers with the same list give one exposure.
fn expose_once(found: &mut Vec<Exposure>, exposure: Option<Exposure>) {
    found.extend(exposure.filter(|new| !found.iter().any(|known| same(known, new))));
}
