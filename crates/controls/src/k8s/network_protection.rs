//! Network protection: who can reach Spark, Hadoop and KMS ports, and is the pod network encrypted?
//!
//! # What it proves
//! At this depth, which data pods no policy of the tree limits, and where a mesh that should encrypt is told not to. Files
//! never are the complete set of policies, so they cannot prove protection.
//!
//! # Why it matters: the attack
//! Without a NetworkPolicy every pod of the cluster reaches the driver's RPC port, the UI and the file server. A compromised
//! web shop in another namespace is then one connection away from the data.
//!
//! # How each depth is read
//! - declared and loaded: NetworkPolicies that select the data pod for ingress (Cilium's and Calico's kinds too), Istio's
//!   PeerAuthentication and DestinationRule, excluded ports.
//! - observed: a connection from a test pod, on request.
//! - recorded: flow logs.
//!
//! # How to fix
//! An allow-list from observed flows first, then a default deny for the namespace.
//!
//! # References
//! - networking.k8s.io/v1 NetworkPolicy; istio.io PeerAuthentication, DestinationRule; Spark on Kubernetes, ports

use crate::pods::{is_data_pod, is_system, kind, object_subject};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Safety, Severity,
    Stage, Subject, Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::workload::{Pod, Workloads};
use std::collections::HashSet;
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Network protection",
    question: "Who can reach Spark, Hadoop and KMS ports, and is the pod network encrypted?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "no-policy",
            severity: Severity::Medium,
            title: "no network policy limits who reaches the pod",
            remedy: "add a NetworkPolicy that denies ingress to the namespace and allows the flows the application needs",
        },
        Cause {
            slug: "mesh-permissive",
            severity: Severity::Medium,
            title: "the mesh accepts connections without TLS",
            remedy: "set the PeerAuthentication's mode to STRICT",
        },
        Cause {
            slug: "mesh-carve-out",
            severity: Severity::High,
            title: "ports of data protocols are excluded from the mesh",
            remedy: "remove the excluded ports and the port-level mode",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Isolation,
    since: "0.1.0",
};

/// Ports that carry data or commands of Spark, Hadoop, YARN, KMS and Thrift.
const DATA_PORTS: [u16; 16] = [
    4040, 6066, 7077, 7078, 7079, 7337, 8020, 8088, 9000, 9600, 9864, 9866, 9867, 9870, 10000,
    15002,
];

/// Judges data pods, and the mesh's own objects.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let objects = estate.all::<Object>();
    let workloads = Workloads::new(objects);
    let foreign = namespaces_with_other_policies(objects);
    for pod in workloads
        .pods()
        .iter()
        .filter(|pod| !is_system(pod.object) && is_data(pod) && is_declared(estate, pod))
    {
        claims.state(subject(pod), data_pod(&workloads, pod, &foreign));
    }
    for object in objects {
        let claim = match (object.group(), &*object.kind) {
            ("security.istio.io", "PeerAuthentication") => peer_authentication(object),
            ("networking.istio.io", "DestinationRule") => destination_rule(object),
            _ => continue,
        };
        claims.state(object_subject(object), claim);
    }
}

/// Whether the pod is one that the tree asks for. A manifest inside a ConfigMap is what some program fills in and may apply.
fn is_declared(estate: &Estate, pod: &Pod<'_>) -> bool {
    let source = estate.sources.get(pod.object.source);
    source.is_some_and(|source| source.embedding.is_none())
}

fn is_data(pod: &Pod<'_>) -> bool {
    pod.templates.iter().any(is_data_pod)
}

fn subject(pod: &Pod<'_>) -> Subject {
    let name = pod.templates.first().map_or_else(
        || pod.object.qualified_name(),
        |template| template.qualified_name(),
    );
    Subject::new(kind(pod.object), name, Some(pod.object.name_place()))
}

/// Policies of other kinds select by rules of their own; a namespace that has one is not called unprotected.
fn namespaces_with_other_policies(objects: &[Object]) -> HashSet<(u32, Option<&str>)> {
    objects
        .iter()
        .filter(|object| {
            matches!(
                (object.group(), &*object.kind),
                (
                    "cilium.io",
                    "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy"
                ) | (
                    "crd.projectcalico.org" | "projectcalico.org",
                    "NetworkPolicy" | "GlobalNetworkPolicy"
                ) | (
                    "policy.networking.k8s.io",
                    "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy" | "ClusterNetworkPolicy"
                )
            )
        })
        .map(|object| (object.cluster, object.namespace.as_deref()))
        .collect()
}

fn data_pod(
    workloads: &Workloads<'_>,
    pod: &Pod<'_>,
    foreign: &HashSet<(u32, Option<&str>)>,
) -> Claim {
    let mut judgement = Judgement::new();
    for exposure in carve_outs(pod) {
        judgement.expose(exposure);
    }
    let (cluster, namespace) = (pod.object.cluster, pod.object.namespace_or_default());
    let other = [cluster, 0].into_iter().any(|cluster| {
        foreign.contains(&(cluster, Some(namespace))) || foreign.contains(&(cluster, None))
    });
    if workloads.policies_of(pod).next().is_some() {
        if !workloads.is_limited(pod) {
            judgement.expose(
                Exposure::new(
                    "no-policy",
                    named(pod, "selected by a policy that lets everybody in"),
                )
                .with_all(workloads.policies_of(pod).map(|policy| {
                    Witness::declared(policy.name_place(), "lets everybody in to every port")
                }))
                .message("the policies that select the pod let everybody in to every port"),
            );
        }
    } else if other {
        judgement.doubt("policies of another kind (Cilium, Calico, cluster-wide) exist here; whether they select this pod is not judged", vec![named(pod, "the pod")]);
    } else if !listens(workloads, pod) {
        judgement.doubt("no policy selects this pod; it declares no port and no Service leads to it, so whether it listens at all is not known", vec![named(pod, "the pod")]);
    } else {
        judgement.expose(
            Exposure::new("no-policy", named(pod, "no policy of the tree selects it"))
                .message(format!("no NetworkPolicy selects this pod in the namespace {namespace}: every pod of the cluster reaches its ports")),
        );
    }
    judgement.otherwise(Claim::unproven("policies limit this pod; files never are the complete set, and whether the network plugin enforces them is not in them"))
}

