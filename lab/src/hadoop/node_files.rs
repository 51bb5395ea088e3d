//! What stands beside the settings in a node's directory: `log4j.properties` and `hadoop-env.sh`; and the site's hosts.

use super::places::Places;
use super::roles::Role;
use crate::{LabError, Result};
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

/// Writes both for one role.
pub(super) fn write(role: Role, directory: &Path, places: &Places, home: &Path) -> Result<()> {
    fs::create_dir_all(directory).map_err(|error| LabError::at(directory, error))?;
    for (name, text) in [
        ("log4j.properties", logging(role)),
        ("hadoop-env.sh", environment(role, directory, places, home)),
    ] {
        let file = directory.join(name);
        fs::write(&file, text).map_err(|error| LabError::at(&file, error))?;
    }
    Ok(())
}

/// The logger of file system operations, as `hadoop-env.sh` and the daemon's options name it.
pub(super) const AUDIT_LOGGER: &str = "INFO,AUDIT";

fn logging(role: Role) -> String {
    let level = if role == Role::Client {
        "ERROR"
    } else {
        "INFO"
    };
    let mut text = format!(
        "log4j.rootLogger={level},console\n\
         log4j.appender.console=org.apache.log4j.ConsoleAppender\n\
         log4j.appender.console.target=System.err\n\
         log4j.appender.console.layout=org.apache.log4j.PatternLayout\n\
         log4j.appender.console.layout.ConversionPattern=%d{{ISO8601}} %p %c: %m%n\n"
    );
    let audit = match role {
        Role::NameNode => Some((
            "org.apache.hadoop.hdfs.server.namenode.FSNamesystem.audit",
            "${hdfs.audit.logger}",
            "hdfs-audit.log",
            "%d{ISO8601} %p %c{2}: %m%n",
        )),
        Role::Kms => Some((
            "kms-audit",
            AUDIT_LOGGER,
            "kms-audit.log",
            "%d{ISO8601} %m%n",
        )),
        Role::ResourceManager => Some((
            "org.apache.hadoop.yarn.server.resourcemanager.RMAuditLogger",
            AUDIT_LOGGER,
            "rm-audit.log",
            "%d{ISO8601} %p %c{2}: %m%n",
        )),
        _ => None,
    };
    if let Some((logger, level, file, pattern)) = audit {
        text += &format!(
            "log4j.logger.{logger}={level}\n\
             log4j.additivity.{logger}=false\n\
             log4j.appender.AUDIT=org.apache.log4j.FileAppender\n\
             log4j.appender.AUDIT.File=${{hadoop.log.dir}}/{file}\n\
             log4j.appender.AUDIT.layout=org.apache.log4j.PatternLayout\n\
             log4j.appender.AUDIT.layout.ConversionPattern={pattern}\n"
        );
    }
    text
}

fn environment(role: Role, directory: &Path, places: &Places, home: &Path) -> String {
    let mut text = format!(
        "export HADOOP_HOME={}\nexport HADOOP_CONF_DIR={}\nexport HADOOP_LOG_DIR={}\n",
        home.display(),
        directory.display(),
        places.logs().display()
    );
    if role == Role::NameNode {
        text += &format!("export HDFS_AUDIT_LOGGER={AUDIT_LOGGER}\n");
    }
    text
}

/// Where listeners stand between clients and the DataNode: another address of the loopback interface, so that the
/// DataNode's port is free there.
pub(super) const LISTENERS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Writes the names of the site's hosts: all are this machine's loopback interface. The machine itself is among them,
/// because Java asks for its own name. Clients that look up the DataNode by its name find listeners in its place.
pub(super) fn write_hosts(role: Role, places: &Places) -> Result<()> {
    let file = places.hosts(role);
    let machine = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut names = vec!["localhost", machine.trim()];
    names.extend(Role::ALL.map(Role::host));
    let mut text = String::new();
    for name in names {
        let address = match role {
            Role::Client if name == Role::DataNode.host() => LISTENERS,
            _ => Ipv4Addr::LOCALHOST,
        };
        text += &format!("{address} {name}\n");
    }
    fs::write(&file, text).map_err(|error| LabError::at(&file, error))
}
