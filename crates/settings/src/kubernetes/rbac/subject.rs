//! Subjects of bindings.

use std::fmt;
use text::Node;

/// Whom a binding names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RbacSubject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its name.
    pub name: Box<str>,
    /// The namespace of a ServiceAccount; `None` for the others.
    pub namespace: Option<Box<str>>,
}

/// Kinds of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectKind {
    /// A user name, as certificates or tokens give it.
    User,
    /// A group.
    Group,
    /// A ServiceAccount.
    ServiceAccount,
}

impl RbacSubject {
    /// The subject of an element of `subjects`. A ServiceAccount without a namespace is of the binding's own; a user whose name
    /// is that of a ServiceAccount (`system:serviceaccount:NS:NAME`) is that ServiceAccount (appliesToUser, rbac.go).
    pub(super) fn of(node: &Node, binding_namespace: Option<&str>) -> Option<RbacSubject> {
        let word = |key: &str| node.get(key).and_then(Node::str).filter(|w| !w.is_empty());
        let name = word("name")?;
        match word("kind")? {
            "Group" => Some(RbacSubject::group(name)),
            "User" => Some(
                match name
                    .strip_prefix("system:serviceaccount:")
                    .and_then(|rest| rest.split_once(':'))
                {
                    Some((namespace, account)) => RbacSubject::account(namespace, account),
                    None => RbacSubject {
                        kind: SubjectKind::User,
                        name: name.into(),
                        namespace: None,
                    },
                },
            ),
            "ServiceAccount" => {
                let namespace = word("namespace").or(binding_namespace)?;
                Some(RbacSubject::account(namespace, name))
            }
            _ => None,
        }
    }

    /// A group.
    #[must_use]
    pub fn group(name: &str) -> RbacSubject {
        RbacSubject {
            kind: SubjectKind::Group,
            name: name.into(),
            namespace: None,
        }
    }

    /// A ServiceAccount.
    #[must_use]
    pub fn account(namespace: &str, name: &str) -> RbacSubject {
        RbacSubject {
            kind: SubjectKind::ServiceAccount,
            name: name.into(),
            namespace: Some(namespace.into()),
        }
    }

    /// Whether it is the user or the group of requests without credentials.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        matches!(
            (self.kind, &*self.name),
            (SubjectKind::User, "system:anonymous")
                | (SubjectKind::Group, "system:unauthenticated")
        )
    }

    /// Whether it is a group that every pod is in: system:authenticated, system:serviceaccounts, or the accounts of one
    /// namespace (`system:serviceaccounts:NS`).
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        self.kind == SubjectKind::Group
            && (&*self.name == "system:authenticated" || self.account_namespace().is_some())
    }

    /// Of a group of ServiceAccounts: the namespace, or the empty string for those of all namespaces.
    #[must_use]
    pub fn account_namespace(&self) -> Option<&str> {
        let rest = self.name.strip_prefix("system:serviceaccounts")?;
        match self.kind {
            SubjectKind::Group if rest.is_empty() => Some(""),
            SubjectKind::Group => rest.strip_prefix(':'),
            SubjectKind::User | SubjectKind::ServiceAccount => None,
        }
    }

    /// Whether a binding of this subject counts for a ServiceAccount: itself, or a group that it is in.
    #[must_use]
    pub fn includes_account(&self, namespace: &str, name: &str) -> bool {
        match self.kind {
            SubjectKind::ServiceAccount => {
                self.namespace.as_deref() == Some(namespace) && *self.name == *name
            }
            SubjectKind::Group => {
                &*self.name == "system:authenticated"
                    || self
                        .account_namespace()
                        .is_some_and(|of| of.is_empty() || of == namespace)
            }
            SubjectKind::User => false,
        }
    }

    /// Whether it is a part of the control plane: its users and groups, and the accounts of kube-system.
    #[must_use]
    pub fn is_control_plane(&self) -> bool {
        match self.kind {
            SubjectKind::User => {
                self.name.starts_with("system:kube-")
                    || self.name.starts_with("system:node:")
                    || &*self.name == "system:apiserver"
            }
            SubjectKind::Group => matches!(&*self.name, "system:masters" | "system:nodes"),
            SubjectKind::ServiceAccount => self.namespace.as_deref() == Some("kube-system"),
        }
    }
}

impl fmt::Display for RbacSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, &self.namespace) {
            (SubjectKind::ServiceAccount, Some(namespace)) => {
                write!(f, "ServiceAccount {namespace}/{}", self.name)
            }
            (SubjectKind::ServiceAccount, None) => write!(f, "ServiceAccount {}", self.name),
            (SubjectKind::User, _) => write!(f, "User {}", self.name),
            (SubjectKind::Group, _) => write!(f, "Group {}", self.name),
        }
    }
}
