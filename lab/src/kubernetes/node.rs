//! A control-plane node on this machine: where its files lie and what its addresses are here.
//!
//! The files name the paths and addresses of a node, as its administrator keeps them. Nothing of the lab listens outside
//! 127.0.0.1, and several deployments run side by side, so the processes get other paths and addresses in their place.
//! That, and what one member alone needs, is all in which a command line differs from the files.

use crate::{Result, ports};
use std::path::{Path, PathBuf};

/// The node's address in the files. No machine of the lab has it.
pub(super) const ADDRESS: &str = "10.20.0.11";

/// A control-plane node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    dir: PathBuf,
    /// etcd's client port on the loopback address, which the API server uses.
    pub(super) etcd_local: u16,
    /// etcd's client port on the node's address.
    pub(super) etcd_network: u16,
    /// The API server.
    pub(super) api: u16,
    etcd_peer: u16,
    etcd_metrics: u16,
}

impl Node {
    /// A node with free ports, under a directory.
    pub(super) fn new(dir: &Path) -> Result<Node> {
        Ok(Node {
            dir: dir.to_owned(),
            etcd_local: ports::free()?,
            etcd_network: ports::free()?,
            api: ports::free()?,
            etcd_peer: ports::free()?,
            etcd_metrics: ports::free()?,
        })
    }

    /// What `wardline check` reads.
    pub(super) fn configuration(&self) -> PathBuf {
        self.dir.join("configuration")
    }

    /// The files of the control plane among it.
    pub(super) fn control_plane(&self) -> PathBuf {
        self.configuration().join("kubernetes/control-plane")
    }

    /// The manifests of the cluster among it.
    pub(super) fn manifests(&self) -> PathBuf {
        self.configuration().join("kubernetes/spark")
    }

    /// Certificates and keys, outside what is checked: no repository holds them.
    pub(super) fn pki(&self) -> PathBuf {
        self.dir.join("pki")
    }

    /// Logs of the processes, and the audit log.
    pub(super) fn logs(&self) -> PathBuf {
        self.dir.join("logs")
    }

    /// The data directory of etcd.
    pub(super) fn etcd_data(&self) -> PathBuf {
        self.dir.join("etcd")
    }

    /// The socket of the KMS plugin. Files name it as it is: the API server reads them itself.
    pub(super) fn kms_socket(&self) -> PathBuf {
        self.dir.join("kms.sock")
    }

    /// A file of its own, outside what is checked.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// A flag of the files with the paths and addresses of this machine. The more exact one of two patterns comes first.
    pub(super) fn here(&self, flag: &str) -> String {
        let path = |path: PathBuf| path.display().to_string();
        let port = |port: u16| format!("127.0.0.1:{port}");
        let pairs = [
            (format!("{ADDRESS}:2379"), port(self.etcd_network)),
            (format!("{ADDRESS}:2380"), port(self.etcd_peer)),
            ("127.0.0.1:2379".to_owned(), port(self.etcd_local)),
            ("127.0.0.1:2381".to_owned(), port(self.etcd_metrics)),
            (
                "--secure-port=6443".to_owned(),
                format!("--secure-port={}", self.api),
            ),
            (ADDRESS.to_owned(), "127.0.0.1".to_owned()),
            ("/etc/kubernetes/pki".to_owned(), path(self.pki())),
            (
                "/etc/kubernetes/enc/enc.yaml".to_owned(),
                path(self.control_plane().join("enc.yaml")),
            ),
            (
                "/etc/kubernetes/audit/policy.yaml".to_owned(),
                path(self.control_plane().join("audit-policy.yaml")),
            ),
            ("/etc/kubernetes".to_owned(), path(self.control_plane())),
            ("/var/log/kubernetes".to_owned(), path(self.logs())),
            ("/var/lib/etcd".to_owned(), path(self.etcd_data())),
        ];
        pairs
            .iter()
            .fold(flag.to_owned(), |flag, (from, to)| flag.replace(from, to))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a broken expectation must fail loudly")]
    use super::*;

    #[test]
    fn nothing_outside_this_machine_is_left_in_a_flag() {
        let node = Node::new(Path::new("/lab")).expect("ports");
        let urls = node.here("--listen-client-urls=https://127.0.0.1:2379,http://10.20.0.11:2379");
        assert_eq!(
            urls,
            format!(
                "--listen-client-urls=https://127.0.0.1:{},http://127.0.0.1:{}",
                node.etcd_local, node.etcd_network
            )
        );
        assert_eq!(
            node.here("--advertise-address=10.20.0.11"),
            "--advertise-address=127.0.0.1"
        );
        assert_eq!(
            node.here("--client-ca-file=/etc/kubernetes/pki/ca.crt"),
            "--client-ca-file=/lab/pki/ca.crt"
        );
        assert_eq!(
            node.here("--encryption-provider-config=/etc/kubernetes/enc/enc.yaml"),
            "--encryption-provider-config=/lab/configuration/kubernetes/control-plane/enc.yaml"
        );
    }
}
