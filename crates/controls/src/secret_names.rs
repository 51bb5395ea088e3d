//! Which names say that their value is a secret.
//!
//! A name alone proves nothing; [`crate::secret_values`] judges what stands beside it.

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
    if is_reference_of_spark(name) || is_public_half(name) {
        return false;
    }
    let words = words(name);
    SECRET_ENDS.iter().any(|end| ends_with(&words, end))
        || name.starts_with("fs.azure.account.key.")
        || name.contains(".fs.azure.account.key.")
}

/// The stricter test for fields of custom resources, where `secret` and `credentials` are mostly names of objects.
#[must_use]
pub fn is_plain_secret_field(name: &str) -> bool {
    let words = words(name);
    !is_public_half(name) && PLAIN_ENDS.iter().any(|end| ends_with(&words, end))
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

/// Settings that another control judges: the keys of S3A, the secret of Spark's RPC and the login to ZooKeeper.
#[must_use]
pub fn belongs_to_another_control(name: &str) -> bool {
    let name = name.strip_prefix("spark.hadoop.").unwrap_or(name);
    name.starts_with("fs.s3a.")
        || name == "spark.authenticate.secret"
        || name == "ha.zookeeper.auth"
}

/// What is called a token or key and protects nothing. `AWS_ACCESS_KEY_ID` and `fs.s3a.access.key` are user names: useless without their other half.
fn is_public_half(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = words(name);
    // etcd's cluster token only tells clusters apart while they form; it admits nobody.
    lower.contains("public")
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
            "spark.executorEnv.DB_PWD",
            "PGPASSWORD",
            "DB_PASS",
            "AWS_SECRET_ACCESS_KEY",
            "GITHUB_TOKEN",
            "clientSecret",
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
        ] {
            assert!(!names_a_secret(name), "{name}");
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
