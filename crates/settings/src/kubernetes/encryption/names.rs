//! Names of resources in an entry: `secrets`, `deployments.apps`, `*.`, `*.apps`, `*.*`.

use super::Refusal;
use text::Span;

/// A name of an entry's `resources`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceName {
    /// The name as written.
    pub text: Box<str>,
    /// The resource; `*` in a wildcard.
    pub resource: Box<str>,
    /// The API group, empty for core; `*` in `*.*`.
    pub group: Box<str>,
    /// Where it stands.
    pub span: Span,
}

impl ResourceName {
    /// Splits a name at its first dot, as `schema.ParseGroupResource` does: `*.` is every resource of the core group.
    pub(super) fn parse(name: &str, span: Span) -> ResourceName {
        let (resource, group) = name.split_once('.').unwrap_or((name, ""));
        ResourceName {
            text: name.into(),
            resource: resource.into(),
            group: group.into(),
            span,
        }
    }

    /// Whether it is `*.`, `*.<group>` or `*.*`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        &*self.resource == "*"
    }

    /// Whether it is `*.*`.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.is_wildcard() && &*self.group == "*"
    }
}

/// Resources without a REST API, which the API server writes by another way.
const NOT_SERVED: &[&str] = &[
    "apiserveripinfo",
    "serviceipallocations",
    "servicenodeportallocations",
];

/// Refuses names that can never be right (validateResourceNames). Unknown, misspelt and empty names are taken silently.
pub(super) fn refuse_illegal(names: &[ResourceName], path: &str, refusals: &mut Vec<Refusal>) {
    for (index, name) in names.iter().enumerate() {
        let (resource, group) = (&*name.resource, &*name.group);
        let reason = if name.text.to_lowercase() != *name.text {
            "capital letters are not allowed in a resource name"
        } else if &*name.text == "*" {
            "`*` alone is not allowed; `*.` is the core group and `*.*` is everything"
        } else if NOT_SERVED.contains(&&*name.text) {
            "this resource has no REST API and cannot be encrypted"
        } else if group == "events.k8s.io" {
            "objects of the group events.k8s.io are stored as `events`; name that instead"
        } else if group == "extensions" {
            "the group `extensions` was removed"
        } else if group == "*" && resource != "*" {
            "one resource across all groups cannot be named"
        } else {
            continue;
        };
        refusals.push(Refusal {
            reason: format!("{path}[{index}]: {reason}"),
            span: name.span,
        });
    }
}

/// Refuses duplicates and overlaps inside one list (validateResourceOverlap).
pub(super) fn refuse_overlap(
    names: &[ResourceName],
    path: &str,
    span: Span,
    refusals: &mut Vec<Refusal>,
) {
    let mut refuse = |reason: &str| {
        refusals.push(Refusal {
            reason: format!("{path}: {reason}"),
            span,
        });
    };
    let mut sorted: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (&*name.group, &*name.resource))
        .collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        refuse("a resource is named twice in one list");
    }
    sorted.dedup();
    let has_everything = sorted.contains(&("*", "*"));
    let shares_group_with_wildcard = sorted
        .chunk_by(|a, b| a.0 == b.0)
        .any(|group| group.len() > 1 && group.iter().any(|(_, resource)| *resource == "*"));
    if (has_everything && sorted.len() > 1) || shares_group_with_wildcard {
        refuse("a wildcard and a resource that it covers stand in one list");
    }
}
