//! Which names say that their value is a secret: keys of Hadoop, Spark and others, variables, fields.
//!
//! A name alone proves nothing; whoever judges looks at what stands beside it.

/// The last words of a name whose value is a secret by itself.
const SECRET_ENDS: [&str; 26] = [
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "storepass",
    "keypass",
    "secret",
    "token",
    "secretkey",
    "accesskey",
    "apikey",
    "authkey",
    "privatekey",
    "secret key",
    "access key",
    "api key",
    "account key",
    "private key",
    "encryption key",
    "signing key",
    "shared key",
    "auth key",
    "master key",
    "credential",
    "credentials",
];

/// Ends whose meaning no API of Kubernetes shares with a reference: `secret: name` may name a Secret, `password: x` never does.
const PLAIN_ENDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "storepass",
    "keypass",
    "secretkey",
    "apikey",
    "secret key",
    "access key",
    "api key",
    "account key",
    "encryption key",
];

/// Whether a name says that its value is a secret: `ssl.server.keystore.password`, `DB_PWD`, `clientSecret`,
/// `fs.azure.account.key.x.dfs.core.windows.net`.
#[must_use]
pub fn names_a_secret(name: &str) -> bool {
    if !holds_a_part(name) || is_reference_of_spark(name) || is_public_half(name) {
        return false;
    }
    let words = words(without_account(name));
    SECRET_ENDS.iter().any(|end| ends_with(&words, end))
        || is_secret_of_azure(name)
        // BigDL's primary keys.
        || ends_with(&words, "plain text") && words.iter().any(|word| word == "key")
}

/// Whether a value must not be shown, by the name of its key. Broad on purpose: hiding a harmless value costs little.
#[must_use]
pub fn hides_its_value(name: &str) -> bool {
    const WORDS: [&str; 17] = [
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
        "encryption.key",
        "api.key",
        "apikey",
        "keypassword",
        "zookeeper.auth",
        "zk.auth",
        ".pwd",
    ];
    // Names that hold such a word, but point at a secret instead of being one, or switch something.
    const HARMLESS_ENDINGS: [&str; 22] = [
        ".file",
        "-file",
        ".provider",
        ".path",
        ".enabled",
        ".enable",
        ".type",
        ".class",
        ".acl",
        ".location",
        ".interval",
        ".validity",
        ".seconds",
        ".regex",
        ".provider.uri",
        ".hosts",
        ".groups",
        ".users",
        ".bitlength",
        ".keytab",
        ".principal",
        ".algorithm",
    ];
    let lower = name.to_ascii_lowercase();
    let holds_word = WORDS.iter().any(|word| lower.contains(word))
        && !HARMLESS_ENDINGS
            .iter()
            .any(|ending| lower.ends_with(ending));
    holds_word || names_a_secret(name)
}

/// Whether a name is that of the half of a key pair that tells who somebody is: useless by itself, yet worth hiding from pages.
#[must_use]
pub fn is_access_key(name: &str) -> bool {
    let words = words(name);
    ends_with(&words, "access key") || ends_with(&words, "accesskey")
}

/// Whether a name holds what every name of a secret holds. Almost no name does, and this allocates nothing: it is asked of
/// every key and every argument of an estate.
fn holds_a_part(name: &str) -> bool {
    const PARTS: [&[u8]; 7] = [
        b"pass",
        b"pwd",
        b"secret",
        b"token",
        b"key",
        b"credential",
        // Signatures of Azure's stores.
        b"sas",
    ];
    let name = name.as_bytes();
    let at = |start: usize, part: &[u8]| {
        name.get(start..start + part.len())
            .is_some_and(|here| here.eq_ignore_ascii_case(part))
    };
    // Most letters begin none of them, which is told before any is held against the name.
    let begins_one = |letter: u8| PARTS.iter().any(|part| part.first() == Some(&letter));
    name.iter()
        .enumerate()
        .filter(|(_, byte)| begins_one(byte.to_ascii_lowercase()))
        .any(|(start, _)| PARTS.iter().any(|part| at(start, part)))
}

/// A key of ABFS or WASB without the storage account that it may end in: `...client.secret.lake.dfs.core.windows.net`.
fn without_account(name: &str) -> &str {
    let service = [".dfs.core.windows.net", ".blob.core.windows.net"];
    let rest = service.iter().find_map(|end| name.strip_suffix(end));
    rest.and_then(|rest| rest.rsplit_once('.'))
        .map_or(name, |(key, _)| key)
}

