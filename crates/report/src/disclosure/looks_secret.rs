//! What looks like a secret in a line of configuration.
//!
//! A snippet shows text beside the fact it is about. What no control judged can be a secret too, so values of keys that name
//! secrets, and tokens that look like keys, are hidden there. Hiding a harmless value costs little.

use super::value::{next_key, value_after, value_of_value_line};
use std::ops::Range;

/// Words in a key whose value is a secret. Separators are compared as `.`.
const WORDS: [&str; 19] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "access.key",
    "accesskey",
    "account.key",
    "private.key",
    "privatekey",
    "encryption.key",
    "api.key",
    "apikey",
    "keypass",
    "storepass",
    "zookeeper.auth",
    "zk.auth",
    ".pwd",
];

/// Endings of keys that hold such a word, but point at a secret or switch something.
const HARMLESS_ENDINGS: [&str; 28] = [
    "file",
    "provider",
    "path",
    "enabled",
    "enable",
    ".type",
    ".class",
    ".acl",
    ".location",
    ".interval",
    ".validity",
    ".seconds",
    ".regex",
    ".uri",
    ".hosts",
    ".groups",
    ".users",
    ".bitlength",
    ".keytab",
    ".principal",
    ".algorithm",
    "name",
    "ref",
    "namespace",
    "kind",
    "secrets",
    "mountpath",
    "service.account.token",
];

/// The ranges of `line` that look like secrets, in order. `named` says that a line nearby gives this line's value a secret name.
pub(crate) fn ranges(line: &str, named: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if named {
        found.extend(value_of_value_line(line));
    }
    values_of_secret_keys(line, &mut found);
    passwords_in_urls(line, &mut found);
    key_like_tokens(line, &mut found);
    found
}

/// Whether a key's value is a secret, by the key's name.
pub(crate) fn is_secret_key(key: &str) -> bool {
    let key = normalised(key);
    WORDS.iter().any(|word| key.contains(word))
        && !HARMLESS_ENDINGS.iter().any(|ending| key.ends_with(ending))
}

/// The name given by a line such as `<name>a.password</name>` or `- name: A_PASSWORD`, if it has one and it is not followed by its value.
pub(crate) fn name_on(line: &str) -> Option<&str> {
    let after = match line.split_once("<name>") {
        Some((_, rest)) => rest.split('<').next()?,
        None => {
            let rest = line
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '"' | '{'));
            rest.strip_prefix("name")?
                .trim_start_matches('"')
                .trim_start()
                .strip_prefix(':')?
        }
    };
    Some(after.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',')))
}

/// Whether the line gives a value whose name stands elsewhere.
pub(crate) fn is_value_line(line: &str) -> bool {
    value_of_value_line(line).is_some() && !line.contains("<name>")
}

/// `key=value`, `key: value`, `"key": "value"`, `<name>key</name><value>value</value>`, `--key value`, `key value`.
fn values_of_secret_keys(line: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(key) = next_key(line, at) {
        at = key.end;
        let name = line.get(key.clone()).unwrap_or_default();
        if !is_secret_key(name) {
            continue;
        }
        let starts_line = line
            .get(..key.start)
            .is_some_and(|before| before.trim().is_empty());
        if let Some(value) = value_after(line, key.end, name.starts_with("--") || starts_line) {
            at = value.end;
            found.push(value);
        }
    }
}

/// `scheme://user:password@host`.
fn passwords_in_urls(line: &str, found: &mut Vec<Range<usize>>) {
    for (scheme, _) in line.match_indices("://") {
        let start = scheme + 3;
        let authority = line.get(start..).unwrap_or_default();
        let authority = authority
            .split(|c: char| c.is_whitespace() || "/\"'<>".contains(c))
            .next()
            .unwrap_or_default();
        let Some((user, _)) = authority.rsplit_once('@') else {
            continue;
        };
        if let Some(colon) = user.find(':') {
            found.push(start + colon + 1..start + user.len());
        }
    }
}

