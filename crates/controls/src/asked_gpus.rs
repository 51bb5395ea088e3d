//! How many GPUs a confidential pod asks for.
//!
//! Names of resources: `nvidia.com/gpu` (NVIDIA k8s-device-plugin), `nvidia.com/pgpu` and names by model such as
//! `nvidia.com/GH100_H100L_94GB` (kata-containers 4.1.0, docs/use-cases/NVIDIA-GPU-passthrough-and-Kata-QEMU.md; NVIDIA
//! sandbox-device-plugin v0.0.5, P_GPU_ALIAS). NVSwitches are `nvidia.com/nvswitch`, or a model's name that holds the word
//! (NVSWITCH_ALIAS). NVIDIA's manifests for releases of the GPU operator with a Kata manager name the devices as well, in an
//! annotation `cdi.k8s.io/gpu: nvidia.com/pgpu=0`: the larger number counts. Spark asks by `spark.<role>.resource.<name>.amount` and
//! `.vendor` (Spark 3.0 and later, running-on-kubernetes). What DynamicResourceAllocation claims is not counted.

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
            let of_templates = pod.templates.iter().map(of_template).max();
            of_templates.unwrap_or(0).max(of_spark_conf(pod))
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
    let named = template
        .annotations()
        .filter(|(key, _)| key.starts_with("cdi.k8s.io/"))
        .map(|(_, devices)| of_devices(devices.text().unwrap_or_default()))
        .fold(0, u64::saturating_add);
    let own = if template.form == Form::KubeflowSpark {
        of_spark(template)
    } else {
        0
    };
    let running = beside
        .into_iter()
        .map(of_container)
        .fold(own, u64::saturating_add);
    let at_once = running.max(named);
    before.into_iter().map(of_container).fold(at_once, u64::max)
}

/// `nvidia.com/pgpu=0,nvidia.com/pgpu=1`.
fn of_devices(devices: &str) -> u64 {
    let named = devices.split(',').filter(|device| {
        let kind = device.split('=').next().unwrap_or_default();
        is_gpu(kind.trim())
    });
    named.count() as u64
}

/// `spark.executor.resource.gpu.amount` of a vendor `nvidia.com` becomes the resource `nvidia.com/gpu`.
fn of_spark_conf(pod: &ConfidentialPod<'_>) -> u64 {
    let Some(role) = pod.role() else {
        return 0;
    };
    let start = format!("spark.{role}.resource.");
    let conf = [
        pod.object.at(&["spec", "sparkConf"]),
        pod.object.at(&["spec", "template", "sparkConf"]),
    ];
    let entries = || conf.iter().flatten().flat_map(|conf| conf.entries());
    let is_of_nvidia = |name: &str| {
        let vendor = format!("{start}{name}.vendor");
        entries().any(|entry| {
            entry.key.text() == Some(&*vendor) && entry.value.text() == Some("nvidia.com")
        })
    };
    entries()
        .filter(|entry| {
            let key = entry.key.text().unwrap_or_default();
            let rest = key.strip_prefix(&*start);
            let name = rest.and_then(|rest| rest.strip_suffix(".amount"));
            name.is_some_and(is_of_nvidia)
        })
        .map(|entry| amount(&entry.value))
        .fold(0, u64::saturating_add)
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
                .filter_map(|entry| {
                    let name = entry.key.text().filter(|name| is_gpu(name))?;
                    let amount = amount(&entry.value);
                    // Slices of a GPU may all be of one.
                    Some(if is_slice(name) {
                        amount.min(1)
                    } else {
                        amount
                    })
                })
                .fold(0, u64::saturating_add)
        });
    asked.max().unwrap_or(0)
}

fn is_gpu(resource: &str) -> bool {
    let name = resource.strip_prefix("nvidia.com/");
    name.is_some_and(|name| !name.to_ascii_lowercase().contains("nvswitch"))
}

/// `nvidia.com/mig-1g.10gb`, `nvidia.com/gpu.shared` (NVIDIA k8s-device-plugin).
fn is_slice(resource: &str) -> bool {
    resource.starts_with("nvidia.com/mig-") || resource.ends_with(".shared")
}

/// An amount that is no plain number is one at least.
fn amount(quantity: &Node) -> u64 {
    let text = quantity.text().unwrap_or_default();
    text.parse().unwrap_or(1)
}
