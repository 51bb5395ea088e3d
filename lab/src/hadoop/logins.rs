//! How daemons log in where Kerberos is on.

use super::places::Places;
use super::roles::{File, Role};
use super::site::Site;
use crate::kerberos::{Keytab, REALM};

/// Keytabs by name: what each holds.
pub(super) const KEYTABS: &[Keytab<'_>] = &[
    ("nn", &["hdfs/nn1.lab.test", "HTTP/nn1.lab.test"]),
    ("dn", &["hdfs/dn1.lab.test", "HTTP/dn1.lab.test"]),
    ("jn", &["hdfs/jn1.lab.test", "HTTP/jn1.lab.test"]),
    ("kms", &["HTTP/kms1.lab.test"]),
    ("httpfs", &["httpfs/gw1.lab.test", "HTTP/gw1.lab.test"]),
    ("rm", &["rm/rm1.lab.test", "HTTP/rm1.lab.test"]),
    ("hdfs", &["hdfs"]),
    ("alice", &["alice"]),
    ("bob", &["bob"]),
    ("keyadmin", &["keyadmin"]),
];

/// The principal of a service on the host of a role.
pub(super) fn principal(service: &str, role: Role) -> String {
    format!("{service}/{}@{REALM}", role.host())
}

/// The daemons of HDFS, with the word for each in settings.
pub(super) const DAEMONS: [(Role, &str); 3] = [
    (Role::NameNode, "namenode"),
    (Role::DataNode, "datanode"),
    (Role::JournalNode, "journalnode"),
];

pub(super) fn settings(site: &mut Site, places: &Places) {
    site.set(File::Core, "hadoop.security.authentication", "kerberos");
    for (role, daemon) in DAEMONS {
        let setting = |what: &str| format!("dfs.{daemon}.{what}");
        site.set(
            File::Hdfs,
            &setting("kerberos.principal"),
            principal("hdfs", role),
        );
        site.set(
            File::Hdfs,
            &setting("keytab.file"),
            places.keytab(role.word()),
        );
        for (key, value) in [
            (
                "dfs.web.authentication.kerberos.principal",
                principal("HTTP", role),
            ),
            (
                "dfs.web.authentication.kerberos.keytab",
                places.keytab(role.word()),
            ),
        ] {
            site.set_for(role, File::Hdfs, key, value);
        }
    }
    site.set(
        File::Hdfs,
        "dfs.journalnode.kerberos.internal.spnego.principal",
        principal("HTTP", Role::JournalNode),
    );
    for (key, value) in [
        ("hadoop.kms.authentication.type", "kerberos".to_owned()),
        (
            "hadoop.kms.authentication.kerberos.principal",
            principal("HTTP", Role::Kms),
        ),
        (
            "hadoop.kms.authentication.kerberos.keytab",
            places.keytab("kms"),
        ),
    ] {
        site.set(File::Kms, key, value);
    }
    resource_manager(site, places);
    gateway(site, places);
}

fn resource_manager(site: &mut Site, places: &Places) {
    let keytab = places.keytab("rm");
    for (key, value) in [
        ("principal", principal("rm", Role::ResourceManager)),
        ("keytab", keytab.clone()),
        (
            "webapp.spnego-principal",
            principal("HTTP", Role::ResourceManager),
        ),
        ("webapp.spnego-keytab-file", keytab),
    ] {
        site.set(File::Yarn, &format!("yarn.resourcemanager.{key}"), value);
    }
}

fn gateway(site: &mut Site, places: &Places) {
    let keytab = places.keytab("httpfs");
    let secret = places.secret("http.secret").display().to_string();
    for (key, value) in [
        ("hadoop.http.authentication.type", "kerberos"),
        (
            "hadoop.http.authentication.kerberos.principal",
            &principal("HTTP", Role::HttpFs),
        ),
        ("hadoop.http.authentication.kerberos.keytab", &keytab),
        ("hadoop.http.authentication.signature.secret.file", &secret),
        ("httpfs.hadoop.authentication.type", "kerberos"),
        (
            "httpfs.hadoop.authentication.kerberos.principal",
            &principal("httpfs", Role::HttpFs),
        ),
        ("httpfs.hadoop.authentication.kerberos.keytab", &keytab),
    ] {
        site.set(File::HttpFs, key, value);
    }
}
