//! Broad grants: are there grants no workload should hold?
//!
//! # What it proves
//! That no binding gives a workload, or everybody, rights that nobody listed: stars, cluster-admin, system:masters, and
//! groups that every pod is in.
//!
//! # Why it matters: the attack
//! Whoever runs code in a pod has its account's token. A star in `verbs` holds `escalate`, `bind` and `impersonate`, which end
//! in every right of the cluster; a star in `resources` holds secrets and whatever is added later.
//!
//! # How each depth is read
//! - declared: roles and bindings, aggregation included. Each binding is judged by what its rules expand to. Roles that
//!   Kubernetes ships are compared by their rules, not by their names.
//! - loaded: complete lists of roles and bindings.
//! - observed: nothing.
//! - recorded: the reason in the audit trail names the binding that allowed a request.
//!
//! # How to fix
//! Replace stars by the verbs and resources that the audit trail shows in use, in a role of the namespace. Bind accounts of
//! their own, never `default` or a group of all accounts.
//!
//! # References
//! - Kubernetes, "Role Based Access Control Good Practices"
//! - pkg/apis/rbac/v1/evaluation_helpers.go, bootstrappolicy/policy.go (1.37); real tokens on kube-apiserver 1.37.2

use crate::judging_kubernetes::fact;
use crate::judging_rbac::{
    Findings, READING_VERBS, binding_subject, cluster_subject, each_cluster, role_fact, term_fact,
};
use model::{
    Cause, Claims, Estate, Exposure, Family, Meta, Place, Safety, Severity, Stage, Subject,
};
use settings::kubernetes::rbac::{
    Binding, BoundSubject, Grant, Graph, Reach, Role, Rule, Scope, Shipped, SubjectKind,
};
use std::collections::HashSet;

/// What this control is.
pub const META: Meta = Meta {
    title: "Broad grants",
    question: "Are there grants no workload should hold?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "wildcard",
            severity: Severity::High,
            title: "a star in a role grants more than anybody listed",
            remedy: "name the verbs and resources that are used",
        },
        Cause {
            slug: "workload-cluster-admin",
            severity: Severity::Critical,
            title: "an account of a workload is bound to cluster-admin",
            remedy: "bind a role with the rights that the workload uses",
        },
        Cause {
            slug: "system-masters",
            severity: Severity::High,
            title: "the group system:masters is bound, whose members no binding can take rights from",
            remedy: "bind a group of its own",
        },
        Cause {
            slug: "everyone-bound",
            severity: Severity::High,
            title: "rights are granted to a group that every pod or every user is in",
            remedy: "bind the accounts that need them",
        },
        Cause {
            slug: "default-account-bound",
            severity: Severity::High,
            title: "rights are granted to the account default, which every pod without its own has",
            remedy: "bind an account that only this workload uses",
        },
    ],
    safety: Safety::Manual,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Judges each binding, and each role with stars that nobody is bound to.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_cluster(estate, claims, |cluster, graph, findings| {
        for binding in graph.bindings() {
            let subjects: Vec<&BoundSubject> = binding
                .subjects
                .iter()
                .filter(|bound| !graph.is_default_subject(binding, &bound.subject))
                // Requests without credentials are the matter of k8s/api-access.
                .filter(|bound| !bound.subject.is_anonymous())
                .collect();
            if subjects.is_empty() {
                continue;
            }
            for exposure in of_subjects(estate, graph, binding, &subjects) {
                findings.add(binding_subject(binding), exposure);
            }
            if let Some(exposure) = stars(estate, graph, binding, &subjects) {
                findings.add(binding_subject(binding), exposure);
            }
        }
        unbound(estate, graph, findings);
        if findings.is_empty() {
            findings.consider(cluster_subject(estate, cluster));
        }
    });
}

