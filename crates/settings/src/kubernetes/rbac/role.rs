//! Roles.

use super::rule::Rule;
use super::{GROUP, shipped};
use crate::kubernetes::object::Object;
use model::Place;

/// A Role or a ClusterRole, declared or shipped with Kubernetes.
#[derive(Debug)]
pub struct Role<'o> {
    /// The object; `None` where Kubernetes ships it and no object declares it.
    pub object: Option<&'o Object>,
    /// The namespace of a Role; `None` for a ClusterRole.
    pub namespace: Option<&'o str>,
    /// Its name.
    pub name: &'o str,
    /// The rules that stand in it, shipped ones that the API server adds at start included.
    pub(super) own: Vec<Rule<'o>>,
    /// The roles whose rules it aggregates.
    pub(super) parts: Vec<usize>,
    /// What it aggregates by, and its labels, where it is a ClusterRole.
    pub(super) shipped: Option<&'static shipped::ShippedRole>,
}

impl<'o> Role<'o> {
    /// The role of an object.
    pub(super) fn of(object: &'o Object) -> Option<Role<'o>> {
        let namespace = match &*object.kind {
            _ if object.group() != GROUP => return None,
            "Role" => Some(object.namespace_or_default()),
            "ClusterRole" => None,
            _ => return None,
        };
        let own = Rule::of_object(object);
        Some(Role {
            object: Some(object),
            namespace,
            name: &object.name,
            own,
            parts: Vec::new(),
            shipped: None,
        })
    }

    /// A ClusterRole that Kubernetes ships.
    pub(super) fn of_shipped(role: &'static shipped::ShippedRole) -> Role<'o> {
        Role {
            object: None,
            namespace: None,
            name: role.name,
            own: role.rules(),
            parts: Vec::new(),
            shipped: Some(role),
        }
    }

    /// Joins an object with the shipped role of its name: the API server adds the rules that are missing at every start, unless
    /// the annotation `rbac.authorization.kubernetes.io/autoupdate` says false (reconciliation; it takes no rule away).
    pub(super) fn reconcile(&mut self, role: &'static shipped::ShippedRole) {
        self.shipped = Some(role);
        let annotation = "rbac.authorization.kubernetes.io/autoupdate";
        let off = self
            .object
            .and_then(|object| object.annotation(annotation))
            .and_then(|node| node.text())
            == Some("false");
        if !off {
            let missing: Vec<_> = role
                .rules()
                .into_iter()
                .filter(|rule| !rule.is_covered_by(&self.own))
                .collect();
            self.own.extend(missing);
        }
    }

    /// Adds the rules of another declaration of the same role.
    pub(super) fn widen(&mut self, rules: Vec<Rule<'o>>) {
        let missing: Vec<_> = rules
            .into_iter()
            .filter(|rule| !rule.is_covered_by(&self.own))
            .collect();
        self.own.extend(missing);
    }

    /// Where it is declared.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.object.map(Object::name_place)
    }

    /// Whether it is a ClusterRole.
    #[must_use]
    pub fn is_cluster_role(&self) -> bool {
        self.namespace.is_none()
    }
}
