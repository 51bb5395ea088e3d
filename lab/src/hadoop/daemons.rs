//! The daemons as processes: which class runs with which options.

use super::artefacts::{Artefacts, JAVA};
use super::node_files::AUDIT_LOGGER;
use super::places::Places;
use super::roles::Role;
use crate::process::Process;
use crate::{LabError, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How long a daemon may take to start. It takes seconds; a machine that does much else may be slow.
pub(super) const LIMIT: Duration = Duration::from_secs(180);

/// Starts Java programs of one deployment.
#[derive(Clone, Debug)]
pub(super) struct Java {
    pub(super) artefacts: Artefacts,
    pub(super) places: Places,
    /// Kerberos's settings, where it is on.
    pub(super) krb5_conf: Option<PathBuf>,
}

impl Java {
    /// A Java program that reads the settings of a role.
    pub(super) fn program(&self, role: Role) -> Result<Command> {
        let directory = self.places.configuration().join(role.directory());
        let mut java = Command::new(JAVA.path()?);
        java.args([
            "-Xmx192m",
            "-Xss512k",
            "-XX:MaxMetaspaceSize=160m",
            "-XX:+UseSerialGC",
            // Programs that live for seconds never earn back what the second compiler costs.
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            // The ResourceManager of every release and the KMS of 3.3 reach into it (Guice, JAXB).
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true",
        ]);
        java.arg(property("hadoop.log.dir", &self.places.logs()));
        // Web servers unpack themselves there, and a program that is ended does not tidy up.
        java.arg(property("java.io.tmpdir", self.places.root()));
        java.arg(format!(
            "-Dlog4j.configuration=file:{}",
            directory.join("log4j.properties").display()
        ));
        if let Some(krb5_conf) = &self.krb5_conf {
            java.arg(property("java.security.krb5.conf", krb5_conf));
        }
        java.arg(property("jdk.net.hosts.file", &self.places.hosts(role)));
        java.current_dir(self.places.root());
        if role == Role::Kms {
            java.arg(property("kms.config.dir", &directory));
            java.arg(property("kms.log.dir", &self.places.logs()));
        }
        if role == Role::HttpFs {
            for (name, place) in [
                ("httpfs.home.dir", self.places.data("httpfs")),
                ("httpfs.config.dir", directory.clone()),
                ("httpfs.log.dir", self.places.logs()),
                ("httpfs.temp.dir", self.places.data("httpfs")),
            ] {
                java.arg(property(name, &place));
            }
        }
        if role == Role::NameNode {
            java.arg(format!("-Dhdfs.audit.logger={AUDIT_LOGGER}"));
        }
        java.arg("-cp").arg(self.artefacts.class_path(&directory));
        Ok(java)
    }

    /// Starts a daemon, without waiting for it.
    pub(super) fn start(&self, role: Role) -> Result<Process> {
        let mut java = self.program(role)?;
        java.arg(main_class(role)?)
            .env("HADOOP_USER_NAME", account(role));
        let log = self.places.logs().join(format!("{}.log", role.directory()));
        // Its data dies with it: nothing is lost when it does not say goodbye.
        Process::start(name(role), &java, &log).map(Process::without_grace)
    }
}

fn property(name: &str, path: &Path) -> String {
    format!("-D{name}={}", path.display())
}

/// What a daemon is called.
pub(super) fn name(role: Role) -> &'static str {
    match role {
        Role::NameNode => "NameNode",
        Role::DataNode => "DataNode",
        Role::JournalNode => "JournalNode",
        Role::Kms => "KMS",
        Role::HttpFs => "HttpFS",
        Role::ResourceManager => "ResourceManager",
        Role::Client => "client",
    }
}

/// Whom a daemon says it is where nobody asks for proof.
fn account(role: Role) -> &'static str {
    match role {
        Role::Kms => "kms",
        Role::HttpFs => "httpfs",
        Role::ResourceManager => "rm",
        _ => "hdfs",
    }
}

fn main_class(role: Role) -> Result<&'static str> {
    Ok(match role {
        // Formats its empty directories first.
        Role::NameNode => "wardline.lab.FreshNameNode",
        Role::DataNode => "org.apache.hadoop.hdfs.server.datanode.DataNode",
        Role::JournalNode => "org.apache.hadoop.hdfs.qjournal.server.JournalNode",
        Role::Kms => "org.apache.hadoop.crypto.key.kms.server.KMSWebServer",
        Role::HttpFs => "org.apache.hadoop.fs.http.server.HttpFSServerWebServer",
        Role::ResourceManager => "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager",
        Role::Client => return Err(LabError::failed("client", "is no daemon")),
    })
}
