//! Requests to a store, by curl.

use crate::packages::CURL;
use crate::{LabError, Result, command};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The name by which clients know the store; its certificate has it too. A name and not 127.0.0.1, because files that name a
/// store on the same machine are another case than those of a real client.
pub(crate) const HOST: &str = "store.lab.example";

const LIMIT: Duration = Duration::from_secs(60);

/// A key of the store: made up for the lab, protecting nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) access: &'static str,
    pub(crate) secret: &'static str,
}

/// Over what a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Http,
    Https,
}

/// A store that runs.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    /// The port of plain HTTP, where it listens there.
    pub(crate) http: Option<u16>,
    /// The port of HTTPS, where it listens there.
    pub(crate) https: Option<u16>,
    /// The certificate that clients trust.
    pub(crate) authority: PathBuf,
    /// Where requests keep their bodies.
    pub(crate) scratch: PathBuf,
    /// Who owns the buckets.
    pub(crate) owner: Keys,
}

impl Store {
    /// The address of one of its listeners, as a client's configuration names it.
    pub(crate) fn address(&self, transport: Transport) -> Option<String> {
        match transport {
            Transport::Http => self.http.map(|port| format!("http://{HOST}:{port}")),
            Transport::Https => self.https.map(|port| format!("https://{HOST}:{port}")),
        }
    }

    /// The transport by which an administrator reaches it: the safest there is.
    pub(crate) fn best(&self) -> Transport {
        match self.https {
            Some(_) => Transport::Https,
            None => Transport::Http,
        }
    }

    /// A request over one transport: `GET` of a path such as `bucket/key` or `bucket?policy=`.
    pub(crate) fn request<'a>(&'a self, transport: Transport, path: &'a str) -> Request<'a> {
        Request {
            store: self,
            transport,
            method: "GET",
            path,
            keys: None,
            headers: Vec::new(),
            body: None,
            relay: None,
        }
    }
}

/// A request that is being put together.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    store: &'a Store,
    transport: Transport,
    method: &'static str,
    path: &'a str,
    keys: Option<Keys>,
    headers: Vec<String>,
    body: Option<&'a str>,
    relay: Option<u16>,
}

impl<'a> Request<'a> {
    /// Another method than `GET`.
    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// A `PUT` of a body.
    pub(crate) fn put(mut self, body: &'a str) -> Self {
        self.method = "PUT";
        self.body = Some(body);
        self
    }

    /// Signed, by AWS Signature Version 4.
    pub(crate) fn signed(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// With one more header line.
    pub(crate) fn header(mut self, line: impl Into<String>) -> Self {
        self.headers.push(line.into());
        self
    }

    /// By way of somebody who listens on a port of 127.0.0.1 and passes everything on.
    pub(crate) fn by_way_of(mut self, relay: u16) -> Self {
        self.relay = Some(relay);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    ///
    /// When curl can't be run. A refused request is a reply, and so is a store that does not listen.
    pub(crate) fn send(self) -> Result<Reply> {
        let Some(address) = self.store.address(self.transport) else {
            return Ok(Reply::default());
        };
        let port = address.rsplit(':').next().unwrap_or_default();
        let mut curl = Command::new(CURL.path()?);
        // Without the user's own settings and proxies.
        curl.args(["-q", "--silent", "--include", "--max-time", "30"])
            .args(["--noproxy", "*"])
            .args(["--resolve", &format!("{HOST}:{port}:127.0.0.1")])
            .arg("--cacert")
            .arg(&self.store.authority)
            .args(["--request", self.method]);
        if let Some(relay) = self.relay {
            curl.args(["--connect-to", &format!("{HOST}:{port}:127.0.0.1:{relay}")]);
        }
        if let Some(keys) = self.keys {
            // curl below 8 signs for S3 only where the request carries this header already.
            curl.args(["--aws-sigv4", "aws:amz:us-east-1:s3"])
                .args(["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"])
                .arg("--config")
                .arg(self.login(keys)?);
        }
        for line in &self.headers {
            curl.args(["--header", line]);
        }
        if let Some(body) = self.body {
            curl.arg("--upload-file").arg(self.written("body", body)?);
        }
        curl.arg(format!("{address}/{}", self.path));
        command::run("curl", &curl, LIMIT).map(|said| Reply::of(&said.text))
    }

    /// Keys in a file, so that they stay out of the list of processes.
    fn login(&self, keys: Keys) -> Result<PathBuf> {
        self.written(
            "login",
            &format!("user = \"{}:{}\"\n", keys.access, keys.secret),
        )
    }

    fn written(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.store.scratch.join(name);
        fs::write(&file, text).map_err(|error| LabError::at(&file, error))?;
        Ok(file)
    }
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The status, 0 where nothing answered.
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: String,
    /// The rest.
    pub(crate) body: String,
}

impl Reply {
    fn of(text: &str) -> Reply {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head
            .split_whitespace()
            .nth(1)
            .and_then(|word| word.parse().ok())
            .unwrap_or(0);
        // "100 Continue" comes before the reply.
        if (100..200).contains(&status) {
            return Reply::of(body);
        }
        Reply {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Whether the request was carried out.
    pub(crate) fn is_served(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The status with the store's reason, for a person.
    pub(crate) fn shown(&self) -> String {
        let reason = self
            .body
            .split_once("<Code>")
            .and_then(|(_, rest)| rest.split('<').next());
        match (self.status, reason) {
            (0, _) => "no answer".to_owned(),
            (status, Some(reason)) => format!("{status} {reason}"),
            (status, None) => status.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_has_a_status_and_a_reason() {
        let refused = Reply::of(
            "HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\n<Error><Code>AccessDenied</Code></Error>",
        );
        assert_eq!(refused.shown(), "403 AccessDenied");
        assert!(!refused.is_served());
        assert_eq!(Reply::of("").shown(), "no answer");
        let later = Reply::of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
        assert!(later.is_served());
    }
}
