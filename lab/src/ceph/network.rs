//! Somebody who listens on the loopback interface, by tcpdump. A relay can't stand between clients and OSDs, because the
//! cluster's maps tell clients where to go; and a preloaded proxy breaks Ceph's event loop.

use crate::packages::Need;
use crate::process::Process;
use crate::{LabError, Result, wait};
use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Records packets.
pub(super) const TCPDUMP: Need = Need {
    program: "tcpdump",
    package: "tcpdump",
};

const READY: Duration = Duration::from_secs(30);
/// What the lab sends itself when all is done: tcpdump writes in order, so what came before stands in the file by then.
const LAST_WORDS: &[u8] = b"wardline-lab-nothing-follows";

/// What passed while somebody did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard(Vec<u8>);

impl Heard {
    /// Whether some words passed in clear. They must be short enough for one packet.
    pub(super) fn shows(&self, words: &str) -> bool {
        self.holds(words.as_bytes())
    }

    fn holds(&self, words: &[u8]) -> bool {
        self.0.windows(words.len()).any(|window| window == words)
    }

    /// How much passed, with the heads of packets.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Does something and records all packets to and from some ports meanwhile.
///
/// # Errors
///
/// When this user may not record, or the deed fails.
pub(super) fn while_listening<T>(
    ports: &RangeInclusive<u16>,
    scratch: &Path,
    deed: impl FnOnce() -> Result<T>,
) -> Result<(T, Heard)> {
    let file = scratch.join("packets");
    let log = scratch.join("tcpdump.log");
    for old in [&file, &log] {
        // There is none at first.
        let _ = fs::remove_file(old);
    }
    let mut tcpdump = Command::new(TCPDUMP.path()?);
    tcpdump
        .args(["-i", "lo", "--immediate-mode", "-U", "-Z", "root", "-w"])
        .arg(&file)
        .arg(format!(
            "tcp and portrange {}-{}",
            ports.start(),
            ports.end()
        ));
    let mut process = Process::start("tcpdump", &tcpdump, &log)?;
    let listens = || fs::read_to_string(&log).is_ok_and(|text| text.contains("listening on"));
    if let Err(error) = wait::until(&mut process, READY, listens) {
        let text = fs::read_to_string(&log).unwrap_or_default();
        return Err(if text.contains("permission") {
            LabError::Missing {
                what: "the right to record packets".to_owned(),
                install: "run it as root".to_owned(),
            }
        } else {
            error
        });
    }
    let done = deed()?;
    say_last_words(ports)?;
    wait::until(&mut process, READY, || {
        fs::read(&file).is_ok_and(|packets| Heard(packets).holds(LAST_WORDS))
    })?;
    process.stop();
    let packets = fs::read(&file).map_err(|error| LabError::failed("tcpdump", error))?;
    Ok((done, Heard(packets)))
}

/// Sends something to the first of the ports that listens. The service there closes the connection.
fn say_last_words(ports: &RangeInclusive<u16>) -> Result<()> {
    let failed = |error| LabError::failed("end of a recording", error);
    let port = ports
        .clone()
        .find(|port| wait::listens(*port))
        .ok_or_else(|| LabError::failed("end of a recording", "nothing listens on the ports"))?;
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .and_then(|mut stream| stream.write_all(LAST_WORDS))
        .map_err(failed)
}
