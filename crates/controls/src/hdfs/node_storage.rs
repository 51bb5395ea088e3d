//! Node storage: are block files and NameNode metadata closed on the node?
//!
//! # What it proves
//! That other accounts of a host cannot read block files, images and edits from its disks.
//!
//! # Why it matters: the attack
//! Block files hold the data without any permission check of HDFS. The image holds the delegation-token master keys. The
//! directory modes decide: files inside are written with the process umask and are usually 0644.
//!
//! # How each depth is read
//! - declared and loaded: `dfs.datanode.data.dir.perm`, `dfs.namenode.storage.dir.perm` and
//!   `dfs.journalnode.edits.dir.perm` (3.2 on), legacy short-circuit reads.
//! - observed: modes on the host, along the whole path.
//! - recorded: nothing.
//!
//! # How to fix
//! 700 for the directories; remove the legacy short-circuit keys in favour of domain sockets. A restart of the daemon applies it.
//!
//! # References
//! - hdfs-default.xml; DataNode.checkStorageLocations, Storage (3.3.6, 3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "HDFS node storage",
    question: "Are block files and NameNode metadata closed on the node?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "data-dir-open",
            severity: Severity::High,
            title: "block directories are open to other accounts of the host",
            remedy: "set dfs.datanode.data.dir.perm to 700",
        },
        Cause {
            slug: "legacy-short-circuit",
            severity: Severity::High,
            title: "legacy short-circuit reads let a client open block files without the DataNode",
            remedy: "remove dfs.client.use.legacy.blockreader.local and dfs.block.local-path-access.user; use dfs.domain.socket.path",
        },
        Cause {
            slug: "fsimage-readable",
            severity: Severity::High,
            title: "directories of image or edits are open to other accounts of the host",
            remedy: "set dfs.namenode.storage.dir.perm and dfs.journalnode.edits.dir.perm to 700",
        },
    ],
    safety: Safety::Safe,
    family: Family::Rest,
    since: "0.1.0",
};

/// Judges the daemons with disks.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::DataNode, Role::NameNode, Role::JournalNode],
        "HDFS",
        node,
    );
}

fn node(hdfs: &Hadoop<'_>) -> Claim {
    let data = hdfs.get("dfs.datanode.data.dir.perm");
    if data.is_unknown() {
        return Claim::unproven(data.why_unknown());
    }
    let mut judgement = Judgement::new();
    let mut shown = Vec::new();
    let directories = [
        (
            Role::DataNode,
            "dfs.datanode.data.dir.perm",
            "data-dir-open",
        ),
        (
            Role::NameNode,
            "dfs.namenode.storage.dir.perm",
            "fsimage-readable",
        ),
        (
            Role::JournalNode,
            "dfs.journalnode.edits.dir.perm",
            "fsimage-readable",
        ),
    ];
    for (_, key, cause) in directories.into_iter().filter(|(role, ..)| hdfs.has(*role)) {
        let mode = hdfs.get(key);
        // 2.x has no such key for image and edits: the process umask decides, which files do not tell.
        let Some(bits) = mode
            .text()
            .and_then(|text| u32::from_str_radix(text, 8).ok())
        else {
            continue;
        };
        if bits & 0o007 != 0 {
            judgement.expose(Exposure::new(
                cause,
                hdfs.witness(&mode, "others may enter"),
            ));
        } else if bits & 0o070 != 0 && cause == "data-dir-open" {
            judgement.expose(
                Exposure::new(cause, hdfs.witness(&mode, "the group may enter"))
                    .severity(Severity::Medium)
                    .message("block directories are open to the daemon's group"),
            );
        } else {
            shown.push(hdfs.witness(&mode, "closed to others"));
        }
    }
    let legacy = hdfs.flag("dfs.client.use.legacy.blockreader.local", false);
    let user = hdfs.get("dfs.block.local-path-access.user");
    if hdfs.has(Role::DataNode) && user.is_set() && (legacy.on || user.is_written()) {
        judgement.expose(
            Exposure::new(
                "legacy-short-circuit",
                hdfs.witness(&user, "is told the paths of block files"),
            )
            .with(hdfs.witness(&legacy.effective, "the switch at clients")),
        );
    }
    let silent = if shown.is_empty() {
        Claim::unproven(
            "this release has no key for the directory's mode, and no file modes were collected",
        )
    } else {
        Claim::Protected(shown)
    };
    judgement.otherwise(silent)
}
