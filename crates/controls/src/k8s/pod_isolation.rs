//! Pod isolation: can another process on the node read this pod's memory or files?
//!
//! # What it proves
//! That a workload neither opens the node to itself nor itself to the node's other processes.
//!
//! # Why it matters: the attack
//! A privileged container, or one that sees the host's processes, reads `/proc/<pid>/mem` of every pod on its node: data in
//! use, keys, tokens. One such pod makes the isolation of all others on the node void.
//!
//! # How each depth is read
//! - declared and loaded: every pod template, of custom resources too, init and ephemeral containers included. Capabilities,
//!   host namespaces, hostPath volumes, shared process namespaces; `hostUsers: false` lowers what only root on the node could
//!   use. Pods of kube-system are the node's own machinery and are left out.
//! - observed: nothing.
//! - recorded: audit annotations of pod security admission.
//!
//! # How to fix
//! A device plugin or CSI driver in place of privileged and hostPath first, then the restricted Pod Security Standard on
//! the namespace.
//!
//! # References
//! - pod-security-admission policy/check_*.go; Kubernetes Pod Security Standards; capabilities(7)

use crate::host_paths::{is_node_kubeconfig, is_public, is_sensitive};
use crate::pods::{is_data_pod, object_subject, place, subject, workloads};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Subject, Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{Container, PodTemplate};
use std::collections::{BTreeMap, HashMap, HashSet};
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Pod isolation",
    question: "Can another process on the node read this pod's memory or files?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "privileged",
            severity: Severity::High,
            title: "a container is privileged: it reads every process and disk of its node",
            remedy: "remove privileged; use a device plugin for devices",
        },
        Cause {
            slug: "host-pid",
            severity: Severity::High,
            title: "a container can reach the processes or the kernel of its node",
            remedy: "remove hostPID and the added capabilities",
        },
        Cause {
            slug: "kubelet-plugin-path",
            severity: Severity::High,
            title: "the kubelet's device-plugins directory is mounted: the pod can pose as a device plugin",
            remedy: "let the device plugin mount it, and ask for devices by resource",
        },
        Cause {
            slug: "host-path",
            severity: Severity::Medium,
            title: "a directory of the node is mounted",
            remedy: "use a volume of the cluster: emptyDir, a claim, or a CSI driver",
        },
        Cause {
            slug: "shared-process-namespace",
            severity: Severity::Medium,
            title: "containers of the pod see each other's processes and their memory",
            remedy: "remove shareProcessNamespace",
        },
        Cause {
            slug: "host-network",
            severity: Severity::Medium,
            title: "the pod shares the node's network: policies and meshes do not see it",
            remedy: "remove hostNetwork and hostPort; use a Service",
        },
        Cause {
            slug: "escalation",
            severity: Severity::Medium,
            title: "a container may gain rights beyond those it starts with",
            remedy: "set allowPrivilegeEscalation to false, a user other than 0 and seccompProfile RuntimeDefault",
        },
        Cause {
            slug: "no-enforced-standard",
            severity: Severity::High,
            title: "the namespace of a data workload enforces the privileged standard",
            remedy: "label the namespace pod-security.kubernetes.io/enforce: restricted, after a run with warn",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Isolation,
    since: "0.1.0",
};

/// Capabilities that reach beyond the container: kernel, other processes, every file.
const REACHING: [&str; 7] = [
    "ALL",
    "SYS_ADMIN",
    "SYS_MODULE",
    "SYS_RAWIO",
    "DAC_READ_SEARCH",
    "BPF",
    "PERFMON",
];
const PLUGINS: &str = "/var/lib/kubelet/device-plugins";
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// Judges every workload, and every namespace that holds one.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let mut unset: BTreeMap<(u32, String), Vec<Witness>> = BTreeMap::new();
    let mut data_namespaces: HashSet<(u32, &str)> = HashSet::new();
    for template in workloads(estate) {
        let mut judgement = Judgement::new();
        pod(&template, &mut judgement);
        for container in template.containers() {
            self::container(&template, &container, &mut judgement);
            if container.security("allowPrivilegeEscalation").is_none()
                && !may_run_privileged(&container)
            {
                let namespace = (
                    template.object.cluster,
                    template.object.namespace_or_default().to_owned(),
                );
                let node = container.image().unwrap_or(container.node);
                unset.entry(namespace).or_default().push(Witness::declared(
                    place(&template, node),
                    "allowPrivilegeEscalation is not set",
                ));
            }
        }
        if is_data_pod(&template) {
            data_namespaces.insert((
                template.object.cluster,
                template.object.namespace_or_default(),
            ));
        }
        claims.state(
            subject(&template),
            judgement.otherwise(Claim::Protected(Vec::new())),
        );
    }
    let namespaces: HashMap<(u32, &str), &Object> = estate
        .all::<Object>()
        .iter()
        .filter(|object| object.is("", "Namespace"))
        .map(|object| ((object.cluster, &*object.name), object))
        .collect();
    // A namespace may stand in the part that all clusters share.
    let namespace_of = |cluster: u32, name: &str| {
        let of = |cluster| namespaces.get(&(cluster, name)).copied();
        of(cluster).or_else(|| of(0))
    };
    for ((cluster, name), witnesses) in unset {
        state_unset(namespace_of(cluster, &name), claims, &name, witnesses);
    }
    let mut of_data: Vec<_> = data_namespaces
        .iter()
        .filter_map(|(cluster, name)| namespace_of(*cluster, name))
        .collect();
    of_data.sort_by_key(|namespace| namespace.name_place());
    of_data.dedup_by_key(|namespace| namespace.name_place());
    for namespace in of_data {
        enforced_standard(claims, namespace);
    }
}

