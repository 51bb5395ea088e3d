//! What real clients get from a store.

mod client_files;
mod listeners;
mod policies;
mod transport_rules;

use super::buckets::KEY;
use super::client::Store;
use super::policies::Bucket;
use super::s3a::S3aClient;
use crate::Result;
use crate::truth::Answer;
use std::path::Path;

/// Asks every question of a store and of the configuration of its client.
///
/// # Errors
///
/// When a client can't be run.
pub(crate) fn ask(store: &Store, client: S3aClient, configuration: &Path) -> Result<Vec<Answer>> {
    let mut answers = listeners::ask(store)?;
    answers.extend(policies::ask(store)?);
    answers.extend(transport_rules::ask(store)?);
    answers.extend(client_files::ask(store, client, configuration)?);
    Ok(answers)
}

/// The path of the object in a bucket.
fn object(bucket: Bucket) -> String {
    format!("{}/{KEY}", bucket.name())
}