/// Keys and signatures of Azure's stores, whose names end in a container or an account.
fn is_secret_of_azure(name: &str) -> bool {
    let key = name.strip_prefix("spark.hadoop.").unwrap_or(name);
    let rest = key.strip_prefix("fs.azure.").unwrap_or_default();
    rest.starts_with("account.key.")
        || rest.starts_with("sas.") && !rest.starts_with("sas.token.provider")
}

/// The stricter test for fields of custom resources, where `secret` and `credentials` are mostly names of objects.
#[must_use]
pub fn is_plain_secret_field(name: &str) -> bool {
    if !holds_a_part(name) || is_public_half(name) {
        return false;
    }
    let words = words(name);
    PLAIN_ENDS.iter().any(|end| ends_with(&words, end))
}

/// Whether the password of a trust store is meant: it guards certificates, which are public.
#[must_use]
pub fn is_trust_store(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    name.contains("truststore") || name.contains("cacerts")
}

/// Whether the password of a key store is meant, of JKS, PKCS#12 or JCEKS.
#[must_use]
pub fn is_key_store(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    !is_trust_store(&name)
        && (name.contains("keystore") || name.contains("credstore") || name.contains("jceks"))
}

/// What is called a token or key and protects nothing. `AWS_ACCESS_KEY_ID` and `fs.s3a.access.key` are user names: useless without their other half.
fn is_public_half(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = words(name);
    // etcd's cluster token only tells clusters apart while they form; it admits nobody.
    // cert-manager.io/inject-ca-from-secret names a Secret.
    lower.contains("public")
        || ends_with(&words, "from secret")
        || ends_with(&words, "initial cluster token")
        || (ends_with(&words, "access key") || ends_with(&words, "accesskey"))
            && !words.iter().any(|word| word == "secret")
}

/// `spark.kubernetes.*.secrets.x` and `secretKeyRef.X` name Secrets of Kubernetes.
fn is_reference_of_spark(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    (lower.starts_with("spark.kubernetes.")
        && (lower.contains(".secrets.") || lower.contains(".secretkeyref.")))
        || lower.starts_with("spark.security.credentials.")
        || lower.starts_with("spark.redaction.")
        // The path of a PEM file (`SSLOptions`, 4.0 on).
        || lower.starts_with("spark.ssl.") && lower.ends_with(".privatekey")
}

/// The last word of a name, in lower case: `id` of `clientId`.
#[must_use]
pub fn last_word(name: &str) -> Option<String> {
    words(name).pop()
}

/// The words of a name, in lower case: split at signs, and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in name.chars().take(256) {
        if !c.is_ascii_alphanumeric() {
            previous = ' ';
            continue;
        }
        let starts = previous == ' ' || (c.is_ascii_uppercase() && previous.is_ascii_lowercase());
        match words.last_mut() {
            Some(word) if !starts => word.push(c.to_ascii_lowercase()),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
        previous = c;
    }
    // DB_PASSWORD_1: a number behind the word tells two of them apart.
    if words.len() > 1
        && words
            .last()
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()))
    {
        words.pop();
    }
    words
}

