//! Clients of the API server: curl for single requests, kubectl for manifests and tokens.

use super::node::Node;
use crate::command::{self, Said};
use crate::packages::{CURL, Need};
use crate::{LabError, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub(super) const KUBECTL: Need = Need {
    program: "kubectl",
    package: "kubernetes-client",
};
const LIMIT: Duration = Duration::from_secs(120);

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// A client certificate of the group system:masters.
    Administrator,
    /// Nobody: no certificate, no token.
    Anonymous,
    /// The bearer of a token.
    Token(String),
    /// The bearer of a token who asks to act as a ServiceAccount, `NAMESPACE:NAME`.
    Acting(String, &'static str),
    /// The holder of some certificate of the front proxy's authority, who names somebody else as the proxy does.
    Posing(&'static str),
}

/// What the API answered.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    /// The status of HTTP.
    pub(super) status: u16,
    /// The body.
    pub(super) body: String,
}

impl Answered {
    /// Status and, where the server explains itself, its message: one line.
    pub(super) fn line(&self) -> String {
        let message = serde_json::from_str::<serde_json::Value>(&self.body)
            .ok()
            .and_then(|body| Some(body.get("message")?.as_str()?.to_owned()));
        match message.filter(|message| !message.is_empty()) {
            Some(message) => format!("{} {message}", self.status),
            None => self.status.to_string(),
        }
    }
}

/// The API server of a node.
#[derive(Clone, Debug)]
pub(super) struct Api {
    curl: PathBuf,
    kubectl: PathBuf,
    node: Node,
}

impl Api {
    /// # Errors
    ///
    /// When a client is missing.
    pub(super) fn new(node: &Node) -> Result<Api> {
        Ok(Api {
            curl: CURL.path()?,
            kubectl: KUBECTL.path()?,
            node: node.clone(),
        })
    }

    pub(super) fn get(&self, path: &str, caller: &Caller) -> Result<Answered> {
        self.send("GET", path, caller, None)
    }

    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        caller: &Caller,
        body: Option<&str>,
    ) -> Result<Answered> {
        let pki = self.node.pki();
        let mut curl = Command::new(&self.curl);
        curl.args(["--silent", "--max-time", "60", "--request", method])
            .args(["--write-out", "\n%{errormsg}\n%{http_code}", "--cacert"])
            .arg(pki.join("ca.crt"));
        match caller {
            Caller::Administrator => {
                curl.arg("--cert").arg(pki.join("admin.crt"));
                curl.arg("--key").arg(pki.join("admin.key"));
            }
            Caller::Anonymous => {}
            Caller::Token(token) => {
                curl.args(["--header", &format!("Authorization: Bearer {token}")]);
            }
            Caller::Acting(token, account) => {
                curl.args(["--header", &format!("Authorization: Bearer {token}")]);
                curl.args([
                    "--header",
                    &format!("Impersonate-User: system:serviceaccount:{account}"),
                ]);
            }
            Caller::Posing(name) => {
                let own = pki.join("front-proxy-guest");
                curl.arg("--cert").arg(own.with_extension("crt"));
                curl.arg("--key").arg(own.with_extension("key"));
                curl.args(["--header", &format!("X-Remote-User: {name}")]);
            }
        }
        if let Some(body) = body {
            curl.args(["--header", "Content-Type: application/json", "--data", body]);
        }
        curl.arg(format!("https://127.0.0.1:{}{path}", self.node.api));
        // A server that refuses may close before everything is transferred: what counts is that it answered.
        let said = command::run("curl", &curl, LIMIT)?.text;
        let mut parts = said.rsplitn(3, '\n');
        let [status, error, body] = [(); 3].map(|()| parts.next().unwrap_or_default());
        match status.parse() {
            Ok(0) | Err(_) => Err(LabError::failed("curl", error)),
            Ok(status) => Ok(Answered {
                status,
                body: body.to_owned(),
            }),
        }
    }

    /// Runs kubectl as the administrator.
    pub(super) fn kubectl(&self, words: &[&str]) -> Result<Said> {
        command::run("kubectl", &self.kubectl_command(words)?, LIMIT)
    }

    /// Runs kubectl as the administrator, which must succeed.
    pub(super) fn must(&self, words: &[&str]) -> Result<String> {
        let what = format!("kubectl {}", words.first().copied().unwrap_or_default());
        command::must(&what, &self.kubectl_command(words)?, LIMIT)
    }

    /// A token of a ServiceAccount, for an hour.
    pub(super) fn token(&self, namespace: &str, account: &str) -> Result<Caller> {
        self.must(&["create", "token", account, "--namespace", namespace])
            .map(|token| Caller::Token(token.trim().to_owned()))
    }

    fn kubectl_command(&self, words: &[&str]) -> Result<Command> {
        let kubeconfig = self.kubeconfig()?;
        let mut kubectl = Command::new(&self.kubectl);
        kubectl
            .arg("--kubeconfig")
            .arg(kubeconfig)
            .arg("--cache-dir")
            .arg(self.node.file("kubectl-cache"))
            .args(words);
        Ok(kubectl)
    }

    fn kubeconfig(&self) -> Result<PathBuf> {
        let file = self.node.file("admin.conf");
        if !file.exists() {
            let pki = self.node.pki();
            let of = |name: &str| pki.join(name).display().to_string();
            let text = format!(
                "apiVersion: v1\nkind: Config\ncurrent-context: lab\n\
                 clusters: [{{name: lab, cluster: {{server: 'https://127.0.0.1:{}', certificate-authority: '{}'}}}}]\n\
                 users: [{{name: admin, user: {{client-certificate: '{}', client-key: '{}'}}}}]\n\
                 contexts: [{{name: lab, context: {{cluster: lab, user: admin}}}}]\n",
                self.node.api,
                of("ca.crt"),
                of("admin.crt"),
                of("admin.key"),
            );
            fs::write(&file, text).map_err(|error| LabError::at(&file, error))?;
        }
        Ok(file)
    }
}
