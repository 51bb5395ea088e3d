//! Block transfer privacy: are block bytes encrypted on every DataNode port and pipeline?
//!
//! # What it proves
//! That the bytes of files cross the network encrypted, between clients and DataNodes and between DataNodes, whatever the
//! peer asks for.
//!
//! # Why it matters: the attack
//! Block transfer carries the data itself. A listener on any path between a client and a DataNode reads whole files.
//! The setting that should prevent it is ignored in the most common secured layout: a DataNode on a privileged port skips
//! the SASL handshake although `dfs.data.transfer.protection` says privacy.
//!
//! # How each depth is read
//! - declared and loaded: in the DataNode's own order. `dfs.encrypt.data.transfer` counts first; then a port below 1024
//!   means cleartext; then `dfs.data.transfer.protection`, whose weakest word counts. Exemptions by
//!   `dfs.trustedchannel.resolver.class` and QOP by address are judged beside them.
//! - observed: the reply to a 0xDEADBEEF start and to a plaintext read of an invented block.
//! - recorded: DataNode log lines.
//!
//! # How to fix
//! Set `dfs.data.transfer.protection` to `privacy` and move DataNodes off privileged ports (with `dfs.http.policy`
//! HTTPS_ONLY; clients must have the key before ports change), or set `dfs.encrypt.data.transfer` on NameNodes and DataNodes
//! together. Protection lists can be rolled: `authentication,privacy` first, then `privacy`.
//!
//! # References
//! - SaslDataTransferServer.receive, SaslDataTransferClient (2.7.7, 3.4.1); privileged port run on 3.3.6 and 3.4.1
//! - hdfs-default.xml, `dfs.encrypt.data.transfer`, `dfs.data.transfer.protection`, `dfs.trustedchannel.resolver.class`

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::secure_start::{Ports, StartForm, is_privileged, start_form};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Block transfer privacy",
    question: "Are block bytes encrypted on every DataNode port and pipeline?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "unprotected",
            severity: Severity::High,
            title: "neither dfs.encrypt.data.transfer nor dfs.data.transfer.protection is in effect: blocks travel in clear",
            remedy: "set dfs.data.transfer.protection to privacy, or dfs.encrypt.data.transfer to true, on NameNodes and DataNodes",
        },
        Cause {
            slug: "privileged-port-ignores-protection",
            severity: Severity::High,
            title: "the DataNode listens on a port below 1024 and therefore skips SASL: blocks travel in clear although dfs.data.transfer.protection is set",
            remedy: "move dfs.datanode.address to a port from 1024 on, or set dfs.encrypt.data.transfer to true",
        },
        Cause {
            slug: "weaker-qop-accepted",
            severity: Severity::High,
            title: "dfs.data.transfer.protection accepts a word weaker than privacy",
            remedy: "reduce dfs.data.transfer.protection to privacy, once every client offers it",
        },
        Cause {
            slug: "key-for-anyone",
            severity: Severity::High,
            title: "without Kerberos the NameNode hands the data encryption key to anybody",
            remedy: "enable Kerberos; dfs.encrypt.data.transfer protects nothing before",
        },
        Cause {
            slug: "trusted-channel",
            severity: Severity::High,
            title: "a trusted channel resolver exempts peers from encryption",
            remedy: "remove dfs.trustedchannel.resolver.class",
        },
        Cause {
            slug: "pipeline-downgrade",
            severity: Severity::Medium,
            title: "writes between DataNodes are given a weaker QOP than the client's",
            remedy: "remove dfs.encrypt.data.overwrite.downstream.derived.qop and its new.qop",
        },
        Cause {
            slug: "nodes-disagree",
            severity: Severity::High,
            title: "NameNode and DataNode differ on dfs.encrypt.data.transfer: the client obeys the one, the DataNode the other",
            remedy: "set dfs.encrypt.data.transfer alike on NameNodes and DataNodes and restart them together",
        },
        Cause {
            slug: "encrypt-without-block-tokens",
            severity: Severity::Medium,
            title: "block encryption without block tokens: the NameNode returns no key and reads fail",
            remedy: "set dfs.block.access.token.enable to true; do not switch the encryption off",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

const ENCRYPT: &str = "dfs.encrypt.data.transfer";
const PROTECTION: &str = "dfs.data.transfer.protection";
const BLOCK_TOKENS: &str = "dfs.block.access.token.enable";

/// Judges DataNodes, and configurations that may be a DataNode's.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::DataNode], "HDFS", datanode);
}

