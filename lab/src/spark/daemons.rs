//! The processes of a standalone cluster.

use super::configuration::{Layout, Ports};
use crate::process::Process;
use crate::{Result, wait};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const READY: Duration = Duration::from_secs(120);

/// What all processes of one cluster share.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    /// `SPARK_HOME`.
    pub(super) home: PathBuf,
    pub(super) layout: Layout,
    pub(super) ports: Ports,
    /// `SPARK_DAEMON_JAVA_OPTS`: what this process sets beside the files.
    pub(super) daemon_options: String,
}

impl Cluster {
    /// The RPC address of the Master, or of something that stands before it.
    pub(super) fn master_url(port: u16) -> String {
        format!("spark://localhost:{port}")
    }

    pub(super) fn master(&self) -> Result<Process> {
        let Ports {
            master, master_ui, ..
        } = self.ports;
        let mut command = self.class("org.apache.spark.deploy.master.Master");
        command
            .args(["--host", "localhost"])
            .args(["--port", &master.to_string()])
            .args(["--webui-port", &master_ui.to_string()]);
        let mut process = self.start("Master", &command)?;
        wait::for_port(&mut process, master, READY)?;
        wait::for_port(&mut process, master_ui, READY)?;
        Ok(process)
    }

    /// A Worker that joins a Master. It is ready when the Master has accepted it.
    pub(super) fn worker(&self, name: &str, port: u16, ui: u16, master: u16) -> Result<Process> {
        let mut command = self.class("org.apache.spark.deploy.worker.Worker");
        command
            .args(["--host", "localhost", "--cores", "2", "--memory", "1g"])
            .args(["--port", &port.to_string()])
            .args(["--webui-port", &ui.to_string()])
            .arg("--work-dir")
            .arg(self.layout.work())
            .arg(Self::master_url(master));
        self.start(name, &command)
    }

    pub(super) fn history_server(&self) -> Result<Process> {
        let command = self.class("org.apache.spark.deploy.history.HistoryServer");
        self.start("History Server", &command)
    }

    pub(super) fn connect_server(&self) -> Result<Process> {
        let mut command = self.submit("org.apache.spark.sql.connect.service.SparkConnectServer");
        // A driver of its own: it must not take the ports of the lab's application.
        command
            .args(["--conf", "spark.ui.enabled=false"])
            .args(["--conf", "spark.driver.port=0"])
            .args(["--conf", "spark.connect.grpc.binding.address=127.0.0.1"])
            .args(["--conf", "spark.master=local[1]"])
            .arg("spark-internal");
        self.start("Connect server", &command)
    }

    /// `spark-submit` of a class.
    pub(super) fn submit(&self, class: &str) -> Command {
        let mut command = self.class("org.apache.spark.deploy.SparkSubmit");
        command.args(["--class", class]);
        command
    }

    /// `spark-class`, which reads the environment file, builds the command line and becomes the JVM.
    fn class(&self, class: &str) -> Command {
        let mut command = Command::new(self.home.join("bin/spark-class"));
        self.environment(&mut command);
        command.arg(class);
        command
    }

    /// Listening on loopback is a matter of the lab and not of the configuration under test, so it stands in the
    /// environment and not in its files.
    pub(super) fn environment(&self, command: &mut Command) {
        command
            .env("SPARK_HOME", &self.home)
            .env("SPARK_CONF_DIR", self.layout.conf())
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .env("SPARK_DAEMON_MEMORY", "512m")
            .env("SPARK_DAEMON_JAVA_OPTS", &self.daemon_options)
            .env("SPARK_NO_DAEMONIZE", "1");
    }

    pub(super) fn start(&self, name: &str, command: &Command) -> Result<Process> {
        Process::start(name, command, &self.log(name))
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        let file = name.to_lowercase().replace(' ', "-");
        self.layout.logs().join(format!("{file}.log"))
    }
}

/// Waits until a line of a log says so.
pub(super) fn wait_for_line(process: &mut Process, words: &str) -> Result<()> {
    let log = process.log().to_owned();
    wait::until(process, READY, || says(&log, words))
}

/// Whether a log holds some words.
pub(super) fn says(log: &Path, words: &str) -> bool {
    std::fs::read(log).is_ok_and(|text| contains(&text, words.as_bytes()))
}

/// Whether bytes hold other bytes.
pub(super) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
