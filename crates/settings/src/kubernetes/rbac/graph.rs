//! All grants of a cluster.

use super::binding::{Binding, BoundSubject};
use super::role::Role;
use super::rule::{Reach, Rule};
use super::subject::{RbacSubject, SubjectKind};
use super::{GROUP, aggregation, shipped};
use crate::kubernetes::object::Object;
use model::Place;
use std::collections::HashMap;

/// Roles and bindings of one cluster.
#[derive(Debug)]
pub struct Graph<'o> {
    roles: Vec<Role<'o>>,
    bindings: Vec<Binding<'o>>,
    is_whole: bool,
}

/// Where a grant holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In every namespace, and for what has none.
    Cluster,
    /// In one namespace.
    Namespace(Box<str>),
}

/// One rule for one subject.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'g, 'o> {
    /// Who.
    pub subject: &'g RbacSubject,
    /// Where the subject is named.
    pub subject_place: Place,
    /// Where it holds.
    pub scope: &'g Scope,
    /// What.
    pub rule: &'g Rule<'o>,
    /// The role that is bound; an aggregated role's rules stand in other roles.
    pub role: &'g Role<'o>,
    /// The binding.
    pub binding: &'g Binding<'o>,
}

impl<'o> Graph<'o> {
    /// The graph of a cluster's objects; other kinds than roles and bindings are passed over. The ClusterRoles that Kubernetes
    /// ships are known also where no object declares them. O(objects), plus the parts of aggregated roles, which are bounded.
    pub fn new(objects: impl IntoIterator<Item = &'o Object>) -> Graph<'o> {
        let mut roles: Vec<Role<'o>> = Vec::new();
        let mut bindings = Vec::new();
        for object in objects {
            if object.group() != GROUP {
                continue;
            }
            roles.extend(Role::of(object));
            bindings.extend(Binding::of(object));
        }
        let mut index: HashMap<(Option<&str>, &str), usize> = HashMap::new();
        for position in 0..roles.len() {
            let Some(role) = roles.get(position) else {
                break;
            };
            let first = *index.entry((role.namespace, role.name)).or_insert(position);
            // Two files that declare one role are two ways to install it; which one was taken, nobody says. The wider counts.
            if first != position {
                let rules = role.own.clone();
                if let Some(first) = roles.get_mut(first) {
                    first.widen(rules);
                }
            }
        }
        for shipped in shipped::ROLES {
            match index.get(&(None, shipped.name)) {
                Some(position) => {
                    if let Some(role) = roles.get_mut(*position) {
                        role.reconcile(shipped);
                    }
                }
                None => {
                    index.insert((None, shipped.name), roles.len());
                    roles.push(Role::of_shipped(shipped));
                }
            }
        }
        for binding in &mut bindings {
            let binding: &mut Binding<'o> = binding;
            let namespace = match &binding.scope {
                Scope::Namespace(namespace) if !binding.binds_cluster_role => Some(&**namespace),
                _ => None,
            };
            binding.role = index.get(&(namespace, binding.role_name)).copied();
        }
        let is_whole = aggregation::expand(&mut roles);
        Graph {
            roles,
            bindings,
            is_whole,
        }
    }

    /// Whether every aggregated role was followed to its end. False only for input made to exhaust us.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The roles, declared ones first.
    #[must_use]
    pub fn roles(&self) -> &[Role<'o>] {
        &self.roles
    }

    /// The bindings.
    #[must_use]
    pub fn bindings(&self) -> &[Binding<'o>] {
        &self.bindings
    }

    /// The role of a binding.
    #[must_use]
    pub fn role_of(&self, binding: &Binding<'o>) -> Option<&Role<'o>> {
        self.roles.get(binding.role?)
    }

    /// The rules of a role: those that stand in it, or, of an aggregated role, those that it aggregates. Where nothing is
    /// known that it aggregates, what stands in it counts, since a list from a live cluster has it filled in.
    pub fn rules<'g>(&'g self, role: &'g Role<'o>) -> impl Iterator<Item = &'g Rule<'o>> {
        let own = if role.parts.is_empty() {
            role.own.as_slice()
        } else {
            &[]
        };
        let parts = role.parts.iter().filter_map(|part| self.roles.get(*part));
        own.iter().chain(parts.flat_map(|part| &part.own))
    }

    /// What a binding grants, for each of its subjects.
    pub fn grants_of<'g>(
        &'g self,
        binding: &'g Binding<'o>,
    ) -> impl Iterator<Item = Grant<'g, 'o>> {
        let role = self.role_of(binding);
        role.into_iter().flat_map(move |role| {
            binding.subjects.iter().flat_map(move |bound| {
                let BoundSubject { subject, place } = bound;
                self.rules(role).map(move |rule| Grant {
                    subject,
                    subject_place: *place,
                    scope: &binding.scope,
                    rule,
                    role,
                    binding,
                })
            })
        })
    }

