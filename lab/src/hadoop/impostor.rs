//! A false NameNode: it asks nobody for proof, and notes who talks to it all the same.

use super::protobuf::{Fields, Message, zigzag};
use crate::{LabError, Result};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A server that answers NEGOTIATE with SUCCESS: no proof wanted, no protection given.
#[derive(Debug)]
pub(super) struct Impostor {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Impostor {
    pub(super) fn start() -> Result<Impostor> {
        let failed = |error| LabError::failed("impostor", error);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let impostor = Impostor {
            port: listener.local_addr().map_err(failed)?.port(),
            heard: Arc::default(),
        };
        let heard = Arc::clone(&impostor.heard);
        std::thread::spawn(move || {
            // One client is all it takes.
            if let Ok((client, _)) = listener.accept() {
                let said = listen(client).unwrap_or_default();
                *heard.lock().unwrap_or_else(PoisonError::into_inner) = said;
            }
        });
        Ok(impostor)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Whether the client told it a text in clear.
    pub(super) fn heard(&self, text: &str) -> bool {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }
}

/// The last byte of a greeting: what the client means to do about authentication.
const NO_PROOF: u8 = 0;

/// Talks a client into going on without SASL, where it does not do so by itself. Returns what it says then.
fn listen(mut client: TcpStream) -> io::Result<Vec<u8>> {
    client.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut greeting = [0; 7];
    client.read_exact(&mut greeting)?;
    if greeting.last() != Some(&NO_PROOF) {
        let request = frame(&mut client)?;
        client.write_all(&no_proof_wanted(&request))?;
    }
    // The connection's context, and the call.
    let mut said = frame(&mut client)?;
    said.extend(frame(&mut client).unwrap_or_default());
    Ok(said)
}

/// The answer to NEGOTIATE: status SUCCESS of call -33 in a header, then a SASL message in state SUCCESS.
fn no_proof_wanted(request: &[u8]) -> Vec<u8> {
    let mut request = request;
    let header = Fields::delimited(&mut request).unwrap_or_default();
    let caller = header.all(4).next().unwrap_or_default();
    let header = Message::default()
        .number(1, u64::from((-33_i32).cast_unsigned()))
        .number(2, 0)
        .number(3, 9)
        .bytes(7, caller)
        .number(8, zigzag(-1));
    let message = Message::default().number(2, 0);
    let body = [header.delimited(), message.delimited()].concat();
    let length = u32::try_from(body.len()).unwrap_or_default();
    [length.to_be_bytes().as_slice(), &body].concat()
}

fn frame(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    client.read_exact(&mut length)?;
    // No first message of a client is longer than a page or two.
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    let mut body = vec![0; length.min(1 << 16)];
    client.read_exact(&mut body)?;
    Ok(body)
}