fn datanode(hdfs: &Hadoop<'_>) -> Claim {
    let encrypt = hdfs.flag(ENCRYPT, false);
    let kerberos = match hdfs.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    if encrypt.is_unknown() {
        return Claim::unproven(encrypt.why_unknown());
    }
    let mut judgement = Judgement::new();
    if encrypt.on {
        encrypted(hdfs, kerberos, &mut judgement);
    } else {
        unencrypted(hdfs, kerberos, &mut judgement);
    }
    disagreement(hdfs, encrypt.on, &mut judgement);
    let shown = if encrypt.on {
        encrypt.effective
    } else {
        hdfs.get(PROTECTION)
    };
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&shown, "in effect on this port"),
    ]))
}

/// `dfs.encrypt.data.transfer` is tried first, on any port.
fn encrypted(hdfs: &Hadoop<'_>, kerberos: bool, judgement: &mut Judgement) {
    let encrypt = hdfs.get(ENCRYPT);
    if !kerberos {
        let authentication = hdfs.get("hadoop.security.authentication");
        judgement.expose(
            Exposure::new(
                "key-for-anyone",
                hdfs.witness(&authentication, "anybody may ask for the key"),
            )
            .with(hdfs.witness(&encrypt, "protects against a passive listener at most"))
            .consequence_of("hdfs/authentication", "simple"),
        );
    }
    let tokens = hdfs.flag(BLOCK_TOKENS, false);
    if !tokens.on {
        judgement.expose(
            Exposure::new(
                "encrypt-without-block-tokens",
                hdfs.witness(&tokens.effective, "no block tokens, no data encryption key"),
            )
            .with(hdfs.witness(&encrypt, "needs block tokens")),
        );
    }
    exemptions(hdfs, judgement);
}

fn unencrypted(hdfs: &Hadoop<'_>, kerberos: bool, judgement: &mut Judgement) {
    let protection = hdfs.get(PROTECTION);
    let encrypt = hdfs.get(ENCRYPT);
    if !kerberos || !protection.is_set() {
        let label = if protection.is_set() {
            "has no effect without Kerberos"
        } else {
            "not set"
        };
        let mut exposure = Exposure::new("unprotected", hdfs.witness(&protection, label))
            .with(hdfs.witness(&encrypt, "not in effect"));
        if !kerberos {
            exposure = exposure.consequence_of("hdfs/authentication", "simple");
        }
        judgement.expose(exposure);
        return;
    }
    let ports = Ports::of(hdfs);
    if is_privileged(&ports.transfer) {
        // Under jsvc the releases before 3.0.3 refuse this layout: an outage that hdfs/datanode-trust reports.
        let refused = hdfs.release < Release(3, 0, 3) && start_form(hdfs) == StartForm::Jsvc;
        if !refused {
            judgement.expose(privileged(hdfs, &ports));
        }
        return;
    }
    let weaker: Vec<&str> = protection
        .items()
        .filter(|word| !word.eq_ignore_ascii_case("privacy"))
        .collect();
    if protection.unresolved {
        judgement.doubt(
            protection.why_unknown(),
            vec![hdfs.witness(&protection, "not resolved by these files")],
        );
    } else if let Some(word) = weaker.first() {
        judgement.expose(
            Exposure::new(
                "weaker-qop-accepted",
                hdfs.witness(&protection, "the weakest word counts"),
            )
            .message(format!(
                "a client that asks for {word} reads and writes blocks without encryption"
            )),
        );
    }
    exemptions(hdfs, judgement);
    resolver(hdfs, judgement);
}

