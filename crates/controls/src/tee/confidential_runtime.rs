//! Confidential runtime: does a pod that claims a TEE really get one?
//!
//! # What it proves
//! That pods which are meant to run in a TEE have a runtime class that starts one, that driver and executors of one
//! application all do, and, with evidence beside the tree, that each of them showed it.
//!
//! # Why it matters: the attack
//! A pod with init data, sealed secrets and a policy starts as well under `kata-qemu` as under `kata-qemu-tdx`: nothing fails,
//! and the host reads its memory. An application is as protected as its weakest pod: executors outside of the TEE get every
//! partition that the protected driver sends them.
//!
//! # How each depth is read
//! - declared and loaded: the runtime class of every pod that claims a TEE, by its handler (the names that kata-deploy, the
//!   operators and AKS give, or the RuntimeClass in the tree; a name with a word of somebody's own behind it, a variant for
//!   debugging and SEV without SNP are unproven); both roles of Spark resources, with init data for both or for neither; requests for SGX;
//!   whether a RuntimeClass in the tree, or the pod, chooses nodes (classes of kata-deploy, the operators and AKS do, and are not
//!   asked for where they are not in the tree); whether every image is named by digest, or init data makes the guest verify it
//!   (init data that cannot be read is unproven); the flag and the environment of the cloud API adaptor, and `peer-pods-cm`. Node labels alone prove nothing.
//! - observed: evidence given with `wardline check --evidence`, tied to the pods that presented it: one piece from the driver
//!   and one from every executor, of one kind of hardware and with one measurement, all appraised under the same policy.
//! - recorded: nothing yet.
//!
//! # How to fix
//! Give driver and executors the same confidential runtime class, on nodes that have the hardware; name images by digest; ask for `sgx.intel.com/epc`
//! and `sgx.intel.com/enclave` where an enclave is used; collect evidence from every pod, and pin its measurement.
//!
//! # References
//! - kata-containers 2.5.0 to 4.1.0, tools/packaging/kata-deploy: shims and runtime classes
//! - confidential-containers/operator v0.3.0 to v0.9.0, NVIDIA gpu-operator v23.6.0 to v26.7.0 (`kataManager`), Azure AKS
//!   (`kata-cc-isolation`): the other runtime classes
//! - cloud-api-adaptor v0.6.0 to v0.22.0: DISABLECVM and -disable-cvm, and their default by provider and release
//! - Kubernetes, admission plugin RuntimeClass: scheduling.nodeSelector
//! - confidential-containers/guest-components (2026-08), example.config.toml and image-rs: image policies of the guest
//! - Intel device plugins for Kubernetes: sgx.intel.com/epc, sgx.intel.com/enclave

use crate::capable_nodes::judge_nodes;
use crate::confidential_pods::{ConfidentialPod, MarkKind, Runtime, pods};
use crate::peer_pods::judge_peer_pods;
use crate::presented_evidence::judge_awaited;
use crate::verified_images::judge_images;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Confidential runtime",
    question: "Does a pod that claims a TEE really get one?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "not-confidential",
            severity: Severity::Critical,
            title: "the pod claims a TEE and does not run in one",
            remedy: "give it a confidential runtime class, such as kata-qemu-tdx or kata-qemu-snp",
        },
        Cause {
            slug: "development-runtime",
            severity: Severity::Critical,
            title: "the runtime imitates a TEE without hardware: the host reads the memory",
            remedy: "use a confidential runtime class outside of development",
        },
        Cause {
            slug: "driver-and-executors-differ",
            severity: Severity::Critical,
            title: "driver and executors are not all shown to run in the same TEE",
            remedy: "give both the same confidential runtime class, and collect evidence from every pod",
        },
        Cause {
            slug: "request-mismatch",
            severity: Severity::High,
            title: "the pod claims SGX and does not ask for what an enclave needs",
            remedy: "ask for sgx.intel.com/enclave and sgx.intel.com/epc instead of mounting devices",
        },
        Cause {
            slug: "no-capable-node",
            severity: Severity::Medium,
            title: "no node with the hardware is chosen: the pod may land where it does not start",
            remedy: "give the RuntimeClass a scheduling.nodeSelector with the label of nodes that have the TEE",
        },
        Cause {
            slug: "image-unsigned",
            severity: Severity::Medium,
            title: "an image is named by its tag, and nothing shows that the guest verifies it: the host chooses what runs",
            remedy: "name images by digest, or give the guest an image policy in its init data (cdh.toml, image_security_policy_uri)",
        },
        Cause {
            slug: "confidential-vm-disabled",
            severity: Severity::Critical,
            title: "peer pods start ordinary machines: confidential VMs are turned off",
            remedy: "set DISABLECVM to false, and give no -disable-cvm",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Use,
    since: "0.1.0",
};

/// Judges every pod that claims a TEE, peer pods' settings, and the evidence that was presented.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for roles in pods(estate) {
        let sibling = roles
            .iter()
            .find(|pod| matches!(pod.runtime, Runtime::Confidential(_)));
        for pod in &roles {
            if let (Some(subject), Some(claim)) = (pod.subject(), claim(pod, sibling, &roles)) {
                claims.state(subject, claim);
            }
        }
    }
    judge_peer_pods(estate, claims);
    judge_awaited(estate, claims);
}

