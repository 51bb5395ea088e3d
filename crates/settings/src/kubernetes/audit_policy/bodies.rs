//! What a policy writes down of resources that hold secret values.

use super::request::{AuditUser, Request};
use super::{AuditPolicy, Level, Rule, users};
use std::collections::HashSet;

/// A resource whose bodies hold secret values or configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensitive {
    /// The API group; empty for core.
    pub group: &'static str,
    /// The resource.
    pub resource: &'static str,
    /// The subresource; empty without one.
    pub subresource: &'static str,
    /// The verbs that it has.
    pub verbs: &'static [&'static str],
    /// Whether it has namespaces.
    pub namespaced: bool,
    /// Whether it holds secret values by design; else configuration, which often does.
    pub is_secret: bool,
}

const ALL: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
];

/// Secrets, tokens, ConfigMaps and the custom resources that carry Spark's configuration.
pub const SENSITIVE: &[Sensitive] = &[
    secret("", "secrets", "", ALL, true),
    secret(
        "authentication.k8s.io",
        "tokenreviews",
        "",
        &["create"],
        false,
    ),
    secret("", "serviceaccounts", "token", &["create"], true),
    configuration("", "configmaps"),
    configuration("sparkoperator.k8s.io", "sparkapplications"),
    configuration("sparkoperator.k8s.io", "scheduledsparkapplications"),
    configuration("spark.apache.org", "sparkapplications"),
    configuration("spark.apache.org", "sparkclusters"),
];

const fn secret(
    group: &'static str,
    resource: &'static str,
    subresource: &'static str,
    verbs: &'static [&'static str],
    namespaced: bool,
) -> Sensitive {
    Sensitive {
        group,
        resource,
        subresource,
        verbs,
        namespaced,
        is_secret: true,
    }
}

const fn configuration(group: &'static str, resource: &'static str) -> Sensitive {
    Sensitive {
        is_secret: false,
        ..secret(group, resource, "", ALL, true)
    }
}

/// The rule that decides about requests of one kind of user.
#[derive(Clone, Debug)]
pub struct Decision<'p, 'o> {
    /// Who asks.
    pub user: AuditUser,
    /// The verb.
    pub verb: &'static str,
    /// A namespace in which the rule decides; empty where it does for requests without one.
    pub namespace: String,
    /// The rule; `None` where no rule matches, which is level None.
    pub rule: Option<&'p Rule<'o>>,
}

/// Decisions that write bodies.
#[derive(Clone, Debug)]
pub struct Logged<'p, 'o> {
    /// The resource.
    pub resource: &'static Sensitive,
    /// Who asks, and how.
    pub decision: Decision<'p, 'o>,
    /// Which body holds a value.
    pub body: LoggedBody,
}

/// What a written body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedBody {
    /// A body is written, and requests of this verb have no value in it.
    Nothing,
    /// The request holds the value.
    Request,
    /// The answer holds the value.
    Answer,
    /// Both do.
    Both,
}

impl<'o> AuditPolicy<'o> {
    /// Which rule decides, for every kind of user that the policy can tell apart, every verb, and the namespaces and names
    /// that make a difference. The flag is false if the policy names more of them than are tried.
    #[must_use]
    pub fn decisions(&self, of: &'static Sensitive) -> (Vec<Decision<'_, 'o>>, bool) {
        let (users, mut is_complete) = users::to_try(self);
        let mut decisions = Vec::new();
        let mut budget = MAX_WORDS;
        for verb in of.verbs {
            let rules: Vec<&Rule<'o>> = self
                .rules
                .iter()
                .filter(|rule| {
                    rule.matches_verb(verb)
                        && rule.matches_resource(of.group, of.resource, of.subresource, |_| true)
                })
                .collect();
            for user in &users {
                is_complete &= spend(&mut budget, &rules);
                if budget == 0 {
                    return (decisions, false);
                }
                let rules: Vec<&Rule<'o>> = rules
                    .iter()
                    .copied()
                    .filter(|rule| rule.matches_user(user))
                    .collect();
                is_complete &= decide(&rules, of, user, verb, &mut budget, &mut decisions);
            }
        }
        (decisions, is_complete)
    }