/// What is wrong with whom a binding names.
fn of_subjects(
    estate: &Estate,
    graph: &Graph<'_>,
    binding: &Binding<'_>,
    subjects: &[&BoundSubject],
) -> Vec<Exposure> {
    let mut exposures = Vec::new();
    for bound in subjects {
        let subject = &bound.subject;
        let named = fact(estate, bound.place, "is granted it")
            .key("subjects[].name")
            .value(subject.name.clone());
        let role = role_fact(estate, binding, "what is granted");
        if subject.kind == SubjectKind::ServiceAccount && binding.role_name == "cluster-admin" {
            let severity = match binding.scope {
                Scope::Cluster => Severity::Critical,
                Scope::Namespace(_) => Severity::High,
            };
            exposures.push(
                Exposure::new("workload-cluster-admin", role.clone())
                    .with(named.clone())
                    .severity(severity)
                    .message(format!("{subject} is bound to cluster-admin")),
            );
        }
        if subject.kind == SubjectKind::Group && &*subject.name == "system:masters" {
            exposures.push(Exposure::new("system-masters", named.clone()).with(role.clone()));
        }
        if subject.is_everyone() && !is_harmless(graph, binding) {
            let opens = binding.scope == Scope::Cluster
                && graph.grants_of(binding).any(|grant| opens_secrets(&grant));
            let severity = if opens {
                Severity::Critical
            } else if is_narrow(graph, binding) {
                Severity::Medium
            } else {
                Severity::High
            };
            exposures.push(
                Exposure::new("everyone-bound", named.clone())
                    .with(role.clone())
                    .severity(severity)
                    .message(format!("{subject} is bound to {}", binding.role_name)),
            );
        }
        if subject.kind == SubjectKind::ServiceAccount && &*subject.name == "default" {
            exposures.push(Exposure::new("default-account-bound", named).with(role));
        }
    }
    exposures
}

/// Discovery and reviews of oneself, which every user has anyway, and ConfigMaps that a role names one by one: somebody made
/// them public (`cluster-info` of kubeadm is one).
fn is_harmless(graph: &Graph<'_>, binding: &Binding<'_>) -> bool {
    const FOR_EVERYONE: [&str; 4] = [
        "system:basic-user",
        "system:discovery",
        "system:public-info-viewer",
        "system:service-account-issuer-discovery",
    ];
    graph.role_of(binding).is_some_and(|role| {
        let shipped =
            graph.shipped(role) == Shipped::Unchanged && FOR_EVERYONE.contains(&role.name);
        shipped
            || all_rules(graph, role, |rule| {
                reviews_oneself(rule) || reads_named_maps(rule)
            })
    })
}

fn all_rules(graph: &Graph<'_>, role: &Role<'_>, test: impl Fn(&Rule<'_>) -> bool) -> bool {
    let mut rules = graph.rules(role).peekable();
    rules.peek().is_some() && rules.all(test)
}

fn reviews_oneself(rule: &Rule<'_>) -> bool {
    !rule.resources.is_empty()
        && rule.resources.iter().all(|term| {
            matches!(
                term.text,
                "selfsubjectaccessreviews" | "selfsubjectrulesreviews" | "selfsubjectreviews"
            )
        })
}

fn reads_named_maps(rule: &Rule<'_>) -> bool {
    !rule.names.is_empty()
        && !rule.resources.is_empty()
        && is_reading(rule)
        && rule.groups.iter().all(|group| group.text.is_empty())
        && rule.resources.iter().all(|term| term.text == "configmaps")
}

/// Whether a rule only looks.
fn is_reading(rule: &Rule<'_>) -> bool {
    rule.verbs
        .iter()
        .all(|verb| matches!(verb.text, "get" | "list" | "watch"))
}

/// Reading kinds of custom resources, and using a policy: less than what pods and ConfigMaps tell.
fn is_narrow(graph: &Graph<'_>, binding: &Binding<'_>) -> bool {
    let uses_policy = |rule: &Rule<'_>| {
        rule.verbs.iter().all(|verb| verb.text == "use")
            && rule.resources.iter().all(|term| {
                matches!(
                    term.text,
                    "podsecuritypolicies" | "securitycontextconstraints"
                )
            })
    };
    graph.role_of(binding).is_some_and(|role| {
        all_rules(graph, role, |rule| {
            (is_custom(rule) && is_reading(rule)) || uses_policy(rule)
        })
    })
}

