//! A store's answers, recorded.

use super::client::{Keys, Store};
use crate::Result;
use crate::recipe::Capture;

/// Records the answers to GET requests that tell stores and dialects apart.
///
/// # Errors
///
/// When curl can't be run.
pub(crate) fn captures(store: &Store) -> Result<Vec<Capture>> {
    let owner = Some(store.owner);
    [
        ("anonymous-root", "", None),
        ("anonymous-object", "private/object.txt", None),
        ("anonymous-policy", "public?policy=", None),
        ("owner-policy", "public?policy=", owner),
        ("owner-no-policy", "private?policy=", owner),
        ("owner-policy-status", "public?policyStatus=", owner),
        ("owner-encryption", "public?encryption=", owner),
        (
            "owner-public-access-block",
            "public?publicAccessBlock=",
            owner,
        ),
        ("owner-unknown-sub-resource", "public?wardline-lab=", owner),
    ]
    .into_iter()
    .map(|(file, path, keys)| capture(store, file, path, keys))
    .collect()
}

fn capture(store: &Store, file: &str, path: &str, keys: Option<Keys>) -> Result<Capture> {
    let request = store.request(store.best(), path);
    let (who, reply) = match keys {
        Some(keys) => ("the owner, signed", request.signed(keys).send()?),
        None => ("nobody, unsigned", request.send()?),
    };
    Ok(Capture {
        file: format!("{file}.txt"),
        about: format!(
            "The answer to GET /{path} by {who}: status line, headers and body. Letters and digits of what differs each \
             time (ids, times) are masked by 0."
        ),
        text: masked(&format!("{}\n\n{}", reply.head, reply.body)),
    })
}

/// Headers and elements whose values differ each time.
const HEADERS: [&str; 6] = [
    "date",
    "last-modified",
    "x-amz-request-id",
    "x-amz-id-2",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
];
const ELEMENTS: [&str; 4] = ["RequestId", "HostId", "LastModified", "CreationDate"];

fn masked(reply: &str) -> String {
    let mut lines = Vec::new();
    for line in reply.lines() {
        let is_named =
            |(name, _): &(&str, &str)| HEADERS.contains(&name.to_ascii_lowercase().as_str());
        let line = match line.split_once(": ").filter(is_named) {
            Some((name, value)) => format!("{name}: {}", zeros(value)),
            None => ELEMENTS
                .iter()
                .fold(line.to_owned(), |line, element| mask(&line, element)),
        };
        lines.push(line);
    }
    lines.join("\n")
}

/// Masks the text of each `<element>`.
fn mask(line: &str, element: &str) -> String {
    let opening = format!("<{element}>");
    let mut parts = line.split(&opening);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (value, rest) = part.split_once('<').unwrap_or((part, ""));
        text += &format!("{opening}{}<{rest}", zeros(value));
    }
    text
}

/// The same text with each letter and digit as 0, so that lengths stay true.
fn zeros(value: &str) -> String {
    value
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { '0' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_what_differs_each_time() {
        let reply =
            "HTTP/1.1 403 Forbidden\nDate: Sat, 01\n\n<E><RequestId>tx-1</RequestId><A>1</A></E>";
        assert_eq!(
            masked(reply),
            "HTTP/1.1 403 Forbidden\nDate: 000, 00\n\n<E><RequestId>00-0</RequestId><A>1</A></E>"
        );
    }
}
