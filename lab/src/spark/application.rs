//! The lab's application on the cluster.

use super::daemons::Cluster;
use crate::process::Process;
use crate::{Result, wait};
use std::path::Path;
use std::time::Duration;

const READY: Duration = Duration::from_secs(180);

/// Submits the application and waits until it has shuffled. It stays until its process is stopped.
pub(super) fn start(cluster: &Cluster, jar: &Path) -> Result<Process> {
    let ready = cluster.layout.logs().join("application.ready");
    let mut command = cluster.submit("LabApplication");
    command
        .args(["--conf", "spark.cores.max=2"])
        .args(["--conf", "spark.executor.memory=512m"])
        .args(["--conf", "spark.driver.host=localhost"])
        .args(["--conf", "spark.driver.bindAddress=127.0.0.1"])
        // So that a marker in a shuffle file can be found as it stands.
        .args(["--conf", "spark.shuffle.compress=false"])
        // The same for the event log, which 4.x compresses by default.
        .args(["--conf", "spark.eventLog.compress=false"])
        .arg(jar)
        .arg(&ready)
        .arg(cluster.layout.logs().join("application.end"));
    let mut process = cluster.start("application", &command)?;
    wait::until(&mut process, READY, || ready.exists())?;
    Ok(process)
}
