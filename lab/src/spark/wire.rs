//! Single frames to Spark's ports, as a client without any secret can send them (reference: Spark 3.5.7 and 4.1.4,
//! org.apache.spark.network.protocol and .client).

use crate::{LabError, Result};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// The request id of the lab's frames.
const ID: [u8; 8] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];
const PATIENCE: Duration = Duration::from_secs(5);

/// An RpcRequest (type 3) with a body.
pub(super) fn rpc_request(body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    frame.extend((8 + 1 + 8 + 4 + body.len() as u64).to_be_bytes());
    frame.push(3);
    frame.extend(ID);
    frame.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend(body);
    frame
}

/// The first message of a SASL login: tag 0xea, the user that Spark uses, an empty payload.
pub(super) fn sasl_start() -> Vec<u8> {
    let user = b"sparkSaslUser";
    let mut body = vec![0xea];
    body.extend((user.len() as u32).to_be_bytes());
    body.extend(user);
    body.extend([0; 4]);
    rpc_request(&body)
}

/// A StreamRequest (type 6): the name of a stream.
pub(super) fn stream_request(name: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    frame.extend((8 + 1 + 4 + name.len() as u64).to_be_bytes());
    frame.push(6);
    frame.extend(u32::try_from(name.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend(name.as_bytes());
    frame
}

/// Sends one frame on a new connection and returns the first frame that comes back, or nothing where the server closes or
/// stays silent.
pub(super) fn ask(port: u16, frame: &[u8]) -> Result<Vec<u8>> {
    let failed = |error| LabError::failed(format!("port {port}"), error);
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.write_all(frame).map_err(failed)?;
    let mut length = [0; 8];
    if stream.read_exact(&mut length).is_err() {
        return Ok(Vec::new());
    }
    let wanted = u64::from_be_bytes(length).clamp(8, 256 << 10);
    let mut answer = length.to_vec();
    // A server that closes in the middle has said what it had to say.
    let _ = stream.take(wanted - 8).read_to_end(&mut answer);
    Ok(answer)
}

/// The readable part of an answer: its first line of text.
pub(super) fn first_line(answer: &[u8]) -> String {
    if answer.is_empty() {
        return "closed without a byte".to_owned();
    }
    // The head of a frame: length, type, request id, length of the text.
    let text = String::from_utf8_lossy(answer.get(21..).unwrap_or(answer));
    let line = text.lines().next().unwrap_or_default();
    line.chars()
        .filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER)
        .take(160)
        .collect()
}
