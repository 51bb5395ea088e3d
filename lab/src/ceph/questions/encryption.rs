//! What somebody on the network reads.

use super::last_words;
use crate::Result;
use crate::ceph::cluster::{CEPH, Cluster, LIMIT, MARKER, OBJECT, POOL};
use crate::ceph::network::while_listening;
use crate::command::{self, Said};
use crate::object_store::Store;
use crate::truth::{Answer, Question};
use std::ops::RangeInclusive;

const OBJECT_IN_CLEAR: Question = Question {
    id: "object-in-clear",
    asks: "does an object pass in clear when the cluster's own client reads it?",
    causes: &[],
};
const OBJECT_ON_REQUEST: Question = Question {
    id: "object-in-clear-on-request",
    asks: "does an object pass in clear when a client asks for no encryption?",
    causes: &[],
};
const MAPS_IN_CLEAR: Question = Question {
    id: "maps-in-clear",
    asks: "do the monitor's maps pass in clear when its own client asks?",
    causes: &[],
};
const MAPS_ON_REQUEST: Question = Question {
    id: "maps-in-clear-on-request",
    asks: "do maps pass in clear when a client asks for no encryption?",
    causes: &[],
};
const GATEWAY_IN_CLEAR: Question = Question {
    id: "gateway-object-in-clear",
    asks: "does what the S3 gateway takes pass in clear to the OSD?",
    causes: &[],
};

/// A client that wants no encryption from OSDs, and how long it tries where they refuse. The monitor lets it in as ever.
const CRC_AT_OSD: [&str; 2] = ["--ms-client-mode=crc", "--rados-osd-op-timeout=10"];
/// A client that wants none from monitors.
const CRC_AT_MON: [&str; 1] = ["--ms-mon-client-mode=crc"];

pub(super) fn ask(cluster: &Cluster, store: &Store) -> Result<Vec<Answer>> {
    let get = ["--pool", POOL, "get", OBJECT, "-"];
    let at_osd = &cluster.ports.daemons;
    let at_mon = &(cluster.ports.mon_v2..=cluster.ports.mon_v2);
    let read = |question, words: &[&str]| {
        heard(cluster, question, at_osd, MARKER, || cluster.rados(words))
    };
    let list = |question, words: &[&str]| {
        heard(cluster, question, at_mon, POOL, || {
            let mut ceph = cluster.tool(CEPH)?;
            ceph.args(["--connect-timeout", "20"])
                .args(words)
                .args(["osd", "pool", "ls"]);
            command::run("ceph osd pool ls", &ceph, LIMIT)
        })
    };
    Ok(vec![
        read(OBJECT_IN_CLEAR, &get)?,
        read(OBJECT_ON_REQUEST, &[&CRC_AT_OSD[..], &get].concat())?,
        list(MAPS_IN_CLEAR, &[])?,
        list(MAPS_ON_REQUEST, &CRC_AT_MON)?,
        gateway(cluster, store)?,
    ])
}

/// Whether a marker passed in clear while a client did something.
fn heard(
    cluster: &Cluster,
    question: Question,
    ports: &RangeInclusive<u16>,
    marker: &str,
    client: impl FnOnce() -> Result<Said>,
) -> Result<Answer> {
    let scratch = cluster.layout.at("scratch");
    let (said, heard) = while_listening(ports, &scratch, client)?;
    let fared = if said.text.contains(marker) {
        "it got in".to_owned()
    } else {
        last_words(&said.text)
    };
    Ok(question.answered(
        heard.shows(marker),
        format!("client: {fared}; {} bytes recorded", heard.len()),
    ))
}

/// An object that comes to the gateway as safely as it can.
fn gateway(cluster: &Cluster, store: &Store) -> Result<Answer> {
    let words = "wardline-lab-dummy-behind-the-gateway";
    let scratch = cluster.layout.at("scratch");
    let (reply, heard) = while_listening(&cluster.ports.daemons, &scratch, || {
        store
            .request(store.best(), "private/behind.txt")
            .put(words)
            .signed(store.owner)
            .send()
    })?;
    Ok(GATEWAY_IN_CLEAR.answered(
        heard.shows(words),
        format!("PUT: {}; {} bytes recorded", reply.shown(), heard.len()),
    ))
}
