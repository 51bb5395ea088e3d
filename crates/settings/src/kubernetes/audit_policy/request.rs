//! Which rule decides about a request (checker.go).

use super::{AuditPolicy, Rule};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditUser {
    /// The user's name.
    pub name: String,
    /// The groups the user is in.
    pub groups: Vec<String>,
}

/// A request for a resource.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub user: &'a AuditUser,
    /// The verb.
    pub verb: &'a str,
    /// The API group; empty for core.
    pub group: &'a str,
    /// The resource.
    pub resource: &'a str,
    /// The subresource; empty without one.
    pub subresource: &'a str,
    /// The namespace; empty for what has none, and for lists over all namespaces.
    pub namespace: &'a str,
    /// The object's name; empty where the request has none.
    pub name: &'a str,
}

impl<'o> AuditPolicy<'o> {
    /// The rule that decides about a request; `None` means that nothing is written. `omitStages` only chooses at which moments
    /// a line is written.
    #[must_use]
    pub fn first_match(&self, request: &Request<'_>) -> Option<&Rule<'o>> {
        self.rules.iter().find(|rule| rule.matches(request))
    }

    /// The rule that decides about a request for a path that is no resource.
    #[must_use]
    pub fn first_match_of_path(
        &self,
        user: &AuditUser,
        verb: &str,
        path: &str,
    ) -> Option<&Rule<'o>> {
        self.rules.iter().find(|rule| {
            let paths = rule.urls.is_empty() || rule.urls.iter().any(|url| covers(url, path));
            rule.matches_user(user)
                && rule.matches_verb(verb)
                && rule.namespaces.is_empty()
                && rule.resources.is_empty()
                && paths
        })
    }
}

impl Rule<'_> {
    /// Whether the rule matches a request for a resource: all of its fields that are set do.
    #[must_use]
    pub fn matches(&self, request: &Request<'_>) -> bool {
        self.matches_user(request.user)
            && self.matches_verb(request.verb)
            && self.matches_resource(
                request.group,
                request.resource,
                request.subresource,
                |names| names.is_empty() || names.contains(&request.name),
            )
            && self.matches_namespace(request.namespace)
    }

    /// How many words the rule has, which is what it costs to hold a request against it.
    pub(super) fn words(&self) -> usize {
        let resources: usize = self
            .resources
            .iter()
            .map(|listed| 1 + listed.resources.len() + listed.names.len())
            .sum();
        1 + self.users.len()
            + self.user_groups.len()
            + self.verbs.len()
            + self.namespaces.len()
            + resources
    }

    pub(super) fn matches_user(&self, user: &AuditUser) -> bool {
        let named = |users: &[&str]| users.is_empty() || users.contains(&user.name.as_str());
        let grouped = self.user_groups.is_empty()
            || user
                .groups
                .iter()
                .any(|group| self.user_groups.contains(&group.as_str()));
        named(&self.users) && grouped
    }

    pub(super) fn matches_verb(&self, verb: &str) -> bool {
        self.verbs.is_empty() || self.verbs.contains(&verb)
    }

    pub(super) fn matches_namespace(&self, namespace: &str) -> bool {
        self.namespaces.is_empty() || self.namespaces.contains(&namespace)
    }

    /// Whether the resources match; `names` judges the names of the group that does. A group without resources is the whole
    /// group; `*` is every resource with its subresources; `pods/*` is pods and all of its subresources; `*/scale` is that
    /// subresource of everything. A rule for paths matches no resource.
    pub(super) fn matches_resource(
        &self,
        group: &str,
        resource: &str,
        subresource: &str,
        names: impl Fn(&[&str]) -> bool,
    ) -> bool {
        if self.resources.is_empty() {
            return self.urls.is_empty() || !self.namespaces.is_empty();
        }
        self.resources.iter().any(|listed| {
            if listed.group != "*" && listed.group != group {
                return false;
            }
            listed.resources.is_empty()
                || (names(&listed.names)
                    && listed
                        .resources
                        .iter()
                        .any(|word| matches_word(word, resource, subresource)))
        })
    }
}

fn matches_word(word: &str, resource: &str, subresource: &str) -> bool {
    let exact = match word.split_once('/') {
        Some((of, sub)) => !subresource.is_empty() && of == resource && sub == subresource,
        None => subresource.is_empty() && word == resource,
    };
    exact
        || word == "*"
        || (!subresource.is_empty() && word.strip_prefix("*/") == Some(subresource))
        || word.strip_suffix("/*") == Some(resource)
}

/// `*` is every path; a final `*` is any ending.
fn covers(url: &str, path: &str) -> bool {
    url == "*" || url == path || (url.ends_with('*') && path.starts_with(url.trim_end_matches('*')))
}
