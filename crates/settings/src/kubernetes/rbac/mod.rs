//! Who may do what: roles, bindings, and what the RBAC authorizer makes of them.
//!
//! Sources: kubernetes pkg/apis/rbac/v1/evaluation_helpers.go, plugin/pkg/auth/authorizer/rbac and its bootstrappolicy;
//! confirmed with real tokens on kube-apiserver 1.37.2.

mod aggregation;
mod binding;
mod defaults;
mod graph;
mod role;
mod rule;
mod shipped;
mod subject;

pub use binding::{Binding, BoundSubject};
pub use defaults::{AnonymousReach, Shipped};
pub use graph::{Grant, Graph, Scope};
pub use role::Role;
pub use rule::{Reach, Rule, Term};
pub use subject::{RbacSubject, SubjectKind};

#[cfg(test)]
mod tests;

/// The API group of roles and bindings.
pub(super) const GROUP: &str = "rbac.authorization.k8s.io";