    /// The decisions that write bodies of resources in [`SENSITIVE`], and whether all were found (see
    /// [`AuditPolicy::decisions`]).
    #[must_use]
    pub fn bodies(&self) -> (Vec<Logged<'_, 'o>>, bool) {
        let mut logged = Vec::new();
        let mut is_complete = true;
        for resource in SENSITIVE {
            let (decisions, complete) = self.decisions(resource);
            is_complete &= complete;
            logged.extend(decisions.into_iter().filter_map(|decision| {
                let level = decision.rule?.level;
                (level >= Level::Request).then(|| Logged {
                    resource,
                    body: body(resource, decision.verb, level),
                    decision,
                })
            }));
        }
        (logged, is_complete)
    }
}

/// The most words of rules that are compared for one resource. A policy of a hundred rules takes a few millions.
const MAX_WORDS: usize = 50_000_000;

/// Takes the cost of holding a request against rules off the budget; false if it is used up.
fn spend(budget: &mut usize, rules: &[&Rule<'_>]) -> bool {
    let words: usize = rules.iter().map(|rule| rule.words()).sum();
    *budget = budget.saturating_sub(words);
    *budget > 0
}

/// The most namespaces, and the most names, that are tried for one user and verb.
const MAX_TRIED: usize = 64;

/// Adds a decision for each rule that decides in some namespace for some name.
fn decide<'p, 'o>(
    rules: &[&'p Rule<'o>],
    of: &'static Sensitive,
    user: &AuditUser,
    verb: &'static str,
    budget: &mut usize,
    decisions: &mut Vec<Decision<'p, 'o>>,
) -> bool {
    let (namespaces, all_namespaces) = distinct(
        if of.namespaced {
            &["any other", ""]
        } else {
            &[""]
        },
        rules
            .iter()
            .filter(|_| of.namespaced)
            .flat_map(|rule| rule.namespaces.iter().copied()),
    );
    let (names, all_names) = distinct(
        &["any other", ""],
        rules
            .iter()
            .flat_map(|rule| &rule.resources)
            .flat_map(|listed| listed.names.iter().copied()),
    );
    let mut decided: HashSet<Option<model::Place>> = HashSet::new();
    for namespace in &namespaces {
        for name in &names {
            if !spend(budget, rules) {
                return false;
            }
            let request = Request {
                user,
                verb,
                group: of.group,
                resource: of.resource,
                subresource: of.subresource,
                namespace,
                name,
            };
            let rule = rules.iter().copied().find(|rule| rule.matches(&request));
            if decided.insert(rule.map(|rule| rule.place)) {
                decisions.push(Decision {
                    user: user.clone(),
                    verb,
                    namespace: (*namespace).to_owned(),
                    rule,
                });
            }
        }
    }
    all_namespaces && all_names
}

fn distinct<'w>(first: &[&'w str], more: impl Iterator<Item = &'w str>) -> (Vec<&'w str>, bool) {
    let mut words = first.to_vec();
    let mut seen: HashSet<&str> = first.iter().copied().collect();
    for word in more {
        if words.len() == MAX_TRIED {
            return (words, false);
        }
        if seen.insert(word) {
            words.push(word);
        }
    }
    (words, true)
}

/// What bodies of a verb hold at a level. A watch has no answer body. A TokenRequest has its token in the answer, a TokenReview
/// in the request. Deletes may answer with the object.
fn body(of: &Sensitive, verb: &str, level: Level) -> LoggedBody {
    let answers = level == Level::RequestResponse;
    if of.subresource == "token" {
        return if answers {
            LoggedBody::Answer
        } else {
            LoggedBody::Nothing
        };
    }
    match verb {
        "create" if of.resource == "tokenreviews" => LoggedBody::Request,
        "create" | "update" | "patch" if answers => LoggedBody::Both,
        "create" | "update" | "patch" => LoggedBody::Request,
        "get" | "list" | "delete" | "deletecollection" if answers => LoggedBody::Answer,
        _ => LoggedBody::Nothing,
    }
}
