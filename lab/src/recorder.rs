//! A listener between client and server: it passes everything on and keeps it.
//!
//! It needs no rights beyond those of a server. The bytes it keeps are those that a listener on the network would see.

use crate::{LabError, Result};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most that is kept of one direction of a conversation, in bytes.
const MOST: usize = 8 << 20;

/// What passed on one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// From client to server.
    pub asked: Vec<u8>,
    /// From server to client.
    pub answered: Vec<u8>,
}

impl Conversation {
    /// Whether a text passed in clear, in either direction.
    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        let within = |bytes: &[u8]| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        within(&self.asked) || within(&self.answered)
    }
}

/// The listener. It stops taking clients when it is dropped.
#[derive(Debug)]
pub struct Recorder {
    place: SocketAddr,
    kept: Kept,
    is_over: Arc<AtomicBool>,
}

type Kept = Arc<Mutex<Vec<Arc<Mutex<Conversation>>>>>;

impl Recorder {
    /// Listens on a free port of 127.0.0.1 and passes everything on to another port of it.
    ///
    /// # Errors
    ///
    /// When it can't listen.
    pub fn start(server: u16) -> Result<Recorder> {
        Recorder::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), server)
    }

    /// Listens on an address of loopback and passes everything on to a port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// When it can't listen.
    pub fn start_at(place: SocketAddr, server: u16) -> Result<Recorder> {
        let failed = |error| LabError::failed(format!("recorder on {place}"), error);
        let listener = TcpListener::bind(place).map_err(failed)?;
        let recorder = Recorder {
            place: listener.local_addr().map_err(failed)?,
            kept: Kept::default(),
            is_over: Arc::default(),
        };
        let (kept, is_over) = (Arc::clone(&recorder.kept), Arc::clone(&recorder.is_over));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let kept = Arc::clone(&kept);
                // A server that can't be reached has nothing to be recorded.
                std::thread::spawn(move || drop(serve(&client, server, &kept)));
            }
        });
        Ok(recorder)
    }

    /// Where clients find it.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.place.port()
    }

    /// What passed so far, connection by connection, in the order in which they were opened.
    #[must_use]
    pub fn kept(&self) -> Vec<Conversation> {
        locked(&self.kept)
            .iter()
            .map(|conversation| locked(conversation).clone())
            .collect()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the one who waits for clients.
        drop(TcpStream::connect(self.place));
    }
}

fn serve(client: &TcpStream, port: u16, kept: &Kept) -> io::Result<()> {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let conversation = Arc::new(Mutex::new(Conversation::default()));
    locked(kept).push(Arc::clone(&conversation));
    let keep = |bytes: &[u8], is_answer: bool| {
        let mut conversation = locked(&conversation);
        let side = if is_answer {
            &mut conversation.answered
        } else {
            &mut conversation.asked
        };
        if side.len() < MOST {
            side.extend_from_slice(bytes);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| pass(client, &server, |bytes| keep(bytes, false)));
        pass(&server, client, |bytes| keep(bytes, true));
    });
    Ok(())
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pass(mut from: &TcpStream, mut to: &TcpStream, mut keep: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let Some(bytes) = buffer.get(..count) else {
            break;
        };
        keep(bytes);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    drop(to.shutdown(Shutdown::Write));
    drop(from.shutdown(Shutdown::Read));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn keeps_both_directions() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = server.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            let (mut client, _) = server.accept().expect("a client");
            let mut word = [0; 4];
            client.read_exact(&mut word).expect("read");
            client.write_all(b"pong").expect("written");
        });
        let recorder = Recorder::start(port).expect("started");
        let mut client =
            TcpStream::connect((Ipv4Addr::LOCALHOST, recorder.port())).expect("connected");
        client.write_all(b"ping").expect("written");
        let mut answer = [0; 4];
        client.read_exact(&mut answer).expect("read");
        let kept = recorder.kept();
        assert_eq!(kept.len(), 1);
        assert!(kept[0].shows("ping") && kept[0].shows("pong"));
    }
}
