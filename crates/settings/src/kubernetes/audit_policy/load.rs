//! Loading a policy.

use super::{AuditPolicy, GroupResources, Level, Refusal, Rule};
use crate::kubernetes::decoder::JsonType;
use crate::kubernetes::object::Object;
use text::{Node, Span};

impl<'o> AuditPolicy<'o> {
    /// Whether an object is an audit policy, of whatever version.
    #[must_use]
    pub fn is_policy(object: &Object) -> bool {
        object.is("audit.k8s.io", "Policy")
    }

    /// Loads a policy. Unknown and duplicate fields are only warned about (the strict decoder's errors fall back to the lenient
    /// one), so an unknown field silently narrows nothing.
    ///
    /// # Errors
    /// The reasons for which the API server would refuse to start: another version than v1, no rules, a missing or unknown
    /// level, paths beside resources, names without resources, fields of a wrong type.
    pub fn load(object: &'o Object) -> Result<AuditPolicy<'o>, Vec<Refusal>> {
        let mut loader = Loader {
            object,
            refusals: Vec::new(),
        };
        if &*object.api_version != "audit.k8s.io/v1" || &*object.kind != "Policy" {
            let node = object.at(&["apiVersion"]);
            let span = node.map_or(object.document, |node| node.span);
            loader.refuse(span, "apiVersion: only audit.k8s.io/v1 is read".into());
            return Err(loader.refusals);
        }
        let rules: Vec<Rule<'o>> = loader
            .list(&object.root, "rules", "")
            .into_iter()
            .map(|(node, path)| loader.rule(node, &path))
            .collect();
        if rules.is_empty() {
            loader.refuse(
                object.document,
                "rules: at least one rule is required".into(),
            );
        }
        if loader.refusals.is_empty() {
            Ok(AuditPolicy { rules })
        } else {
            Err(loader.refusals)
        }
    }
}

struct Loader<'o> {
    object: &'o Object,
    refusals: Vec<Refusal>,
}

impl<'o> Loader<'o> {
    fn refuse(&mut self, span: Span, reason: String) {
        self.refusals.push(Refusal { reason, span });
    }

    fn rule(&mut self, node: &'o Node, path: &str) -> Rule<'o> {
        let level = node.get("level").filter(|level| !level.is_null());
        let rule = Rule {
            level: self.level(level, node, path),
            level_place: self.object.place(level.unwrap_or(node)),
            place: self.object.place(node),
            users: self.texts(node, "users", path),
            user_groups: self.texts(node, "userGroups", path),
            verbs: self.texts(node, "verbs", path),
            namespaces: self.texts(node, "namespaces", path),
            resources: self
                .list(node, "resources", path)
                .into_iter()
                .map(|(item, path)| self.group(item, &path))
                .collect(),
            urls: self.texts(node, "nonResourceURLs", path),
        };
        let is_for_resources = !rule.resources.is_empty() || !rule.namespaces.is_empty();
        if is_for_resources && !rule.urls.is_empty() {
            let reason = "a rule is for resources or for other paths, not for both";
            self.refuse(node.span, format!("{path}: {reason}"));
        }
        for url in &rule.urls {
            let inner = url.strip_suffix('*').unwrap_or(url);
            if *url != "*" && (!url.starts_with('/') || inner.contains('*')) {
                let reason = "a path starts with `/` and has a `*` only at its end";
                self.refuse(node.span, format!("{path}.nonResourceURLs: {reason}"));
            }
        }
        rule
    }

    fn level(&mut self, level: Option<&Node>, rule: &Node, path: &str) -> Level {
        match level.and_then(Node::text) {
            Some("None") => Level::None,
            Some("Metadata") => Level::Metadata,
            Some("Request") => Level::Request,
            Some("RequestResponse") => Level::RequestResponse,
            _ => {
                let span = level.unwrap_or(rule).span;
                let reason = "must be None, Metadata, Request or RequestResponse";
                self.refuse(span, format!("{path}.level: {reason}"));
                Level::None
            }
        }
    }

    fn group(&mut self, node: &'o Node, path: &str) -> GroupResources<'o> {
        let group = node.get("group").and_then(Node::str).unwrap_or("");
        let resources = self.texts(node, "resources", path);
        let names = self.texts(node, "resourceNames", path);
        if !names.is_empty() && resources.is_empty() {
            let reason = "names need at least one resource";
            self.refuse(node.span, format!("{path}.resourceNames: {reason}"));
        }
        if group != "*" && !is_group_name(group) {
            let reason = "not the name of an API group (no version belongs here)";
            self.refuse(node.span, format!("{path}.group: {reason}"));
        }
        GroupResources {
            group,
            resources,
            names,
        }
    }

    fn texts(&mut self, parent: &'o Node, field: &str, path: &str) -> Vec<&'o str> {
        self.list(parent, field, path)
            .into_iter()
            .filter_map(|(item, path)| match JsonType::of(item) {
                JsonType::String => item.text(),
                JsonType::Null => Some(""),
                other => {
                    let found = other.as_str();
                    self.refuse(
                        item.span,
                        format!("{path}: a string is wanted, {found} stands there"),
                    );
                    None
                }
            })
            .collect()
    }

    fn list(&mut self, parent: &'o Node, field: &str, path: &str) -> Vec<(&'o Node, String)> {
        let path = if path.is_empty() {
            field.to_owned()
        } else {
            format!("{path}.{field}")
        };
        let Some(node) = parent.get(field).filter(|node| !node.is_null()) else {
            return Vec::new();
        };
        if !node.is_sequence() {
            self.refuse(node.span, format!("{path}: a list is wanted"));
        }
        node.items()
            .iter()
            .enumerate()
            .map(|(index, item)| (item, format!("{path}[{index}]")))
            .collect()
    }
}

/// A DNS subdomain, or empty for the core group.
fn is_group_name(group: &str) -> bool {
    group.is_empty()
        || group.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}