/// Whether the pod is one that others call. A batch job only fetches and writes, and a shell with a client waits for somebody to
/// type: one counts only with a declared port or a Service. What else runs is taken for a server.
fn listens(workloads: &Workloads<'_>, pod: &Pod<'_>) -> bool {
    let has_port = || {
        pod.templates.iter().any(|template| {
            let containers = template.containers();
            containers
                .iter()
                .any(|container| !container.ports().is_empty())
        })
    };
    !(pod.object.group() == "batch" || idles(pod))
        || workloads.services_of(pod).next().is_some()
        || has_port()
}

/// Whether all that the pod's containers do is to wait: `sleep infinity`, `tail -f /dev/null`, a shell without a command.
fn idles(pod: &Pod<'_>) -> bool {
    let containers = pod.containers();
    !containers.is_empty()
        && containers.iter().all(|container| {
            let words: Vec<&str> = container
                .command_line()
                .filter_map(Node::text)
                .flat_map(str::split_whitespace)
                .collect();
            let program = words
                .first()
                .map(|word| word.rsplit('/').next().unwrap_or(word));
            let is_shell = matches!(program, Some("sh" | "bash" | "ash"));
            match program {
                Some("sleep" | "tail") => true,
                // `sh`, or `sh -c "sleep infinity"` and nothing before it.
                _ => {
                    is_shell
                        && words
                            .iter()
                            .skip(1)
                            .find(|word| !word.starts_with('-'))
                            .is_none_or(|word| *word == "sleep" || *word == "tail")
                }
            }
        })
}

fn named(pod: &Pod<'_>, label: &str) -> Witness {
    Witness::declared(pod.object.name_place(), label)
        .key("metadata.name")
        .value(&*pod.object.name)
}

/// Ports that a pod's annotations take out of the sidecar.
fn carve_outs(pod: &Pod<'_>) -> Vec<Exposure> {
    let keys = [
        "traffic.sidecar.istio.io/excludeOutboundPorts",
        "traffic.sidecar.istio.io/excludeInboundPorts",
    ];
    pod.templates
        .iter()
        .flat_map(|template| {
            template
                .annotations()
                .map(move |(key, node)| (template, key, node))
        })
        .filter(|(_, key, node)| {
            keys.contains(key)
                && node.text().is_some_and(|ports| {
                    ports
                        .split(',')
                        .filter_map(|port| port.trim().parse().ok())
                        .any(|port| DATA_PORTS.contains(&port))
                })
        })
        .map(|(template, key, node)| {
            let place = Place::new(template.object.source, node.span);
            Exposure::new(
                "mesh-carve-out",
                Witness::declared(place, "past the sidecar, without TLS")
                    .key(key)
                    .value(node.text().unwrap_or_default()),
            )
        })
        .collect()
}

fn peer_authentication(object: &Object) -> Claim {
    let mut judgement = Judgement::new();
    let mode = object.at(&["spec", "mtls", "mode"]);
    match mode.and_then(Node::text) {
        Some(mode_text @ ("PERMISSIVE" | "DISABLE")) => {
            let severity = if mode_text == "DISABLE" {
                Severity::High
            } else {
                Severity::Medium
            };
            if let Some(node) = mode {
                judgement.expose(
                    Exposure::new(
                        "mesh-permissive",
                        Witness::declared(object.place(node), "plain connections are accepted")
                            .key("spec.mtls.mode")
                            .value(mode_text),
                    )
                    .severity(severity),
                );
            }
        }
        Some("STRICT") => {}
        _ => judgement.doubt(
            "the mode is inherited from the namespace or the mesh, which this object does not tell",
            Vec::new(),
        ),
    }
    for entry in object
        .at(&["spec", "portLevelMtls"])
        .map(Node::entries)
        .unwrap_or_default()
    {
        let weak = entry
            .value
            .get("mode")
            .filter(|mode| matches!(mode.text(), Some("PERMISSIVE" | "DISABLE")));
        let is_data = entry
            .key
            .text()
            .and_then(|port| port.parse().ok())
            .is_some_and(|port| DATA_PORTS.contains(&port));
        if let (Some(node), true) = (weak, is_data) {
            judgement.expose(Exposure::new(
                "mesh-carve-out",
                Witness::declared(object.place(node), "weaker on this port")
                    .key("spec.portLevelMtls")
                    .value(node.text().unwrap_or_default()),
            ));
        }
    }
    let shown = mode
        .map(|mode| Witness::declared(object.place(mode), "mutual TLS is required"))
        .into_iter()
        .collect();
    judgement.otherwise(Claim::Protected(shown))
}

fn destination_rule(object: &Object) -> Claim {
    let mode = object.at(&["spec", "trafficPolicy", "tls", "mode"]);
    match mode.filter(|mode| mode.text() == Some("DISABLE")) {
        Some(node) => Claim::Exposed(vec![
            Exposure::new(
                "mesh-permissive",
                Witness::declared(object.place(node), "clients of this host speak without TLS")
                    .key("spec.trafficPolicy.tls.mode")
                    .value("DISABLE"),
            )
            .severity(Severity::High),
        ]),
        None => Claim::not_applicable("the rule leaves TLS as the mesh has it"),
    }
}
