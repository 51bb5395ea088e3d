//! The Hadoop key lists against what the products' references say.

use model::Release;
use wardline_settings::hadoop::keys::{self, RELEASES};

const V2: Release = Release(2, 7, 7);

fn default(key: &str, release: Release) -> Option<&'static str> {
    keys::find(key).and_then(|known| known.default(release))
}

#[test]
fn defaults_follow_the_release() {
    assert_eq!(
        default("hadoop.rpc.protection", Release(3, 3, 6)),
        Some("authentication")
    );
    assert_eq!(
        default("dfs.namenode.acls.enabled", Release(3, 2, 4)),
        Some("false")
    );
    assert_eq!(
        default("dfs.namenode.acls.enabled", Release(3, 3, 6)),
        Some("true")
    );
    assert_eq!(default("hadoop.ssl.enabled.protocols", V2), Some("TLSv1"));
    assert_eq!(
        default("hadoop.ssl.enabled.protocols", Release(2, 10, 1)),
        Some("TLSv1,SSLv2Hello,TLSv1.1,TLSv1.2")
    );
    assert_eq!(
        default("hadoop.ssl.enabled.protocols", Release(3, 1, 1)),
        Some("TLSv1,SSLv2Hello,TLSv1.1,TLSv1.2")
    );
    assert_eq!(
        default("hadoop.ssl.enabled.protocols", Release(3, 4, 0)),
        Some("TLSv1.2")
    );
    assert_eq!(
        default("dfs.data.transfer.protection", Release(3, 4, 1)),
        Some("")
    );
    assert_eq!(
        default("hadoop.security.sasl.mechanism", Release(3, 4, 1)),
        None
    );
    assert_eq!(
        default("hadoop.security.sasl.mechanism", Release(3, 5, 0)),
        Some("DIGEST-MD5")
    );
    assert_eq!(default("no.such.key", Release(3, 4, 1)), None);
    assert_eq!(
        keys::find_in("hadoop.http.authentication.type", "httpfs")
            .and_then(|k| k.default(Release(3, 4, 1))),
        Some("simple")
    );
    // A value that holds the characters of the table's own form.
    let pattern = default(
        "dfs.webhdfs.acl.provider.permission.pattern",
        Release(3, 3, 6),
    )
    .unwrap();
    assert!(pattern.contains("(user|group|mask|other)") && pattern.ends_with("*$"));
}

#[test]
fn a_kms_of_2_has_only_the_defaults_of_its_code() {
    assert_eq!(
        default("hadoop.kms.cache.timeout.ms", Release(2, 10, 2)),
        Some("600000")
    );
    assert_eq!(
        default("hadoop.kms.key.authorization.enable", V2),
        Some("true")
    );
    assert_eq!(default("hadoop.kms.authentication.type", V2), None);
    assert_eq!(default("hadoop.kms.http.port", V2), None);
    assert_eq!(
        default("hadoop.kms.authentication.type", Release(3, 3, 6)),
        Some("simple")
    );
}

#[test]
fn listings_have_a_first_and_a_last_release() {
    let key = keys::find("hadoop.ssl.enabled").unwrap();
    assert_eq!((key.first(), key.last()), (V2, Release(3, 3, 0)));
    assert!(key.listed_in(Release(3, 2, 2)) && !key.listed_in(Release(3, 4, 1)));
    let key = keys::find("hadoop.zk.acl").unwrap();
    assert_eq!(
        (key.first(), key.last()),
        (Release(2, 10, 2), Release(3, 5, 0))
    );
    assert_eq!(keys::table_release(Release(3, 3, 6)), Release(3, 3, 4));
}

#[test]
fn the_table_is_sorted_complete_and_small() {
    let names: Vec<_> = keys::all().map(|known| (known.name, known.file)).collect();
    assert!(names.is_sorted_by(|left, right| left < right));
    assert_eq!(names.len(), 2327);
    for (name, file) in names {
        let known = keys::find_in(name, file).unwrap();
        assert!(
            RELEASES.iter().any(|release| known.listed_in(*release)),
            "{name}"
        );
        assert!(
            known.listed_in(known.first()) && known.listed_in(known.last()),
            "{name}"
        );
    }
    assert!(include_str!("../data/hadoop-keys.tsv").len() < 220_000);
}

