//! Which values only stand for a secret.

/// Whether a value stands for a secret that something fills in later, or is blanked out: a template's placeholder, a
/// variable, a redaction.
#[must_use]
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let is_whole = |open: &str, close: &str| value.starts_with(open) && value.ends_with(close);
    value.is_empty()
        || value.contains("{{")
        || value.contains("${")
        || value.contains("$(")
        || value.starts_with('$')
        || is_whole("<", ">")
        || is_whole("@", "@") && value.len() > 2
        || is_whole("%", "%") && value.len() > 2
        || is_whole("__", "__") && value.len() > 4
        || value
            .bytes()
            .all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'))
        || value.starts_with("ENC[")
        || value.starts_with("*********(redacted)")
        || value.eq_ignore_ascii_case("redacted")
        || value.eq_ignore_ascii_case("[redacted]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_literals() {
        for value in [
            "{{ .Values.secret }}",
            "${SECRET}",
            "$(SECRET)",
            "$SECRET",
            "<your-secret>",
            "",
            "****",
            "@secret@",
            "ENC[AES256_GCM,data:x]",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["not-a-real-secret", "changeme", "a$b", "x1y2"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
