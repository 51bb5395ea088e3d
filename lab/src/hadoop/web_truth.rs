//! Questions over the web. What is served is never kept: status and size are the answer.

use super::cluster::Cluster;
use super::questions as q;
use super::roles::Role;
use super::web::{Place, Reply, Web};
use crate::truth::{Answer, Question};
use crate::{Result, wait};

/// A name that nobody has.
const NOBODY: &str = "user.name=wardline-probe";

pub(super) fn ask(cluster: &Cluster) -> Result<Vec<Answer>> {
    let web = cluster.web();
    let namenode = cluster.console(Role::NameNode);
    let datanode = cluster.console(Role::DataNode);
    let journal = cluster.console(Role::JournalNode);
    let kms = cluster.console(Role::Kms);
    let served = |question: Question, reply: &Reply| {
        question.answered(reply.status == Some(200), reply.said())
    };
    let home = web.get(
        namenode,
        &format!("/webhdfs/v1/?op=GETHOMEDIRECTORY&{NOBODY}"),
    )?;
    let edits = web.get(
        journal,
        &format!("/getJournal?jid=lab&segmentTxId=1&storageInfo=none&{NOBODY}"),
    )?;
    let keys = web.get(kms, &format!("/kms/v1/keys/names?{NOBODY}"))?;
    let raw = web.get_as("bob", kms, "/kms/v1/key/zonekey/_currentversion")?;
    Ok(vec![
        served(q::WEB_BELIEVES, &home),
        served(q::NAMENODE_CONSOLE, &web.get(namenode, "/conf")?),
        served(q::DATANODE_CONSOLE, &web.get(datanode, "/conf")?),
        // Whoever is told anything but to log in has been taken for the one he says he is.
        q::JOURNAL_BELIEVES.answered(edits.status != Some(401), edits.said()),
        served(q::KMS_BELIEVES, &keys),
        served(q::KEY_EXPORT, &raw),
        over_http(&web, q::PLAIN_WEB, cluster.plain_console(Role::NameNode))?,
        over_http(&web, q::KMS_PLAIN, cluster.plain_console(Role::Kms))?,
    ])
}

fn over_http(web: &Web, question: Question, place: Place) -> Result<Answer> {
    if !wait::listens(place.port) {
        return Ok(question.answered(false, "nothing listens on the http port"));
    }
    let reply = web.get(place, "/")?;
    Ok(question.answered(reply.status.is_some(), reply.said()))
}
