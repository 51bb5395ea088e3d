//! Aggregated ClusterRoles: their rules are those of the ClusterRoles that their selectors select (clusterroleaggregation
//! controller of kube-controller-manager).

use super::role::Role;
use crate::kubernetes::selector::selects;
use std::collections::{BTreeMap, HashMap, HashSet};
use text::Node;

/// The most steps of following selectors; more than any cluster needs, and a bound on hostile input.
const MAX_STEPS: usize = 2_000_000;

/// The labels of a ClusterRole: its own, and those of the shipped role of its name.
fn labels<'o>(role: &Role<'o>) -> BTreeMap<&'o str, &'o str> {
    let shipped = role.shipped.and_then(|shipped| shipped.aggregated_to());
    let own = role.object.into_iter().flat_map(|object| object.labels());
    shipped
        .map(|key| (key, "true"))
        .into_iter()
        .chain(own.map(|(key, value)| (key, value.text().unwrap_or_default())))
        .collect()
}

/// The ClusterRoles by label, so that a selector by label needs no look at all of them.
type ByLabel<'o> = HashMap<(&'o str, &'o str), Vec<usize>>;

/// Fills in the parts of aggregated roles, also of those that aggregate aggregated ones. Returns false if there were too many.
pub(super) fn expand(roles: &mut [Role<'_>]) -> bool {
    let labels: Vec<BTreeMap<&str, &str>> = roles
        .iter()
        .map(|role| match role.namespace {
            Some(_) => BTreeMap::new(),
            None => labels(role),
        })
        .collect();
    let mut by_label = ByLabel::new();
    for (index, labels) in labels.iter().enumerate() {
        for (key, value) in labels {
            by_label.entry((*key, *value)).or_default().push(index);
        }
    }
    let mut budget = MAX_STEPS;
    let mut direct: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, role) in roles.iter().enumerate() {
        if let Some(selectors) = selectors(role) {
            let mut parts = selected(selectors, roles, &labels, &by_label, &mut budget);
            let shipped = role.shipped.and_then(|shipped| shipped.aggregates());
            let labelled = shipped.and_then(|key| by_label.get(&(key, "true")));
            parts.extend(labelled.into_iter().flatten());
            direct.insert(index, parts);
        }
    }
    for index in direct.keys().copied().collect::<Vec<_>>() {
        let mut parts = closure(index, &direct, &mut budget);
        parts.sort_unstable();
        if let Some(role) = roles.get_mut(index) {
            role.parts = parts;
        }
    }
    budget > 0
}

/// The selectors that a role declares, beside the one that it may be shipped with; `None` if it aggregates nothing.
fn selectors<'o>(role: &Role<'o>) -> Option<&'o [Node]> {
    if role.namespace.is_some() {
        return None;
    }
    let declared = role
        .object
        .and_then(|object| object.at(&["aggregationRule", "clusterRoleSelectors"]))
        .map(Node::items);
    let shipped = role.shipped.and_then(|shipped| shipped.aggregates());
    declared.or(shipped.map(|_| &[][..]))
}

/// The ClusterRoles that selectors select.
fn selected(
    selectors: &[Node],
    roles: &[Role<'_>],
    labels: &[BTreeMap<&str, &str>],
    by_label: &ByLabel<'_>,
    budget: &mut usize,
) -> Vec<usize> {
    let mut parts = Vec::new();
    for selector in selectors {
        // The more a selector says, the longer it takes to hold it against a role.
        let cost = 1 + selector.span.len() / 16;
        let label = selector
            .get("matchLabels")
            .and_then(|map| map.entries().first());
        let mut consider = |candidate: usize| {
            *budget = budget.saturating_sub(cost);
            let fits = labels
                .get(candidate)
                .is_some_and(|labels| selects(selector, labels));
            if *budget > 0 && fits {
                parts.push(candidate);
            }
            *budget > 0
        };
        match label {
            Some(entry) => {
                let key = entry.key.text().unwrap_or_default();
                let value = entry.value.text().unwrap_or_default();
                let candidates = by_label.get(&(key, value));
                let mut candidates = candidates.into_iter().flatten();
                candidates.all(|candidate| consider(*candidate));
            }
            None => {
                let in_cluster = |index: &usize| {
                    roles
                        .get(*index)
                        .is_some_and(|role| role.namespace.is_none())
                };
                (0..roles.len()).filter(in_cluster).all(&mut consider);
            }
        }
    }
    parts
}

/// The roles whose own rules count for an aggregated role. An aggregated role's own rules are overwritten by the controller, so
/// it passes on only what it aggregates.
fn closure(start: usize, direct: &HashMap<usize, Vec<usize>>, budget: &mut usize) -> Vec<usize> {
    let mut seen = HashSet::from([start]);
    let mut open = vec![start];
    let mut parts = Vec::new();
    while let Some(role) = open.pop() {
        for part in direct.get(&role).into_iter().flatten() {
            if *budget == 0 || !seen.insert(*part) {
                continue;
            }
            *budget -= 1;
            open.push(*part);
            if !direct.contains_key(part) {
                parts.push(*part);
            }
        }
    }
    parts
}
