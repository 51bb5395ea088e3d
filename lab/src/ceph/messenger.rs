//! Ceph's wire protocols up to where a login would begin: what a daemon tells anybody who connects.
//!
//! Layouts after Ceph's documentation of msgr2 ("dev/msgr2", revision 1) and its sources (16.2.15, 18.2.7:
//! src/msg/async/frames_v2.h, ProtocolV1.cc). All numbers are little-endian but for socket addresses.

mod frames;

use super::cluster::{Cluster, Daemons};
use crate::recipe::Capture;
use crate::{LabError, Result};
use frames::{AUTH_BAD_METHOD, AUTH_REQUEST, HELLO};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

/// "ceph v2\n", the length of what follows, supported features (revision 1), required features.
const BANNER: [u8; 26] = *b"ceph v2\n\x10\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
/// Nine bytes of greeting, the server's address, the client's as the server sees it.
const V1_BANNER: usize = 9 + 2 * V1_ADDRESS;
/// Type, nonce and a `sockaddr_storage`.
const V1_ADDRESS: usize = 4 + 4 + 128;

/// Login without key, and by key.
pub(super) const METHOD_NONE: u32 = 1;
pub(super) const METHOD_CEPHX: u32 = 2;
/// A connection with checksums only.
pub(super) const MODE_CRC: u32 = 1;

/// What a daemon said before any login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Greeting {
    pub(super) banner: Vec<u8>,
    pub(super) hello: Vec<u8>,
    /// The answer to a login that names no mode of connection.
    pub(super) bad_method: Vec<u8>,
}

/// How a daemon lets clients in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) methods: Vec<u32>,
    pub(super) modes: Vec<u32>,
}

/// Greets a daemon as a client does and asks for a login that it has to refuse.
pub(super) fn greet(port: u16) -> Result<Greeting> {
    let failed = |error| LabError::failed(format!("msgr2 on port {port}"), error);
    let mut stream = connect(port)?;
    let mut banner = vec![0; BANNER.len()];
    stream.read_exact(&mut banner).map_err(failed)?;
    stream.write_all(&BANNER).map_err(failed)?;
    let hello = frames::read(&mut stream).map_err(failed)?;
    stream
        .write_all(&frames::frame(HELLO, &frames::hello(port)))
        .map_err(failed)?;
    stream
        .write_all(&frames::frame(AUTH_REQUEST, &frames::login_without_modes()))
        .map_err(failed)?;
    let bad_method = frames::read(&mut stream).map_err(failed)?;
    Ok(Greeting {
        banner,
        hello,
        bad_method,
    })
}

impl Greeting {
    /// How the daemon lets clients in, out of its refusal.
    pub(super) fn offer(&self) -> Option<Offer> {
        let payload = frames::payload(&self.bad_method, AUTH_BAD_METHOD)?;
        // Method and result come first.
        let mut words = payload
            .chunks_exact(4)
            .skip(2)
            .map(|word| u32::from_le_bytes(word.try_into().unwrap_or_default()));
        let mut list = || {
            let count = words.next()?;
            Some(words.by_ref().take(count as usize).collect())
        };
        Some(Offer {
            methods: list()?,
            modes: list()?,
        })
    }
}

/// The greeting of msgr1, if anybody speaks it there.
pub(super) fn v1_banner(port: u16) -> Result<Option<Vec<u8>>> {
    let Ok(mut stream) = connect(port) else {
        return Ok(None);
    };
    let mut bytes = vec![0; V1_BANNER];
    if stream.read_exact(&mut bytes).is_err() || !bytes.starts_with(b"ceph v027") {
        return Ok(None);
    }
    Ok(Some(bytes))
}

fn connect(port: u16) -> Result<TcpStream> {
    let failed = |error| LabError::failed(format!("port {port}"), error);
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    Ok(stream)
}

/// Records what daemons say before a login. Ports and process numbers differ each time and are 0; checksums fit that.
pub(super) fn captures(cluster: &Cluster) -> Result<Vec<Capture>> {
    let Daemons {
        osd_v2,
        osd_v1,
        mgr_v2,
    } = cluster.daemons()?;
    let mut captures = Vec::new();
    for (daemon, port) in [
        ("mon", Some(cluster.ports.mon_v2)),
        ("osd", osd_v2),
        ("mgr", mgr_v2),
    ] {
        let Some(port) = port else { continue };
        let greeting = greet(port)?;
        if daemon == "mon" {
            captures.push(capture(
                "mon-banner.hex",
                "What the monitor says first on its msgr2 port: \"ceph v2\\n\", the length of the rest, supported and \
                 required features",
                &greeting.banner,
            ));
        }
        captures.push(capture(
            &format!("{daemon}-hello.hex"),
            "The HELLO frame that follows the banner: preamble of 32 bytes, the daemon's type (1 monitor, 4 OSD, \
             16 manager), the client's address as the daemon sees it, checksum. The client's port is masked by 0, and \
             the checksum made to fit",
            &frames::without_port(&greeting.hello),
        ));
        captures.push(capture(
            &format!("{daemon}-bad-method.hex"),
            "The answer to an AUTH_REQUEST of a client (HELLO with type 8) for method 2 with an empty list of modes: \
             AUTH_BAD_METHOD with method, result, allowed methods (1 none, 2 cephx), allowed modes (1 crc, 2 secure) in \
             the daemon's order",
            &greeting.bad_method,
        ));
    }
    for (daemon, port) in [("mon", cluster.ports.mon_v1), ("osd", osd_v1)] {
        let banner = match port {
            Some(port) => v1_banner(port)?,
            None => None,
        };
        if let Some(banner) = banner {
            captures.push(capture(
                &format!("{daemon}-v1-banner.hex"),
                "What the daemon says first on its msgr1 port: \"ceph v027\", its own address and the client's, each a \
                 type, a nonce and a sockaddr_storage. Nonces and ports are masked by 0",
                &without_v1_ports(banner),
            ));
        }
    }
    Ok(captures)
}

/// Masks nonce and port of both addresses.
fn without_v1_ports(mut banner: Vec<u8>) -> Vec<u8> {
    for start in [9, 9 + V1_ADDRESS] {
        // Type (4), nonce (4), address family (2), port (2).
        for at in [4..8, 10..12] {
            for index in at {
                if let Some(byte) = banner.get_mut(start + index) {
                    *byte = 0;
                }
            }
        }
    }
    banner
}

fn capture(file: &str, about: &str, bytes: &[u8]) -> Capture {
    let lines: Vec<String> = bytes
        .chunks(32)
        .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect())
        .collect();
    Capture {
        file: file.to_owned(),
        about: format!("{about}; {} bytes.", bytes.len()),
        text: lines.join("\n"),
    }
}
