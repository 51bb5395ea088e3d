//! Block transfer cipher: is bulk block data under AES rather than 3DES or RC4?
//!
//! # What it proves
//! That encrypted block transfers use AES. Without `dfs.encrypt.data.transfer.cipher.suites` on both sides DIGEST-MD5
//! wraps the data itself, in 3DES or RC4.
//!
//! # Why it matters: the attack
//! RC4 is broken and 3DES has a 64-bit block: recorded traffic of a large cluster holds enough blocks for collisions. It is
//! also a hundred times slower than AES with hardware support, which is the usual reason why encryption is switched off
//! again.
//!
//! # How each depth is read
//! - declared and loaded: `dfs.encrypt.data.transfer.cipher.suites` and `...algorithm` of clients and DataNodes, where the
//!   effective QOP includes privacy at all. The suites key of one side alone has no effect.
//! - observed: the cipher option in the SASL reply, which needs a login.
//! - recorded: "Server using cipher suite" in a DataNode's debug log.
//!
//! # How to fix
//! Set `dfs.encrypt.data.transfer.cipher.suites` to `AES/CTR/NoPadding`, DataNodes first, then clients. A client without
//! it keeps working, at 3DES.
//!
//! # References
//! - DataTransferSaslUtil.negotiateCipherOption, CipherSuite (3.4.1); both directions run on 3.4.1
//! - HDFS-6606

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::secure_start::{Ports, is_privileged};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Block transfer cipher",
    question: "Is bulk block data under AES rather than 3DES or RC4?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "three-des-or-rc4",
            severity: Severity::High,
            title: "dfs.encrypt.data.transfer.cipher.suites is not set, so blocks are encrypted with 3DES or RC4",
            remedy: "set dfs.encrypt.data.transfer.cipher.suites to AES/CTR/NoPadding on DataNodes and clients",
        },
        Cause {
            slug: "rc4-forced",
            severity: Severity::High,
            title: "dfs.encrypt.data.transfer.algorithm forces RC4",
            remedy: "set dfs.encrypt.data.transfer.cipher.suites to AES/CTR/NoPadding and remove the algorithm",
        },
        Cause {
            slug: "invalid-suite",
            severity: Severity::Medium,
            title: "dfs.encrypt.data.transfer.cipher.suites names a suite Hadoop does not know: connections fail",
            remedy: "write exactly AES/CTR/NoPadding",
        },
    ],
    safety: Safety::Safe,
    family: Family::Transit,
    since: "0.1.0",
};

const SUITES: &str = "dfs.encrypt.data.transfer.cipher.suites";
const ALGORITHM: &str = "dfs.encrypt.data.transfer.algorithm";

/// Judges DataNodes and their clients: each side's own key counts.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::DataNode, Role::Client],
        "HDFS",
        node,
    );
}

fn node(hdfs: &Hadoop<'_>) -> Claim {
    let suites = hdfs.get(SUITES);
    if let Err(reason) = hdfs.kerberos() {
        return Claim::unproven(reason);
    }
    if suites.is_unknown() {
        return Claim::unproven(suites.why_unknown());
    }
    let Some(encrypted_by) = privacy(hdfs) else {
        return Claim::not_applicable(
            "block transfers are not encrypted at all; see hdfs/block-transfer-privacy",
        );
    };
    let encrypted_by = encrypted_by.with_label(hdfs);
    let mut judgement = Judgement::new();
    if suites.is_set() {
        if !suites.unresolved && !is_known_suite(suites.str(), hdfs.release) {
            judgement.expose(
                Exposure::new(
                    "invalid-suite",
                    hdfs.witness(&suites, "not a suite of this release"),
                )
                .with(encrypted_by),
            );
        }
    } else {
        let algorithm = hdfs.get(ALGORITHM);
        // The algorithm acts only with dfs.encrypt.data.transfer, not with a protection list.
        if algorithm.is("rc4") && hdfs.flag("dfs.encrypt.data.transfer", false).on {
            judgement.expose(
                Exposure::new(
                    "rc4-forced",
                    hdfs.witness(&algorithm, "RC4 for all block data"),
                )
                .with(hdfs.witness(&suites, "would make this key irrelevant"))
                .with(encrypted_by),
            );
        } else {
            judgement.expose(
                Exposure::new("three-des-or-rc4", hdfs.witness(&suites, "not set"))
                    .with(encrypted_by),
            );
        }
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&suites, "AES, if the other side says so as well"),
    ]))
}

/// Why block transfers of this node are encrypted, if they are.
enum EncryptedBy {
    Encrypt,
    Protection,
}

impl EncryptedBy {
    fn with_label(&self, hdfs: &Hadoop<'_>) -> model::Witness {
        match self {
            EncryptedBy::Encrypt => hdfs.witness(
                &hdfs.get("dfs.encrypt.data.transfer"),
                "puts block encryption into effect",
            ),
            EncryptedBy::Protection => hdfs.witness(
                &hdfs.get("dfs.data.transfer.protection"),
                "puts block encryption into effect",
            ),
        }
    }
}

/// The effective QOP includes privacy: by the node's own keys, or for a client by the NameNode's, which it learns.
fn privacy(hdfs: &Hadoop<'_>) -> Option<EncryptedBy> {
    if hdfs.flag("dfs.encrypt.data.transfer", false).on {
        return Some(EncryptedBy::Encrypt);
    }
    let on_privileged_port = hdfs.has(Role::DataNode) && is_privileged(&Ports::of(hdfs).transfer);
    let protection = hdfs.get("dfs.data.transfer.protection");
    let lists_privacy = protection
        .items()
        .any(|word| word.eq_ignore_ascii_case("privacy"));
    (hdfs.kerberos() == Ok(true) && lists_privacy && !on_privileged_port)
        .then_some(EncryptedBy::Protection)
}

/// Exact and case-sensitive; a list is not accepted. SM4 came with 3.4.
fn is_known_suite(suite: &str, release: Release) -> bool {
    suite == "AES/CTR/NoPadding" || (suite == "SM4/CTR/NoPadding" && release >= Release(3, 4, 0))
}
