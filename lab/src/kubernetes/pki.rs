//! The certificates of a control-plane node, laid out as kubeadm does.

use super::node::Node;
use crate::certificates::{Authority, Identity, Keys, OPENSSL, Wish};
use crate::{LabError, Result, command};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const SERVER_NAMES: &str = "IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc";
/// Leaves: place, authority, subject, usage. Those that serve get the names of this machine.
const LEAVES: [(&str, &str, &str, &str); 8] = [
    ("apiserver", "ca", "/CN=kube-apiserver", "serverAuth"),
    (
        "admin",
        "ca",
        "/O=system:masters/CN=lab-admin",
        "clientAuth",
    ),
    (
        "apiserver-kubelet-client",
        "ca",
        "/CN=kube-apiserver-kubelet-client",
        "clientAuth",
    ),
    ("etcd/server", "etcd/ca", "/CN=cp1", "serverAuth,clientAuth"),
    ("etcd/peer", "etcd/ca", "/CN=cp1", "serverAuth,clientAuth"),
    (
        "apiserver-etcd-client",
        "etcd/ca",
        "/CN=kube-apiserver-etcd-client",
        "clientAuth",
    ),
    (
        "front-proxy-client",
        "front-proxy-ca",
        "/CN=front-proxy-client",
        "clientAuth",
    ),
    (
        "front-proxy-guest",
        "front-proxy-ca",
        "/CN=guest",
        "clientAuth",
    ),
];

/// Makes them all: authorities of the cluster, of etcd and of the front proxy, what they sign, and the key pair of
/// ServiceAccount tokens.
///
/// # Errors
///
/// When `openssl` fails.
pub(super) fn make(node: &Node) -> Result<()> {
    let pki = node.pki();
    // Every authority keeps its desk in a directory of its own.
    let desk = node.file("authorities");
    for ca in ["ca", "etcd/ca", "front-proxy-ca"] {
        let authority = Authority::root_with(Keys::P256, &desk.join(ca), "ca")?;
        place(&authority.identity, &pki.join(ca))?;
        for (name, by, subject, usage) in LEAVES {
            if by == ca {
                let names = if usage.contains("serverAuth") {
                    SERVER_NAMES
                } else {
                    ""
                };
                let wish = Wish {
                    subject,
                    names,
                    usage,
                    validity: None,
                };
                let leaf = authority.issue(&name.replace('/', "-"), &wish)?;
                place(&leaf, &pki.join(name))?;
            }
        }
    }
    // Kubelets are not run; their authority only has to be there.
    copy(&pki.join("ca.crt"), &pki.join("kubelet-ca.crt"))?;
    token_keys(&pki)
}

/// Puts an identity where kubeadm keeps it: `NAME.crt` and `NAME.key`.
fn place(identity: &Identity, at: &Path) -> Result<()> {
    if let Some(dir) = at.parent() {
        fs::create_dir_all(dir).map_err(|error| LabError::at(dir, error))?;
    }
    copy(&identity.certificate, &at.with_extension("crt"))?;
    copy(&identity.key, &at.with_extension("key"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .map_err(|error| LabError::at(from, error))
}

/// The key pair by which the API server signs tokens and knows them again.
fn token_keys(pki: &Path) -> Result<()> {
    let openssl = |words: &[&str]| {
        let mut command = Command::new(OPENSSL.path()?);
        command.args(words).current_dir(pki);
        command::must("key of tokens", &command, Duration::from_secs(30)).map(drop)
    };
    openssl(&[
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-out",
        "sa.key",
    ])?;
    openssl(&["pkey", "-in", "sa.key", "-pubout", "-out", "sa.pub"])
}
