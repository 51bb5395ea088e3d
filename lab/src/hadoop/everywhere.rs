//! What every site sets: addresses, directories, and what makes a small cluster quick.

use super::places::Places;
use super::roles::{File, Role};
use super::site::Site;

/// The groups of the lab's users, so that the machine needs no accounts. The superuser's group is `supergroup`.
const GROUPS: &str = "hdfs=supergroup;alice=analysts;bob=interns;keyadmin=keyadmins;httpfs=gateways;kms=kms;rm=rm;\
                      HTTP=;root=;dr.who=;wardline-probe=";

pub(super) fn settings(site: &mut Site, places: &Places, kms_has_tls: bool) {
    let ports = places.ports;
    let scheme = if kms_has_tls { "https" } else { "http" };
    site.set(
        File::Core,
        "fs.defaultFS",
        format!("hdfs://{}:{}", Role::NameNode.host(), ports.namenode_rpc),
    );
    site.set(
        File::Core,
        "hadoop.tmp.dir",
        places.data("tmp").display().to_string(),
    );
    site.set(
        File::Core,
        "hadoop.security.key.provider.path",
        format!("kms://{scheme}@{}:{}/kms", Role::Kms.host(), ports.kms),
    );
    site.set(
        File::Core,
        "hadoop.user.group.static.mapping.overrides",
        GROUPS,
    );
    site.set_all(
        File::Core,
        &[
            // There is no native library here; without this each client says so with a stack trace.
            (
                "hadoop.security.crypto.codec.classes.aes.ctr.nopadding",
                "org.apache.hadoop.crypto.JceAesCtrCryptoCodec",
            ),
            // Daemons start side by side: whoever comes too early asks again soon.
            ("ipc.client.connect.retry.interval", "200"),
        ],
    );
    addresses(site, places);
    directories(site, places);
    site.set_all(
        File::Hdfs,
        &[
            ("dfs.replication", "1"),
            ("dfs.heartbeat.interval", "1"),
            ("dfs.namenode.safemode.extension", "0"),
            ("dfs.namenode.handler.count", "4"),
            ("dfs.datanode.handler.count", "2"),
        ],
    );
    site.set(File::Kms, "hadoop.kms.http.host", Role::Kms.host());
    site.set(File::Kms, "hadoop.kms.http.port", ports.kms.to_string());
    site.set(
        File::Kms,
        "hadoop.kms.key.provider.uri",
        format!("jceks://file@{}", places.data("kms.keystore").display()),
    );
    site.set(File::HttpFs, "httpfs.http.hostname", Role::HttpFs.host());
    site.set(File::HttpFs, "httpfs.http.port", ports.httpfs.to_string());
    site.set(
        File::HttpFs,
        "httpfs.hadoop.config.dir",
        places
            .configuration()
            .join(Role::HttpFs.directory())
            .display()
            .to_string(),
    );
}

fn addresses(site: &mut Site, places: &Places) {
    let ports = places.ports;
    let (namenode, datanode, journalnode) = (Role::NameNode, Role::DataNode, Role::JournalNode);
    for (role, key, port) in [
        (namenode, "dfs.namenode.rpc-address", ports.namenode_rpc),
        (namenode, "dfs.namenode.http-address", ports.namenode_http),
        (namenode, "dfs.namenode.https-address", ports.namenode_https),
        (datanode, "dfs.datanode.address", ports.datanode),
        (datanode, "dfs.datanode.ipc.address", ports.datanode_ipc),
        (datanode, "dfs.datanode.http.address", ports.datanode_http),
        (datanode, "dfs.datanode.https.address", ports.datanode_https),
        (
            journalnode,
            "dfs.journalnode.rpc-address",
            ports.journalnode_rpc,
        ),
        (
            journalnode,
            "dfs.journalnode.http-address",
            ports.journalnode_http,
        ),
        (
            journalnode,
            "dfs.journalnode.https-address",
            ports.journalnode_https,
        ),
    ] {
        site.set(File::Hdfs, key, format!("{}:{port}", role.host()));
    }
    site.set(File::Hdfs, "dfs.datanode.hostname", Role::DataNode.host());
    for (key, port) in [
        ("address", ports.manager_clients),
        ("scheduler.address", ports.manager_scheduler),
        ("resource-tracker.address", ports.manager_tracker),
        ("admin.address", ports.manager_administrators),
        ("webapp.address", ports.manager_http),
        ("webapp.https.address", ports.manager_https),
    ] {
        let key = format!("yarn.resourcemanager.{key}");
        site.set(
            File::Yarn,
            &key,
            format!("{}:{port}", Role::ResourceManager.host()),
        );
    }
    site.set(
        File::Yarn,
        "yarn.resourcemanager.scheduler.class",
        "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler",
    );
}

fn directories(site: &mut Site, places: &Places) {
    let url = |name: &str| format!("file://{}", places.data(name).display());
    site.set(File::Hdfs, "dfs.namenode.name.dir", url("nn"));
    site.set(File::Hdfs, "dfs.datanode.data.dir", url("dn"));
    site.set(
        File::Hdfs,
        "dfs.journalnode.edits.dir",
        places.data("jn").display().to_string(),
    );
    // A JournalNode with real edits, without a second NameNode and ZooKeeper.
    site.set_for(
        Role::NameNode,
        File::Hdfs,
        "dfs.namenode.edits.dir",
        format!(
            "{},qjournal://{}:{}/{JOURNAL}",
            url("nn"),
            Role::JournalNode.host(),
            places.ports.journalnode_rpc
        ),
    );
}

/// The name of the journal.
pub(super) const JOURNAL: &str = "lab";
