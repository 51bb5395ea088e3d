//! Encryption zones: does the sensitive data lie in encryption zones?
//!
//! # What it proves
//! At this depth, that those who need the key provider know it. Which data lies in which zone only the namespace tells.
//!
//! # Why it matters: the attack
//! Data outside zones lies in clear on the disks of every DataNode: stolen disks, a rooted host, a careless backup read it.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.security.key.provider.path` at the NameNode where a KMS is part of the estate, and at
//!   clients of releases that need their own.
//! - observed: raw and logical bytes of a file, run by the operator.
//! - recorded: zone and file attributes in the fsimage.
//!
//! # How to fix
//! The KMS first, a zone on an empty directory, distcp the data in, swap names. Snapshots keep the clear copies.
//!
//! # References
//! - HdfsKMSUtil, FSDirEncryptionZoneOp (2.7.7, 2.10.1, 3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Meta, Release, Safety, Severity, Stage,
};
use settings::hadoop::{Configuration, Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Encryption zones",
    question: "Does the sensitive data lie in encryption zones?",
    stage: Stage::Rest,
    causes: &[Cause {
        slug: "provider-missing",
        severity: Severity::High,
        title: "a KMS exists, but the NameNode names no key provider: no zone can be made or read",
        remedy: "set hadoop.security.key.provider.path (2.7: dfs.encryption.key.provider.uri) on the NameNode",
    }],
    safety: Safety::Manual,
    family: Family::Rest,
    since: "0.1.0",
};

/// Judges NameNodes.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::NameNode], "HDFS", namenode);
}

fn namenode(hdfs: &Hadoop<'_>) -> Claim {
    let old_only = hdfs.release < Release(2, 9, 0);
    let key = if old_only {
        "dfs.encryption.key.provider.uri"
    } else {
        "hadoop.security.key.provider.path"
    };
    let provider = hdfs.get(key);
    if provider.is_unknown() {
        return Claim::unproven(provider.why_unknown());
    }
    if provider.is_set() {
        return Claim::unproven(
            "a key provider is set; which data lies in zones only the namespace tells (listZones, fsimage)",
        );
    }
    let ignored = hdfs.get("hadoop.security.key.provider.path");
    if old_only && ignored.is_set() {
        let exposure = Exposure::new("provider-missing", hdfs.witness(&ignored, "not read by this release"))
            .message("the key provider stands under a name that this release does not read, so no zone can be made or read")
            .remedy("set dfs.encryption.key.provider.uri, which releases before 2.9 read")
            .with(hdfs.witness(&provider, "not set"));
        return Claim::Exposed(vec![exposure]);
    }
    let has_kms = hdfs.estate.all::<Configuration>().iter().any(|other| {
        other.roles_known
            && other.roles.has(Role::Kms)
            && other.cluster == hdfs.configuration.cluster
    });
    if has_kms && hdfs.configuration.cluster.is_some() && hdfs.configuration.roles_known {
        return Claim::Exposed(vec![Exposure::new(
            "provider-missing",
            hdfs.witness(&provider, "not set"),
        )]);
    }
    Claim::not_applicable(
        "component not present: no key provider and no KMS, so no encryption zones; data at rest is as safe as the disks",
    )
}