/// AWS key ids, and long runs that mix upper case, lower case and digits as encoded random bytes do.
fn key_like_tokens(line: &str, found: &mut Vec<Range<usize>>) {
    let of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    let mut at = 0;
    while let Some(start) = line
        .get(at..)
        .and_then(|rest| rest.find(of_token))
        .map(|offset| at + offset)
    {
        let rest = line.get(start..).unwrap_or_default();
        let token = rest
            .find(|c| !of_token(c))
            .and_then(|end| rest.get(..end))
            .unwrap_or(rest);
        at = start + token.len();
        let is_digest = line
            .get(..start)
            .is_some_and(|before| before.ends_with("sha256:"));
        if !is_digest && is_key_like(token) {
            found.push(start..at);
        }
    }
}

fn is_key_like(token: &str) -> bool {
    let count = |test: fn(&u8) -> bool| token.bytes().filter(test).count();
    if token.len() == 20
        && ["AKIA", "ASIA"]
            .iter()
            .any(|prefix| token.starts_with(prefix))
    {
        return true;
    }
    let (upper, lower, digits) = (
        count(u8::is_ascii_uppercase),
        count(u8::is_ascii_lowercase),
        count(u8::is_ascii_digit),
    );
    let breaks = count(|byte| matches!(byte, b'/' | b'_' | b'-'));
    let is_hexadecimal =
        token.len() >= 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()) && digits > 0;
    is_hexadecimal
        || (token.len() >= 20 && upper > 1 && lower > 1 && digits > 1 && breaks <= token.len() / 10)
}

fn normalised(key: &str) -> String {
    key.chars()
        .map(|c| {
            if matches!(c, '-' | '_') {
                '.'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(line: &str) -> Vec<&str> {
        ranges(line, false)
            .into_iter()
            .filter_map(|range| line.get(range))
            .collect()
    }

    #[test]
    fn values_of_secret_keys_are_found_in_every_syntax() {
        assert_eq!(
            hidden("spark.authenticate.secret   not-a-real-secret"),
            ["not-a-real-secret"]
        );
        assert_eq!(
            hidden("password=not-a-real-secret # why"),
            ["not-a-real-secret"]
        );
        assert_eq!(
            hidden("  db_password: 'not a real secret'"),
            ["not a real secret"]
        );
        assert_eq!(
            hidden(r#"{"apiKey": "not-a-real-secret", "port": 1}"#),
            ["not-a-real-secret"]
        );
        assert_eq!(
            hidden("<name>a.password</name><value>not-a-real-secret</value>"),
            ["not-a-real-secret"]
        );
        assert_eq!(
            hidden("  - --storepass not-a-real-secret --port 1"),
            ["not-a-real-secret"]
        );
        assert_eq!(
            hidden("--conf spark.ssl.keyPassword=not-a-real-secret --x y"),
            ["not-a-real-secret"]
        );
        assert_eq!(
            hidden("jdbc://user:not-a-real-secret@db:1/x"),
            ["not-a-real-secret"]
        );
    }

    #[test]
    fn names_switches_and_references_stay_visible() {
        for line in [
            "secretName: etl-credentials",
            "password.file=/etc/keys/pw",
            "token.enabled=true",
            "secretKeyRef:",
            "token: ${TOKEN}",
            "hadoop.rpc.protection=privacy",
            "kms://http@kms:9600/kms",
            "image: spark@sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071",
            "<value>org.apache.hadoop.security.AuthenticationFilterInitializer</value>",
            "kind: Secret",
        ] {
            assert_eq!(hidden(line), Vec::<&str>::new(), "{line}");
        }
    }

    #[test]
    fn tokens_that_look_random_are_found() {
        assert_eq!(hidden("x: AKIANOTAREALKEY00000"), ["AKIANOTAREALKEY00000"]);
        assert_eq!(
            hidden("data: bm90LWEtcmVhbC1zZWNyZXQtMDEyMw=="),
            ["bm90LWEtcmVhbC1zZWNyZXQtMDEyMw=="]
        );
    }

    #[test]
    fn a_value_takes_the_name_of_its_neighbour() {
        assert_eq!(name_on("    - name: DB_PASSWORD"), Some("DB_PASSWORD"));
        assert_eq!(name_on("  <name>x.password</name>"), Some("x.password"));
        assert!(
            is_value_line("  <value>x</value>")
                && is_value_line("      value: hunter")
                && !is_value_line("valueFrom:")
        );
        let line = "  <value>not-real</value>";
        assert_eq!(
            ranges(line, true)
                .first()
                .and_then(|range| line.get(range.clone())),
            Some("not-real")
        );
    }
}
