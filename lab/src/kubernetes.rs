//! etcd and kube-apiserver, as on a control-plane node that kubeadm set up.
//!
//! There are no nodes, no kubelet and no controllers: nothing runs in a pod, and what a controller does (aggregated roles)
//! is done by the lab where a question needs it.

mod answers;
mod api;
mod build;
mod captures;

mod control_plane;
mod encryption;
mod etcd;
mod flags;
pub mod loader;
mod node;
mod objects;
mod pki;
mod profiles;
mod questions;
mod rows;
mod static_pod;

use crate::cache::Cache;
use crate::certificates::OPENSSL;
use crate::go::GO;
use crate::packages::CURL;
use crate::process::Process;
use crate::recipe::{Capture, Live, Recipe, Request};
use crate::truth::Answer;
use crate::versions::KUBERNETES;
use crate::workdir::WorkDir;
use crate::{Deployment, Endpoint, Result};
use answers::{Asking, Names};
use api::Api;
use control_plane::{API_SERVER, Programs};
use etcd::Etcd;
use node::Node;
use std::fs;
use std::time::Instant;

/// The control plane of a Kubernetes cluster.
pub const RECIPE: Recipe = Recipe {
    service: "kubernetes",
    releases: &[KUBERNETES],
    profiles: profiles::PROFILES,
    needs: &[OPENSSL, GO, api::KUBECTL, CURL],
    prepare: |cache, _| {
        build::spark_resource_definitions(cache)?;
        Programs::built(cache).map(drop)
    },
    up: |cache, request| Ok(Box::new(Cluster::start(cache, request)?)),
};

/// A running control plane with its clients.
#[derive(Debug)]
pub struct Cluster {
    deployment: Deployment,
    node: Node,
    api: Api,
    etcd: Etcd,
    names: Names,
    cache: Cache,
}

impl Cluster {
    fn start(cache: &Cache, request: &Request) -> Result<Cluster> {
        let begun = Instant::now();
        let programs = Programs::built(cache)?;
        let profile = request.profile.as_str();
        let dir = WorkDir::new(RECIPE.service)?;
        let node = Node::new(dir.path())?;
        profiles::write(profile, &request.overrides, &node)?;
        pki::make(&node)?;
        let api = Api::new(&node)?;
        let names = Names::of(profile);

        let mut processes = vec![programs.start_etcd(&node)?];
        if profile == "kms-v2" {
            processes.push(programs.start_kms_plugin(&node, &["kek-1"])?);
        }
        if matches!(profile, "rotated" | "leftover") {
            earlier(&programs, profile, &node, &api, names)?;
        }
        processes.push(programs.start_api_server(&node, |_| true)?);
        objects::apply(cache, &api, &node, profile)?;
        for namespace in [names.home, names.elsewhere] {
            objects::make_secret(&api, namespace, objects::SECRET, objects::VALUE)?;
        }
        let configuration = node.configuration();
        Ok(Cluster {
            etcd: Etcd::new(&programs.etcdctl, &node),
            deployment: Deployment {
                service: RECIPE.service,
                release: request.release.clone(),
                profile: request.profile.clone(),
                endpoints: endpoints(&node),
                configuration,
                took: begun.elapsed(),
                processes,
                dir,
            },
            cache: cache.clone(),
            node,
            api,
            names,
        })
    }
}

fn endpoints(node: &Node) -> Vec<Endpoint> {
    vec![
        Endpoint::port("kube-apiserver", node.api),
        Endpoint::port("etcd clients, loopback", node.etcd_local),
        Endpoint::port("etcd clients, network", node.etcd_network),
        Endpoint {
            name: "kubeconfig of an administrator".to_owned(),
            address: node.file("admin.conf").display().to_string(),
        },
    ]
}

/// Runs the API server as it was before the profile's last change, and has it write a Secret.
fn earlier(programs: &Programs, profile: &str, node: &Node, api: &Api, names: Names) -> Result<()> {
    let file = node.control_plane().join("enc.yaml");
    let failed = |error| crate::LabError::at(&file, error);
    let now = fs::read_to_string(&file).map_err(failed)?;
    let is_encrypting = profile == "rotated";
    let before = encryption::configuration("aescbc", node).unwrap_or_default();
    fs::write(&file, before).map_err(failed)?;
    let mut server: Process = programs.start_api_server(node, |flag| {
        is_encrypting || !flag.starts_with("--encryption-provider-config")
    })?;
    objects::make_namespace(api, names.elsewhere)?;
    objects::make_secret(
        api,
        names.elsewhere,
        objects::OLD_SECRET,
        objects::OLD_VALUE,
    )?;
    server.stop();
    fs::write(&file, now).map_err(failed)
}

impl Live for Cluster {
    fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn truth(&mut self) -> Result<Vec<Answer>> {
        let asking = Asking {
            api: &self.api,
            etcd: &self.etcd,
            node: &self.node,
            profile: &self.deployment.profile,
            names: self.names,
        };
        asking.everything()
    }

    fn captures(&mut self) -> Result<Vec<Capture>> {
        let mut all = captures::all(
            &self.deployment.profile,
            &self.api,
            &self.etcd,
            &self.node,
            self.names,
        )?;
        // What the loader says of files has nothing to do with what runs; one profile carries it for the release.
        if self.deployment.profile == "none" {
            let loader = loader::Loader::new(&self.cache)?;
            all.push(loader::capture(&loader.load_all()?)?);
        }
        Ok(all)
    }
}

impl Drop for Cluster {
    /// The API server first: without etcd it takes its time to end.
    fn drop(&mut self) {
        self.deployment.stop_process(API_SERVER);
    }
}