    /// Every grant. The bindings that Kubernetes makes by itself are among them only where an object declares them.
    pub fn grants(&self) -> impl Iterator<Item = Grant<'_, 'o>> {
        self.bindings
            .iter()
            .flat_map(|binding| self.grants_of(binding))
    }
}

impl<'g, 'o> Grant<'g, 'o> {
    /// The objects that a verb reaches in the scope of the grant. A RoleBinding grants nothing on what has no namespace, with
    /// one exception: whoever writes a RoleBinding to a ClusterRole is asked for `bind` on it in the binding's namespace.
    #[must_use]
    pub fn reach(&self, verb: &str, group: &str, resource: &str) -> Reach<'g, 'o> {
        let is_binding = (verb, group, resource) == ("bind", super::GROUP, "clusterroles");
        if *self.scope != Scope::Cluster && !is_binding && !is_in_namespaces(group, resource) {
            return Reach::Nothing;
        }
        self.rule.reach(verb, group, resource)
    }

    /// Whether a verb reaches any object of a resource.
    #[must_use]
    pub fn reaches(&self, verb: &str, group: &str, resource: &str) -> bool {
        !matches!(self.reach(verb, group, resource), Reach::Nothing)
    }

    /// Whether it allows a request for a path; only a ClusterRoleBinding can.
    #[must_use]
    pub fn allows_url(&self, verb: &str, path: &str) -> bool {
        *self.scope == Scope::Cluster && self.rule.allows_url(verb, path)
    }

    /// Whether it is what the API server itself needs to speak to kubelets: a role for that, bound to the common name of
    /// its client certificate (`kubernetes` in installations by hand, `kube-apiserver-kubelet-client` by kubeadm before its
    /// certificates joined a group). The same role for anybody else is every node's root.
    #[must_use]
    pub fn is_kubelet_client(&self) -> bool {
        const ROLES: [&str; 2] = [
            "system:kubelet-api-admin",
            "system:kube-apiserver-to-kubelet",
        ];
        const NAMES: [&str; 3] = [
            "kubernetes",
            "kube-apiserver",
            "kube-apiserver-kubelet-client",
        ];
        self.subject.kind == SubjectKind::User
            && NAMES.contains(&&*self.subject.name)
            && ROLES.contains(&self.role.name)
            && self
                .rule
                .resources
                .iter()
                .all(|resource| resource.text.starts_with("nodes"))
    }

    /// Whether it holds in a namespace.
    #[must_use]
    pub fn holds_in(&self, namespace: &str) -> bool {
        match self.scope {
            Scope::Cluster => true,
            Scope::Namespace(own) => **own == *namespace,
        }
    }

    /// Whether it ends in the subject's own namespace: a ServiceAccount's rights where it lives.
    #[must_use]
    pub fn stays_at_home(&self) -> bool {
        match self.scope {
            Scope::Cluster => false,
            Scope::Namespace(namespace) => {
                self.subject.namespace.as_ref() == Some(namespace)
                    || self.subject.account_namespace() == Some(namespace)
            }
        }
    }
}

/// Whether requests for a resource carry a namespace. Resources that are not known count as such, as most custom ones do.
fn is_in_namespaces(group: &str, resource: &str) -> bool {
    let resource = resource.split('/').next().unwrap_or(resource);
    !match group {
        "" => matches!(
            resource,
            "nodes"
                | "persistentvolumes"
                | "componentstatuses"
                | "users"
                | "groups"
                | "uids"
                | "userextras"
        ),
        "rbac.authorization.k8s.io" => matches!(resource, "clusterroles" | "clusterrolebindings"),
        "networking.k8s.io" => {
            matches!(resource, "ingressclasses" | "ipaddresses" | "servicecidrs")
        }
        "authentication.k8s.io" => !matches!(resource, "serviceaccounts"),
        "storage.k8s.io" => resource != "csistoragecapacities",
        "certificates.k8s.io" => resource != "podcertificaterequests",
        "admissionregistration.k8s.io"
        | "apiextensions.k8s.io"
        | "apiregistration.k8s.io"
        | "flowcontrol.apiserver.k8s.io"
        | "node.k8s.io"
        | "scheduling.k8s.io"
        | "internal.apiserver.k8s.io"
        | "storagemigration.k8s.io" => true,
        _ => false,
    }
}
