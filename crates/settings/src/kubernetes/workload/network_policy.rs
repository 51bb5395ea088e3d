//! NetworkPolicies, as far as ingress goes (networking.k8s.io/v1).

use crate::kubernetes::object::Object;
use text::Node;

/// Whether a policy is about ingress: `policyTypes` says so, or is missing, which always includes ingress.
pub(super) fn is_for_ingress(policy: &Object) -> bool {
    match policy.at(&["spec", "policyTypes"]).map(Node::items) {
        None | Some([]) => true,
        Some(types) => types.iter().any(|word| word.str() == Some("Ingress")),
    }
}

/// `spec.podSelector`; missing or empty, it selects every pod of the namespace.
pub(super) fn pod_selector(policy: &Object) -> Option<&Node> {
    policy.at(&["spec", "podSelector"])
}

/// Whether a policy closes its whole namespace: it selects every pod for ingress and allows nothing.
#[must_use]
pub fn is_default_deny(policy: &Object) -> bool {
    let selects_all = pod_selector(policy).is_none_or(|selector| {
        ["matchLabels", "matchExpressions"].iter().all(|field| {
            let terms = selector.get(field);
            terms.is_none_or(|terms| terms.entries().is_empty() && terms.items().is_empty())
        })
    });
    selects_all && is_for_ingress(policy) && rules(policy).is_empty()
}

/// The ingress rules of a policy that let everybody in, if only to some ports: those without `from`, or with an `ipBlock` of
/// all addresses and no exception.
#[must_use]
pub fn open_rules(policy: &Object) -> Vec<&Node> {
    rules(policy)
        .iter()
        .filter(|rule| {
            let from = rule.get("from").map_or(&[][..], Node::items);
            from.is_empty() || from.iter().any(is_everybody)
        })
        .collect()
}

/// Whether a rule names no ports, which means every port.
pub(super) fn opens_every_port(rule: &Node) -> bool {
    rule.get("ports")
        .is_none_or(|ports| ports.items().is_empty())
}

fn rules(policy: &Object) -> &[Node] {
    policy
        .at(&["spec", "ingress"])
        .map_or(&[], |rules| rules.items())
}

fn is_everybody(peer: &Node) -> bool {
    let Some(block) = peer.get("ipBlock") else {
        return false;
    };
    let range = block.get("cidr").and_then(Node::str);
    let excepted = block.get("except").map_or(&[][..], Node::items);
    matches!(range, Some("0.0.0.0/0" | "::/0")) && excepted.is_empty()
}
