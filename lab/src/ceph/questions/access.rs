//! What somebody gets who has no key.

use super::last_words;
use crate::Result;
use crate::ceph::cluster::{CEPH, Cluster, LIMIT, MARKER, OBJECT, POOL};
use crate::ceph::gateway::OTHER;
use crate::command;
use crate::object_store::{Bucket, KEY, Store, marker};
use crate::truth::{Answer, Question};

const LISTS_POOLS: Question = Question {
    id: "pools-without-key",
    asks: "does a client without key list the pools?",
    causes: &[],
};
const READS: Question = Question {
    id: "object-without-key",
    asks: "does a client without key read an object?",
    causes: &[],
};
const KEY_MADE: Question = Question {
    id: "key-without-key",
    asks: "does a client without key get one made that may do everything?",
    causes: &[],
};
const BEHIND_GATEWAY: Question = Question {
    id: "private-bucket-without-key",
    asks: "does a client without key read the private bucket behind the gateway?",
    causes: &[],
};
const OTHER_USER: Question = Question {
    id: "private-read-other-user",
    asks: "does another user of the gateway read the private bucket?",
    causes: &[],
};

/// A client that has nothing but the addresses, and says that it is the administrator. A login without key knows
/// connections with checksums only; a client that insists on encryption would try for ever.
const WITHOUT_KEY: [&str; 6] = [
    "--name=client.admin",
    "--keyring=/nonexistent",
    "--auth-client-required=none",
    "--ms-client-mode=crc",
    "--ms-mon-client-mode=crc",
    "--rados-osd-op-timeout=10",
];

/// Where the gateway keeps the content of objects.
const GATEWAY_POOL: &str = "default.rgw.buckets.data";

pub(super) fn ask(cluster: &Cluster, store: &Store) -> Result<Vec<Answer>> {
    let rados = |words: &[&str]| cluster.rados(&[&WITHOUT_KEY[..], words].concat());
    let pools = rados(&["lspools"])?;
    let object = rados(&["--pool", POOL, "get", OBJECT, "-"])?;
    let behind = rados(&["--pool", GATEWAY_POOL, "ls"])?;
    // A name is BUCKET-ID_KEY.
    let marker = marker(Bucket::Private);
    let content = behind
        .text
        .lines()
        .filter(|name| behind.succeeded && name.ends_with(&format!("_{KEY}")))
        .map(|name| rados(&["--pool", GATEWAY_POOL, "get", name, "-"]))
        .collect::<Result<Vec<_>>>()?;
    let is_read = content.iter().any(|said| said.text.contains(&marker));

    let mut ceph = cluster.tool(CEPH)?;
    ceph.args(["--connect-timeout", "20"])
        .args(WITHOUT_KEY)
        .args(["auth", "get-or-create-key", "client.stranger"])
        .args(["mon", "allow *", "osd", "allow *"]);
    let key = command::run("ceph auth get-or-create-key", &ceph, LIMIT)?;
    // A key is 28 bytes in Base64.
    let is_key = |line: &str| line.len() == 40 && line.ends_with("==");
    let has_key = key.succeeded && key.text.lines().any(is_key);

    let path = format!("{}/{KEY}", Bucket::Private.name());
    let other = store.request(store.best(), &path).signed(OTHER).send()?;
    Ok(vec![
        LISTS_POOLS.answered(
            pools.text.lines().any(|line| line == POOL),
            last_words(&pools.text),
        ),
        READS.answered(object.text.contains(MARKER), last_words(&object.text)),
        KEY_MADE.answered(
            has_key,
            if has_key {
                "a key came".to_owned()
            } else {
                last_words(&key.text)
            },
        ),
        BEHIND_GATEWAY.answered(is_read, format!("{} objects read", content.len())),
        OTHER_USER.answered(other.is_served(), other.shown()),
    ])
}
