//! Ceph: a monitor, a manager, an OSD and the S3 gateway, each in the foreground, nothing outside one directory.

mod cluster;
mod configuration;
mod gateway;
mod messenger;
mod network;
mod plan;
mod questions;

use crate::cache::Cache;
use crate::certificates::OPENSSL;
use crate::object_store::{self, Store};
use crate::packages::CURL;
use crate::recipe::{Capture, Live, Profile, Recipe, Request};
use crate::truth::Answer;
use crate::workdir::WorkDir;
use crate::{Deployment, Endpoint, Result};
use cluster::Cluster;
use configuration::{Layout, Ports};
use plan::Plan;
use std::time::Instant;

/// Ceph with its S3 gateway.
pub const RECIPE: Recipe = Recipe {
    service: "ceph",
    releases: &["debian"],
    profiles: &[
        Profile {
            name: "crc",
            what: "as shipped: logins by key, data with checksums only; S3 over HTTP and HTTPS",
            only: &[],
        },
        Profile {
            name: "half",
            what: "data modes secure, monitor modes forgotten (as Rook's encryption switch leaves them), msgr1 \
                   switched off but still in the monitor map; the gateway believes forwarded headers",
            only: &[],
        },
        Profile {
            name: "secure",
            what: "all six modes secure, no msgr1, S3 over HTTPS alone",
            only: &[],
        },
        Profile {
            name: "no-auth",
            what: "nobody logs in; S3 over HTTP alone, encryption keys accepted there",
            only: &[],
        },
    ],
    needs: &[
        cluster::MON,
        cluster::MGR,
        cluster::OSD,
        cluster::CEPH,
        cluster::RADOS,
        gateway::RADOSGW,
        network::TCPDUMP,
        OPENSSL,
        CURL,
    ],
    prepare: |_, _| Ok(()),
    up: |_: &Cache, request| Ok(Box::new(Ceph::start(request)?)),
};

/// A running cluster with its gateway.
#[derive(Debug)]
pub struct Ceph {
    deployment: Deployment,
    cluster: Cluster,
    store: Store,
    plan: Plan,
}

impl Ceph {
    fn start(request: &Request) -> Result<Ceph> {
        let begun = Instant::now();
        let dir = WorkDir::new(RECIPE.service)?;
        let plan = Plan::of(&request.profile);
        let layout = Layout::new(dir.path())?;
        let ports = Ports::free(&plan)?;
        let store = gateway::store(&layout, &ports)?;
        configuration::write(&layout, &ports, &plan, &request.overrides)?;
        let cluster = Cluster { layout, ports };
        let mut processes = cluster.start()?;
        // It waits by itself until the OSD is there.
        processes.push(gateway::start(&cluster)?);
        cluster.fill()?;
        if let Some(gateway) = processes.last_mut() {
            gateway::fill(&cluster, &store, gateway)?;
        }
        plan.client.write(&store, &cluster.layout.conf())?;
        Ok(Ceph {
            deployment: Deployment {
                service: RECIPE.service,
                release: request.release.clone(),
                profile: request.profile.clone(),
                endpoints: endpoints(&cluster)?,
                configuration: cluster.layout.conf(),
                took: begun.elapsed(),
                processes,
                dir,
            },
            cluster,
            store,
            plan,
        })
    }
}

impl Live for Ceph {
    fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn truth(&mut self) -> Result<Vec<Answer>> {
        let mut answers = questions::ask(&self.cluster, &self.store)?;
        let files = &self.deployment.configuration;
        answers.extend(object_store::ask(&self.store, self.plan.client, files)?);
        Ok(answers)
    }

    fn captures(&mut self) -> Result<Vec<Capture>> {
        let mut captures = messenger::captures(&self.cluster)?;
        // The gateway says the same in every profile.
        if self.deployment.profile == RECIPE.profiles[0].name {
            captures.extend(object_store::captures(&self.store)?);
        }
        Ok(captures)
    }
}

fn endpoints(cluster: &Cluster) -> Result<Vec<Endpoint>> {
    let ports = &cluster.ports;
    let daemons = cluster.daemons()?;
    let some = [
        ("monitor, msgr2", Some(ports.mon_v2)),
        ("monitor, msgr1", ports.mon_v1),
        ("OSD, msgr2", daemons.osd_v2),
        ("OSD, msgr1", daemons.osd_v1),
        ("manager, msgr2", daemons.mgr_v2),
        ("gateway, HTTP", ports.http),
        ("gateway, HTTPS", ports.https),
    ];
    Ok(some
        .into_iter()
        .filter_map(|(name, port)| port.map(|port| Endpoint::port(name, port)))
        .collect())
}
