//! Roles and bindings that every cluster has and that are no findings (bootstrappolicy; kubeadm's clusterinfo.go and its
//! bootstrap phases). A name or a label proves nothing, since nobody takes added rules away: the rules are compared.

use super::binding::Binding;
use super::graph::{Grant, Graph, Scope};
use super::role::Role;
use super::subject::{RbacSubject, SubjectKind};
use crate::kubernetes::object::Object;

/// How a role relates to what Kubernetes ships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shipped {
    /// It is a shipped role and allows nothing more.
    Unchanged,
    /// It has a shipped role's name and allows more.
    Widened,
    /// It calls itself shipped, and its rules are not known here (a controller's own role).
    NotCompared,
    /// It is somebody's own.
    No,
}

/// What requests without credentials get by a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnonymousReach {
    /// What every cluster gives: versions and health, or the cluster-info of kubeadm.
    Accepted,
    /// The public keys of the token issuer.
    PublicKeys,
    /// What clusters older than 1.14 gave and upgrades keep: discovery and reviews of oneself.
    Discovery,
    /// Anything else.
    Beyond,
}

/// Binding, role, subject; all of them ClusterRoleBindings of ClusterRoles.
type DefaultBinding = (&'static str, &'static str, SubjectKind, &'static str);

#[rustfmt::skip]
const DEFAULT_BINDINGS: &[DefaultBinding] = &[
    ("cluster-admin", "cluster-admin", SubjectKind::Group, "system:masters"),
    ("system:basic-user", "system:basic-user", SubjectKind::Group, "system:authenticated"),
    ("system:cluster-trust-bundle-discovery", "system:cluster-trust-bundle-discovery", SubjectKind::Group, "system:serviceaccounts"),
    ("system:discovery", "system:discovery", SubjectKind::Group, "system:authenticated"),
    ("system:kube-controller-manager", "system:kube-controller-manager", SubjectKind::User, "system:kube-controller-manager"),
    ("system:kube-dns", "system:kube-dns", SubjectKind::ServiceAccount, "kube-dns"),
    ("system:kube-scheduler", "system:kube-scheduler", SubjectKind::User, "system:kube-scheduler"),
    ("system:monitoring", "system:monitoring", SubjectKind::Group, "system:monitoring"),
    ("system:node-proxier", "system:node-proxier", SubjectKind::User, "system:kube-proxy"),
    ("system:public-info-viewer", "system:public-info-viewer", SubjectKind::Group, "system:authenticated"),
    ("system:public-info-viewer", "system:public-info-viewer", SubjectKind::Group, "system:unauthenticated"),
    ("system:service-account-issuer-discovery", "system:service-account-issuer-discovery", SubjectKind::Group, "system:serviceaccounts"),
    ("system:volume-scheduler", "system:volume-scheduler", SubjectKind::User, "system:kube-scheduler"),
    // kubeadm; the group of admin.conf from 1.29.
    ("kubeadm:cluster-admins", "cluster-admin", SubjectKind::Group, "kubeadm:cluster-admins"),
    ("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", SubjectKind::Group, "system:bootstrappers:kubeadm:default-node-token"),
    ("kubeadm:node-autoapprove-bootstrap", "system:certificates.k8s.io:certificatesigningrequests:nodeclient", SubjectKind::Group, "system:bootstrappers:kubeadm:default-node-token"),
    ("kubeadm:node-autoapprove-certificate-rotation", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", SubjectKind::Group, "system:nodes"),
    ("kubeadm:node-proxier", "system:node-proxier", SubjectKind::ServiceAccount, "kube-proxy"),
];

/// kubeadm's Role in kube-public, which lets new nodes find the cluster.
const CLUSTER_INFO: &str = "kubeadm:bootstrap-signer-clusterinfo";

impl<'o> Graph<'o> {
    /// How a role relates to what Kubernetes ships, aggregation included.
    #[must_use]
    pub fn shipped(&self, role: &Role<'o>) -> Shipped {
        let Some(shipped) = role.shipped else {
            let calls_itself_shipped = role.is_cluster_role()
                && role.name.starts_with("system:")
                && role.object.is_some_and(is_labelled_default);
            return if calls_itself_shipped {
                Shipped::NotCompared
            } else {
                Shipped::No
            };
        };
        let known = shipped.every_rule();
        if self.rules(role).all(|rule| rule.is_covered_by(&known)) {
            Shipped::Unchanged
        } else {
            Shipped::Widened
        }
    }

    /// Whether a grant is one that every cluster has: by a default binding, of an unchanged role, to its usual subject; or a
    /// controller's own role for its account.
    #[must_use]
    pub fn is_default(&self, grant: &Grant<'_, 'o>) -> bool {
        self.is_default_subject(grant.binding, grant.subject)
    }

    /// Whether a binding's subject is the usual one of a default binding with an unchanged role.
    #[must_use]
    pub fn is_default_subject(&self, binding: &Binding<'o>, subject: &RbacSubject) -> bool {
        let Some(role) = self.role_of(binding) else {
            return false;
        };
        if self.is_cluster_info(binding, role) {
            return subject.is_anonymous();
        }
        if binding.scope != Scope::Cluster {
            return false;
        }
        let name = &*binding.object.name;
        let controller = name
            .strip_prefix("system:controller:")
            .is_some_and(|account| {
                binding.role_name == name
                    && *subject == RbacSubject::account("kube-system", account)
                    && self.shipped(role) == Shipped::NotCompared
            });
        let listed = DEFAULT_BINDINGS.iter().any(|(bound, role, kind, whom)| {
            *bound == name
                && *role == binding.role_name
                && *kind == subject.kind
                && **whom == *subject.name
                && subject
                    .namespace
                    .as_deref()
                    .is_none_or(|ns| ns == "kube-system")
        });
        controller || (listed && self.shipped(role) == Shipped::Unchanged)
    }

    /// What a binding gives to requests without credentials; `None` if it names neither system:anonymous nor
    /// system:unauthenticated.
    #[must_use]
    pub fn anonymous_reach(&self, binding: &Binding<'o>) -> Option<AnonymousReach> {
        let anonymous = binding
            .subjects
            .iter()
            .any(|bound| bound.subject.is_anonymous());
        if !anonymous {
            return None;
        }
        let Some(role) = self.role_of(binding) else {
            return Some(AnonymousReach::Beyond);
        };
        if self.is_cluster_info(binding, role) {
            return Some(AnonymousReach::Accepted);
        }
        if self.shipped(role) != Shipped::Unchanged {
            return Some(AnonymousReach::Beyond);
        }
        Some(match role.name {
            "system:public-info-viewer" => AnonymousReach::Accepted,
            "system:service-account-issuer-discovery" => AnonymousReach::PublicKeys,
            "system:discovery" | "system:basic-user" => AnonymousReach::Discovery,
            _ => AnonymousReach::Beyond,
        })
    }

    /// kubeadm's Role, exactly: get on the ConfigMap cluster-info of kube-public.
    fn is_cluster_info(&self, binding: &Binding<'o>, role: &Role<'o>) -> bool {
        let in_public = binding.scope == Scope::Namespace("kube-public".into());
        if !in_public || role.namespace != Some("kube-public") || role.name != CLUSTER_INFO {
            return false;
        }
        let mut rules = self.rules(role);
        let one =
            |terms: &[super::Term<'_>], word: &str| matches!(terms, [term] if term.text == word);
        match (rules.next(), rules.next()) {
            (Some(rule), None) => {
                one(&rule.verbs, "get")
                    && one(&rule.groups, "")
                    && one(&rule.resources, "configmaps")
                    && one(&rule.names, "cluster-info")
                    && rule.urls.is_empty()
            }
            _ => false,
        }
    }
}

fn is_labelled_default(object: &Object) -> bool {
    object.labels().any(|(key, value)| {
        key == "kubernetes.io/bootstrapping" && value.text() == Some("rbac-defaults")
    })
}
