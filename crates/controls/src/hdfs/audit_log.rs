//! HDFS audit log: is every access written down?
//!
//! # What it proves
//! That the NameNode writes an audit line for each operation, to a place, without gaps made by configuration.
//!
//! # Why it matters: the attack
//! The shipped hadoop-env.sh sends the audit log to a null appender. After an incident nobody can say who read what.
//!
//! # How each depth is read
//! - declared and loaded: `HDFS_AUDIT_LOGGER` or `hdfs.audit.logger` in the environment; commands dropped by
//!   `dfs.namenode.audit.log.debug.cmdlist`; the caller context on releases that write it raw.
//! - observed: nothing.
//! - recorded: first and last line, gaps.
//!
//! # How to fix
//! `HDFS_AUDIT_LOGGER=INFO,RFAAUDIT` with rotation; a restart of the NameNode.
//!
//! # References
//! - hadoop-env.sh and log4j.properties as shipped (2.7.7, 3.4.1); FSNamesystem.auditLog

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage, Witness,
};
use settings::hadoop::configuration::Variable;
use settings::hadoop::{Hadoop, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "HDFS audit log",
    question: "Is every access written down?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "off",
            severity: Severity::High,
            title: "the audit log goes nowhere",
            remedy: "set HDFS_AUDIT_LOGGER to INFO,RFAAUDIT and restart the NameNode",
        },
        Cause {
            slug: "commands-dropped",
            severity: Severity::Medium,
            title: "some commands are not written to the audit log",
            remedy: "empty dfs.namenode.audit.log.debug.cmdlist",
        },
        Cause {
            slug: "injectable",
            severity: Severity::Low,
            title: "clients may write anything into audit lines through the caller context",
            remedy: "set hadoop.caller.context.enabled to false, or upgrade to a release that escapes it",
        },
    ],
    safety: Safety::Safe,
    family: Family::Audit,
    since: "0.1.0",
};

/// Judges NameNodes.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::NameNode], "HDFS", namenode);
}

fn namenode(hdfs: &Hadoop<'_>) -> Claim {
    let dropped = hdfs.get("dfs.namenode.audit.log.debug.cmdlist");
    let mut judgement = Judgement::new();
    if dropped.is_set() {
        judgement.expose(Exposure::new(
            "commands-dropped",
            hdfs.witness(&dropped, "written at DEBUG only"),
        ));
    }
    let context = hdfs.flag("hadoop.caller.context.enabled", false);
    // 2.10, 3.2.1 and 3.3.0 write it raw, 3.4.1 escapes it; between 3.3.0 and 3.4.1 nobody looked.
    let raw = hdfs.release.line() == (2, 10)
        || (hdfs.release >= Release(3, 0, 0) && hdfs.release <= Release(3, 3, 0));
    if context.on && raw {
        judgement.expose(Exposure::new(
            "injectable",
            hdfs.witness(&context.effective, "written as the client sent it"),
        ));
    }
    let Some((logger, variable)) = logger(hdfs) else {
        judgement.doubt("whether the audit log has an appender stands in hadoop-env.sh and log4j.properties, which say nothing here", Vec::new());
        return judgement.otherwise(Claim::Protected(Vec::new()));
    };
    let witness = Witness::declared(variable.place, "the audit logger")
        .key(variable.name.clone())
        .value(logger.as_str());
    let mut parts = logger.split(',').map(str::trim);
    let level = parts.next().unwrap_or_default().to_ascii_uppercase();
    let appenders: Vec<&str> = parts.collect();
    let is_off = matches!(level.as_str(), "WARN" | "ERROR" | "FATAL" | "OFF")
        || appenders.iter().all(|appender| *appender == "NullAppender");
    if is_off {
        judgement.expose(Exposure::new(
            "off",
            witness.label("no line reaches a file"),
        ));
        return judgement.otherwise(Claim::Protected(Vec::new()));
    }
    judgement.otherwise(Claim::Protected(vec![witness]))
}

/// The last word on the audit logger: the variable of its own, or `-Dhdfs.audit.logger=` in the daemon's options.
fn logger<'e>(hdfs: &Hadoop<'e>) -> Option<(String, &'e Variable)> {
    hdfs.configuration
        .environment
        .iter()
        .rev()
        .find_map(|variable| {
            if &*variable.name == "HDFS_AUDIT_LOGGER" {
                return Some((variable.value.to_string(), variable));
            }
            let is_options = matches!(
                &*variable.name,
                "HADOOP_NAMENODE_OPTS" | "HDFS_NAMENODE_OPTS" | "HADOOP_OPTS"
            );
            let (_, rest) = variable
                .value
                .split_once("-Dhdfs.audit.logger=")
                .filter(|_| is_options)?;
            let value = rest.split_whitespace().next().unwrap_or_default();
            // The shipped form carries a shell default: ${HDFS_AUDIT_LOGGER:-INFO,NullAppender}.
            let value = value
                .strip_prefix("${HDFS_AUDIT_LOGGER:-")
                .map_or(value, |rest| rest.trim_end_matches('}'));
            (!value.starts_with('$')).then(|| (value.to_owned(), variable))
        })
}
