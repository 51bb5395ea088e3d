//! How many GPUs a confidential pod asks for.
//!
//! Names of resources: `nvidia.com/gpu` (NVIDIA k8s-device-plugin), `nvidia.com/pgpu` and names by model such as
//! `nvidia.com/GH100_H100L_94GB` (kata-containers 4.1.0, docs/use-cases/NVIDIA-GPU-passthrough-and-Kata-QEMU.md; NVIDIA
//! sandbox-device-plugin v0.0.5, P_GPU_ALIAS). NVSwitches are `nvidia.com/nvswitch`, or a model's name that holds the word
//! (NVSWITCH_ALIAS). GPUs that are named by device (`cdi.k8s.io/vfio0`) or claimed (DynamicResourceAllocation) are not counted here.

use crate::confidential_pods::{ConfidentialPod, Runtime};
use settings::kubernetes::pod::{Container, ContainerKind, Form, PodTemplate};
use text::Node;

/// How many GPUs each of the pods gets inside of its guest. 0 where there is no confidential guest: an enclave has no GPU.
#[must_use]
pub fn asked_gpus(pod: &ConfidentialPod<'_>) -> u64 {
    match &pod.runtime {
        Runtime::Confidential(handler) | Runtime::Doubtful(handler, _)
            if handler != "enclave-cc" =>
        {
            // Two templates of one role are laid over each other.
            pod.templates.iter().map(of_template).max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// What the scheduler counts: what runs at the same time adds up, what runs before it does not (Kubernetes, "Resource sharing
/// within containers").
fn of_template(template: &PodTemplate<'_>) -> u64 {
    let containers = template.containers();
    let (before, beside): (Vec<_>, Vec<_>) = containers.iter().partition(|container| {
        container.kind == ContainerKind::Init
            && container.node.get("restartPolicy").and_then(Node::str) != Some("Always")
    });
    let own = if template.form == Form::KubeflowSpark {
        of_spark(template)
    } else {
        0
    };
    let running = beside
        .into_iter()
        .map(of_container)
        .fold(own, u64::saturating_add);
    before.into_iter().map(of_container).fold(running, u64::max)
}

/// `gpu` of a driver or an executor of Kubeflow's SparkApplication: the resource's name and how many.
fn of_spark(template: &PodTemplate<'_>) -> u64 {
    let name = template.spec.at(&["gpu", "name"]).and_then(Node::str);
    let quantity = template.spec.at(&["gpu", "quantity"]);
    match (name, quantity) {
        (Some(name), Some(quantity)) if is_gpu(name) => amount(quantity),
        _ => 0,
    }
}

/// Limits count: for such resources a request without a limit is refused, and one beside it is equal.
fn of_container(container: &Container<'_>) -> u64 {
    let list = |name: &str| container.node.at(&["resources", name]);
    let asked = list("limits")
        .into_iter()
        .chain(list("requests"))
        .map(|list| {
            let entries = list.entries().iter();
            entries
                .filter(|entry| entry.key.text().is_some_and(is_gpu))
                .map(|entry| amount(&entry.value))
                .fold(0, u64::saturating_add)
        });
    asked.max().unwrap_or(0)
}

fn is_gpu(resource: &str) -> bool {
    let name = resource.strip_prefix("nvidia.com/");
    name.is_some_and(|name| !name.to_ascii_lowercase().contains("nvswitch"))
}

/// An amount that is no plain number is one at least.
fn amount(quantity: &Node) -> u64 {
    let text = quantity.text().unwrap_or_default();
    text.parse().unwrap_or(1)
}
