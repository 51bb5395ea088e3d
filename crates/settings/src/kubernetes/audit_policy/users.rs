//! The users that a policy can tell apart.

use super::request::AuditUser;
use super::{AuditPolicy, Rule};
use std::collections::HashSet;

/// The most users that are tried; a policy names a dozen.
const MAX_USERS: usize = 512;

impl AuditUser {
    /// A user with the groups that the API server gives to the name.
    #[must_use]
    pub fn named(name: &str) -> AuditUser {
        let mut groups = vec!["system:authenticated".to_owned()];
        if let Some((namespace, _)) = name
            .strip_prefix("system:serviceaccount:")
            .and_then(|rest| rest.split_once(':'))
        {
            groups.push("system:serviceaccounts".into());
            groups.push(format!("system:serviceaccounts:{namespace}"));
        } else if name.starts_with("system:node:") {
            groups.push("system:nodes".into());
        } else if name == "system:anonymous" {
            groups = vec!["system:unauthenticated".into()];
        }
        AuditUser {
            name: name.to_owned(),
            groups,
        }
    }

    /// Somebody in a group, by a name that no rule has.
    #[must_use]
    pub fn in_group(group: &str) -> AuditUser {
        if group == "system:unauthenticated" {
            return AuditUser::named("system:anonymous");
        }
        if group == "system:nodes" {
            return AuditUser::named("system:node:any");
        }
        if let Some(namespace) = group.strip_prefix("system:serviceaccounts:") {
            return AuditUser::named(&format!("system:serviceaccount:{namespace}:any"));
        }
        if group == "system:serviceaccounts" {
            return AuditUser::named("system:serviceaccount:any:any");
        }
        let mut user = AuditUser::named("any other user");
        if group != "system:authenticated" {
            user.groups.push(group.to_owned());
        }
        user
    }

    /// Whether it is a part of the control plane: nodes, `system:kube-*`, the API server, accounts of kube-system.
    #[must_use]
    pub fn is_control_plane(&self) -> bool {
        let name = self.name.as_str();
        name.starts_with("system:node:")
            || name.starts_with("system:kube-")
            || name == "system:apiserver"
            || name.starts_with("system:serviceaccount:kube-system:")
            || self.groups.iter().any(|group| group == "system:nodes")
    }
}

/// One user of every kind that a rule may treat differently: the usual ones, and those that the policy names. The flag is false
/// if there were too many.
pub(super) fn to_try(policy: &AuditPolicy<'_>) -> (Vec<AuditUser>, bool) {
    let mut users = vec![
        AuditUser::in_group("system:authenticated"),
        AuditUser::in_group("system:serviceaccounts"),
        AuditUser::in_group("system:masters"),
        AuditUser::named("system:anonymous"),
        AuditUser::in_group("system:nodes"),
        AuditUser::named("system:kube-controller-manager"),
        AuditUser::named("system:apiserver"),
        AuditUser::in_group("system:serviceaccounts:kube-system"),
    ];
    let mut seen: HashSet<AuditUser> = users.iter().cloned().collect();
    for rule in &policy.rules {
        for user in named_by(rule) {
            if users.len() == MAX_USERS {
                return (users, false);
            }
            if seen.insert(user.clone()) {
                users.push(user);
            }
        }
    }
    (users, true)
}

fn named_by(rule: &Rule<'_>) -> impl Iterator<Item = AuditUser> {
    let users = rule.users.iter().map(|user| {
        let mut user = AuditUser::named(user);
        // The rule asks for the groups as well.
        let first = rule.user_groups.first();
        if let Some(group) = first.filter(|group| !user.groups.iter().any(|g| g == *group)) {
            user.groups.push((*group).to_owned());
        }
        user
    });
    let groups = rule
        .user_groups
        .iter()
        .map(|group| AuditUser::in_group(group));
    users.chain(groups)
}
