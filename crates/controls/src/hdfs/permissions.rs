//! HDFS permissions: does HDFS enforce owner, mode and ACL, and do new files start closed?
//!
//! # What it proves
//! That the NameNode checks permissions, that few are above them, and that what clients create is not open to everybody.
//!
//! # Why it matters: the attack
//! With `dfs.permissions.enabled` false every authenticated user reads and deletes every file. With administrators `*`
//! every web user downloads the fsimage, and the delegation-token master keys in it make any token.
//!
//! # How each depth is read
//! - declared and loaded: `dfs.permissions.enabled`, `dfs.permissions.superusergroup`, `dfs.cluster.administrators` at the
//!   NameNode; `fs.permissions.umask-mode` at clients, because the client applies it.
//! - observed: nothing.
//! - recorded: modes of new files in the fsimage.
//!
//! # How to fix
//! Enabling permissions stops jobs that relied on their absence: look through the audit log first. A narrower umask is
//! safe; it acts on new files only.
//!
//! # References
//! - hdfs-default.xml and core-default.xml; FSPermissionChecker, FsPermission.getUMask (3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "HDFS permissions",
    question: "Does HDFS enforce owner, mode and ACL, and do new files start closed?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "disabled",
            severity: Severity::Critical,
            title: "permissions are not enforced: every user reads and changes every file",
            remedy: "set dfs.permissions.enabled to true on every NameNode",
        },
        Cause {
            slug: "broad-superusergroup",
            severity: Severity::High,
            title: "the superuser group is one that ordinary accounts are in",
            remedy: "set dfs.permissions.superusergroup to a group of administrators only",
        },
        Cause {
            slug: "cluster-administrators-any",
            severity: Severity::Critical,
            title: "everybody is a cluster administrator and may fetch the fsimage with its token master keys",
            remedy: "name the administrators in dfs.cluster.administrators",
        },
        Cause {
            slug: "umask-open",
            severity: Severity::High,
            title: "new files are writable by everybody",
            remedy: "set fs.permissions.umask-mode to 027 or 077 at clients",
        },
        Cause {
            slug: "umask-default",
            severity: Severity::Low,
            title: "new files are readable by everybody",
            remedy: "set fs.permissions.umask-mode to 027 or 077 at clients",
        },
        Cause {
            slug: "umask-server-only",
            severity: Severity::Low,
            title: "the umask is narrowed at the NameNode only, where nothing reads it",
            remedy: "set fs.permissions.umask-mode at the clients",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Groups that ordinary accounts of a host are in.
const WIDE_GROUPS: [&str; 6] = [
    "users",
    "hadoop",
    "staff",
    "root",
    "everyone",
    "domain users",
];
const UMASK: &str = "fs.permissions.umask-mode";

/// Judges NameNodes for enforcement and clients for the umask.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[Role::NameNode, Role::Client],
        "HDFS",
        node,
    );
}

fn node(hdfs: &Hadoop<'_>) -> Claim {
    let enabled = hdfs.flag("dfs.permissions.enabled", true);
    let umask = hdfs.get(UMASK);
    if umask.is_unknown() && enabled.is_unknown() {
        return Claim::unproven(
            "not collected: neither core-site.xml nor hdfs-site.xml of this node was read",
        );
    }
    let mut judgement = Judgement::new();
    if hdfs.has(Role::NameNode) {
        namenode(hdfs, &mut judgement);
    }
    if hdfs.has(Role::Client) {
        client(hdfs, &mut judgement);
    } else {
        forgotten_clients(hdfs, &mut judgement);
    }
    if hdfs.has(Role::NameNode) && enabled.is_unknown() {
        judgement.doubt(enabled.why_unknown(), Vec::new());
    }
    let shown = if hdfs.has(Role::NameNode) {
        enabled.effective
    } else {
        umask
    };
    judgement.otherwise(Claim::Protected(vec![hdfs.witness(&shown, "in effect")]))
}

