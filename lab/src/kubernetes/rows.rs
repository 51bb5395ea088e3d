//! Stored rows: what they start with, whether they can be read, whether they can be altered.

use super::api::{Api, Caller};
use super::etcd::Etcd;
use super::node::Node;
use crate::{LabError, Result};
use std::fs;
use std::path::Path;

/// A row of etcd, as text with what is no UTF-8 replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row(String);

impl Row {
    pub(super) fn new(text: String) -> Row {
        Row(text)
    }

    /// Whether a value stands in it.
    pub(super) fn holds(&self, value: &str) -> bool {
        self.0.contains(value)
    }

    /// Whether it is there and not encrypted: built-in objects start with `k8s` and a zero byte, custom resources are JSON.
    pub(super) fn is_clear(&self) -> bool {
        self.0.starts_with("k8s\0") || self.0.starts_with('{')
    }

    /// What stands before the object: `k8s:enc:PROVIDER:VERSION:NAME:`, or the version and kind of one in clear. No key name
    /// of the lab holds a colon.
    pub(super) fn prefix(&self) -> String {
        let row = self.0.trim_end();
        if row.is_empty() {
            return "no such row".to_owned();
        }
        let end = if row.starts_with("k8s:enc:") {
            after(row, ':', 5)
        } else if row.starts_with('{') {
            after(row, ',', 2)
        } else {
            // Protobuf: the first field, of a length that the sixth byte gives, holds version and kind. All ASCII.
            6 + row.as_bytes().get(5).copied().map_or(0, usize::from)
        };
        row.get(..end).unwrap_or(row).chars().map(shown).collect()
    }
}

/// Where a text goes on after the `nth` of a character.
fn after(text: &str, character: char, nth: usize) -> usize {
    text.match_indices(character)
        .nth(nth - 1)
        .map_or(text.len(), |(at, _)| at + 1)
}

fn shown(letter: char) -> String {
    if letter.is_control() {
        letter.escape_default().to_string()
    } else {
        letter.to_string()
    }
}

/// The files under a directory in which a value stands, by their names.
pub(super) fn files_with(dir: &Path, value: &str) -> Result<Vec<String>> {
    let failed = |error: std::io::Error| LabError::at(dir, error);
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            found.extend(files_with(&entry.path(), value)?);
        } else if holds(&fs::read(entry.path()).map_err(failed)?, value.as_bytes()) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}

fn holds(bytes: &[u8], value: &[u8]) -> bool {
    bytes.windows(value.len()).any(|window| window == value)
}

/// How far before its end a row is altered: within the value, which is long and last but for the Secret's type.
const FROM_END: usize = 150;

/// Flips one bit of a stored Secret and reads it through the API server. Returns whether it was handed out with another
/// value, and what the API server said.
pub(super) fn altered(
    api: &Api,
    etcd: &Etcd,
    node: &Node,
    namespace: &str,
    key: &str,
) -> Result<(bool, String)> {
    let value = "A".repeat(400);
    super::objects::make_secret(api, namespace, "long", &value)?;
    let file = node.file("row");
    etcd.export(key, &file)?;
    let failed = |error: std::io::Error| LabError::failed(key, error);
    let mut bytes = fs::read(&file).map_err(failed)?;
    // The client ends a row with a line break of its own.
    bytes.pop();
    let at = bytes.len().saturating_sub(FROM_END);
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    fs::write(&file, &bytes).map_err(failed)?;
    etcd.import(key, &file)?;
    let path = format!("/api/v1/namespaces/{namespace}/secrets/long");
    let answer = api.get(&path, &Caller::Administrator)?;
    // A row that nobody can read would keep the API server from starting again.
    etcd.delete(key)?;
    let is_other = answer.status == 200 && !answer.body.contains(&base64(&value));
    let evidence = if is_other {
        "200 with another value".to_owned()
    } else {
        answer.line()
    };
    Ok((is_other, evidence))
}

/// Base64 with padding, in which the API hands out the values of Secrets.
pub(super) fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for place in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * place) & 0x3f).unwrap_or(0);
            let letter = ALPHABET.get(index).copied().map_or('=', char::from);
            out.push(if place > three.len() { '=' } else { letter });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_its_prefix_only() {
        let row = |text: &str| Row::new(text.to_owned()).prefix();
        assert_eq!(
            row("k8s:enc:aescbc:v1:key1:\u{fffd}x:y"),
            "k8s:enc:aescbc:v1:key1:"
        );
        assert_eq!(
            row("k8s\0\n\u{c}\n\u{2}v1\u{12}\u{6}Secret"),
            "k8s\\u{0}\\n\\u{c}\\n\\u{2}v1\\u{12}\\u{6}Secret"
        );
        assert_eq!(row("\n"), "no such row");
    }

    #[test]
    fn base64_is_padded() {
        let encoded = ["", "a", "ab", "abc", "lab-dummy"].map(base64);
        assert_eq!(encoded, ["", "YQ==", "YWI=", "YWJj", "bGFiLWR1bW15"]);
    }
}
