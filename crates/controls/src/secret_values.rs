//! Which values are secrets: not placeholders, not references, not numbers, not paths.
//!
//! Every test looks at the value alone. Silence is preferred: a value that may be something else is no secret.

use settings::spark::secret::is_placeholder;

/// Longest value that is looked at: longer ones are documents, and have tests of their own.
const LONGEST: usize = 8 * 1024;

/// Schemes of values that say where the secret is, and are none.
const REFERENCES: [&str; 22] = [
    "file:",
    "env:",
    "vault:",
    "arn:",
    "jceks:",
    "localjceks:",
    "bcfks:",
    "user:",
    "k8s:",
    "ref+",
    "secret:",
    "secretref:",
    "ssm:",
    "gcp:",
    "aws:",
    "azure:",
    "keyvault:",
    "projects/",
    "enc(",
    "enc[",
    "{cipher}",
    "classpath:",
];

/// Ends of file names.
const FILE_ENDS: [&str; 20] = [
    ".jks",
    ".jceks",
    ".p12",
    ".pfx",
    ".pem",
    ".key",
    ".crt",
    ".cer",
    ".password",
    ".passwd",
    ".secret",
    ".token",
    ".txt",
    ".file",
    ".keytab",
    ".xml",
    ".conf",
    ".properties",
    ".json",
    ".yaml",
];

/// Words that templates use in place of a value, in small letters and without signs.
const TEMPLATE_WORDS: [&str; 14] = [
    "changeme",
    "changethis",
    "replaceme",
    "replacethis",
    "replacewith",
    "your",
    "todo",
    "fixme",
    "tbd",
    "placeholder",
    "insert",
    "fillin",
    "setme",
    "enter",
];

/// What templates say is to be filled in.
const VALUE_WORDS: [&str; 10] = [
    "password",
    "passwd",
    "pass",
    "token",
    "secret",
    "key",
    "apikey",
    "secretkey",
    "accesskey",
    "value",
];

/// Passwords that documentation and products print, for stores and logins alike. `changeit`: the JDK's key stores;
/// `minioadmin`: MinIO; `admin`: OpenSearch, Grafana, Ambari; the others: examples that were never changed.
const PUBLISHED: [&str; 6] = [
    "changeit",
    "changeme",
    "password",
    "admin",
    "minioadmin",
    "minio123",
];

/// The password of Hadoop's key stores where nobody set one (`JavaKeyStoreProvider.KEYSTORE_PASSWORD_DEFAULT`).
const HADOOP_STORE_DEFAULT: &str = "none";

/// The metastore's password in every release (`HiveConf.ConfVars.METASTOREPWD`).
const METASTORE_DEFAULT: &str = "mine";

/// Whether a value is written out here, and could be a password, a key or a token.
#[must_use]
pub fn is_literal(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty()
        && value.len() <= LONGEST
        && !is_placeholder(value)
        && !value.contains(char::is_whitespace)
        && !is_switch(value)
        && !is_number(value)
        && !is_reference(value)
        && !is_class(value)
        && !is_code(value)
        && !is_name_of_a_value(value)
        && (is_published(value) || !is_template_word(value))
}

/// Whether a secret of this name has a published value. Trust stores guard public certificates and have none.
#[must_use]
pub fn has_published_value(name: &str, value: &str) -> bool {
    let value = value.trim();
    if settings::secret_names::is_trust_store(name) {
        return false;
    }
    is_published(value)
        || (value == HADOOP_STORE_DEFAULT && settings::secret_names::is_key_store(name))
        || (value == METASTORE_DEFAULT && name.ends_with("javax.jdo.option.ConnectionPassword"))
}

fn is_published(value: &str) -> bool {
    PUBLISHED.contains(&value)
}

/// `CHANGE_ME`, `<your password>`, `replace-with-a-key`: the author says that it must be replaced.
fn is_template_word(value: &str) -> bool {
    let plain: String = value
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let is_named = TEMPLATE_WORDS.iter().any(|word| {
        plain
            .strip_prefix(word)
            // `yourself3xY` is no template: a sign, the end or the name of a value follows the word.
            .is_some_and(|rest| {
                rest.is_empty() || value.contains(['-', '_']) || VALUE_WORDS.contains(&rest)
            })
    });
    is_named || plain.is_empty() || plain.bytes().all(|b| b == b'x')
}

