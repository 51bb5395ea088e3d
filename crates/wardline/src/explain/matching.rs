//! Finds the known error behind a pasted message.

use super::errors::{self, KnownError};
use std::fmt::Write as _;

/// The error whose parts all stand in the message; of several the one with the longest parts, which says most.
///
/// Case and blanks do not count. Numbers, hosts and users do not either: no part holds any. O(length * parts).
pub(super) fn explain(message: &str) -> Option<&'static KnownError> {
    let message = normalised(message);
    errors::all()
        .filter(|error| error.parts.iter().all(|part| message.contains(part)))
        .max_by_key(|error| error.parts.iter().map(|part| part.len()).sum::<usize>())
}

/// Lower case, single blanks, no quotes: a shell takes them away from a pasted message, and products differ in them.
fn normalised(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let letters = message.chars().filter(|c| !is_quote(*c));
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    for word in letters.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '\'' | '"' | '`' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}'
    )
}

/// The explanation for people.
pub(super) fn render(error: &KnownError) -> String {
    let mut text = format!("{}\n\nwhat decides:\n", error.means);
    for setting in error.decided_by {
        let _ = writeln!(text, "  - {setting}");
    }
    let _ = write!(text, "\nfix: {}\nnever: {}\n", error.fix, error.never);
    let shipped = error
        .controls
        .iter()
        .filter(|id| controls::find(id).is_some());
    for (index, id) in shipped.enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        let _ = writeln!(text, "{gap}more: wardline explain {id}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages as people paste them: log prefixes, hosts, numbers, case.
    const PASTED: &[(&str, &str)] = &[
        (
            "org.apache.hadoop.security.AccessControlException: SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]",
            "hdfs/authentication",
        ),
        (
            "2026-03-02 10:00:00 WARN ipc.Client: javax.security.sasl.SaslException: No common protection layer between client and server",
            "flow/common-qop",
        ),
        (
            "Failed to read expected SASL data transfer protection handshake from client at /10.4.7.19:50123. Perhaps the client is running an older version of Hadoop",
            "hdfs/block-transfer-privacy",
        ),
        (
            "User:hdfs not allowed to do 'DECRYPT_EEK' on 'zonekey'",
            "kms/decrypt-acl",
        ),
        (
            "No enum constant org.apache.hadoop.security.SaslRpcServer.QualityOfProtection.ENCRYPT",
            "hdfs/rpc-privacy",
        ),
        (
            "resources[0].providers[0].aescbc.keys[0].secret: Invalid value: \"REDACTED\": secret is not of the expected length, got 15, expected one of [16 24 32]",
            "k8s/secrets-encryption",
        ),
        (
            "java.lang.IllegalArgumentException: requirement failed: A secret key must be specified via the spark.authenticate.secret config.",
            "spark/authentication",
        ),
        (
            "java.lang.RuntimeException: Cannot start secure DataNode without configuring either privileged resources or SASL RPC data transfer protection and SSL for HTTP.",
            "hdfs/datanode-trust",
        ),
        (
            "Permission denied: user=root, access=WRITE, inode=\"/\":hdfs:supergroup:drwxr-xr-x",
            "hdfs/permissions",
        ),
        (
            "org.apache.hadoop.security.AccessControlException: Client cannot authenticate via:[TOKEN, KERBEROS]",
            "hdfs/authentication",
        ),
        (
            "pods is forbidden: User \"system:serviceaccount:default:default\" cannot create resource \"pods\" in API group \"\" in the namespace \"default\"",
            "k8s/spark-account",
        ),
        (
            "Error from server (Forbidden): secrets is forbidden: User \"alice\" cannot list resource \"secrets\" in API group \"\" in the namespace \"spark\"",
            "k8s/secret-readers",
        ),
    ];

    #[test]
    fn pasted_messages_find_their_explanation() {
        for (message, control) in PASTED {
            let error = explain(message).unwrap_or_else(|| panic!("{message}"));
            assert_eq!(error.controls.first(), Some(control), "{message}");
        }
        // A shell took the quotes away.
        assert!(explain("User:hdfs not allowed to do DECRYPT_EEK on zonekey").is_some());
        assert!(explain("java.lang.NullPointerException").is_none());
        assert!(explain("").is_none());
    }

    #[test]
    fn blanks_case_and_line_breaks_do_not_count() {
        let wrapped = "simple AUTHENTICATION is\n   not enabled. Available:[KERBEROS]";
        assert!(explain(wrapped).is_some());
    }

    #[test]
    fn the_message_that_says_more_wins() {
        let message = "StorageError: corrupt object, Code: 7, data from the storage is not transformable revision=0: no matching prefix found";
        assert!(explain(message).is_some_and(|error| error.means.contains("no longer names")));
        let message =
            "data from the storage is not transformable revision=0: invalid padding on input";
        assert!(explain(message).is_some_and(|error| error.means.contains("cannot be decrypted")));
    }

    #[test]
    fn every_entry_can_be_found_and_says_everything() {
        for error in errors::all() {
            for part in error.parts {
                assert_eq!(&normalised(part), part, "parts are compared as they are");
            }
            let own = error.parts.join(" ");
            let found = explain(&own).expect("an entry is found by its own parts");
            assert_eq!(found.means, error.means);
            assert!(!error.decided_by.is_empty() && !error.controls.is_empty());
            assert!(error.never.starts_with("Do not"), "{}", error.never);
            for id in error.controls {
                assert_eq!(id.split('/').count(), 2, "{id}");
            }
        }
    }

    #[test]
    fn only_controls_that_exist_are_offered() {
        for error in errors::all() {
            for line in render(error).lines() {
                if let Some(id) = line.strip_prefix("more: wardline explain ") {
                    assert!(controls::find(id).is_some(), "{id}");
                }
            }
        }
    }
}
