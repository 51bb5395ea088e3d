//! What real clients get from a cluster.

use super::client::{self, Deed, Login, Outcome, Outcomes};
use super::cluster::Cluster;
use super::impostor::Impostor;
use super::node_files::LISTENERS;
use super::questions as q;
use super::roles::Role;
use super::wire::{self, Protection};
use crate::recorder::{Conversation, Recorder};
use crate::truth::{Answer, Question};
use crate::{LabError, Result};
use std::net::SocketAddr;

/// Files that the lab fills in.
const PRIVATE: &str = "/data/private/salaries.csv";
const SHARED: &str = "/data/shared/report.csv";
const ZONE: &str = "/zone/patients.csv";

/// Asks every question. A Java process costs seconds, so everything that one can try is tried in one. Who claims a name
/// must not have a ticket, so that is another.
pub(super) fn ask(cluster: &Cluster) -> Result<Vec<Answer>> {
    let listeners = Listeners::start(cluster)?;
    let (main, stranger) = std::thread::scope(|scope| {
        let stranger = scope.spawn(|| {
            let deed = Deed::new("stranger", "alice", "list", "/data/private");
            client::attempt(&cluster.java, Login::Claim, &[deed])
        });
        let main = deeds(cluster, &listeners)
            .and_then(|deeds| client::attempt(&cluster.java, cluster.ground.login(), &deeds));
        (main, joined(stranger))
    });
    let (main, stranger) = (main?, stranger?);
    for needed in ["list", "read in the zone", "own list", "own read"] {
        let outcome = main.of(needed)?;
        if !outcome.is_done {
            return Err(LabError::failed(
                format!("alice's own {needed}"),
                &outcome.said,
            ));
        }
    }
    let mut answers = vec![
        plain(q::STRANGER_LISTS, stranger.of("stranger")?),
        plain(q::SUPERUSER_DECRYPTS, main.of("superuser")?),
        plain(q::JOURNAL_ANSWERS, main.of("journal")?),
        plain(q::IMPERSONATION, main.of("gateway")?),
        plain(q::UMASK, main.of("bob reads")?),
        plain(q::KEY_STORE, main.of("key store")?),
    ];
    answers.extend(overheard(&listeners, &main)?);
    answers.push(fallback(&listeners, main.of("fallback")?));
    answers.push(super::raw_truth::block_without_token(cluster)?);
    answers.extend(super::web_truth::ask(cluster)?);
    answers.push(super::raw_truth::block_files(cluster)?);
    answers.extend(super::raw_truth::rc4_reply(cluster)?);
    answers.sort_by_key(|answer| answer.question.id);
    Ok(answers)
}

/// Listeners for the deeds whose bytes matter.
struct Listeners {
    weak_rpc: Recorder,
    own_rpc: Recorder,
    /// In the DataNode's place. Each deed reads another file.
    blocks: Recorder,
    impostor: Impostor,
}

impl Listeners {
    fn start(cluster: &Cluster) -> Result<Listeners> {
        let rpc = cluster.port(Role::NameNode)?;
        let blocks = cluster.port(Role::DataNode)?;
        Ok(Listeners {
            weak_rpc: Recorder::start(rpc)?,
            own_rpc: Recorder::start(rpc)?,
            blocks: Recorder::start_at(SocketAddr::from((LISTENERS, blocks)), blocks)?,
            impostor: Impostor::start()?,
        })
    }
}

/// The NameNode's name with another port.
fn at(port: u16) -> String {
    format!("hdfs://{}:{port}", Role::NameNode.host())
}

