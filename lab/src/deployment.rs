//! A service that runs in one profile.

use crate::process::Process;
use crate::workdir::WorkDir;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One address of a running service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// What listens there: `NameNode RPC`, `etcd clients`.
    pub name: String,
    /// `127.0.0.1:PORT`, a URL or the path of a socket.
    pub address: String,
}

impl Endpoint {
    /// Something that listens on a port of 127.0.0.1.
    #[must_use]
    pub fn port(name: &str, port: u16) -> Endpoint {
        Endpoint {
            name: name.to_owned(),
            address: format!("127.0.0.1:{port}"),
        }
    }
}

/// A service that runs in one profile. Its processes end and its directory goes when it is dropped.
#[derive(Debug)]
pub struct Deployment {
    /// The service, as in its recipe.
    pub service: &'static str,
    /// The release that runs.
    pub release: String,
    /// The profile it runs in.
    pub profile: String,
    /// Where to reach it.
    pub endpoints: Vec<Endpoint>,
    /// The directory that holds what `wardline check` is to read: the configuration as its administrator keeps it.
    pub configuration: PathBuf,
    /// How long it took until everything was ready, without fetching.
    pub took: Duration,
    /// The processes, in the order started. They end in the opposite order.
    pub processes: Vec<Process>,
    /// Where it keeps data and logs. After the processes, so that it is removed when they have ended.
    pub dir: WorkDir,
}

impl Deployment {
    /// The directory of the deployment.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Resident memory of all processes, in MiB.
    #[must_use]
    pub fn resident_mib(&self) -> u64 {
        let kib: u64 = self
            .processes
            .iter()
            .filter_map(Process::resident_kib)
            .sum();
        kib / 1024
    }

    /// One of its processes.
    pub fn process(&mut self, name: &str) -> Option<&mut Process> {
        self.processes
            .iter_mut()
            .find(|process| process.name() == name)
    }

    /// Ends one of its processes, so that it can be started anew.
    pub fn stop_process(&mut self, name: &str) {
        self.processes.retain(|process| process.name() != name);
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        while let Some(mut process) = self.processes.pop() {
            process.stop();
        }
        self.dir.may_go();
    }
}
