//! Whether anything chooses nodes with the hardware for a confidential pod.
//!
//! The API server puts the `scheduling.nodeSelector` of a RuntimeClass into every pod of the class (admission plugin RuntimeClass);
//! the scheduler knows nothing else of it. Without one, and without a choice of the pod's own, the pod may land on a node whose
//! container runtime does not know the handler, or that has no such hardware: it does not start there. Resources that only such
//! nodes have choose as well.
//!
//! Classes that are not in the tree: those of kata-deploy (`katacontainers.io/kata-runtime`, from 2.5.0 to 4.1.0), of the operators and
//! of AKS (`kubernetes.azure.com/kata-cc-isolation`) choose nodes. Who installs `kata-cc` and `enclave-cc` brings a class of their
//! own. Peer pods need no hardware of the node.

use crate::confidential_pods::{ConfidentialPod, Runtime};
use model::{Exposure, Judgement, Witness};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::PodTemplate;
use text::Node;

/// Handlers whose classes are known not to come from kata-deploy, the operators or AKS.
const WITHOUT_CLASS: [&str; 2] = ["kata-cc", "enclave-cc"];

/// Resources that only nodes with the hardware have. Of NVIDIA's the scheduler knows those of nodes with GPUs.
const RESOURCES: [&str; 5] = [
    "tdx.intel.com/",
    "sev-snp.amd.com/",
    "sgx.intel.com/",
    "nvidia.com/pgpu",
    "nvidia.com/nvswitch",
];

/// Judges where the pods of a confidential class may land.
pub fn judge_nodes(pod: &ConfidentialPod<'_>, judgement: &mut Judgement) {
    let Runtime::Confidential(handler) = &pod.runtime else {
        return;
    };
    if handler.starts_with("kata-remote") || chooses(pod) {
        return;
    }
    match pod.class_object {
        Some(class) if !class_chooses(class) => judgement.expose(
            Exposure::new(
                "no-capable-node",
                Witness::declared(class.name_place(), "has no scheduling.nodeSelector"),
            )
            .with_all(pod.class.map(|name| {
                Witness::declared(pod.place(name), "and the pod chooses no node either")
                    .key("runtimeClassName")
                    .value(name.text().unwrap_or_default())
            })),
        ),
        None if WITHOUT_CLASS.contains(&handler.as_str()) => judgement.doubt(
            format!("whether the runtime class {handler} chooses nodes with the hardware is not in these files"),
            pod.class
                .map(|name| Witness::declared(pod.place(name), "its class is not here"))
                .into_iter()
                .collect(),
        ),
        _ => {}
    }
}

fn class_chooses(class: &Object) -> bool {
    let is_filled = |path: &[&str]| {
        class
            .at(path)
            .is_some_and(|node| !node.entries().is_empty())
    };
    let overhead = class.at(&["overhead", "podFixed"]);
    is_filled(&["scheduling", "nodeSelector"]) || overhead.is_some_and(names_hardware)
}

/// Whether the pod itself, or what makes it, chooses nodes.
fn chooses(pod: &ConfidentialPod<'_>) -> bool {
    pod.templates.iter().any(template_chooses) || spark_chooses(pod.object)
}

fn template_chooses(template: &PodTemplate<'_>) -> bool {
    let required = [
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
    ];
    let is_filled = |node: &Node| !node.entries().is_empty();
    template.field("nodeSelector").is_some_and(is_filled)
        || template.field("nodeName").is_some()
        || template
            .field("affinity")
            .and_then(|affinity| affinity.at(&required))
            .is_some_and(is_filled)
        || template.containers().iter().any(|container| {
            ["limits", "requests"].iter().any(|list| {
                let resources = container.node.at(&["resources", list]);
                resources.is_some_and(names_hardware)
            })
        })
}

fn names_hardware(resources: &Node) -> bool {
    resources.entries().iter().any(|entry| {
        let name = entry.key.text().unwrap_or_default();
        RESOURCES.iter().any(|known| name.starts_with(known))
    })
}

/// `nodeSelector` of the whole application, and `spark.kubernetes.node.selector.*` with its forms by role.
fn spark_chooses(object: &Object) -> bool {
    let specs = [object.at(&["spec"]), object.at(&["spec", "template"])];
    specs.into_iter().flatten().any(|spec| {
        let own = spec.get("nodeSelector");
        let conf = spec.get("sparkConf").map_or(&[][..], Node::entries);
        own.is_some_and(|node| !node.entries().is_empty())
            || conf.iter().any(|entry| {
                let key = entry.key.text().unwrap_or_default();
                key.starts_with("spark.kubernetes.") && key.contains("node.selector.")
            })
    })
}
