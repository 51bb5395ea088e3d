//! Where the daemons of a running cluster are reached.

use super::cluster::Cluster;
use super::daemons;
use super::roles::Role;
use super::site::Site;
use super::web::Place;
use crate::{Endpoint, LabError, Result};

impl Cluster {
    /// The port that a daemon's clients use.
    pub(super) fn port(&self, role: Role) -> Result<u16> {
        self.site.port(role)
    }

    /// The web port of a daemon, the one with TLS where it has one.
    pub(super) fn console(&self, role: Role) -> Place {
        let ports = self.java.places.ports;
        let has_tls = match role {
            Role::Kms => self.site.value(role, "hadoop.kms.ssl.enabled") == Some("true"),
            _ => self
                .site
                .value(role, "dfs.http.policy")
                .is_some_and(|policy| policy.contains("HTTPS")),
        };
        let port = match role {
            Role::DataNode if has_tls => ports.datanode_https,
            Role::DataNode => ports.datanode_http,
            Role::JournalNode if has_tls => ports.journalnode_https,
            Role::JournalNode => ports.journalnode_http,
            Role::Kms => ports.kms,
            _ if has_tls => ports.namenode_https,
            _ => ports.namenode_http,
        };
        Place {
            role,
            has_tls,
            port,
        }
    }

    /// The port on which a daemon would serve http without TLS.
    pub(super) fn plain_console(&self, role: Role) -> Place {
        let ports = self.java.places.ports;
        let port = match role {
            Role::Kms => ports.kms,
            Role::DataNode => ports.datanode_http,
            Role::JournalNode => ports.journalnode_http,
            _ => ports.namenode_http,
        };
        Place {
            role,
            has_tls: false,
            port,
        }
    }
}

impl Site {
    /// The port that a daemon's clients use.
    pub(super) fn port(&self, role: Role) -> Result<u16> {
        let key = main_address(role);
        let address = self.value(role, key).unwrap_or_default();
        let port = address.rsplit(':').next().unwrap_or_default();
        port.parse()
            .map_err(|error| LabError::failed(format!("port in {key}"), error))
    }
}

/// The setting with the address that a daemon's clients use.
fn main_address(role: Role) -> &'static str {
    match role {
        Role::NameNode => "dfs.namenode.rpc-address",
        Role::DataNode => "dfs.datanode.address",
        Role::JournalNode => "dfs.journalnode.rpc-address",
        Role::Kms => "hadoop.kms.http.port",
        Role::HttpFs => "httpfs.http.port",
        Role::ResourceManager => "yarn.resourcemanager.address",
        Role::Client => "fs.defaultFS",
    }
}

/// Every address of a site, for a person.
pub(super) fn endpoints(site: &Site, more: &[Role]) -> Vec<Endpoint> {
    let mut endpoints = Vec::new();
    let mut add = |name: &str, role: Role, key: &str| {
        if let Some(address) = site.value(role, key) {
            let port = address.rsplit(':').next().unwrap_or_default();
            endpoints.push(Endpoint {
                name: name.to_owned(),
                address: format!("127.0.0.1:{port}"),
            });
        }
    };
    add("NameNode RPC", Role::NameNode, "dfs.namenode.rpc-address");
    add("NameNode http", Role::NameNode, "dfs.namenode.http-address");
    add(
        "NameNode https",
        Role::NameNode,
        "dfs.namenode.https-address",
    );
    add("DataNode blocks", Role::DataNode, "dfs.datanode.address");
    add("DataNode RPC", Role::DataNode, "dfs.datanode.ipc.address");
    add("DataNode http", Role::DataNode, "dfs.datanode.http.address");
    add(
        "DataNode https",
        Role::DataNode,
        "dfs.datanode.https.address",
    );
    add(
        "JournalNode RPC",
        Role::JournalNode,
        "dfs.journalnode.rpc-address",
    );
    add(
        "JournalNode http",
        Role::JournalNode,
        "dfs.journalnode.http-address",
    );
    add(
        "JournalNode https",
        Role::JournalNode,
        "dfs.journalnode.https-address",
    );
    add("KMS", Role::Kms, "hadoop.kms.http.port");
    for role in more {
        add(daemons::name(*role), *role, main_address(*role));
    }
    endpoints
}