/// Whether a grant reads Secrets, opens shells or makes pods.
fn opens_secrets(grant: &Grant<'_, '_>) -> bool {
    READING_VERBS
        .iter()
        .any(|verb| grant.reaches(verb, "", "secrets"))
        || grant.reaches("create", "", "pods/exec")
        || grant.reaches("create", "", "pods")
}

/// The worst star among the rules of a binding.
fn stars(
    estate: &Estate,
    graph: &Graph<'_>,
    binding: &Binding<'_>,
    subjects: &[&BoundSubject],
) -> Option<Exposure> {
    let role = graph.role_of(binding)?;
    if graph.shipped(role) == Shipped::Unchanged {
        return None;
    }
    let first = subjects.first()?;
    let mut starred: Vec<(Severity, Grant<'_, '_>)> = graph
        .grants_of(binding)
        .filter(|grant| *grant.subject == first.subject && grant.rule.stars().next().is_some())
        .filter(|grant| grant.rule.place.is_some() && !grant.is_kubelet_client())
        .map(|grant| (severity(&grant, subjects), grant))
        .collect();
    // The worst first; rules of one severity in their order.
    starred.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let mut exposure: Option<Exposure> = None;
    for (severity, grant) in starred {
        let Some((field, star)) = star_of(grant.rule) else {
            continue;
        };
        let witness = term_fact(estate, &grant, field, star, "everything");
        exposure = Some(match exposure {
            Some(exposure) => exposure.with(witness),
            None => Exposure::new("wildcard", witness)
                .with(role_fact(estate, binding, "binds the role"))
                .severity(severity)
                .message(format!(
                    "{} grants {}{} to {}",
                    role.name,
                    covered(grant.rule),
                    match &binding.scope {
                        Scope::Cluster => String::from(" in the whole cluster"),
                        Scope::Namespace(namespace) => format!(" in {namespace}"),
                    },
                    first.subject
                )),
        });
    }
    exposure
}

/// The star that says most: of the resources, else of the verbs, groups or paths.
fn star_of<'o>(rule: &Rule<'o>) -> Option<(&'static str, settings::kubernetes::rbac::Term<'o>)> {
    [
        ("resources", &rule.resources),
        ("verbs", &rule.verbs),
        ("apiGroups", &rule.groups),
        ("nonResourceURLs", &rule.urls),
    ]
    .into_iter()
    .find_map(|(field, terms)| Some((field, *terms.iter().find(|term| term.text == "*")?)))
}

fn severity(grant: &Grant<'_, '_>, subjects: &[&BoundSubject]) -> Severity {
    if covers_sensitive(grant.rule) {
        return match grant.scope {
            Scope::Cluster => Severity::Critical,
            Scope::Namespace(_) => Severity::High,
        };
    }
    let is_own = |group: &str| {
        subjects.iter().all(|bound| {
            let name = &*bound.subject.name;
            let is_operator = ["operator", "controller", "manager"]
                .iter()
                .any(|word| name.contains(word));
            // `dex` and `dex.coreos.com`.
            let is_named = group.split('.').next() == Some(name);
            bound.subject.kind == SubjectKind::ServiceAccount && (is_operator || is_named)
        })
    };
    let rule = grant.rule;
    let is_of_groups = |test: &dyn Fn(&str) -> bool| {
        !rule.groups.is_empty() && rule.groups.iter().all(|group| test(group.text))
    };
    let is_metrics = |group: &str| group == "metrics.k8s.io" || group.ends_with(".metrics.k8s.io");
    // Every verb on kinds that are named, in one namespace: no more than what is listed.
    let is_listed = matches!(grant.scope, Scope::Namespace(_))
        && !rule.resources.is_empty()
        && rule
            .resources
            .iter()
            .chain(&rule.groups)
            .all(|term| term.text != "*");
    let is_custom = is_custom(rule);
    if is_custom && (is_reading(rule) || is_of_groups(&is_own))
        || is_of_groups(&is_metrics)
        || is_listed
    {
        Severity::Low
    } else {
        Severity::Medium
    }
}