fn claim(
    pod: &ConfidentialPod<'_>,
    sibling: Option<&ConfidentialPod<'_>>,
    roles: &[ConfidentialPod<'_>],
) -> Option<Claim> {
    let mut judgement = Judgement::new();
    // The label of the class, or the name of the object where there is none.
    let at_class = |label: &str| match pod.class {
        Some(class) => Witness::declared(pod.place(class), label)
            .key("runtimeClassName")
            .value(class.text().unwrap_or_default()),
        None => Witness::declared(pod.object.name_place(), label),
    };
    // A class of which nobody knows what it starts is no proof that the pod is outside.
    let is_outside = matches!(
        pod.runtime,
        Runtime::Ordinary(_) | Runtime::Development(_) | Runtime::None
    );
    let is_split = is_outside && sibling.is_some();
    if let (true, Some(sibling)) = (is_split, sibling) {
        let mut exposure = Exposure::new(
            "driver-and-executors-differ",
            at_class("not a confidential runtime class"),
        )
        .message(format!(
            "the {} runs in a TEE, the {} does not",
            sibling.role().unwrap_or("other pod"),
            pod.role().unwrap_or("pod")
        ));
        if let Some(class) = sibling.class {
            exposure = exposure.with(
                Witness::declared(sibling.place(class), "confidential")
                    .key("runtimeClassName")
                    .value(class.text().unwrap_or_default()),
            );
        }
        judgement.expose(exposure);
    }
    match &pod.runtime {
        Runtime::Development(_) => judgement.expose(Exposure::new(
            "development-runtime",
            at_class("no hardware behind it"),
        )),
        Runtime::Confidential(_) => {
            if let Some(exposure) = without_init_data(pod, roles) {
                judgement.expose(exposure.with(at_class("no init data beside it")));
            }
            judge_nodes(pod, &mut judgement);
            judge_images(pod, &mut judgement);
        }
        _ if is_split => {}
        Runtime::Doubtful(handler, why) => judgement.doubt(
            format!("the handler {handler} is named like one that starts a TEE: {why}"),
            vec![at_class("named like a confidential runtime class")],
        ),
        Runtime::Unknown(handler) if pod.claims_tee() || sibling.is_some() => judgement.doubt(
            format!("whether the handler of the runtime class {handler} starts a TEE is not in these files"),
            vec![at_class("a class of unknown handler")],
        ),
        Runtime::Ordinary(_) | Runtime::None => without_class(pod, &mut judgement),
        Runtime::Unknown(_) => {}
    }
    let claims_something = pod.claims_tee() || !pod.marks.is_empty() || !judgement.is_silent();
    claims_something.then(|| {
        judgement.otherwise(Claim::Protected(vec![at_class(match pod.runtime {
            Runtime::Confidential(_) => "a confidential runtime class",
            _ => "asks for what an enclave needs",
        })]))
    })
}

/// A guest that takes its policy from the image while another of the application is given one.
fn without_init_data(pod: &ConfidentialPod<'_>, roles: &[ConfidentialPod<'_>]) -> Option<Exposure> {
    if pod.mark(MarkKind::InitData).is_some() {
        return None;
    }
    roles.iter().find_map(|other| {
        let init_data = other.mark(MarkKind::InitData)?;
        let witness = Witness::declared(other.place(init_data), "init data, with the policy of the guest");
        Some(Exposure::new("driver-and-executors-differ", witness).message(format!(
            "the {} has init data, the {} has none: the policy inside its image decides what the host may ask",
            other.role().unwrap_or("other pod"),
            pod.role().unwrap_or("pod")
        )))
    })
}

/// A pod without a confidential class: an enclave needs none, a confidential guest does, a label proves nothing.
fn without_class(pod: &ConfidentialPod<'_>, judgement: &mut Judgement) {
    let witness = |node: &Node, label: &str| Witness::declared(pod.place(node), label);
    if let Some(init_data) = pod.mark(MarkKind::InitData) {
        let label = "init data for a confidential guest";
        judgement.expose(
            Exposure::new("not-confidential", witness(init_data, label)).message(
                "the pod has init data for a confidential guest and no runtime class that starts one",
            ),
        );
    } else if let Some(sgx) = pod.mark(MarkKind::Sgx) {
        let missing: Vec<&str> = ["sgx.intel.com/enclave", "sgx.intel.com/epc"]
            .into_iter()
            .filter(|resource| !pod.asks_for(resource))
            .collect();
        if !missing.is_empty() {
            judgement.expose(
                Exposure::new("request-mismatch", witness(sgx, "claims SGX")).message(format!(
                    "no container asks for {}: the enclave starts only through a device of the node, or not at all",
                    missing.join(" and ")
                )),
            );
        }
    } else if let Some(label) = pod.mark(MarkKind::NodeLabel) {
        judgement.doubt(
            "only node labels claim a TEE: who may change nodes sets them",
            vec![witness(label, "a label is no proof")],
        );
    }
}
