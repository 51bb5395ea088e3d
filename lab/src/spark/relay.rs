//! Somebody on the path between a Spark client and a Spark server: listens, and if asked to, talks the two down.
//!
//! A frame of Spark's transport is an 8-byte length that counts itself, a type byte and the rest
//! (org.apache.spark.network.protocol, 3.5.7 and 4.1.4).

use crate::{LabError, Result, ports};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What passed, from both sides.
pub(super) type Seen = Arc<Mutex<Vec<u8>>>;

/// How much is remembered.
const MOST_SEEN: usize = 8 << 20;
/// A frame above this is not an authentication message.
const LARGEST_LOGIN: u64 = 64 << 10;

/// A relay that accepts connections until it is dropped.
#[derive(Debug)]
pub(super) struct Relay {
    /// Where clients come in.
    pub(super) port: u16,
    seen: Seen,
    end: Arc<std::sync::atomic::AtomicBool>,
}

/// What the relay does with what passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conduct {
    /// Passes everything on.
    Listen,
    /// Answers the first authentication message of the AES engine with a failure, as anybody on the path can, and passes
    /// the rest on: a client with SASL fallback then logs in by SASL.
    RefuseFirstLogin,
}

impl Relay {
    /// Stands before a server on a port of 127.0.0.1.
    pub(super) fn before(server: u16, conduct: Conduct) -> Result<Relay> {
        let port = ports::free()?;
        let failed = |error| LabError::failed("relay", error);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let relay = Relay {
            port,
            seen: Seen::default(),
            end: Arc::default(),
        };
        let (seen, end) = (Arc::clone(&relay.seen), Arc::clone(&relay.end));
        std::thread::spawn(move || {
            while !end.load(std::sync::atomic::Ordering::Relaxed) {
                match listener.accept() {
                    Ok((client, _)) => pass(client, server, conduct, &seen),
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        });
        Ok(relay)
    }

    /// Whether some bytes passed in clear.
    pub(super) fn has_seen(&self, wanted: &[u8]) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        super::daemons::contains(&seen, wanted)
    }

    /// How many bytes passed.
    pub(super) fn passed(&self) -> usize {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.end.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

fn pass(client: TcpStream, server: u16, conduct: Conduct, seen: &Seen) {
    let seen = Arc::clone(seen);
    std::thread::spawn(move || {
        // A broken connection is the end of this relay's work and nothing else.
        let _ = relay(client, server, conduct, &seen);
    });
}

fn relay(mut client: TcpStream, server: u16, conduct: Conduct, seen: &Seen) -> std::io::Result<()> {
    client.set_nonblocking(false)?;
    if conduct == Conduct::RefuseFirstLogin {
        refuse_first_login(&mut client)?;
    }
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
    let (to_server, from_server) = (server.try_clone()?, server);
    let (to_client, from_client) = (client.try_clone()?, client);
    let remembered = Arc::clone(seen);
    let back = std::thread::spawn(move || copy(from_server, to_client, &remembered));
    let forth = copy(from_client, to_server, seen);
    let _ = back.join();
    forth
}

fn copy(mut from: TcpStream, mut to: TcpStream, seen: &Seen) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer)?;
        let bytes = buffer.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return to.shutdown(Shutdown::Write);
        }
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < MOST_SEEN {
            seen.extend_from_slice(bytes);
        }
        drop(seen);
        to.write_all(bytes)?;
    }
}

/// Reads the client's first request and answers it with an RpcFailure (type 5) of the same id. Nothing secret is needed.
fn refuse_first_login(client: &mut TcpStream) -> std::io::Result<()> {
    let mut head = [0; 17];
    client.read_exact(&mut head)?;
    let (length, rest) = head.split_at(8);
    let length = u64::from_be_bytes(length.try_into().unwrap_or_default());
    let id = rest.get(1..).unwrap_or_default();
    let body = length.saturating_sub(head.len() as u64);
    std::io::copy(
        &mut client.take(body.min(LARGEST_LOGIN)),
        &mut std::io::sink(),
    )?;

    let why = b"not today";
    let mut failure = Vec::new();
    failure.extend((8 + 1 + 8 + 4 + why.len() as u64).to_be_bytes());
    failure.push(5);
    failure.extend(id);
    failure.extend((why.len() as u32).to_be_bytes());
    failure.extend(why);
    client.write_all(&failure)
}
