//! Clients of etcd: etcdctl with the API server's certificate, curl without any.

use super::node::Node;
use super::rows::base64;
use crate::Result;
use crate::command::{self, Said};
use crate::packages::CURL;
use serde_json::{Value, json};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// How a client without a certificate comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Over https at the node's address.
    Https,
    /// Over https at the loopback address.
    HttpsOnLoopback,
    /// Over http at the node's address.
    Http,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::Https => "https",
            Way::HttpsOnLoopback => "https on loopback",
            Way::Http => "http",
        })
    }
}

/// etcd of a node.
#[derive(Clone, Debug)]
pub(super) struct Etcd {
    etcdctl: PathBuf,
    node: Node,
}

impl Etcd {
    pub(super) fn new(etcdctl: &Path, node: &Node) -> Etcd {
        Etcd {
            etcdctl: etcdctl.to_owned(),
            node: node.clone(),
        }
    }

    /// The stored row of a key, as text with what is no UTF-8 replaced; empty where there is none.
    pub(super) fn row(&self, key: &str) -> Result<String> {
        self.must(&["get", key, "--print-value-only"])
    }

    /// Writes the bytes of a row, and a line break, into a file.
    pub(super) fn export(&self, key: &str, file: &Path) -> Result<()> {
        self.redirected(&["get", key, "--print-value-only"], '>', file)
    }

    /// Stores the bytes of a file as a row.
    pub(super) fn import(&self, key: &str, file: &Path) -> Result<()> {
        self.redirected(&["put", key], '<', file)
    }

    /// Deletes a row.
    pub(super) fn delete(&self, key: &str) -> Result<()> {
        self.must(&["del", key]).map(drop)
    }

    /// How many Secrets etcd hands to a client without a certificate, or why it hands out none. Asked over etcd's own
    /// gateway for HTTP, which every client listener has, because a refused curl says why at once.
    pub(super) fn secrets_without_certificate(
        &self,
        way: Way,
    ) -> Result<std::result::Result<u64, String>> {
        let (scheme, port) = match way {
            Way::Https => ("https", self.node.etcd_network),
            Way::HttpsOnLoopback => ("https", self.node.etcd_local),
            Way::Http => ("http", self.node.etcd_network),
        };
        // Everything from this key up to the next name that is no Secret's.
        let range = json!({
            "key": base64("/registry/secrets/"), "range_end": base64("/registry/secrets0"), "count_only": true,
        });
        let mut curl = Command::new(CURL.path()?);
        curl.args(["--silent", "--show-error", "--max-time", "60", "--cacert"])
            .arg(self.node.pki().join("etcd/ca.crt"))
            .args(["--data", &range.to_string()])
            .arg(format!("{scheme}://127.0.0.1:{port}/v3/kv/range"));
        let said = command::run("curl", &curl, LIMIT)?;
        let count = serde_json::from_str::<Value>(&said.text)
            .ok()
            .and_then(|body| body["count"].as_str()?.parse().ok());
        Ok(count.ok_or_else(|| reason(&said).to_owned()))
    }

    fn must(&self, words: &[&str]) -> Result<String> {
        command::must("etcdctl", &self.command(words), LIMIT)
    }

    fn command(&self, words: &[&str]) -> Command {
        let pki = self.node.pki();
        let mut etcdctl = Command::new(&self.etcdctl);
        etcdctl
            .args(["--dial-timeout=60s", "--command-timeout=60s"])
            .arg(format!(
                "--endpoints=https://127.0.0.1:{}",
                self.node.etcd_local
            ))
            .arg("--cacert")
            .arg(pki.join("etcd/ca.crt"))
            .arg("--cert")
            .arg(pki.join("apiserver-etcd-client.crt"))
            .arg("--key")
            .arg(pki.join("apiserver-etcd-client.key"))
            .args(words);
        etcdctl
    }

    /// With standard input from a file, or standard output into one: rows are bytes.
    fn redirected(&self, words: &[&str], arrow: char, file: &Path) -> Result<()> {
        let etcdctl = self.command(words);
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(format!("\"$0\" \"$@\" {arrow}\"$ROW\""))
            .arg(etcdctl.get_program())
            .args(etcdctl.get_args())
            .env("ROW", file);
        command::must("etcdctl", &shell, LIMIT).map(drop)
    }
}

/// Why curl got nothing. Whether it still reads the server's alert before the connection is gone is chance.
fn reason(said: &Said) -> &str {
    if said.text.contains("alert") {
        "a certificate is demanded"
    } else {
        "closed without an answer"
    }
}
