//! What a client's files lead to.

use super::object;
use crate::Result;
use crate::object_store::buckets::marker;
use crate::object_store::client::{Store, Transport};
use crate::object_store::policies::Bucket;
use crate::object_store::s3a::S3aClient;
use crate::recorder::Recorder;
use crate::truth::{Answer, Question};
use std::path::Path;

const CLIENT_IN_CLEAR: Question = Question {
    id: "client-in-clear",
    asks: "does what the client's files make it read pass in clear?",
    causes: &["s3/endpoint-transport"],
};
const KEY_IN_FILES: Question = Question {
    id: "key-in-files",
    asks: "do the client's files hold a key that opens the private bucket?",
    causes: &["s3/credentials"],
};

pub(super) fn ask(store: &Store, client: S3aClient, configuration: &Path) -> Result<Vec<Answer>> {
    Ok(vec![
        client_in_clear(store, client)?,
        key_in_files(store, configuration)?,
    ])
}

/// A listener on the path, and a client that goes where its files say.
fn client_in_clear(store: &Store, client: S3aClient) -> Result<Answer> {
    let server = match client.transport() {
        Transport::Http => store.http,
        Transport::Https => store.https,
    };
    let recorder = Recorder::start(server.unwrap_or_default())?;
    let reply = store
        .request(client.transport(), &object(Bucket::Private))
        .signed(store.owner)
        .by_way_of(recorder.port())
        .send()?;
    let marker = marker(Bucket::Private);
    let kept = recorder.kept();
    let passed: usize = kept.iter().map(|said| said.answered.len()).sum();
    let is_read = kept.iter().any(|said| said.shows(&marker));
    Ok(CLIENT_IN_CLEAR.answered(
        is_read,
        format!("client: {}, passed: {passed} bytes", reply.shown()),
    ))
}

/// Whoever reads the client's files tries what stands there.
fn key_in_files(store: &Store, configuration: &Path) -> Result<Answer> {
    let holds = |file: &str| {
        std::fs::read_to_string(configuration.join(file))
            .is_ok_and(|text| text.contains(store.owner.secret))
    };
    let mut files = ["core-site.xml", "spark-defaults.conf"].into_iter();
    let Some(file) = files.find(|file| holds(file)) else {
        return Ok(KEY_IN_FILES.answered(false, "no file holds it"));
    };
    let reply = store
        .request(store.best(), &object(Bucket::Private))
        .signed(store.owner)
        .send()?;
    Ok(KEY_IN_FILES.answered(
        reply.is_served(),
        format!("the key of {file}: {}", reply.shown()),
    ))
}
