//! etcd, the KMS plugin and kube-apiserver as processes.

use super::api::{Api, Caller};
use super::build;
use super::node::Node;
use super::static_pod::flags_of;
use crate::cache::Cache;
use crate::process::Process;
use crate::{LabError, Result, wait};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Four seconds on an idle machine.
const LIMIT: Duration = Duration::from_secs(120);

/// The names of the processes.
pub(super) const API_SERVER: &str = "kube-apiserver";
pub(super) const ETCD: &str = "etcd";
pub(super) const KMS: &str = "KMS plugin";

/// The programs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    pub(super) api_server: PathBuf,
    pub(super) etcdctl: PathBuf,
    etcd: PathBuf,
    kms_plugin: PathBuf,
}

impl Programs {
    /// Builds what the cache lacks.
    ///
    /// # Errors
    ///
    /// When something can't be built.
    pub(super) fn built(cache: &Cache) -> Result<Programs> {
        let [etcd, etcdctl] = build::etcd(cache)?;
        Ok(Programs {
            etcd,
            etcdctl,
            kms_plugin: build::kms_plugin(cache)?,
            api_server: build::api_server(cache)?,
        })
    }

    /// Starts etcd by the flags of its manifest.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(super) fn start_etcd(&self, node: &Node) -> Result<Process> {
        let mut command = Command::new(&self.etcd);
        command.args(here(node, "etcd.yaml")?);
        // The demo's member is one of three. Nothing of the lab has to survive a loss of power.
        let own = node.here("--initial-cluster=cp1=https://10.20.0.11:2380");
        command.args([&own, "--unsafe-no-fsync", "--log-level=warn"]);
        let mut process = start(node, ETCD, &command)?;
        wait::for_port(&mut process, node.etcd_local, LIMIT)?;
        Ok(process)
    }

    /// Starts the KMS plugin with the named keys.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(super) fn start_kms_plugin(&self, node: &Node, keys: &[&str]) -> Result<Process> {
        let socket = node.kms_socket();
        let mut command = Command::new(&self.kms_plugin);
        command.arg(&socket).args(keys);
        let mut process = start(node, KMS, &command)?;
        wait::until(&mut process, LIMIT, || socket.exists())?;
        Ok(process)
    }

    /// Starts kube-apiserver by the flags of its manifest, and waits until it says that it is ready. `is_kept` leaves flags
    /// out.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(super) fn start_api_server(
        &self,
        node: &Node,
        is_kept: impl Fn(&str) -> bool,
    ) -> Result<Process> {
        let mut command = Command::new(&self.api_server);
        command.args(
            here(node, "kube-apiserver.yaml")?
                .into_iter()
                .filter(|flag| is_kept(flag)),
        );
        // A service cannot have a loopback address as its endpoint, so none is kept.
        command.args([
            "--bind-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
        ]);
        let mut process = start(node, API_SERVER, &command)?;
        let api = Api::new(node)?;
        wait::until(&mut process, LIMIT, || {
            api.get("/readyz", &Caller::Administrator)
                .is_ok_and(|answer| answer.status == 200)
        })?;
        Ok(process)
    }
}

/// The flags of a manifest, for this machine.
fn here(node: &Node, manifest: &str) -> Result<Vec<String>> {
    let flags = flags_of(&node.control_plane().join(manifest))?;
    Ok(flags.iter().map(|flag| node.here(flag)).collect())
}

fn start(node: &Node, name: &str, command: &Command) -> Result<Process> {
    let logs = node.logs();
    fs::create_dir_all(&logs).map_err(|error| LabError::at(&logs, error))?;
    let log = logs.join(format!("{}.log", name.replace(' ', "-")));
    Process::start(name, command, &log)
}
