//! Spark: a standalone cluster with an application, its History Server and its Connect server.

mod application;
mod artefacts;
mod configuration;
mod daemons;
mod questions;
mod relay;
mod wire;

use crate::cache::Cache;
use crate::certificates::OPENSSL;
use crate::packages::{CURL, JAVA_COMPILER};
use crate::recipe::{Capture, Live, Profile, Recipe, Request};
use crate::truth::Answer;
use crate::workdir::WorkDir;
use crate::{Deployment, Endpoint, Result, versions, wait};
use configuration::{Layout, Ports};
use daemons::{Cluster, wait_for_line};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Spark in its standalone form.
pub const RECIPE: Recipe = Recipe {
    service: "spark",
    releases: &versions::SPARK,
    profiles: &[
        Profile {
            name: "open",
            what: "nothing is set: every default of the release",
            only: &[],
        },
        Profile {
            name: "sasl",
            what: "authentication with SASL encryption",
            only: &[],
        },
        Profile {
            name: "aes-ctr-fallback",
            what: "network crypto as most guides set it: AES in counter mode, SASL fallback left on",
            only: &[],
        },
        Profile {
            name: "hardened",
            what: "AES-GCM, engine 2, no fallback, encrypted local files",
            only: &[],
        },
        Profile {
            name: "rpc-tls",
            what: "TLS for RPC with a trust store of a private authority",
            only: &[versions::SPARK[1]],
        },
        Profile {
            name: "rpc-tls-no-trust-store",
            what: "TLS for RPC that trusts any certificate",
            only: &[versions::SPARK[1]],
        },
    ],
    needs: &[
        JAVA_COMPILER,
        artefacts::PYTHON,
        artefacts::TAR,
        OPENSSL,
        CURL,
        questions::IP,
        questions::UNSHARE,
    ],
    prepare: |cache, release| artefacts::application(cache, release).map(drop),
    up: |cache, request| Ok(Box::new(Spark::start(cache, request)?)),
};

/// A running cluster.
#[derive(Debug)]
pub struct Spark {
    deployment: Deployment,
    cluster: Cluster,
    has_connect: bool,
}

const READY: Duration = Duration::from_secs(120);

/// Since 4.0 the package of Spark holds the Connect server; before, it is an artefact of its own.
fn has_connect(release: &str) -> bool {
    !release.starts_with('3')
}

impl Spark {
    fn start(cache: &Cache, request: &Request) -> Result<Spark> {
        let jar: PathBuf = artefacts::application(cache, &request.release)?;
        let begun = Instant::now();
        let dir = WorkDir::new(RECIPE.service)?;
        let cluster = Cluster {
            home: artefacts::spark_home(cache, &request.release)?,
            layout: Layout::new(dir.path())?,
            ports: Ports::free()?,
            daemon_options: String::new(),
        };
        let ports = cluster.ports;
        configuration::write(&cluster.home, &cluster.layout, request, &ports)?;
        let has_connect = has_connect(&request.release);
        let mut processes = vec![cluster.master()?];
        let mut worker = cluster.worker("Worker", ports.worker, ports.worker_ui, ports.master)?;
        let mut history = cluster.history_server()?;
        let mut connect = has_connect.then(|| cluster.connect_server()).transpose()?;
        wait_for_line(&mut worker, "Successfully registered with master")?;
        let application = application::start(&cluster, &jar)?;
        wait::for_port(&mut history, ports.history, READY)?;
        if let Some(connect) = &mut connect {
            wait::for_port(connect, ports.connect, READY)?;
        }
        processes.extend([worker, history, application]);
        processes.extend(connect);
        let mut endpoints = vec![
            Endpoint::port("Master RPC", ports.master),
            Endpoint::port("Master page", ports.master_ui),
            Endpoint::port("Worker RPC", ports.worker),
            Endpoint::port("Worker page", ports.worker_ui),
            Endpoint::port("driver RPC", ports.driver),
            Endpoint::port("application page", ports.ui),
            Endpoint::port("History Server", ports.history),
        ];
        if has_connect {
            endpoints.push(Endpoint::port("Connect server", ports.connect));
        }
        Ok(Spark {
            has_connect,
            deployment: Deployment {
                service: RECIPE.service,
                release: request.release.clone(),
                profile: request.profile.clone(),
                endpoints,
                configuration: cluster.layout.conf(),
                took: begun.elapsed(),
                processes,
                dir,
            },
            cluster,
        })
    }
}

impl Live for Spark {
    fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn truth(&mut self) -> Result<Vec<Answer>> {
        questions::ask(&self.cluster, self.has_connect)
    }

    fn captures(&mut self) -> Result<Vec<Capture>> {
        questions::captures(&self.cluster)
    }
}
