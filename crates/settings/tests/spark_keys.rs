//! The Spark key lists against what the products' references say.

use model::Release;
use wardline_settings::spark::keys::{self, RELEASES};

fn default(key: &str, release: Release) -> Option<&'static str> {
    keys::find(key).and_then(|known| known.default(release))
}

/// The default in each release of the table.
fn defaults(key: &str) -> [Option<&'static str>; 7] {
    RELEASES.map(|release| default(key, release))
}

#[test]
fn defaults_follow_the_release() {
    let [no, yes] = [Some("false"), Some("true")];
    let changed = [no, no, no, yes, yes, yes, yes];
    assert_eq!(defaults("spark.eventLog.compress"), changed);
    assert_eq!(defaults("spark.ui.prometheus.enabled"), changed);
    assert_eq!(
        defaults("spark.master.rest.enabled"),
        [no, no, no, no, yes, yes, yes]
    );
    assert_eq!(
        defaults("spark.submit.proxyUser.allowCustomClasspathInClusterMode"),
        [yes, no, no, no, no, no, no]
    );
    assert_eq!(
        defaults("spark.kubernetes.executor.useDriverPodIP"),
        [None, None, None, None, no, no, yes]
    );
    assert_eq!(defaults("spark.network.crypto.saslFallback"), [yes; 7]);
    assert_eq!(default("spark.eventLog.compress", Release(4, 0, 0)), yes);
    assert_eq!(default("spark.master.rest.enabled", Release(4, 1, 1)), yes);
}

#[test]
fn plain_text_keys_have_their_defaults_too() {
    assert_eq!(
        defaults("spark.network.crypto.cipher"),
        [Some("AES/CTR/NoPadding"); 7]
    );
    assert_eq!(
        defaults("spark.network.crypto.authEngineVersion"),
        [
            None,
            Some("1"),
            Some("1"),
            Some("1"),
            Some("1"),
            Some("1"),
            Some("1")
        ]
    );
    assert_eq!(
        defaults("spark.network.sasl.serverAlwaysEncrypt"),
        [Some("false"); 7]
    );
    assert_eq!(defaults("spark.ssl.enabled"), [Some("false"); 7]);
    let rpc = keys::find("spark.ssl.rpc.enabled").unwrap();
    assert!(!rpc.is_registered() && rpc.first() == Release(4, 0, 5));
    assert_eq!(
        rpc.default(Release(4, 0, 1)),
        Some("false"),
        "not spark.ssl.enabled's"
    );
    assert!(!rpc.listed_in(Release(3, 5, 7)));
    let old = keys::find("spark.network.crypto.keyLength").unwrap();
    assert_eq!(
        (old.first(), old.last()),
        (Release(3, 3, 4), Release(3, 3, 4))
    );
}

#[test]
fn a_key_may_take_the_value_of_another() {
    let newest = Release(4, 3, 0);
    let falls = |key| keys::find(key).and_then(|known| known.falls_back_to(newest));
    assert_eq!(
        falls("spark.authenticate.secret.driver.file"),
        Some("spark.authenticate.secret.file")
    );
    assert_eq!(falls("spark.ssl.ui.keyStore"), Some("spark.ssl.keyStore"));
    assert_eq!(falls("spark.ssl.ui.port"), None);
    assert_eq!(falls("spark.authenticate"), None);
    let secret = keys::find("spark.authenticate.secret").unwrap();
    assert!(secret.listed_in(newest) && secret.default(newest).is_none());
    // Every key that is named as a fallback is one.
    for known in keys::all() {
        for release in RELEASES {
            let other = known.falls_back_to(release);
            assert!(other.is_none_or(keys::is_known), "{} {other:?}", known.name);
        }
    }
}