fn deeds(cluster: &Cluster, listeners: &Listeners) -> Result<Vec<Deed>> {
    let journal = format!(
        "{}:{}",
        Role::JournalNode.host(),
        cluster.port(Role::JournalNode)?
    );
    let key_store = cluster.java.places.data("kms.keystore");
    let list = |id| Deed::new(id, "alice", "list", "/data/private");
    let read = |id, file| {
        Deed::new(id, "alice", "read", file).with("dfs.client.use.datanode.hostname", "true")
    };
    Ok(vec![
        list("list"),
        Deed::new("read in the zone", "alice", "read", ZONE),
        list("weak list")
            .with("fs.defaultFS", &at(listeners.weak_rpc.port()))
            .with("hadoop.rpc.protection", "authentication"),
        list("own list").with("fs.defaultFS", &at(listeners.own_rpc.port())),
        read("weak read", PRIVATE).with("dfs.data.transfer.protection", "authentication"),
        read("own read", SHARED),
        Deed::new("superuser", "hdfs", "read", ZONE),
        Deed::new("journal", "alice", "ask-journal", &journal),
        Deed::new("gateway", "httpfs>bob", "list", "/user"),
        Deed::new("alice makes", "alice", "create", "/user/alice/new.csv"),
        Deed::new("bob reads", "bob", "read", "/user/alice/new.csv"),
        Deed::new(
            "key store",
            "alice",
            "open-keystore",
            &key_store.display().to_string(),
        ),
        list("fallback").with("fs.defaultFS", &at(listeners.impostor.port())),
    ])
}

fn joined(thread: std::thread::ScopedJoinHandle<'_, Result<Outcomes>>) -> Result<Outcomes> {
    thread
        .join()
        .map_err(|_| LabError::failed("client", "the thread panicked"))?
}

fn plain(question: Question, outcome: &Outcome) -> Answer {
    question.answered(outcome.is_done, &outcome.said)
}

/// What listeners on the way could read: from the weakest client there is, and from the site's own.
fn overheard(listeners: &Listeners, outcomes: &Outcomes) -> Result<Vec<Answer>> {
    let blocks = listeners.blocks.kept();
    let shows = |all: &[Conversation], text: &str| all.iter().any(|one| one.shows(text));
    // The answer to a listing carries the names in it; each file's content is its own name.
    let name = "salaries.csv";
    let (weak_content, own_content) = (
        format!("content of {PRIVATE}"),
        format!("content of {SHARED}"),
    );
    Ok(vec![
        clear(
            q::RPC_IN_CLEAR,
            shows(&listeners.own_rpc.kept(), name),
            shows(&listeners.weak_rpc.kept(), name),
            outcomes.of("weak list")?,
        ),
        clear(
            q::BLOCK_IN_CLEAR,
            shows(&blocks, &own_content),
            shows(&blocks, &weak_content),
            outcomes.of("weak read")?,
        ),
        cipher(&blocks),
    ])
}

fn clear(question: Question, own: bool, weak: bool, weaker: &Outcome) -> Answer {
    let said = match (own, weak) {
        (true, _) => "read on the way from the site's own client".to_owned(),
        (false, true) => {
            "read on the way from a client that wants no more than authentication".to_owned()
        }
        (false, false) if weaker.is_done => "served, but nothing is to be read".to_owned(),
        (false, false) => format!("a weaker client is refused: {}", weaker.said),
    };
    question.answered(own || weak, said)
}

fn cipher(conversations: &[Conversation]) -> Answer {
    let all: Vec<Protection> = conversations
        .iter()
        .map(|one| wire::protection(&one.asked, &one.answered))
        .collect();
    let of_sasl = all.iter().find_map(|protection| match protection {
        Protection::OfSasl { cipher, qop } if qop == "auth-conf" => Some(cipher),
        _ => None,
    });
    let question = q::BLOCK_WITHOUT_AES;
    match of_sasl {
        Some(cipher) => question.answered(
            true,
            format!("no cipher option; the client says cipher={cipher}, qop=auth-conf"),
        ),
        None if all.contains(&Protection::Negotiated) => {
            question.answered(false, "both sides sent a cipher option: AES")
        }
        None => question.answered(false, "blocks are not encrypted at all"),
    }
}

fn fallback(listeners: &Listeners, outcome: &Outcome) -> Answer {
    let name = "alice";
    let is_told = listeners.impostor.heard(name) && listeners.impostor.heard("/data/private");
    let said = if is_told {
        "user and directory reach the impostor in clear".to_owned()
    } else {
        outcome.said.clone()
    };
    q::FALLBACK.answered(is_told, said)
}