fn may_run_privileged(container: &Container<'_>) -> bool {
    container.security("privileged").and_then(Node::bool) == Some(true)
}

fn pod(template: &PodTemplate<'_>, judgement: &mut Judgement) {
    let witness = |node: &Node, label: &str| Witness::declared(place(template, node), label);
    let on = |field: &str| {
        template
            .field(field)
            .filter(|node| node.bool() == Some(true))
    };
    if let Some(node) = on("hostPID") {
        judgement.expose(
            Exposure::new(
                "host-pid",
                witness(node, "sees every process of the node").key("hostPID"),
            )
            .severity(user_namespace(template, Severity::High)),
        );
    }
    if let Some(node) = on("shareProcessNamespace") {
        judgement.expose(Exposure::new(
            "shared-process-namespace",
            witness(node, "one process namespace").key("shareProcessNamespace"),
        ));
    }
    if let Some(node) = on("hostNetwork") {
        judgement.expose(Exposure::new(
            "host-network",
            witness(node, "the node's network").key("hostNetwork"),
        ));
    }
    for volume in template.volumes() {
        let Some(path) = volume.host_path() else {
            continue;
        };
        let text = path.text().unwrap_or_default();
        if is_public(text) && is_mounted_read_only(template, volume.name) {
            continue;
        }
        let witness = witness(path, "a directory of the node")
            .key("hostPath.path")
            .value(text);
        let exposure = if text.trim_end_matches('/').starts_with(PLUGINS) {
            Exposure::new("kubelet-plugin-path", witness)
        } else {
            let severity = if is_sensitive(text) {
                Severity::High
            } else {
                Severity::Medium
            };
            let exposure = Exposure::new("host-path", witness)
                .severity(severity)
                .message(format!("the node's {text} is mounted into the pod"));
            if is_node_kubeconfig(text) {
                exposure.consequence_of("k8s/mounted-credentials", "host-kubeconfig")
            } else {
                exposure
            }
        };
        judgement.expose(exposure);
    }
}

/// Whether no container may write to a volume.
fn is_mounted_read_only(template: &PodTemplate<'_>, volume: &str) -> bool {
    template.containers().iter().all(|container| {
        let mounts = container.volume_mounts().iter();
        mounts
            .filter(|mount| mount.get("name").and_then(Node::str) == Some(volume))
            .all(|mount| mount.get("readOnly").and_then(Node::bool) == Some(true))
    })
}

/// With a user namespace of its own, root in the pod is nobody on the node.
fn user_namespace(template: &PodTemplate<'_>, severity: Severity) -> Severity {
    if template.field("hostUsers").and_then(Node::bool) == Some(false) {
        severity.lowered()
    } else {
        severity
    }
}

