//! Where one deployment keeps and serves things: its directories and ports.

use super::roles::Role;
use crate::{Result, ports};
use std::path::{Path, PathBuf};

/// The ports of one deployment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    pub(super) namenode_rpc: u16,
    pub(super) namenode_http: u16,
    pub(super) namenode_https: u16,
    pub(super) datanode: u16,
    pub(super) datanode_ipc: u16,
    pub(super) datanode_http: u16,
    pub(super) datanode_https: u16,
    pub(super) journalnode_rpc: u16,
    pub(super) journalnode_http: u16,
    pub(super) journalnode_https: u16,
    pub(super) kms: u16,
    pub(super) httpfs: u16,
    pub(super) manager_clients: u16,
    pub(super) manager_scheduler: u16,
    pub(super) manager_tracker: u16,
    pub(super) manager_administrators: u16,
    pub(super) manager_http: u16,
    pub(super) manager_https: u16,
}

impl Ports {
    pub(super) fn free() -> Result<Ports> {
        Ok(Ports {
            namenode_rpc: ports::free()?,
            namenode_http: ports::free()?,
            namenode_https: ports::free()?,
            datanode: ports::free()?,
            datanode_ipc: ports::free()?,
            datanode_http: ports::free()?,
            datanode_https: ports::free()?,
            journalnode_rpc: ports::free()?,
            journalnode_http: ports::free()?,
            journalnode_https: ports::free()?,
            kms: ports::free()?,
            httpfs: ports::free()?,
            manager_clients: ports::free()?,
            manager_scheduler: ports::free()?,
            manager_tracker: ports::free()?,
            manager_administrators: ports::free()?,
            manager_http: ports::free()?,
            manager_https: ports::free()?,
        })
    }
}

/// The directory of one deployment, and what stands where in it.
#[derive(Clone, Debug)]
pub(super) struct Places {
    root: PathBuf,
    pub(super) ports: Ports,
}

impl Places {
    pub(super) fn new(root: &Path) -> Result<Places> {
        Ok(Places {
            root: root.to_owned(),
            ports: Ports::free()?,
        })
    }

    /// The directory of the whole deployment.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What the administrator keeps: a directory for each role, and Kerberos's files.
    pub(super) fn configuration(&self) -> PathBuf {
        self.root.join("conf")
    }

    /// Where daemons write logs and audit logs.
    pub(super) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// What a daemon stores: `nn`, `dn`, `jn`, `kms.keystore`.
    pub(super) fn data(&self, name: &str) -> PathBuf {
        self.root.join("data").join(name)
    }

    /// A keytab.
    pub(super) fn keytab(&self, name: &str) -> String {
        let file = self.root.join("keytabs").join(name);
        format!("{}.keytab", file.display())
    }

    /// The names of the site's hosts, as the Java programs of a role see them.
    pub(super) fn hosts(&self, role: Role) -> PathBuf {
        self.root.join(format!("hosts.{}", role.word()))
    }

    /// Certificates and key stores.
    pub(super) fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// A file that holds a secret for daemons, beside their keytabs.
    pub(super) fn secret(&self, name: &str) -> PathBuf {
        self.root.join("keytabs").join(name)
    }
}
