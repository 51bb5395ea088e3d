//! Waiting for services, never without end.

use crate::process::Process;
use crate::{LabError, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(50);

/// Waits until `is_ready` says so.
///
/// # Errors
///
/// When the process ends before, or the time is up; the error quotes the end of the log.
pub fn until(
    process: &mut Process,
    limit: Duration,
    mut is_ready: impl FnMut() -> bool,
) -> Result<()> {
    let start = Instant::now();
    while !is_ready() {
        if let Some(status) = process.ended() {
            return Err(process.failure(format!("ended with {status} before it was ready")));
        }
        if start.elapsed() > limit {
            return Err(process.failure(format!("not ready after {} s", limit.as_secs())));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// Waits until something accepts connections on a port of 127.0.0.1.
///
/// # Errors
///
/// As [`until`].
pub fn for_port(process: &mut Process, port: u16, limit: Duration) -> Result<()> {
    until(process, limit, || listens(port))
}

/// Whether something accepts connections on a port of 127.0.0.1.
#[must_use]
pub fn listens(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
}

/// Waits for something that is no process of its own.
///
/// # Errors
///
/// When the time is up.
pub fn for_condition(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) -> Result<()> {
    let start = Instant::now();
    while !holds() {
        if start.elapsed() > limit {
            return Err(LabError::failed(
                what,
                format!("not so after {} s", limit.as_secs()),
            ));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}
