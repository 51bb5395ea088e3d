//! Aggregated ClusterRoles: their rules are those of the ClusterRoles that their selectors select (clusterroleaggregation
//! controller of kube-controller-manager).

use super::role::Role;
use crate::kubernetes::selector::{Labels, selects};
use std::collections::{HashMap, HashSet};
use text::Node;

/// The most parts of all roles together; more than any cluster has, and a bound on hostile input.
const MAX_PARTS: usize = 200_000;

/// The labels of a ClusterRole: its own, and those of the shipped role of its name.
struct RoleLabels<'r, 'o>(&'r Role<'o>);

impl Labels for RoleLabels<'_, '_> {
    fn label(&self, key: &str) -> Option<&str> {
        let own = self
            .0
            .object
            .and_then(|object| object.at(&["metadata", "labels", key]))
            .and_then(Node::text);
        let shipped = || (self.0.shipped?.aggregated_to()? == key).then_some("true");
        own.or_else(shipped)
    }
}

/// Fills in the parts of aggregated roles, also of those that aggregate aggregated ones. Returns false if there were too many.
pub(super) fn expand(roles: &mut [Role<'_>]) -> bool {
    let mut direct: HashMap<usize, Vec<usize>> = HashMap::new();
    let by_label = index(roles);
    let mut budget = MAX_PARTS;
    for (index, role) in roles.iter().enumerate() {
        if role.namespace.is_none()
            && let Some(parts) = selected(role, index, roles, &by_label, &mut budget)
        {
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

/// The ClusterRoles by label, so that a selector by label needs no look at all of them.
fn index(roles: &[Role<'_>]) -> HashMap<(String, String), Vec<usize>> {
    let mut by_label: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (index, role) in roles.iter().enumerate() {
        if role.namespace.is_some() {
            continue;
        }
        let mut add = |key: &str, value: &str| {
            let roles = by_label
                .entry((key.to_owned(), value.to_owned()))
                .or_default();
            if roles.last() != Some(&index) {
                roles.push(index);
            }
        };
        if let Some(object) = role.object {
            for (key, value) in object.labels() {
                add(key, value.text().unwrap_or_default());
            }
        }
        if let Some(key) = role.shipped.and_then(|shipped| shipped.aggregated_to()) {
            add(key, "true");
        }
    }
    by_label
}

/// The roles that the selectors of a role select; `None` if it has no selectors.
fn selected(
    role: &Role<'_>,
    own: usize,
    roles: &[Role<'_>],
    by_label: &HashMap<(String, String), Vec<usize>>,
    budget: &mut usize,
) -> Option<Vec<usize>> {
    let declared = role
        .object
        .and_then(|object| object.at(&["aggregationRule", "clusterRoleSelectors"]))
        .map(Node::items);
    let shipped = role.shipped.and_then(|shipped| shipped.aggregates());
    if declared.is_none() && shipped.is_none() {
        return None;
    }
    let mut parts = Vec::new();
    for selector in declared.unwrap_or_default() {
        if *budget == 0 {
            break;
        }
        let label = selector
            .get("matchLabels")
            .and_then(|map| map.entries().first());
        let candidates: Vec<usize> = match label {
            Some(entry) => {
                let pair = (
                    entry.key.text().unwrap_or_default().to_owned(),
                    entry.value.text().unwrap_or_default().to_owned(),
                );
                by_label.get(&pair).cloned().unwrap_or_default()
            }
            None => (0..roles.len()).collect(),
        };
        for candidate in candidates {
            *budget = budget.saturating_sub(1);
            let fits = roles.get(candidate).is_some_and(|part| {
                part.namespace.is_none() && selects(selector, &RoleLabels(part))
            });
            if *budget > 0 && candidate != own && fits {
                parts.push(candidate);
            }
        }
    }
    if let Some(key) = shipped {
        let labelled = by_label.get(&(key.to_owned(), "true".to_owned()));
        parts.extend(labelled.into_iter().flatten().filter(|part| **part != own));
    }
    Some(parts)
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