/// Whether a rule reaches Secrets, pods, or roles and bindings, all of them.
fn covers_sensitive(rule: &Rule<'_>) -> bool {
    const RBAC: &str = "rbac.authorization.k8s.io";
    const SENSITIVE: [(&str, &str); 6] = [
        ("", "secrets"),
        ("", "pods"),
        (RBAC, "roles"),
        (RBAC, "rolebindings"),
        (RBAC, "clusterroles"),
        (RBAC, "clusterrolebindings"),
    ];
    rule.verbs.iter().any(|verb| {
        SENSITIVE.iter().any(|(group, resource)| {
            matches!(rule.reach(verb.text, group, resource), Reach::Everything)
        })
    })
}

/// Whether a rule stays inside groups of custom resources. Built-in groups have no dot, or are listed here.
fn is_custom(rule: &Rule<'_>) -> bool {
    const BUILT_IN: [&str; 17] = [
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "metrics.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    ];
    !rule.groups.is_empty()
        && rule.urls.is_empty()
        && rule
            .groups
            .iter()
            .all(|group| group.text.contains('.') && !BUILT_IN.contains(&group.text))
}

/// What a rule covers, in short.
fn covered(rule: &Rule<'_>) -> String {
    let words = |terms: &[settings::kubernetes::rbac::Term<'_>]| {
        let words: Vec<&str> = terms.iter().take(4).map(|term| term.text).collect();
        words.join(", ")
    };
    let objects = if rule.resources.is_empty() {
        words(&rule.urls)
    } else {
        words(&rule.resources)
    };
    // A star of resources means nothing without the API group it stays in.
    let all_of =
        |terms: &[settings::kubernetes::rbac::Term<'_>]| terms.iter().any(|term| term.text == "*");
    let groups = if all_of(&rule.resources) && !all_of(&rule.groups) {
        let named: Vec<&str> = rule
            .groups
            .iter()
            .take(4)
            .map(|term| {
                if term.text.is_empty() {
                    "the core group"
                } else {
                    term.text
                }
            })
            .collect();
        format!(" of {}", named.join(", "))
    } else {
        String::new()
    };
    format!("verbs {} on {objects}{groups}", words(&rule.verbs))
}

/// Roles with stars that no binding uses. A star that stays inside custom groups is then no matter at all.
fn unbound(estate: &Estate, graph: &Graph<'_>, findings: &mut Findings) {
    let bound: HashSet<Place> = graph
        .grants()
        .filter_map(|grant| grant.rule.place)
        .collect();
    // Also by another declaration of the same name.
    let named: HashSet<(Option<&str>, &str)> = graph
        .bindings()
        .iter()
        .filter_map(|binding| graph.role_of(binding))
        .map(|role| (role.namespace, role.name))
        .collect();
    for role in graph.roles() {
        let (Some(object), Shipped::No) = (role.object, graph.shipped(role)) else {
            continue;
        };
        if named.contains(&(role.namespace, role.name)) {
            continue;
        }
        let starred = graph.rules(role).find(|rule| {
            rule.stars().next().is_some()
                && !is_custom(rule)
                && rule.place.is_some_and(|place| !bound.contains(&place))
        });
        let Some((field, star)) = starred.and_then(star_of) else {
            continue;
        };
        let Some(place) = star.place else {
            continue;
        };
        let kind = if role.is_cluster_role() {
            "ClusterRole"
        } else {
            "Role"
        };
        let subject = Subject::new(kind, object.qualified_name(), Some(object.name_place()));
        findings.add(
            subject,
            Exposure::new(
                "wildcard",
                fact(estate, place, "everything").key(field).value("*"),
            )
            .severity(Severity::Low)
            .message("the role holds a star; no binding that was read uses it"),
        );
    }
}
