//! Bindings.

use super::GROUP;
use super::graph::Scope;
use super::subject::RbacSubject;
use crate::kubernetes::object::Object;
use model::Place;
use text::Node;

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Debug)]
pub struct Binding<'o> {
    /// The object.
    pub object: &'o Object,
    /// Where its grants hold.
    pub scope: Scope,
    /// The name of its role.
    pub role_name: &'o str,
    /// Whether its role is a ClusterRole.
    pub binds_cluster_role: bool,
    /// `roleRef.name`.
    pub role_place: Place,
    /// Whom it names.
    pub subjects: Vec<BoundSubject>,
    /// Index of its role, where it is known.
    pub(super) role: Option<usize>,
}

/// A subject of a binding.
#[derive(Clone, Debug)]
pub struct BoundSubject {
    /// The subject.
    pub subject: RbacSubject,
    /// Where its name stands.
    pub place: Place,
}

impl<'o> Binding<'o> {
    /// The binding of an object. `None` for other kinds, and for bindings that the API server refuses.
    pub(super) fn of(object: &'o Object) -> Option<Binding<'o>> {
        let scope = match &*object.kind {
            _ if object.group() != GROUP => return None,
            "RoleBinding" => Scope::Namespace(object.namespace_or_default().into()),
            "ClusterRoleBinding" => Scope::Cluster,
            _ => return None,
        };
        let reference = object.at(&["roleRef"])?;
        let name = reference.get("name")?;
        let binds_cluster_role = match (reference.get("kind")?.str()?, &scope) {
            ("ClusterRole", _) => true,
            ("Role", Scope::Namespace(_)) => false,
            _ => return None,
        };
        let namespace = match &scope {
            Scope::Namespace(namespace) => Some(&**namespace),
            Scope::Cluster => None,
        };
        let subjects = object.at(&["subjects"]).map_or(&[][..], Node::items);
        let subjects = subjects
            .iter()
            .filter_map(|node| {
                Some(BoundSubject {
                    subject: RbacSubject::of(node, namespace)?,
                    place: object.place(node.get("name")?),
                })
            })
            .collect();
        Some(Binding {
            object,
            role_name: name.str()?,
            role_place: object.place(name),
            binds_cluster_role,
            subjects,
            scope,
            role: None,
        })
    }

    /// Whether the role of the binding is among those read, or shipped with Kubernetes.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.role.is_some()
    }
}