/// Whether the words end in those of `end`. The last word of a single-word end may be glued to others: `pgpassword`.
fn ends_with(words: &[String], end: &str) -> bool {
    let wanted: Vec<&str> = end.split(' ').collect();
    let glued = wanted.len() == 1 && end.len() > 6 && end.starts_with("pass");
    let tail = words
        .len()
        .checked_sub(wanted.len())
        .and_then(|at| words.get(at..));
    tail.is_some_and(|tail| {
        tail.iter()
            .zip(&wanted)
            .all(|(word, wanted)| word == wanted || (glued && word.ends_with(*wanted)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "ssl.server.keystore.password",
            "ssl.server.keystore.keypassword",
            "hadoop.security.group.mapping.ldap.bind.password",
            "hadoop.http.authentication.signature.secret",
            "javax.jdo.option.ConnectionPassword",
            "fs.azure.account.key.lake.dfs.core.windows.net",
            "spark.hadoop.fs.azure.account.key.lake.dfs.core.windows.net",
            "spark.org.apache.spark.ui.JWSFilter.param.secretKey",
            "spark.ssl.keyPassword",
            "spark.ssl.rpc.privateKeyPassword",
            "spark.executorEnv.DB_PWD",
            "PGPASSWORD",
            "DB_PASS",
            "AWS_SECRET_ACCESS_KEY",
            "GITHUB_TOKEN",
            "clientSecret",
            "spark.hadoop.fs.s3a.secret.key",
            "spark.hadoop.fs.s3a.session.token",
            "spark.hadoop.fs.s3a.bucket.raw.encryption.key",
            "spark.hadoop.fs.gs.auth.service.account.private.key",
            "spark.hadoop.fs.azure.account.oauth2.client.secret.lake.dfs.core.windows.net",
            "spark.hadoop.fs.azure.sas.raw.lake.blob.core.windows.net",
            "spark.my.api.key",
            "spark.my.apiKey",
            "spark.sql.catalog.prod.credential",
            "spark.sql.catalog.prod.s3.secret-access-key",
            "spark.authenticate.secret",
            "spark.bigdl.primaryKey.AmyPK.plainText",
        ] {
            assert!(names_a_secret(name), "{name}");
        }
    }

    #[test]
    fn names_of_other_things() {
        for name in [
            "AWS_ACCESS_KEY_ID",
            "fs.s3a.access.key",
            "spark.authenticate.secret.file",
            "spark.kubernetes.driver.secretKeyRef.DB_PASSWORD",
            "spark.kubernetes.driver.secrets.tokens",
            "dfs.block.access.token.enable",
            "hadoop.security.credential.provider.path",
            "hadoop.security.credstore.java-keystore-provider.password-file",
            "secretName",
            "compass.heading",
            "SSH_PUBLIC_KEY",
            "bypass",
            "tokens.max",
            "spark.authenticate",
            "spark.authenticate.secretBitLength",
            "spark.ssl.rpc.privateKey",
            "spark.hadoop.fs.s3a.aws.credentials.provider",
            "spark.hadoop.fs.s3a.aws.credentials.provider.mapping",
            "spark.hadoop.fs.azure.account.auth.type.lake.dfs.core.windows.net",
            "spark.hadoop.fs.azure.account.oauth2.client.id.lake.dfs.core.windows.net",
            "spark.hadoop.fs.azure.sas.token.provider.type",
            "spark.kubernetes.authenticate.oauthTokenFile",
            "spark.security.credentials.hive.enabled",
            "spark.kubernetes.kerberos.tokenSecret.name",
            "spark.redaction.regex",
            "cert-manager.io/inject-ca-from-secret",
        ] {
            assert!(!names_a_secret(name), "{name}");
        }
    }

    #[test]
    fn what_is_shown_is_narrower_than_what_is_judged() {
        for name in [
            "fs.s3a.access.key",
            "fs.azure.account.key.x",
            "ha.zookeeper.auth",
            "spark.x.tokens.y",
            "DB_PASS",
        ] {
            assert!(hides_its_value(name), "{name}");
        }
        for name in [
            "dfs.block.access.token.enable",
            "hadoop.http.authentication.signature.secret.file",
            "hadoop.rpc.protection",
            "hadoop.security.credential.provider.path",
            "spark.authenticate.secret.file",
        ] {
            assert!(!hides_its_value(name), "{name}");
        }
        assert!(is_access_key("spark.accesskey") && !is_access_key("AWS_ACCESS_KEY_ID"));
    }

    #[test]
    fn every_end_holds_a_part() {
        for end in SECRET_ENDS.iter().chain(&["plain text key"]) {
            assert!(holds_a_part(end), "{end}");
        }
    }

    #[test]
    fn fields_that_name_objects_are_left_out() {
        assert!(is_plain_secret_field("adminPassword") && is_plain_secret_field("secretAccessKey"));
        assert!(!is_plain_secret_field("secret") && !is_plain_secret_field("credentials"));
        assert!(!is_plain_secret_field("passwordSecret") && !is_plain_secret_field("tokenSecret"));
    }

    #[test]
    fn trust_stores_are_told_from_key_stores() {
        assert!(is_trust_store("spark.ssl.ui.trustStorePassword"));
        assert!(is_trust_store("ssl.client.truststore.password"));
        assert!(is_key_store("HADOOP_KEYSTORE_PASSWORD"));
        assert!(!is_key_store("ssl.client.truststore.password"));
    }
}