fn container(template: &PodTemplate<'_>, container: &Container<'_>, judgement: &mut Judgement) {
    let name = container.name().to_owned();
    let witness = |node: &Node, label: &str| Witness::declared(place(template, node), label);
    let whom = |what: &str| {
        if name.is_empty() {
            what.to_owned()
        } else {
            format!("container {name} {what}")
        }
    };
    if let Some(node) = container
        .security("privileged")
        .filter(|node| node.bool() == Some(true))
    {
        judgement.expose(
            Exposure::new(
                "privileged",
                witness(node, "all of the node")
                    .key("privileged")
                    .value("true"),
            )
            .message(whom(
                "is privileged: it reads every process and disk of its node",
            )),
        );
    }
    let traces_host = template.is_set("hostPID");
    let shares = template.is_set("shareProcessNamespace");
    for added in container
        .node
        .at(&["securityContext", "capabilities", "add"])
        .map(Node::items)
        .unwrap_or_default()
    {
        let capability = added
            .text()
            .unwrap_or_default()
            .trim_start_matches("CAP_")
            .to_ascii_uppercase();
        let severity = match capability.as_str() {
            reaching if REACHING.contains(&reaching) => Severity::High,
            "SYS_PTRACE" if traces_host => Severity::High,
            "SYS_PTRACE" if shares => Severity::Medium,
            _ => continue,
        };
        judgement.expose(
            Exposure::new(
                "host-pid",
                witness(added, "reaches beyond the container")
                    .key("capabilities.add")
                    .value(capability.as_str()),
            )
            .severity(user_namespace(template, severity))
            .message(whom(&format!("has the capability {capability}"))),
        );
    }
    for port in container.ports() {
        if let Some(node) = port
            .get("hostPort")
            .filter(|node| node.int().is_some_and(|port| port > 0))
        {
            judgement.expose(
                Exposure::new(
                    "host-network",
                    witness(node, "a port of the node").key("hostPort"),
                )
                .message(whom("takes a port of the node")),
            );
        }
    }
    for exposure in escalations(template, container) {
        judgement.expose(exposure);
    }
}

/// Explicit settings only; what is left unset is one finding per namespace.
fn escalations(template: &PodTemplate<'_>, container: &Container<'_>) -> Vec<Exposure> {
    let witness = |node: &Node, label: &str| Witness::declared(place(template, node), label);
    let pod = |path: &[&str]| {
        template
            .field("securityContext")
            .and_then(|context| context.at(path))
    };
    let own = |path: &[&str]| {
        container
            .node
            .get("securityContext")
            .and_then(|context| context.at(path))
    };
    let mut exposures = Vec::new();
    if let Some(node) = own(&["allowPrivilegeEscalation"]).filter(|node| node.bool() == Some(true))
    {
        exposures.push(Exposure::new(
            "escalation",
            witness(node, "setuid programs gain rights")
                .key("allowPrivilegeEscalation")
                .value("true"),
        ));
    }
    let user = own(&["runAsUser"]).or_else(|| pod(&["runAsUser"]));
    let has_own_users = template.field("hostUsers").and_then(Node::bool) == Some(false);
    if let Some(node) = user.filter(|node| node.int() == Some(0) && !has_own_users) {
        exposures.push(
            Exposure::new(
                "escalation",
                witness(node, "root").key("runAsUser").value("0"),
            )
            .message("a container runs as root"),
        );
    }
    let seccomp = own(&["seccompProfile", "type"]).or_else(|| pod(&["seccompProfile", "type"]));
    if let Some(node) = seccomp.filter(|node| node.text() == Some("Unconfined")) {
        exposures.push(Exposure::new(
            "escalation",
            witness(node, "no filter for system calls")
                .key("seccompProfile.type")
                .value("Unconfined"),
        ));
    }
    exposures
}

/// One low finding a namespace, unless admission refuses such pods there anyway.
fn state_unset(
    namespace: Option<&Object>,
    claims: &mut Claims,
    name: &str,
    witnesses: Vec<Witness>,
) {
    let enforced = namespace
        .and_then(|namespace| namespace.at(&["metadata", "labels", ENFORCE]))
        .and_then(Node::text);
    if enforced == Some("restricted") {
        return;
    }
    let count = witnesses.len();
    let mut witnesses = witnesses.into_iter();
    let Some(primary) = witnesses.next() else {
        return;
    };
    let exposure = Exposure::new("escalation", primary)
        .with_all(witnesses.take(2))
        .severity(Severity::Low)
        .message(format!("{count} containers in the namespace {name} do not forbid privilege escalation, and nothing enforces it"));
    let place = namespace.map(Object::name_place);
    claims.state(
        Subject::new("Namespace", name, place),
        Claim::Exposed(vec![exposure]),
    );
}

fn enforced_standard(claims: &mut Claims, namespace: &Object) {
    let claim = match namespace.at(&["metadata", "labels", ENFORCE]) {
        Some(label) if label.text() == Some("privileged") => Claim::Exposed(vec![Exposure::new(
            "no-enforced-standard",
            Witness::declared(namespace.place(label), "everything is admitted")
                .key(ENFORCE)
                .value("privileged"),
        )]),
        Some(label) => Claim::Protected(vec![
            Witness::declared(namespace.place(label), "enforced by admission")
                .key(ENFORCE)
                .value(label.text().unwrap_or_default()),
        ]),
        None => Claim::unproven(
            "no enforce label; the API server's PodSecurityConfiguration, which gives the default, was not read",
        ),
    };
    claims.state(object_subject(namespace), claim);
}
