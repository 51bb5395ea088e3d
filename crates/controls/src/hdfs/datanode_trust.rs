//! DataNode trust: can a DataNode be trusted to check who reads a block?
//!
//! # What it proves
//! That a DataNode demands a block token, and that it runs only in a form in which clients can trust it: on privileged
//! ports, or with SASL and HTTPS.
//!
//! # Why it matters: the attack
//! Permissions live on the NameNode. A DataNode without block tokens gives any block to whoever asks for its number.
//! `ignore.secure.ports.for.testing` lets a Kerberos DataNode run with neither privileged ports nor SASL: plain block
//! traffic on an open port, and any user of the host can put up a DataNode of their own.
//!
//! # How each depth is read
//! - declared and loaded: `dfs.block.access.token.enable`; the undocumented testing key; and the release's own rule for
//!   secure DataNodes, from ports, `dfs.data.transfer.protection`, `dfs.http.policy` and the start form.
//! - observed: the reply to a read of an invented block.
//! - recorded: the DataNode's start log.
//!
//! # How to fix
//! Remove the testing key only once the secure-start rule holds without it. Block tokens are switched on together with
//! Kerberos, in one restart.
//!
//! # References
//! - DataNode.checkSecureConfig, NameNode and DataNode start-up checks (2.7.7, 2.10.1, 3.4.1); refusals run on 3.4.1

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::secure_start::{Ports, SecureStart, secure_start};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "DataNode trust",
    question: "Can a DataNode be trusted to check who reads a block?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "testing-bypass",
            severity: Severity::Critical,
            title: "ignore.secure.ports.for.testing lets the DataNode serve plain block traffic on an open port",
            remedy: "satisfy the secure DataNode rule (dfs.data.transfer.protection with HTTPS_ONLY, or jsvc), then remove the key",
        },
        Cause {
            slug: "block-tokens-off",
            severity: Severity::High,
            title: "block access tokens are off",
            remedy: "set dfs.block.access.token.enable to true on NameNodes and DataNodes",
        },
        Cause {
            slug: "secure-start-unmet",
            severity: Severity::Medium,
            title: "the DataNode meets no form of its release's rule for secure start, so it will not start",
            remedy: "set dfs.data.transfer.protection and dfs.http.policy HTTPS_ONLY, or run under jsvc with privileged ports",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Isolation,
    since: "0.1.0",
};

const TESTING: &str = "ignore.secure.ports.for.testing";
const BLOCK_TOKENS: &str = "dfs.block.access.token.enable";

/// Judges NameNodes (tokens) and DataNodes.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::DataNode, Role::NameNode],
        "HDFS",
        node,
    );
}

fn node(hdfs: &Hadoop<'_>) -> Claim {
    let tokens = hdfs.flag(BLOCK_TOKENS, false);
    let kerberos = match hdfs.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    if tokens.is_unknown() {
        return Claim::unproven(tokens.why_unknown());
    }
    let mut judgement = Judgement::new();
    if !tokens.on {
        let exposure = Exposure::new(
            "block-tokens-off",
            hdfs.witness(&tokens.effective, "no block tokens"),
        );
        judgement.expose(if kerberos {
            exposure.message("NameNode and DataNode refuse to start: security is on, but block access tokens are not")
        } else {
            exposure
                .message("any caller reads any block by its number, whatever the file's permissions say")
                .consequence_of("hdfs/authentication", "simple")
        });
    }
    if kerberos && hdfs.has(Role::DataNode) {
        start(hdfs, &mut judgement);
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&tokens.effective, "a token is asked for every block"),
    ]))
}

fn start(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let testing = hdfs.flag(TESTING, false);
    let policy = hdfs.get("dfs.http.policy");
    let protection = hdfs.get("dfs.data.transfer.protection");
    let ports = Ports::of(hdfs);
    let evidence = [
        hdfs.witness(&ports.transfer, "the port it would be allowed on"),
        hdfs.witness(&protection, "asked for on ordinary ports"),
        hdfs.witness(&policy, "HTTPS_ONLY is asked for on ordinary ports"),
    ];
    match (testing.on, secure_start(hdfs)) {
        (true, SecureStart::Met) => judgement.expose(
            Exposure::new("testing-bypass", hdfs.witness(&testing.effective, "waits for the next mistake"))
                .severity(Severity::Low)
                .message("the secure-start rule holds without the key today; the key hides the day it no longer does"),
        ),
        (true, _) => judgement.expose(
            Exposure::new("testing-bypass", hdfs.witness(&testing.effective, "switches the check off")).with_all(evidence),
        ),
        // Only where something says that this is a DataNode: a shared directory may belong to other roles.
        (false, SecureStart::Unmet) if hdfs.configuration.roles_known => judgement.expose(
            Exposure::new("secure-start-unmet", hdfs.witness(&policy, "no accepted form with this")).with_all(evidence.into_iter().take(2)),
        ),
        (false, SecureStart::DependsOnStart) if hdfs.configuration.roles_known => judgement.doubt(
            "whether the DataNode starts depends on jsvc, and no hadoop-env.sh of this node was read",
            evidence.into(),
        ),
        (false, _) => {}
    }
}
