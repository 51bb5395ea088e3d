//! Configurations of installers that are no Kubernetes objects: machine configurations of Talos, also as patches and as
//! talhelper carries them, and RKE's `cluster.yml`.

use super::embedded::embed;
use super::images::images;
use super::{has_key, is_top, objects, report};
use crate::reading::{Candidate, Reading};
use settings::kubernetes::object::Object;
use text::{Node, yaml};

/// Keys below `cluster` and `cluster.apiServer` that tell a part of Talos' configuration.
const OF_TALOS: [&str; 7] = [
    "admissionControl",
    "auditPolicy",
    "authorizationConfig",
    "certSANs",
    "disablePodSecurityPolicy",
    "extraArgs",
    "secretboxEncryptionSecret",
];

/// A machine configuration, or a patch of one.
pub(super) fn is_talos(candidate: &Candidate<'_>) -> bool {
    if !is_top(candidate.text, "cluster") || candidate.is_prose_or_code() {
        return false;
    }
    let is_whole = is_top(candidate.text, "machine")
        && candidate
            .text
            .lines()
            .any(|line| line.starts_with("version: v1alpha1"));
    let is_patch = !is_top(candidate.text, "kind")
        && (has_key(candidate.text, "apiServer") || has_key(candidate.text, "etcd"))
        && OF_TALOS.iter().any(|key| has_key(candidate.text, key));
    is_whole || is_patch
}

pub(super) fn read_talos(candidate: &Candidate<'_>, reading: &mut Reading) {
    let stream = yaml::parse(candidate.text);
    report(stream.errors, reading);
    for document in stream.documents {
        let root = &document.root;
        if root.get("kind").is_some() || !root.is_mapping() {
            let template = objects::helm_source(candidate.text, &document);
            for object in objects::of_document(candidate, document, template) {
                reading.put(object);
            }
            continue;
        }
        for path in [
            &["cluster", "apiServer", "auditPolicy"][..],
            &["cluster", "apiServer", "authenticationConfig"],
        ] {
            inner(candidate, root, path, reading);
        }
        let is_patch = root.get("version").is_none();
        let configuration = objects::component_configuration(
            candidate,
            document,
            "config.talos.dev/v1alpha1",
            "MachineConfig",
        );
        reading.put(Object {
            is_patch,
            ..configuration
        });
    }
}

/// talhelper's configuration, which carries patches as texts.
pub(super) fn is_talhelper(candidate: &Candidate<'_>) -> bool {
    is_top(candidate.text, "talosVersion") && has_key(candidate.text, "patches")
}

pub(super) fn read_talhelper(candidate: &Candidate<'_>, reading: &mut Reading) {
    let stream = yaml::parse(candidate.text);
    report(stream.errors, reading);
    for document in &stream.documents {
        let root = &document.root;
        let nodes = root.get("nodes").map_or(&[][..], Node::items);
        let holders = [Some(root), root.get("controlPlane")];
        for holder in holders.into_iter().flatten().chain(nodes) {
            for patch in holder.get("patches").map_or(&[][..], Node::items) {
                if let Some(written) = patch.text() {
                    let map = yaml::block_scalar_segments(candidate.text, patch);
                    embed("patches", written, patch, map, reading);
                }
            }
        }
    }
}

/// The configuration of k3s or RKE2 that an object of Rancher carries (`spec.rkeConfig.machineGlobalConfig`).
pub(super) fn carried(object: &Object) -> Option<Object> {
    if !object.is("provisioning.cattle.io", "Cluster") {
        return None;
    }
    let configuration = object.at(&["spec", "rkeConfig", "machineGlobalConfig"])?;
    let version = object
        .at(&["spec", "kubernetesVersion"])
        .and_then(Node::text);
    let api_version = if version.is_some_and(|version| version.contains("k3s")) {
        "k3s.io/v1"
    } else {
        "rke2.io/v1"
    };
    Some(Object {
        source: object.source,
        images: images(configuration),
        root: configuration.clone(),
        document: configuration.span,
        api_version: api_version.into(),
        kind: "Config".into(),
        namespace: None,
        name: object.name.clone(),
        template: None,
        cluster: 0,
        strict: Vec::new(),
        runs: object.runs,
        is_patch: object.is_patch,
    })
}

/// Why the control plane of an object is not judged, for kinds that start one in a way that nothing here reads.
pub(super) fn not_judged(object: &Object) -> Option<&'static str> {
    const KINDS: [(&str, &str); 8] = [
        ("controlplane.cluster.x-k8s.io", "KThreesControlPlane"),
        ("controlplane.cluster.x-k8s.io", "K0sControlPlane"),
        ("controlplane.cluster.x-k8s.io", "MicroK8sControlPlane"),
        ("controlplane.cluster.x-k8s.io", "RKE2ControlPlane"),
        ("controlplane.cluster.x-k8s.io", "TalosControlPlane"),
        ("hypershift.openshift.io", "HostedCluster"),
        ("kamaji.clastix.io", "TenantControlPlane"),
        ("operator.etcd.io", "EtcdCluster"),
    ];
    KINDS
        .contains(&(object.group(), &object.kind))
        .then_some("starts a control plane or an etcd in a way that wardline does not read; give it the flags of the running pods")
}

/// RKE's configuration of a cluster.
pub(super) fn is_rke(candidate: &Candidate<'_>) -> bool {
    is_top(candidate.text, "services")
        && has_key(candidate.text, "kube-api")
        && !is_top(candidate.text, "kind")
}

pub(super) fn read_rke(candidate: &Candidate<'_>, reading: &mut Reading) {
    let stream = yaml::parse(candidate.text);
    report(stream.errors, reading);
    for document in stream.documents {
        let root = &document.root;
        let kube_api = ["services", "kube-api"];
        for path in [
            ["secrets_encryption_config", "custom_config"].as_slice(),
            &["audit_log", "configuration", "policy"],
        ] {
            let path: Vec<&str> = kube_api.iter().chain(path).copied().collect();
            inner(candidate, root, &path, reading);
        }
        reading.put(objects::component_configuration(
            candidate,
            document,
            "config.rke.cattle.io/v1",
            "Cluster",
        ));
    }
}

/// An object that stands inside another as it is, not as a text.
fn inner(candidate: &Candidate<'_>, root: &Node, path: &[&str], reading: &mut Reading) {
    if let Some(node) = root.at(path).filter(|node| node.is_mapping()) {
        let span = node.span;
        if let Some(object) = objects::object(candidate, node.clone(), span, Vec::new(), None) {
            reading.put(object);
        }
    }
}
