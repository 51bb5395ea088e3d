//! Rules of roles.

use crate::kubernetes::object::Object;
use model::Place;
use text::Node;

/// A rule of a role.
#[derive(Clone, Debug)]
pub struct Rule<'o> {
    /// `verbs`.
    pub verbs: Vec<Term<'o>>,
    /// `apiGroups`.
    pub groups: Vec<Term<'o>>,
    /// `resources`, with subresources: `pods/exec`.
    pub resources: Vec<Term<'o>>,
    /// `resourceNames`; empty means every name.
    pub names: Vec<Term<'o>>,
    /// `nonResourceURLs`.
    pub urls: Vec<Term<'o>>,
    /// The rule; `None` for one that Kubernetes ships.
    pub place: Option<Place>,
}

/// A word of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Term<'o> {
    /// The word.
    pub text: &'o str,
    /// Where it stands; `None` in a rule that Kubernetes ships.
    pub place: Option<Place>,
}

/// The most requests that a rule is compared by. Shipped rules stay under 100.
const MAX_COMBINATIONS: usize = 10_000;

/// Which objects a verb of a rule reaches.
#[derive(Clone, Copy, Debug)]
pub enum Reach<'r, 'o> {
    /// None.
    Nothing,
    /// Those with the names.
    Named(&'r [Term<'o>]),
    /// All in the scope of the binding.
    Everything,
}

impl<'o> Rule<'o> {
    /// The rules of `rules`.
    pub(super) fn of_object(object: &'o Object) -> Vec<Rule<'o>> {
        let rules = object.at(&["rules"]).map_or(&[][..], Node::items);
        rules
            .iter()
            .map(|node| {
                let terms = |field: &str| -> Vec<Term<'o>> {
                    let items = node.get(field).map_or(&[][..], Node::items);
                    items
                        .iter()
                        .filter_map(|item| {
                            Some(Term {
                                text: item.text()?,
                                place: Some(object.place(item)),
                            })
                        })
                        .collect()
                };
                Rule {
                    verbs: terms("verbs"),
                    groups: terms("apiGroups"),
                    resources: terms("resources"),
                    names: terms("resourceNames"),
                    urls: terms("nonResourceURLs"),
                    place: Some(object.place(node)),
                }
            })
            .collect()
    }

    /// Whether the rule allows a request. `resource` has its subresource (`pods/exec`); `name` is the object's, where the
    /// request has one (RuleAllows).
    ///
    /// Only `*` is a wildcard for verbs and groups. For resources `*` is everything with subresources and `*/exec` is that
    /// subresource of everything; `pods/*`, `sec*` and `*/*` match nothing. Names have no wildcard.
    #[must_use]
    pub fn allows(&self, verb: &str, group: &str, resource: &str, name: Option<&str>) -> bool {
        self.matching_resource(verb, group, resource).is_some()
            && (self.names.is_empty()
                || name.is_some_and(|name| self.names.iter().any(|term| term.text == name)))
    }

    /// The objects that a verb reaches, whatever way a request can take: `list` and `watch` reach a name through
    /// `fieldSelector=metadata.name=...`; `create` and `deletecollection` carry no name, so that `resourceNames` closes them.
    /// (Server-side apply of an absent object is a create with a name; it reads nothing.)
    #[must_use]
    pub fn reach(&self, verb: &str, group: &str, resource: &str) -> Reach<'_, 'o> {
        if self.matching_resource(verb, group, resource).is_none() {
            return Reach::Nothing;
        }
        if self.names.is_empty() {
            return Reach::Everything;
        }
        // A subresource carries the name of its object, also on create.
        let has_name = !matches!(verb, "create" | "deletecollection") || resource.contains('/');
        if has_name {
            Reach::Named(&self.names)
        } else {
            Reach::Nothing
        }
    }

    /// Whether the rule allows a request for a path that is no resource (NonResourceURLMatches): exact, or a prefix before a
    /// final `*`. Counts only in a ClusterRole bound by a ClusterRoleBinding.
    #[must_use]
    pub fn allows_url(&self, verb: &str, path: &str) -> bool {
        matching(&self.verbs, verb).is_some()
            && self.urls.iter().any(|term| {
                let prefix = term.text.trim_end_matches('*');
                term.text == path || (prefix.len() < term.text.len() && path.starts_with(prefix))
            })
    }

    /// The words by which the rule matches: of the verb, the group and the resource; for witnesses. Without regard to names.
    #[must_use]
    pub fn matching_resource(
        &self,
        verb: &str,
        group: &str,
        resource: &str,
    ) -> Option<[Term<'o>; 3]> {
        let verb = matching(&self.verbs, verb)?;
        let group = matching(&self.groups, group)?;
        let subresource = resource.split_once('/').map(|(_, sub)| sub);
        let resource = self.resources.iter().find(|term| {
            term.text == "*"
                || term.text == resource
                || subresource.is_some_and(|sub| term.text.strip_prefix("*/") == Some(sub))
        })?;
        Some([verb, group, *resource])
    }

    /// The stars of the rule that are wildcards: verbs, groups, resources or urls.
    pub fn stars(&self) -> impl Iterator<Item = Term<'o>> {
        [&self.verbs, &self.groups, &self.resources, &self.urls]
            .into_iter()
            .flatten()
            .filter(|term| term.text == "*")
            .copied()
    }

    /// Whether everything that this rule allows is allowed by one of `rules`, taken verb by verb, resource by resource. A rule
    /// far longer than any shipped one is not looked at, and not covered.
    pub(super) fn is_covered_by(&self, rules: &[Rule<'_>]) -> bool {
        let lengths = [
            &self.verbs,
            &self.groups,
            &self.resources,
            &self.names,
            &self.urls,
        ];
        let combinations = lengths.iter().fold(1, |product: usize, terms| {
            product.saturating_mul(terms.len().max(1))
        });
        if combinations > MAX_COMBINATIONS {
            return false;
        }
        let names: Vec<Option<&str>> = if self.names.is_empty() {
            vec![None]
        } else {
            self.names.iter().map(|term| Some(term.text)).collect()
        };
        let resources = self.verbs.iter().all(|verb| {
            self.groups.iter().all(|group| {
                self.resources.iter().all(|resource| {
                    names.iter().all(|name| {
                        rules
                            .iter()
                            .any(|rule| rule.allows(verb.text, group.text, resource.text, *name))
                    })
                })
            })
        });
        let urls = self.verbs.iter().all(|verb| {
            self.urls.iter().all(|url| {
                rules
                    .iter()
                    .any(|rule| rule.allows_url(verb.text, url.text))
            })
        });
        resources && urls
    }
}

/// The word that matches, exactly or as `*`.
fn matching<'o>(terms: &[Term<'o>], wanted: &str) -> Option<Term<'o>> {
    terms
        .iter()
        .find(|term| term.text == "*" || term.text == wanted)
        .copied()
}
