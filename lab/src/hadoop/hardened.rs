//! A site as it should be.

use super::logins::principal;
use super::places::Places;
use super::roles::{File, Role};
use super::site::Site;

pub(super) fn settings(site: &mut Site, places: &Places) {
    core(site, places);
    policy(site);
    site.set_all(
        File::Hdfs,
        &[
            ("dfs.block.access.token.enable", "true"),
            ("dfs.data.transfer.protection", "privacy"),
            (
                "dfs.encrypt.data.transfer.cipher.suites",
                "AES/CTR/NoPadding",
            ),
            ("dfs.encrypt.data.transfer.cipher.key.bitlength", "256"),
            ("dfs.http.policy", "HTTPS_ONLY"),
            ("dfs.cluster.administrators", "hdfs"),
        ],
    );
    site.set_all(
        File::Kms,
        &[
            ("hadoop.kms.ssl.enabled", "true"),
            (super::KEYSTORE_PASSWORD_KEY, super::KEYSTORE_PASSWORD),
        ],
    );
    keys(site);
    site.set(File::HttpFs, "httpfs.ssl.enabled", "true");
    site.set(File::Yarn, "yarn.http.policy", "HTTPS_ONLY");
    site.set(File::Yarn, "yarn.acl.enable", "true");
    site.set(File::Yarn, "yarn.admin.acl", "rm");
}

fn core(site: &mut Site, places: &Places) {
    site.set_all(
        File::Core,
        &[
            ("hadoop.rpc.protection", "privacy"),
            ("hadoop.security.authorization", "true"),
            ("hadoop.security.instrumentation.requires.admin", "true"),
            ("fs.permissions.umask-mode", "027"),
            ("hadoop.ssl.enabled.protocols", "TLSv1.2,TLSv1.3"),
            ("hadoop.proxyuser.httpfs.hosts", "127.0.0.1"),
            ("hadoop.proxyuser.httpfs.groups", "analysts"),
            (
                "hadoop.http.filter.initializers",
                "org.apache.hadoop.security.AuthenticationFilterInitializer",
            ),
            ("hadoop.http.authentication.type", "kerberos"),
            (
                "hadoop.http.authentication.simple.anonymous.allowed",
                "false",
            ),
        ],
    );
    let secret = places.secret("http.secret").display().to_string();
    for role in [
        Role::NameNode,
        Role::DataNode,
        Role::JournalNode,
        Role::ResourceManager,
    ] {
        for (key, value) in [
            ("kerberos.principal", principal("HTTP", role)),
            ("kerberos.keytab", places.keytab(role.word())),
            ("signature.secret.file", secret.clone()),
        ] {
            let key = format!("hadoop.http.authentication.{key}");
            site.set_for(role, File::Core, &key, value);
        }
    }
}

/// Who may speak which protocol. What is not named falls back to the default list: daemons alone.
fn policy(site: &mut Site) {
    site.set_all(
        File::Policy,
        &[
            ("security.service.authorization.default.acl", "hdfs"),
            ("security.client.protocol.acl", "hdfs,alice,bob,httpfs,rm"),
            (
                "security.client.datanode.protocol.acl",
                "hdfs,alice,bob,httpfs,rm",
            ),
            ("security.applicationclient.protocol.acl", "rm,alice,bob"),
        ],
    );
}

/// Readers of the zone decrypt its key, its superuser and everybody else do not; the key administrator manages it.
fn keys(site: &mut Site) {
    for operation in [
        "CREATE",
        "DELETE",
        "ROLLOVER",
        "SET_KEY_MATERIAL",
        "GET_KEYS",
    ] {
        site.set(
            File::KmsAcls,
            &format!("hadoop.kms.acl.{operation}"),
            "keyadmin",
        );
    }
    site.set_all(
        File::KmsAcls,
        &[
            // A lone blank is nobody.
            ("hadoop.kms.acl.GET", " "),
            ("hadoop.kms.acl.GET_METADATA", "keyadmin,hdfs"),
            ("hadoop.kms.acl.GENERATE_EEK", "hdfs"),
            ("hadoop.kms.acl.DECRYPT_EEK", "alice"),
            ("hadoop.kms.blacklist.DECRYPT_EEK", "hdfs supergroup"),
            ("default.key.acl.MANAGEMENT", "keyadmin"),
            ("default.key.acl.GENERATE_EEK", "hdfs"),
            ("default.key.acl.DECRYPT_EEK", " "),
            ("default.key.acl.READ", " "),
            ("key.acl.zonekey.MANAGEMENT", "keyadmin"),
            ("key.acl.zonekey.GENERATE_EEK", "hdfs"),
            ("key.acl.zonekey.DECRYPT_EEK", "alice"),
            ("key.acl.zonekey.READ", "keyadmin,hdfs"),
        ],
    );
}