fn namenode(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let enabled = hdfs.flag("dfs.permissions.enabled", true);
    if !enabled.on && !enabled.is_unknown() {
        judgement.expose(Exposure::new(
            "disabled",
            hdfs.witness(&enabled.effective, "no permission is checked"),
        ));
    }
    let group = hdfs.get("dfs.permissions.superusergroup");
    if WIDE_GROUPS.iter().any(|wide| group.is(wide)) {
        judgement.expose(
            Exposure::new(
                "broad-superusergroup",
                hdfs.witness(&group, "a group of ordinary accounts"),
            )
            .message(format!(
                "every member of the group {} is a superuser of HDFS",
                group.str()
            )),
        );
    }
    let administrators = hdfs.get("dfs.cluster.administrators");
    // Either half of "users groups" that is a star makes everybody.
    if administrators.str().split(' ').any(|half| half == "*") {
        judgement.expose(Exposure::new(
            "cluster-administrators-any",
            hdfs.witness(&administrators, "everybody"),
        ));
    }
    let provider = hdfs.get("dfs.namenode.inode.attributes.provider.class");
    if provider.is_set() {
        let reason = "an external authorizer (dfs.namenode.inode.attributes.provider.class) decides; its policies are not in these files";
        judgement.doubt(
            reason,
            vec![hdfs.witness(&provider, "decides about access")],
        );
    }
}

fn client(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let umask = hdfs.get(UMASK);
    if umask.is_doubtful() {
        judgement.doubt(umask.why_unknown(), Vec::new());
        return;
    }
    // A bucket or an Ozone store keeps no modes that a umask could narrow.
    let file_system = hdfs.get("fs.defaultFS");
    let is_elsewhere = [
        "s3:", "s3a:", "s3n:", "abfs", "wasb", "gs:", "ofs:", "o3fs:", "oss:", "cosn:",
    ]
    .iter()
    .any(|scheme| file_system.is_written() && file_system.str().starts_with(scheme));
    if is_elsewhere && !umask.is_written() {
        return;
    }
    match others(umask.str()) {
        // The bits a umask removes: what is left to others is what it does not remove.
        Some(removed) if removed & 0o2 == 0 => {
            judgement.expose(Exposure::new(
                "umask-open",
                hdfs.witness(&umask, "leaves write to others"),
            ));
        }
        Some(removed) if removed & 0o4 == 0 => {
            judgement.expose(Exposure::new(
                "umask-default",
                hdfs.witness(&umask, "leaves read to others"),
            ));
        }
        Some(_) => {}
        None => judgement.doubt(
            "fs.permissions.umask-mode is neither octal nor symbolic",
            vec![hdfs.witness(&umask, "not a mode")],
        ),
    }
}

/// A NameNode's own umask acts on nothing; somebody who narrowed it only there believes otherwise.
fn forgotten_clients(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let umask = hdfs.get(UMASK);
    let narrowed = |umask: &settings::Effective<'_>| {
        umask.is_written() && others(umask.str()).is_some_and(|bits| bits & 0o6 == 0o6)
    };
    let mut clients = hdfs
        .peers()
        .filter(|peer| peer.has(Role::Client) && !peer.has(Role::NameNode))
        .peekable();
    if narrowed(&umask)
        && clients.peek().is_some()
        && clients.all(|peer| !narrowed(&peer.get(UMASK)))
    {
        judgement.expose(Exposure::new(
            "umask-server-only",
            hdfs.witness(&umask, "the client applies the umask, not the server"),
        ));
    }
}

/// The bits for others that a umask removes: octal (`027`), or symbolic as the allowed rights (`u=rwx,g=rx,o=`).
fn others(umask: &str) -> Option<u32> {
    if umask.bytes().all(|b| (b'0'..=b'7').contains(&b)) && !umask.is_empty() && umask.len() <= 4 {
        return u32::from_str_radix(umask, 8).ok().map(|bits| bits & 0o7);
    }
    let mut allowed = 0o7;
    for clause in umask.split(',') {
        let at = clause.find(['=', '-', '+'])?;
        let (who, rest) = clause.split_at_checked(at)?;
        let (operator, rights) = rest.split_at_checked(1)?;
        if !who.is_empty() && !who.contains(['o', 'a']) {
            continue;
        }
        let bits = rights.chars().try_fold(0, |bits, right| match right {
            'r' => Some(bits | 0o4),
            'w' => Some(bits | 0o2),
            'x' | 'X' => Some(bits | 0o1),
            _ => None,
        })?;
        allowed = match operator {
            "=" => bits,
            "+" => allowed | bits,
            _ => allowed & !bits,
        };
    }
    Some(!allowed & 0o7)
}
