//! Frames of msgr2, revision 1, before a connection has a mode: a preamble, one segment, a checksum.

use std::io::{self, Read};
use std::net::TcpStream;

/// Tags of frames.
pub(super) const HELLO: u8 = 1;
pub(super) const AUTH_REQUEST: u8 = 2;
pub(super) const AUTH_BAD_METHOD: u8 = 3;

/// Tag, number of segments, four times length and alignment, flags, a spare byte, checksum.
const PREAMBLE: usize = 32;
const PREAMBLE_SUM: std::ops::Range<usize> = 28..32;
const SUM: usize = 4;
/// No frame before a login is as large.
const LARGEST: usize = 4096;

/// The type of a client.
const CLIENT: u8 = 8;
/// The type of an address for msgr2.
const TYPE_MSGR2: u32 = 2;
/// `AF_INET` on Linux.
const INET: u16 = 2;

/// A frame with one segment.
pub(super) fn frame(tag: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut frame = vec![tag, 1];
    frame.extend(length.to_le_bytes());
    // The alignment that Ceph asks for with its own control frames.
    frame.extend(8_u16.to_le_bytes());
    frame.resize(PREAMBLE_SUM.start, 0);
    frame.extend(crc32c(0, &frame).to_le_bytes());
    frame.extend(payload);
    frame.extend(crc32c(u32::MAX, payload).to_le_bytes());
    frame
}

/// Reads one frame.
pub(super) fn read(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; PREAMBLE];
    stream.read_exact(&mut frame)?;
    let length = segment(&frame);
    if length > LARGEST {
        return Err(io::Error::other("a frame too large for a greeting"));
    }
    frame.resize(PREAMBLE + length + SUM, 0);
    stream.read_exact(frame.get_mut(PREAMBLE..).unwrap_or_default())?;
    Ok(frame)
}

/// The segment of a frame with a tag.
pub(super) fn payload(frame: &[u8], tag: u8) -> Option<&[u8]> {
    if frame.first() != Some(&tag) {
        return None;
    }
    frame.get(PREAMBLE..PREAMBLE + segment(frame))
}

fn segment(frame: &[u8]) -> usize {
    let length = frame.get(2..6).and_then(|bytes| bytes.try_into().ok());
    length.map_or(0, u32::from_le_bytes) as usize
}

/// A client's HELLO: its type and the address where it sees the server.
pub(super) fn hello(port: u16) -> Vec<u8> {
    let mut payload = vec![CLIENT];
    // entity_addr_t: a marker for the form with a type, versions, the length of the rest, type, nonce, socket address.
    payload.extend([1, 1, 1]);
    payload.extend(28_u32.to_le_bytes());
    payload.extend(TYPE_MSGR2.to_le_bytes());
    payload.extend(0_u32.to_le_bytes());
    payload.extend(16_u32.to_le_bytes());
    payload.extend(INET.to_le_bytes());
    payload.extend(port.to_be_bytes());
    payload.extend([127, 0, 0, 1]);
    payload.extend([0; 8]);
    payload
}

/// Where the port stands in a HELLO's segment.
const HELLO_PORT: std::ops::Range<usize> = 22..24;

/// The same HELLO without the port, and with a checksum that fits.
pub(super) fn without_port(hello: &[u8]) -> Vec<u8> {
    let mut segment = payload(hello, HELLO).unwrap_or_default().to_vec();
    if let Some(port) = segment.get_mut(HELLO_PORT) {
        port.fill(0);
    }
    let mut masked = hello.get(..PREAMBLE).unwrap_or_default().to_vec();
    masked.extend(&segment);
    masked.extend(crc32c(u32::MAX, &segment).to_le_bytes());
    masked
}

/// A login by key that names no mode: method 2, no modes, nothing to prove.
pub(super) fn login_without_modes() -> Vec<u8> {
    [2_u32, 0, 0]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

/// CRC-32C as Ceph has it: reflected, with a start value, without a last inversion.
fn crc32c(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 1 { 0x82f6_3b78 } else { 0 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that a monitor of 16.2.15 took.
    #[test]
    fn frames_a_login_as_ceph_does() {
        let frame = frame(AUTH_REQUEST, &login_without_modes());
        assert_eq!(frame.get(..8), Some(&[2, 1, 12, 0, 0, 0, 8, 0][..]));
        assert_eq!(frame.get(PREAMBLE_SUM), Some(&[0xce, 0x2c, 0xac, 0x2a][..]));
        assert_eq!(
            frame.get(PREAMBLE + 12..),
            Some(&[0xc2, 0xe2, 0x7c, 0xb6][..])
        );
        assert_eq!(
            payload(&frame, AUTH_REQUEST),
            Some(login_without_modes().as_slice())
        );
    }

    #[test]
    fn masks_a_port_and_nothing_else() {
        let one = frame(HELLO, &hello(1234));
        assert_eq!(without_port(&one), frame(HELLO, &hello(0)));
    }
}