#[test]
fn the_table_is_sorted_complete_and_small() {
    let names: Vec<_> = keys::all().map(|known| known.name).collect();
    assert!(names.is_sorted_by(|left, right| left < right));
    assert_eq!(names.len(), 1630);
    for name in &names {
        let known = keys::find(name).unwrap();
        assert!(
            known.listed_in(known.first()) && known.listed_in(known.last()),
            "{name}"
        );
        assert!(known.is_registered(), "{name}");
    }
    let listed = |release| keys::all().filter(|known| known.listed_in(release)).count();
    assert_eq!(
        RELEASES.map(listed),
        [936, 1001, 1032, 1268, 1407, 1499, 1606]
    );
    assert!(keys::find("spark.authenticate").unwrap().is_public());
    assert!(
        !keys::find("spark.connect.authenticate.token")
            .unwrap()
            .is_public()
    );
    assert!(include_str!("../data/spark-keys.tsv").len() < 220_000);
}

#[test]
fn families_are_known() {
    for key in [
        "spark.hadoop.fs.s3a.endpoint",
        "spark.executorEnv.DB_HOST",
        "spark.kubernetes.executor.secretKeyRef.TOKEN",
        "spark.kubernetes.driver.volumes.hostPath.data.mount.path",
        "spark.org.apache.spark.ui.JWSFilter.param.secretKey",
        "spark.com.example.Filter.params",
        "spark.metrics.conf.driver.sink.jmx.class",
        "spark.sql.catalog.lake.warehouse",
        "spark.shuffle.io.maxRetries",
        "spark.kubernetes.authenticate.driver.mounted.oauthTokenFile",
        "spark.security.credentials.hbase.enabled",
        "spark.yarn.keytab",
    ] {
        assert!(keys::is_known(key), "{key}");
    }
    assert!(!keys::is_known("spark.ui.acls.enable"), "read by 2.x only");
    assert!(
        !keys::is_known("spark.network.crypto.iterations"),
        "was never a key"
    );
    assert!(keys::is_security_key("spark.hadoop.fs.s3a.secret.key"));
    assert!(!keys::is_security_key("spark.hadoop.fs.s3a.block.size"));
    assert!(!keys::is_security_key("spark.executor.memory"));
}

#[test]
fn misspelt_keys_lead_to_the_real_ones() {
    for (key, real) in [
        ("spark.authenticat", "spark.authenticate"),
        ("spark.authentication.secret", "spark.authenticate.secret"),
        (
            "spark.network.crypto.enable",
            "spark.network.crypto.enabled",
        ),
        (
            "spark.network.cripto.enabled",
            "spark.network.crypto.enabled",
        ),
        (
            "spark.network.crypto.saslFallBack",
            "spark.network.crypto.saslFallback",
        ),
        (
            "spark.network.crypto.saslfallback",
            "spark.network.crypto.saslFallback",
        ),
        ("spark.crypto.enabled", "spark.network.crypto.enabled"),
        ("spark.io.encryption.enable", "spark.io.encryption.enabled"),
        ("spark.io.encrypt.enabled", "spark.io.encryption.enabled"),
        ("spark.encryption.enabled", "spark.io.encryption.enabled"),
        ("spark.acls.enabled", "spark.acls.enable"),
        ("spark.ui.acls.enable", "spark.acls.enable"),
        ("spark.ssl.keystorePassword", "spark.ssl.keyStorePassword"),
        (
            "spark.ssl.historyserver.enabled",
            "spark.ssl.historyServer.enabled",
        ),
        ("spark.ui.filter", "spark.ui.filters"),
        ("spark.redaction.regexp", "spark.redaction.regex"),
        ("spark.master.rest.enable", "spark.master.rest.enabled"),
        (
            "spark.kubernetes.trust.certificate",
            "spark.kubernetes.trust.certificates",
        ),
        (
            "spark.hadoop.fs.s3a.connection.ssl.enable",
            "fs.s3a.connection.ssl.enabled",
        ),
    ] {
        assert_eq!(keys::nearest(key), Some(real), "{key}");
    }
}

#[test]
fn real_keys_of_any_product_are_no_misspellings() {
    for known in keys::all() {
        assert_eq!(keys::nearest(known.name), None);
    }
    for key in include_str!("keys_of_other_products.txt").lines() {
        assert_eq!(keys::nearest(key), None, "{key}");
        let passed_on = format!("spark.hadoop.{key}");
        assert_eq!(keys::nearest(&passed_on), None, "{passed_on}");
    }
}
