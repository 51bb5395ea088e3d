//! Questions that need no Hadoop client: to the DataNode's port, to the disk, to the realm.

use super::cluster::Cluster;
use super::questions as q;
use super::roles::Role;
use super::wire;
use crate::truth::Answer;
use crate::{LabError, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// An invented block is asked for: who looks for it asks for no token.
pub(super) fn block_without_token(cluster: &Cluster) -> Result<Answer> {
    let pool = block_pool(&cluster.java.places.data("dn"))?;
    let reply = wire::ask(cluster.port(Role::DataNode)?, &wire::plain_read(&pool))?;
    let said = wire::transfer_status(&reply);
    Ok(q::BLOCK_WITHOUT_TOKEN.answered(said.starts_with("ERROR: "), said))
}

/// The id of the block pool, which every client of the file system knows.
pub(super) fn block_pool(data: &Path) -> Result<String> {
    let current = data.join("current");
    fs::read_dir(&current)
        .map_err(|error| LabError::at(&current, error))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find(|name| name.starts_with("BP-"))
        .ok_or_else(|| LabError::failed("block pool", "the DataNode has none"))
}

pub(super) fn block_files(cluster: &Cluster) -> Result<Answer> {
    let data = cluster.java.places.data("dn");
    let mode = fs::metadata(&data)
        .map_err(|error| LabError::at(&data, error))?
        .permissions()
        .mode()
        & 0o777;
    Ok(q::BLOCK_FILES.answered(
        mode & 0o007 != 0,
        format!("the DataNode gave it mode {mode:o}"),
    ))
}

/// Somebody who has keys of both types and prefers RC4 logs in. The realm's log says under what it answered.
pub(super) fn rc4_reply(cluster: &Cluster) -> Result<Option<Answer>> {
    let Some(realm) = &cluster.realm else {
        return Ok(None);
    };
    let types = realm.log_in_preferring_rc4("bob")?;
    let question = q::RC4_REPLY;
    Ok(Some(question.answered(
        types.contains("rep=DEPRECATED:arcfour-hmac"),
        types,
    )))
}