/// `HF_TOKEN`, `PASSWORD`, `nvapi-NVKEY`: the name of the value in its place, as a program's constant or a reader's cue.
fn is_name_of_a_value(value: &str) -> bool {
    let is_capital = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase());
    let last = value.rsplit(['-', '_', '.']).next().unwrap_or(value);
    let names = ["KEY", "TOKEN", "PASSWORD", "PASSWD", "SECRET"]
        .iter()
        .any(|name| last.ends_with(name));
    let is_constant = value.contains('_')
        && value
            .split('_')
            .all(|part| is_capital(part) || part.bytes().all(|b| b.is_ascii_digit()));
    is_constant || (names && is_capital(last))
}

fn is_switch(value: &str) -> bool {
    const WORDS: [&str; 18] = [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "nil",
        "none",
        "undefined",
        "default",
        "simple",
        "kerberos",
        "required",
        // Sources of users in nsswitch.conf: `passwd: compat`.
        "compat",
        "files",
        "systemd",
        "ldap",
    ];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// `3600`, `1.5`, `10s`, `128m`.
fn is_number(value: &str) -> bool {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = value.len().saturating_sub(digits.len());
    unit <= 2
        && !digits.is_empty()
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':'))
}

/// Paths, addresses, files, and words that say where the secret is kept.
fn is_reference(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    value.starts_with(['/', '~', '@', '!', '&', '%', '{', '[']) && !looks_random(value)
        || value.starts_with("./")
        || value.contains("://")
        || REFERENCES.iter().any(|scheme| lower.starts_with(scheme))
        || FILE_ENDS.iter().any(|end| lower.ends_with(end))
}

/// A slash may start a base64 key as well as a path.
fn looks_random(value: &str) -> bool {
    value.len() >= 20
        && value.ends_with('=')
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// Whether a value looks like one that a machine made: long, with digits among letters of both cases, or hexadecimal.
#[must_use]
pub fn looks_generated(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().any(|b| test(&b));
    let is_hex = value.bytes().all(|b| b.is_ascii_hexdigit());
    value.len() >= 16
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && (is_hex || (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)))
}

/// `org.example.Provider`: at least two packages and a class.
fn is_class(value: &str) -> bool {
    let parts: Vec<&str> = value.split('.').collect();
    let is_name = |part: &&str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
    };
    parts.len() >= 3
        && parts.iter().all(is_name)
        && parts
            .first()
            .is_some_and(|part| part.bytes().all(|b| b.is_ascii_lowercase()))
        && parts
            .last()
            .is_some_and(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// `os.environ["X"]`, `settings.password`: an expression of a program, not a value.
fn is_code(value: &str) -> bool {
    let calls = |open: char, close: char| value.contains(open) && value.ends_with(close);
    let is_field = value.contains('.')
        && value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || matches!(b, b'.' | b'_'));
    // `connect(user=a, password=b)` leaves the last bracket with the last value.
    let closes_a_call = value.ends_with(')') && !value.contains('(');
    calls('(', ')') || calls('[', ']') || is_field || closes_a_call
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for value in [
            "not-a-real-secret",
            "changeme",
            "changeit",
            "hunter2x",
            "a$b",
            "p.q1",
            "/u3+7QAAAAIAAAABAAAAAg==",
        ] {
            assert!(is_literal(value), "{value}");
        }
    }

    #[test]
    fn everything_else_is_silent() {
        for value in [
            "",
            " ",
            "true",
            "NO",
            "3600",
            "10s",
            "none",
            "{{ .Values.x }}",
            "${X}",
            "$(X)",
            "$X",
            "<password>",
            "CHANGE_ME",
            "CHANGEME",
            "your-password",
            "YOUR_TOKEN_HERE",
            "REPLACE_ME",
            "xxxx",
            "/etc/creds/x",
            "file:/etc/x",
            "jceks://file/etc/x",
            "vault:secret/data/x",
            "ssl-credstore.password",
            "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider",
            "ENC[AES256,data:x]",
            "ENC(abc)",
            "a prose of words",
            "os.environ[\"X\"]",
            "get_token()",
            "settings.db_password",
            "PASSWORD)",
            "HF_TOKEN",
            "nvapi-NVKEY",
            "yourpassword",
            "compat",
        ] {
            assert!(!is_literal(value), "{value}");
        }
    }

    #[test]
    fn published_values_belong_to_their_keys() {
        assert!(has_published_value(
            "ssl.server.keystore.password",
            "changeit"
        ));
        assert!(has_published_value("HADOOP_KEYSTORE_PASSWORD", "none"));
        assert!(has_published_value(
            "javax.jdo.option.ConnectionPassword",
            "mine"
        ));
        assert!(!has_published_value(
            "ssl.client.truststore.password",
            "changeit"
        ));
        assert!(!has_published_value("DB_TOKEN", "none"));
        assert!(!has_published_value("DB_PASSWORD", "mine"));
    }
}