#[test]
fn keys_of_code_are_known_in_all_their_forms() {
    for key in [
        "dfs.namenode.rpc-address.meridian.nn1",
        "dfs.ha.namenodes.meridian",
        "dfs.client.failover.proxy.provider.meridian",
        "ignore.secure.ports.for.testing",
        "hadoop.proxyuser.svc.etl.groups",
        "hadoop.kms.proxyuser.hive.users",
        "hadoop.kms.blacklist.DECRYPT_EEK",
        "key.acl.orders-key.DECRYPT_EEK",
        "whitelist.key.acl.READ",
        "security.client.protocol.acl",
        "security.refresh.policy.protocol.acl.blocked",
        "ssl.client.keystore.keypassword",
        "ingress.port.sasl.prop.8021",
        "yarn.scheduler.capacity.root.etl.acl_submit_applications",
        "fs.s3a.bucket.raw.encryption.key",
        "fs.oss.impl",
        "nfs.port.monitoring.disabled",
    ] {
        assert!(keys::is_known(key), "{key}");
        assert!(
            !keys::all().any(|known| known.name == key),
            "{key} is listed"
        );
    }
    assert!(keys::is_known("dfs.permissions"), "a deprecated name");
    assert!(!keys::is_known("dfs.encryt.data.transfer"));
    assert!(!keys::is_known("my.company.setting"));
}

#[test]
fn security_keys_are_those_that_decide_about_a_protection() {
    for key in [
        "dfs.http.policy",
        "hadoop.proxyuser.hue.hosts",
        "yarn.admin.acl",
        "ha.zookeeper.acl",
        "hadoop.kms.acl.GET",
    ] {
        assert!(keys::is_security_key(key), "{key}");
    }
    for key in [
        "dfs.replication",
        "io.file.buffer.size",
        "yarn.nodemanager.resource.memory-mb",
        "hive.metastore.uris",
    ] {
        assert!(!keys::is_security_key(key), "{key}");
    }
}

#[test]
fn misspelt_keys_lead_to_the_real_ones() {
    for (key, real) in [
        ("dfs.encryt.data.transfer", "dfs.encrypt.data.transfer"),
        (
            "dfs.encrypt.data.transfer.cipher.suite",
            "dfs.encrypt.data.transfer.cipher.suites",
        ),
        (
            "dfs.encrypt.data.transfer.ciphers.suites",
            "dfs.encrypt.data.transfer.cipher.suites",
        ),
        (
            "dfs.data.transfer.protecton",
            "dfs.data.transfer.protection",
        ),
        ("hadoop.rpc.protections", "hadoop.rpc.protection"),
        (
            "hadoop.security.authentification",
            "hadoop.security.authentication",
        ),
        (
            "hadoop.security.authorisation",
            "hadoop.security.authorization",
        ),
        (
            "hadop.security.authentication",
            "hadoop.security.authentication",
        ),
        ("yarn.acl.enabled", "yarn.acl.enable"),
        ("yarn.admin.acls", "yarn.admin.acl"),
        ("dfs.permission.enabled", "dfs.permissions.enabled"),
        (
            "dfs.block.access.token.enabled",
            "dfs.block.access.token.enable",
        ),
        ("dfs.https.policy", "dfs.http.policy"),
        (
            "dfs.namenode.kerberos.principle",
            "dfs.namenode.kerberos.principal",
        ),
        ("dfs.datanode.keytab", "dfs.datanode.keytab.file"),
        (
            "hadoop.http.authentication.simple.anonymous.allow",
            "hadoop.http.authentication.simple.anonymous.allowed",
        ),
        (
            "hadoop.http.filter.initializer",
            "hadoop.http.filter.initializers",
        ),
        (
            "ssl.server.keystore.pasword",
            "ssl.server.keystore.password",
        ),
        (
            "security.client.protocl.acl",
            "security.client.protocol.acl",
        ),
        ("hadoop.kms.acl.DECRPYT_EEK", "hadoop.kms.acl.DECRYPT_EEK"),
        (
            "hadoop.security.keyprovider.path",
            "hadoop.security.key.provider.path",
        ),
        (
            "fs.s3a.connection.ssl.enable",
            "fs.s3a.connection.ssl.enabled",
        ),
        ("hdfs.encrypt.data.transfer", "dfs.encrypt.data.transfer"),
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
    }
}
