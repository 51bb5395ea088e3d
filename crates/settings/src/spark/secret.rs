//! Which values are secrets, and which only stand for one.

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

/// Words in the name of a key whose value is secret, beyond what Spark's own default expression knows. Matched at word
/// boundaries of the name, without regard to case.
const SECRET_WORDS: [&str; 18] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "accesskey",
    "access.key",
    "access-key",
    "credential",
    "credentials",
    "apikey",
    "api.key",
    "api-key",
    "private.key",
    "account.key",
    "encryption.key",
    "plaintext",
];

/// Ends of names that hold such a word and yet are no secret: they point at one, name one, or switch something.
const HARMLESS_ENDS: [&str; 34] = [
    "file",
    "path",
    "enabled",
    "enable",
    "provider",
    "providers",
    "class",
    "type",
    "algorithm",
    "interval",
    "renewal",
    "ratio",
    "regex",
    "name",
    "itemkey",
    "bitlength",
    "secretbitlength",
    "principal",
    "keytab",
    "uri",
    "url",
    "endpoint",
    "location",
    "mountpath",
    "validity",
    "lifetime",
    "expiry",
    "period",
    "wait",
    "service",
    "services",
    "footer",
    "id",
    "dir",
];

/// Whether a Spark property holds a secret by its name: `spark.hadoop.fs.s3a.secret.key`, `spark.executorEnv.DB_PWD`.
///
/// `spark.kubernetes.*.secrets.*` and `.secretKeyRef.*` name Secrets of Kubernetes and hold none.
#[must_use]
pub fn names_a_secret(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    if lower.starts_with("spark.kubernetes.")
        && (lower.contains(".secrets.") || lower.contains(".secretkeyref."))
        || lower.starts_with("spark.security.credentials.")
        || lower.starts_with("spark.redaction.")
        // S3A, ABFS and GCS name classes that fetch credentials, and tables of such classes.
        || lower.contains("credentials.provider")
        || lower.ends_with("spark.authenticate")
    {
        return false;
    }
    let last = lower.rsplit(['.', '-', '_']).next().unwrap_or_default();
    if HARMLESS_ENDS.contains(&last) {
        return false;
    }
    SECRET_WORDS.iter().any(|word| holds_word(&lower, word)) || names_camel_case(key)
}

/// `word` in `name`, with a boundary before it. `accesskeyid`, the public half of a key pair, is none.
fn holds_word(name: &str, word: &str) -> bool {
    let word_dots = name.replace(['_', '-'], ".");
    let word = word.replace('-', ".");
    word_dots.match_indices(&word).any(|(at, _)| {
        let before = word_dots
            .get(..at)
            .and_then(|text| text.chars().next_back());
        let after = word_dots.get(at + word.len()..).unwrap_or_default();
        before.is_none_or(|c| !c.is_ascii_alphanumeric())
            && (after.is_empty()
                || after.starts_with('.')
                || after.starts_with(|c: char| c.is_ascii_digit()))
            && !(word.starts_with("access") && after.starts_with(".id"))
    })
}

/// `keyPassword`, `keyStorePassword`, `clientSecret`, `apiKey`: the word ends a name in camel case.
fn names_camel_case(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or_default();
    [
        "Password",
        "Secret",
        "Token",
        "ApiKey",
        "apiKey",
        "plainText",
        "PrivateKey",
    ]
    .iter()
    .any(|end| last.ends_with(end))
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

    #[test]
    fn secrets_are_told_by_the_name_of_their_key() {
        for key in [
            "spark.hadoop.fs.s3a.secret.key",
            "spark.hadoop.fs.s3a.access.key",
            "spark.hadoop.fs.s3a.session.token",
            "spark.hadoop.fs.s3a.encryption.key",
            "spark.hadoop.fs.azure.account.key.x.dfs.core.windows.net",
            "spark.hadoop.fs.gs.auth.service.account.private.key",
            "spark.executorEnv.DB_PWD",
            "spark.executorEnv.AWS_SECRET_ACCESS_KEY",
            "spark.ssl.keyPassword",
            "spark.my.api.key",
            "spark.my.apiKey",
            "spark.sql.catalog.prod.credential",
            "spark.authenticate.secret",
            "spark.bigdl.primaryKey.AmyPK.plainText",
        ] {
            assert!(names_a_secret(key), "{key}");
        }
        for key in [
            "spark.authenticate.secret.file",
            "spark.authenticate.secretBitLength",
            "spark.kubernetes.driver.secrets.spark-auth",
            "spark.kubernetes.driver.secretKeyRef.DB_PASSWORD",
            "spark.hadoop.fs.s3a.aws.credentials.provider",
            "spark.hadoop.fs.s3a.aws.credentials.provider.mapping",
            "spark.hadoop.hadoop.security.credential.provider.path",
            "spark.kubernetes.authenticate.oauthTokenFile",
            "spark.security.credentials.hive.enabled",
            "spark.redaction.regex",
            "spark.kubernetes.kerberos.tokenSecret.name",
            "spark.sql.parquet.footer",
            "spark.executor.memory",
        ] {
            assert!(!names_a_secret(key), "{key}");
        }
    }
}
