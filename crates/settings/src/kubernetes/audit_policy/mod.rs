//! The audit policy: which requests are written down, and how much of them.
//!
//! Sources: k8s.io/apiserver 1.37 (24a394e5), pkg/audit/policy/{reader,checker}.go, pkg/apis/audit/{v1/types,
//! validation/validation}.go; what bodies hold was seen on 1.37.2.

mod bodies;
mod load;
mod request;
mod users;

pub use super::refusal::Refusal;
pub use bodies::{Decision, Logged, LoggedBody, SENSITIVE, Sensitive};
pub use request::{AuditUser, Request};

use model::Place;

/// An audit policy that the API server would load.
#[derive(Debug)]
pub struct AuditPolicy<'o> {
    /// The rules; the first that matches a request decides.
    pub rules: Vec<Rule<'o>>,
}

/// A rule.
#[derive(Debug)]
pub struct Rule<'o> {
    /// How much is written.
    pub level: Level,
    /// Where the level stands.
    pub level_place: Place,
    /// The rule.
    pub place: Place,
    pub(super) users: Vec<&'o str>,
    pub(super) user_groups: Vec<&'o str>,
    pub(super) verbs: Vec<&'o str>,
    pub(super) namespaces: Vec<&'o str>,
    pub(super) resources: Vec<GroupResources<'o>>,
    pub(super) urls: Vec<&'o str>,
}

/// Resources of one API group.
#[derive(Debug)]
pub(super) struct GroupResources<'o> {
    pub(super) group: &'o str,
    /// Empty means every resource of the group.
    pub(super) resources: Vec<&'o str>,
    pub(super) names: Vec<&'o str>,
}

/// How much of a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing. Also what counts where no rule matches.
    None,
    /// Who, what, when, and the answer's code.
    Metadata,
    /// The request's body too.
    Request,
    /// The answer's body too.
    RequestResponse,
}

impl Level {
    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Level::None => "None",
            Level::Metadata => "Metadata",
            Level::Request => "Request",
            Level::RequestResponse => "RequestResponse",
        }
    }
}

#[cfg(test)]
mod tests;
