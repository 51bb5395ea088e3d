//! Free ports on loopback.

use crate::{LabError, Result};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;

/// Below the range that Linux takes for outgoing connections (32768 to 60999), so that no client of the lab sits on a port
/// between its choice and its use.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Ports that this process gave out already, also when nothing listens on them yet.
static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port on 127.0.0.1 that nothing listens on and that this process has not given out before.
///
/// # Errors
///
/// When every port of the range is taken.
pub fn free() -> Result<u16> {
    let mut given = GIVEN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let count = RANGE.end - RANGE.start;
    // Processes that run side by side begin at different places.
    let begin = u16::try_from(std::process::id().wrapping_mul(101) % u32::from(count)).unwrap_or(0);
    (0..count)
        .map(|step| RANGE.start + (begin + step) % count)
        .find(|port| {
            !given.contains(port) && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
        })
        .inspect(|port| {
            given.insert(*port);
        })
        .ok_or_else(|| LabError::failed("free port", "every port from 20000 to 31999 is taken"))
}

/// A port on 127.0.0.1 below 1024 that nothing listens on. Only root may listen there.
///
/// # Errors
///
/// When there is none.
pub fn privileged() -> Result<u16> {
    (700..1024)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or_else(|| LabError::failed("privileged port", "none from 700 to 1023 can be had"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]

    #[test]
    fn never_gives_a_port_twice() {
        let ports: Vec<u16> = (0..50).map(|_| super::free().expect("a port")).collect();
        let distinct: std::collections::BTreeSet<_> = ports.iter().collect();
        assert_eq!(distinct.len(), ports.len());
    }
}
