//! Whether a confidential guest runs the images that were meant: named by digest, or verified inside of the guest.
//!
//! The host chooses what a tag stands for. A guest that pulls images itself checks them by an image policy (`[image]` of cdh.toml in
//! init data: confidential-containers/guest-components, confidential-data-hub/example.config.toml); older ones by the kernel
//! parameters `agent.image_policy_file` and `agent.enable_signature_verification` (image-rs/src/config.rs). Without a policy every
//! image is pulled as it is (image-rs/src/builder.rs). The policy's own rules: containers-policy.json(5). Where the host pulls
//! (kata-containers 3.5.0 to 3.20.0, src/tools/genpolicy; AKS), the guest's policy may pin the layers by their dm-verity root hash:
//! whether those of this image is not read here.

use crate::confidential_pods::{ConfidentialPod, MarkKind, Runtime};
use model::{Exposure, Judgement, Witness};
use settings::init_data::{self, ImagePolicy};
use settings::kubernetes::encryption::base64;
use settings::kubernetes::pod::{Form, PodTemplate};
use text::{Node, json};

/// The annotation with parameters for the guest's kernel.
const KERNEL_PARAMETERS: &str = "io.katacontainers.config.hypervisor.kernel_params";

/// The older annotation with the guest's policy: base64 of Rego.
const AGENT_POLICY: &str = "io.katacontainers.config.agent.policy";

/// Judges the images of a pod in a confidential guest.
pub fn judge_images(pod: &ConfidentialPod<'_>, judgement: &mut Judgement) {
    let by_tag = by_tag(pod);
    let Some((first, rest)) = by_tag.split_first() else {
        return;
    };
    let witness = |image: &Node, label: &str| {
        Witness::declared(pod.place(image), label)
            .key("image")
            .value(image.text().unwrap_or_default())
    };
    match verified(pod) {
        Verified::Yes => {}
        Verified::Open(why) => judgement.doubt(
            format!("an image is named by its tag, and {why}"),
            vec![witness(first, "named by its tag")],
        ),
        Verified::No => judgement.expose(
            Exposure::new("image-unsigned", witness(first, "named by its tag"))
                .with_all(rest.iter().map(|image| witness(image, "so is this one"))),
        ),
    }
}

/// The first image of which nothing shows that the guest verifies it.
#[must_use]
pub fn unverified_image<'e>(pod: &ConfidentialPod<'e>) -> Option<&'e str> {
    let first = by_tag(pod).into_iter().next()?;
    match verified(pod) {
        Verified::Yes => None,
        Verified::No | Verified::Open(_) => first.text(),
    }
}

/// Images that are named by a tag, where the pod has a confidential guest.
fn by_tag<'e>(pod: &ConfidentialPod<'e>) -> Vec<&'e Node> {
    if !matches!(pod.runtime, Runtime::Confidential(_)) {
        return Vec::new();
    }
    let images = pod.templates.iter().flat_map(images);
    images
        .filter(|image| image.text().is_some_and(is_by_tag))
        .collect()
}

/// The images of all containers. Kubeflow's operator takes that of the application where a role names none.
fn images<'e>(template: &PodTemplate<'e>) -> Vec<&'e Node> {
    let containers = template.containers();
    let mut images: Vec<&Node> = containers
        .iter()
        .filter_map(|container| container.image())
        .collect();
    if template.form == Form::KubeflowSpark && template.spec.get("image").is_none() {
        let object = template.object;
        let paths: [&[&str]; 2] = [&["spec", "image"], &["spec", "template", "image"]];
        images.extend(paths.iter().filter_map(|path| object.at(path)));
    }
    images
}

/// A name without a digest. What a template or a variable fills in is not known.
fn is_by_tag(image: &str) -> bool {
    !image.is_empty() && !image.contains("@sha") && !image.contains(['$', '{'])
}

/// Whether the guest verifies images.
enum Verified {
    Yes,
    /// Nothing in the tree says so.
    No,
    /// Why it cannot be told.
    Open(String),
}

fn verified(pod: &ConfidentialPod<'_>) -> Verified {
    let annotations = || pod.templates.iter().flat_map(PodTemplate::annotations);
    let by_kernel = annotations().any(|(key, value)| {
        let text = value.text().unwrap_or_default();
        key == KERNEL_PARAMETERS
            && text.contains("agent.image_policy_file=")
            && text.contains("agent.enable_signature_verification=true")
    });
    if by_kernel {
        return Verified::Yes;
    }
    let by_annotation = annotations()
        .find(|(key, _)| *key == AGENT_POLICY)
        .map(|(_, value)| by_guest_policy(base64::decode(value.text().unwrap_or_default())));
    let Some(annotation) = pod.mark(MarkKind::InitData).and_then(Node::text) else {
        return by_annotation.unwrap_or(Verified::No);
    };
    let read = match init_data::read(annotation) {
        Ok(read) => read,
        Err(why) => {
            return Verified::Open(format!(
                "the init data, which may hold the rules for images, cannot be read: {why}"
            ));
        }
    };
    match &read.images {
        // The broker gives it to the guest, as it gives keys.
        ImagePolicy::Fetched(_) => Verified::Yes,
        ImagePolicy::Given(policy) => by_policy(policy),
        ImagePolicy::None => match read.policy {
            Some(policy) => by_guest_policy(Some(policy.into_bytes())),
            None => by_annotation.unwrap_or(Verified::No),
        },
    }
}

/// Whether the policy of the guest's agent may pin what runs.
fn by_guest_policy(policy: Option<Vec<u8>>) -> Verified {
    let Some(policy) = policy.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return Verified::Open("the guest's policy, which may pin it, cannot be read".to_owned());
    };
    let pins = ["@sha256:", "root_hash", "root-hash"];
    if pins.iter().any(|word| policy.contains(word)) {
        Verified::Open(
            "the guest's policy names digests: whether that of this image is not read here"
                .to_owned(),
        )
    } else {
        Verified::No
    }
}

/// What an image policy demands: of every image, of some, or of none.
fn by_policy(policy: &str) -> Verified {
    let stream = json::parse(policy);
    let Some(document) = stream
        .documents
        .first()
        .filter(|_| stream.errors.is_empty())
    else {
        return Verified::Open("the image policy of the init data is no JSON".to_owned());
    };
    let accepts_anything = |rules: &Node| {
        let mut rules = rules.items().iter();
        rules.any(|rule| rule.get("type").and_then(Node::text) == Some("insecureAcceptAnything"))
    };
    let Some(default) = document.root.get("default") else {
        return Verified::Open("the image policy of the init data has no default".to_owned());
    };
    let transports = document
        .root
        .get("transports")
        .map_or(&[][..], Node::entries);
    let scopes = transports.iter().flat_map(|entry| entry.value.entries());
    let scopes: Vec<&Node> = scopes.map(|entry| &entry.value).collect();
    match (
        accepts_anything(default),
        scopes.iter().any(|rules| accepts_anything(rules)),
    ) {
        (true, _) if scopes.iter().all(|rules| accepts_anything(rules)) => Verified::No,
        (false, false) => Verified::Yes,
        _ => Verified::Open(
            "the image policy of the init data asks signatures of some images only".to_owned(),
        ),
    }
}
