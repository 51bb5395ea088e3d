//! The S3 gateway, its users and its certificate.

use super::cluster::{Cluster, LIMIT};
use super::configuration::{Layout, Ports};
use crate::certificates::{Authority, Wish};
use crate::object_store::{self, HOST, Keys, Store};
use crate::packages::Need;
use crate::process::Process;
use crate::{Result, command, wait};

/// The gateway.
pub(super) const RADOSGW: Need = Need {
    program: "radosgw",
    package: "radosgw",
};
const ADMIN: Need = Need {
    program: "radosgw-admin",
    package: "radosgw",
};

/// Who owns the buckets, and who owns none.
const OWNER: Keys = Keys {
    access: "LABOWNER000000000000",
    secret: "lab-owner-7Q2m9xTz4kVb8RwY1pLc6NhD3sFg5Jd",
};
pub(super) const OTHER: Keys = Keys {
    access: "LABOTHER000000000000",
    secret: "lab-other-4Hn8cWq2ZsRt6YbV9mKx3PfL7dGj1Xa",
};

/// The store as its clients see it, with a certificate where it will listen on HTTPS.
pub(super) fn store(layout: &Layout, ports: &Ports) -> Result<Store> {
    let authority = Authority::root(&layout.at("tls"), "wardline-lab")?;
    let names = format!("IP:127.0.0.1,DNS:localhost,DNS:{HOST}");
    authority.issue(
        "server",
        &Wish {
            names: &names,
            ..Wish::SERVER
        },
    )?;
    Ok(Store {
        http: ports.http,
        https: ports.https,
        authority: authority.identity.certificate,
        scratch: layout.at("scratch"),
        owner: OWNER,
    })
}

/// Starts the gateway, which waits for an OSD by itself.
pub(super) fn start(cluster: &Cluster) -> Result<Process> {
    cluster.daemon(RADOSGW, &["-n", "client.rgw.a"])
}

/// Makes users and buckets once it answers.
pub(super) fn fill(cluster: &Cluster, store: &Store, gateway: &mut Process) -> Result<()> {
    for port in [store.http, store.https].into_iter().flatten() {
        wait::for_port(gateway, port, LIMIT)?;
    }
    for (name, keys) in [("owner", OWNER), ("other", OTHER)] {
        let mut create = cluster.tool(ADMIN)?;
        create
            .args(["user", "create", "--uid", name, "--display-name", name])
            .args(["--access-key", keys.access, "--secret", keys.secret]);
        command::must("radosgw-admin user create", &create, LIMIT)?;
    }
    object_store::fill(store, &cluster.layout.conf())
}
