//! Web requests by curl, with or without a ticket.

use super::roles::Role;
use crate::kerberos::Realm;
use crate::packages::CURL;
use crate::{Result, command};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// Sends requests to one cluster.
#[derive(Clone, Debug)]
pub(super) struct Web {
    pub(super) authority: Option<PathBuf>,
    pub(super) realm: Option<Realm>,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) role: Role,
    pub(super) has_tls: bool,
    pub(super) port: u16,
}

impl Place {
    pub(super) fn url(self, path: &str) -> String {
        let scheme = if self.has_tls { "https" } else { "http" };
        format!("{scheme}://{}:{}{path}", self.role.host(), self.port)
    }
}

/// What came back. The body is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// The status; `None` where no HTTP was spoken.
    pub(super) status: Option<u16>,
    /// The size of the body in bytes.
    pub(super) size: u64,
    /// The status line and the header lines.
    pub(super) head: Vec<String>,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// In one line, for a person.
    pub(super) fn said(&self) -> String {
        let Some(status) = self.status else {
            return "no HTTP is spoken".to_owned();
        };
        let how = self
            .header("WWW-Authenticate")
            .and_then(|how| how.split_whitespace().next())
            .filter(|_| status == 401);
        match how {
            Some(how) => format!("HTTP 401 {how}"),
            None => format!("HTTP {status}, {} bytes", self.size),
        }
    }
}

impl Web {
    /// A request without any credentials.
    pub(super) fn get(&self, place: Place, path: &str) -> Result<Reply> {
        self.send(place, path, None)
    }

    /// A request by somebody who has a ticket; where there are none, by name.
    pub(super) fn get_as(&self, user: &str, place: Place, path: &str) -> Result<Reply> {
        self.send(place, path, Some(user))
    }

    fn send(&self, place: Place, path: &str, user: Option<&str>) -> Result<Reply> {
        let mut curl = Command::new(CURL.path()?);
        curl.args(["--silent", "--output", "/dev/null", "--dump-header", "-"])
            .args(["--max-time", "50", "--connect-to", "::127.0.0.1:"])
            .args(["--write-out", "size %{size_download}\\n"]);
        if let Some(authority) = &self.authority {
            curl.arg("--cacert").arg(authority);
        }
        let mut url = place.url(path);
        match (user, &self.realm) {
            (Some(user), Some(realm)) => {
                curl.args(["--negotiate", "--user", ":"])
                    .env("KRB5CCNAME", realm.log_in(user)?)
                    .env("KRB5_CONFIG", realm.krb5_conf());
            }
            (Some(user), None) => {
                url += if path.contains('?') { "&" } else { "?" };
                url += &format!("user.name={user}");
            }
            (None, _) => {}
        }
        curl.arg(url);
        Ok(reply(&command::run("curl", &curl, LIMIT)?.text))
    }
}

/// Reads the heads of all answers and the size. With a ticket there are two answers; the last one counts.
fn reply(text: &str) -> Reply {
    let mut reply = Reply {
        status: None,
        size: 0,
        head: Vec::new(),
    };
    for line in text.lines().map(str::trim_end) {
        if line.starts_with("HTTP/") {
            reply.head.clear();
            reply.status = line
                .split_whitespace()
                .nth(1)
                .and_then(|word| word.parse().ok());
        }
        if let Some(size) = line.strip_prefix("size ") {
            reply.size = size.parse().unwrap_or(0);
        } else if !line.is_empty() {
            reply.head.push(line.to_owned());
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_answer_counts() {
        let text = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n\r\nHTTP/1.1 403 Forbidden\r\n\
                    Server: x\r\n\r\nsize 236\n";
        let last = reply(text);
        assert_eq!((last.status, last.size), (Some(403), 236));
        assert_eq!(last.header("www-authenticate"), None);
        assert_eq!(last.said(), "HTTP 403, 236 bytes");
        assert_eq!(reply("size 0\n").said(), "no HTTP is spoken");
        let refused = reply("HTTP/1.1 401 Unauthorized\nWWW-Authenticate: PseudoAuth\n");
        assert_eq!(refused.said(), "HTTP 401 PseudoAuth");
    }
}