fn privileged(hdfs: &Hadoop<'_>, ports: &Ports<'_>) -> Exposure {
    let outcome = match start_form(hdfs) {
        StartForm::Unknown if hdfs.release < Release(3, 0, 3) => {
            "started plainly, the DataNode skips SASL and blocks cross in clear; under jsvc it refuses to start"
        }
        _ => {
            "the DataNode skips the SASL handshake on privileged ports, so blocks cross in clear although the file says otherwise"
        }
    };
    let protection = hdfs.get(PROTECTION);
    let encrypt = hdfs.get(ENCRYPT);
    Exposure::new(
        "privileged-port-ignores-protection",
        hdfs.witness(&ports.transfer, "below 1024: no SASL here"),
    )
    .with(hdfs.witness(&protection, "ignored on this port"))
    .with(hdfs.witness(&encrypt, "would count on any port"))
    .message(outcome)
}

/// Peers that the resolver trusts are served in clear.
fn exemptions(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let resolver = hdfs.get("dfs.trustedchannel.resolver.class");
    let class = resolver.str().rsplit('.').next().unwrap_or_default();
    if !class.is_empty() && class != "TrustedChannelResolver" {
        judgement.expose(
            Exposure::new("trusted-channel", hdfs.witness(&resolver, "decides who needs no encryption"))
                .message("peers that this class trusts read and write blocks in clear; an empty black list trusts everybody"),
        );
    }
    let derived = hdfs.flag("dfs.encrypt.data.overwrite.downstream.derived.qop", false);
    let new = hdfs.get("dfs.encrypt.data.overwrite.downstream.new.qop");
    let known = hdfs.release >= Release(3, 2, 0) || hdfs.release.line() == (2, 10);
    if known && derived.on && new.is_set() && !new.is("auth-conf") {
        judgement.expose(
            Exposure::new(
                "pipeline-downgrade",
                hdfs.witness(&new, "the QOP between DataNodes"),
            )
            .with(hdfs.witness(&derived.effective, "puts it into effect")),
        );
    }
}

/// A class that chooses the QOP by address may answer anything.
fn resolver(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let own = hdfs.get("dfs.data.transfer.saslproperties.resolver.class");
    let resolver = if own.is_set() {
        own
    } else {
        hdfs.get("hadoop.security.saslproperties.resolver.class")
    };
    let class = resolver.str().rsplit('.').next().unwrap_or_default();
    if !class.is_empty() && class != "SaslPropertiesResolver" {
        judgement.doubt(
            format!("{class} chooses the QOP of block transfers by peer, and what it answers is not in these files"),
            vec![hdfs.witness(&resolver, "decides per peer")],
        );
    }
}

/// The client learns the NameNode's value, the DataNode obeys its own. A client's file is read by nobody.
fn disagreement(hdfs: &Hadoop<'_>, on: bool, judgement: &mut Judgement) {
    if !hdfs.configuration.roles_known {
        return;
    }
    let own = hdfs.get(ENCRYPT);
    let namenode = hdfs
        .peers()
        .filter(|peer| peer.configuration.roles_known && peer.has(Role::NameNode))
        .find_map(|peer| {
            let flag = peer.flag(ENCRYPT, false);
            (!flag.is_unknown() && flag.on != on).then(|| {
                peer.witness(
                    &flag.effective,
                    format!("{} tells clients otherwise", peer.configuration.name),
                )
            })
        });
    if let Some(namenode) = namenode {
        judgement.expose(
            Exposure::new(
                "nodes-disagree",
                hdfs.witness(&own, "what this DataNode obeys"),
            )
            .with(namenode),
        );
    }
}
