//! Peer pods: whether the machines that the cloud API adaptor starts are confidential.

use model::{Claim, Exposure, Witness};
use settings::kubernetes::object::Object;
use text::Node;

/// `DISABLECVM` of peer pods: unset, libvirt and IBM Cloud count it as true.
#[must_use]
pub fn peer_pods(map: &Object) -> Claim {
    let value = map.at(&["data", "DISABLECVM"]);
    let provider = map.at(&["data", "CLOUD_PROVIDER"]);
    let word = |node: Option<&Node>| {
        let text = node.and_then(Node::text).unwrap_or_default();
        text.trim().to_ascii_lowercase()
    };
    let witness = |node: &Node, key: &str, label: &str| {
        Witness::declared(map.place(node), label)
            .key(key)
            .value(node.text().unwrap_or_default())
    };
    match (word(value).as_str(), value, provider) {
        ("true", Some(node), _) => Claim::Exposed(vec![Exposure::new(
            "confidential-vm-disabled",
            witness(node, "DISABLECVM", "ordinary machines"),
        )]),
        ("", _, Some(node)) if ["libvirt", "ibmcloud"].contains(&word(provider).as_str()) => {
            Claim::Exposed(vec![
                Exposure::new(
                    "confidential-vm-disabled",
                    witness(node, "CLOUD_PROVIDER", "counts an unset DISABLECVM as true"),
                )
                .message("DISABLECVM is not set, which this provider counts as true"),
            ])
        }
        ("", _, None) => Claim::unproven(
            "DISABLECVM is not set, and the provider, which decides its default, is not in these files",
        ),
        _ => Claim::Protected(vec![Witness::declared(
            map.name_place(),
            "confidential VMs are on",
        )]),
    }
}
