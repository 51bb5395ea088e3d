//! What a cluster answers, for tests that run without one. What differs from run to run is masked: nonces by as many
//! letters `A`, numbers of block pools, ports and cookies by a word.

use super::cluster::Cluster;
use super::masks::{POOL, masked, with_pool_masked, without_chance};
use super::raw_truth::block_pool;
use super::roles::Role;
use super::web::{Place, Reply as WebReply};
use super::wire::{self, Reply};
use crate::Result;
use crate::recipe::Capture;

/// Web pages that say something about a daemon's authentication.
const PAGES: &[(Role, &[&str])] = &[
    (
        Role::NameNode,
        &[
            "/conf",
            "/jmx",
            "/logs/",
            "/stacks",
            "/webhdfs/v1/?op=GETHOMEDIRECTORY",
            "/webhdfs/v1/?op=GETHOMEDIRECTORY&user.name=wardline-probe",
        ],
    ),
    (Role::DataNode, &["/conf", "/jmx", "/logs/", "/stacks"]),
    (
        Role::JournalNode,
        &[
            "/conf",
            "/jmx",
            "/logs/",
            "/getJournal?jid=lab&segmentTxId=1&storageInfo=none",
        ],
    ),
    (
        Role::Kms,
        &[
            "/kms/v1/keys/names",
            "/kms/v1/keys/names?user.name=wardline-probe",
            "/conf",
            "/jmx",
            "/logs/",
        ],
    ),
];

/// The most that is kept of a line: some status lines hold a stack trace.
const MOST: usize = 120;

/// Headers that say something about who is let in, and by what.
const TELLING: [&str; 5] = [
    "Content-Type",
    "Location",
    "Server",
    "Set-Cookie",
    "WWW-Authenticate",
];

pub(super) fn record(cluster: &Cluster) -> Result<Vec<Capture>> {
    let mut captures = Vec::from(transfer(cluster)?);
    // The other profiles change nothing but the transfer of blocks.
    if cluster.ground.name() == cluster.deployment.profile {
        let ports = cluster.java.places.ports;
        captures.extend([
            negotiate("NameNode", ports.namenode_rpc)?,
            negotiate("DataNode", ports.datanode_ipc)?,
            negotiate("JournalNode", ports.journalnode_rpc)?,
            web(cluster)?,
        ]);
    }
    Ok(captures)
}

fn negotiate(daemon: &str, port: u16) -> Result<Capture> {
    let question = wire::negotiate();
    let reply = masked(wire::ask(port, &question)?);
    let mut about = format!(
        "The {daemon}'s RPC port, asked {}: version 9, SASL, NEGOTIATE.\n\
         The answer: its length (4 bytes), a header, a SASL message. The nonce is masked.",
        hex(&question)
    );
    if let Reply::Bytes(bytes) = &reply
        && let Some((state, offers)) = wire::offers(bytes)
    {
        about += &format!("\nState {state}.");
        for offer in offers {
            about += &format!(
                "\nOffer: {} {} protocol={} server={} challenge={}",
                offer.method, offer.mechanism, offer.protocol, offer.server, offer.challenge
            );
        }
    }
    Ok(Capture {
        file: format!("negotiate-{}.hex", daemon.to_lowercase()),
        about,
        text: text(&reply),
    })
}

fn transfer(cluster: &Cluster) -> Result<[Capture; 2]> {
    const WORDS: &str =
        "`closed`: the connection ended without a byte; `reset`: it was broken off.";
    let port = cluster.port(Role::DataNode)?;
    let handshake = wire::transfer_handshake();
    let pool = block_pool(&cluster.java.places.data("dn"))?;
    let plain = wire::plain_read(&pool);
    Ok([
        Capture {
            file: "transfer-handshake.hex".to_owned(),
            about: format!(
                "The DataNode's block port, asked {}: the magic number of SASL and an empty message.\n\
                 The answer: a message behind its length, with the challenge in field 2. The nonce is masked.\n{WORDS}",
                hex(&handshake)
            ),
            text: text(&masked(wire::ask(port, &handshake)?)),
        },
        Capture {
            file: "transfer-plain-read.hex".to_owned(),
            about: format!(
                "The DataNode's block port, asked {}: READ_BLOCK of a block that does not exist, in clear, with an empty \
                 token.\nThe answer: a message behind its length, with the status in field 1. The block pool is masked.\n{WORDS}",
                hex(&wire::plain_read(POOL))
            ),
            text: text(&with_pool_masked(wire::ask(port, &plain)?, &pool)),
        },
    ])
}

fn text(reply: &Reply) -> String {
    match reply {
        Reply::Bytes(bytes) => hex(bytes),
        Reply::Closed => "closed".to_owned(),
        Reply::Reset => "reset".to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn web(cluster: &Cluster) -> Result<Capture> {
    let web = cluster.web();
    let mut lines = String::new();
    for (role, pages) in PAGES {
        let place = cluster.console(*role);
        for page in *pages {
            lines += &exchange(place, page, &web.get(place, page)?);
        }
        let plain = cluster.plain_console(*role);
        if place.has_tls {
            lines += &exchange(plain, "/conf", &web.get(plain, "/conf")?);
        }
    }
    Ok(Capture {
        file: "web.txt".to_owned(),
        about: "Web requests without any login, and of the answers the status lines and the headers that tell who is \
                let in. Ports and the values of cookies are masked."
            .to_owned(),
        text: lines.trim_end().to_owned(),
    })
}

fn exchange(place: Place, page: &str, reply: &WebReply) -> String {
    let scheme = if place.has_tls { "https" } else { "http" };
    let mut lines = format!("> GET {scheme}://{}:PORT{page}\n", place.role.host());
    if reply.status.is_none() {
        lines += "< no HTTP\n";
    }
    let is_telling = |line: &&String| {
        let name = line.split(':').next().unwrap_or_default();
        line.starts_with("HTTP/") || TELLING.iter().any(|told| told.eq_ignore_ascii_case(name))
    };
    for line in reply.head.iter().filter(is_telling) {
        let line: String = without_chance(line).chars().take(MOST).collect();
        lines += &format!("< {line}\n");
    }
    lines + "\n"
}
