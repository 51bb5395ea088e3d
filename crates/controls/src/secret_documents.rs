//! Documents that are secret as a whole: private keys in PEM form, and kubeconfigs that log somebody in.

use crate::secret_values::is_literal;
use text::Span;

/// Longest line of the frame of a PEM text that is looked at, in bytes.
const LONGEST_LINE: usize = 128;

/// The first private key in PEM form: its opening line. A line of base64 must follow; prose that names the form is none.
#[must_use]
pub fn private_key(text: &str) -> Option<Span> {
    const OPEN: &str = "-----BEGIN ";
    const CLOSE: &str = "PRIVATE KEY-----";
    text.match_indices(OPEN).find_map(|(at, _)| {
        let rest = text.get(at..)?;
        // The line is short; what has no end soon is none, and is not searched to the end of the text.
        let line_end = rest
            .bytes()
            .take(LONGEST_LINE)
            .position(|b| matches!(b, b'\n' | b'\r' | b'\\'))?;
        let line = rest.get(..line_end)?.trim_end();
        let body = rest.get(line_end..)?;
        // `Proc-Type` and `DEK-Info` mark the old form of a key that a passphrase guards; the new form says so itself.
        let guarded = line.contains("ENCRYPTED") || body.trim_start().starts_with("Proc-Type");
        let first = body
            .trim_start_matches("\\r")
            .trim_start_matches("\\n")
            .trim_start()
            .bytes()
            .take(LONGEST_LINE)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
            .count();
        (line.ends_with(CLOSE) && !guarded && first >= 16).then(|| Span::new(at, at + line.len()))
    })
}

/// Whether a text is a kubeconfig that logs somebody in: with a token, a client key or a password.
#[must_use]
pub fn login_in_kubeconfig(text: &str) -> Option<Span> {
    let is_config = text.contains("kind: Config") || text.contains("\"kind\": \"Config\"");
    if !is_config || !text.contains("clusters") || !text.contains("users") {
        return None;
    }
    let stream = text::yaml::parse(text);
    let root = &stream.documents.first()?.root;
    root.get("users")?.items().iter().find_map(|user| {
        let user = user.get("user")?;
        ["token", "client-key-data", "password"]
            .iter()
            .filter_map(|field| user.get(field))
            .find(|node| node.str().is_some_and(is_literal))
            .map(|node| node.span)
    })
}

#[cfg(test)]
mod tests {
    use super::{login_in_kubeconfig, private_key};

    #[test]
    fn private_keys_need_a_body() {
        let key = "-----BEGIN PRIVATE KEY-----\nbm90LWEtcmVhbC1rZXktbm90LWE=\n-----END PRIVATE KEY-----\n";
        assert!(private_key(key).is_some());
        assert_eq!(
            private_key("starts with -----BEGIN PRIVATE KEY----- and so on"),
            None
        );
        assert_eq!(
            private_key("-----BEGIN ENCRYPTED PRIVATE KEY-----\nbm90LWEtcmVhbC1rZXktbm90\n"),
            None
        );
        assert_eq!(
            private_key("-----BEGIN PUBLIC KEY-----\nbm90LWEtcmVhbC1rZXktbm90\n"),
            None
        );
    }

    #[test]
    fn kubeconfigs_with_and_without_a_login() {
        let config = |user: &str| {
            format!(
                "apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: a\n  user:\n    {user}\n"
            )
        };
        assert!(login_in_kubeconfig(&config("token: not-a-real-token")).is_some());
        assert!(login_in_kubeconfig(&config("exec: {command: login}")).is_none());
        assert!(login_in_kubeconfig(&config("tokenFile: /var/run/token")).is_none());
    }
}
