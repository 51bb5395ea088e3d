//! Secret readers: who, directly or by any path, can read each Secret?
//!
//! # What it proves
//! Which accounts, users and groups end up with the content of Secrets, whatever right they start from.
//!
//! # Why it matters: the attack
//! Nobody grants `get secrets` to an intruder. Making a pod that mounts the Secret, opening a shell in one that did, taking
//! another account's token or asking an operator for a pod gives the same bytes.
//!
//! # How each depth is read
//! - declared: roles and bindings, aggregation included, and the rights that lead to Secrets: get, list, watch, patch, delete
//!   and deletecollection answer with bodies; the others go through pods, tokens, nodes or controllers. A subject that reads
//!   all Secrets of a namespace directly is told so once. Stars are told by k8s/broad-grants.
//! - loaded: complete lists of roles and bindings, SubjectAccessReview.
//! - observed: one's own SelfSubjectAccessReview.
//! - recorded: the six reading verbs on secrets, exec and token requests in the audit trail.
//!
//! # How to fix
//! Cut the path at the rule that the finding points at. Grant get on single Secrets with resourceNames, never list or watch.
//! Keep one namespace per trust domain: whoever makes pods in it reads its Secrets.
//!
//! # References
//! - pkg/apis/rbac/v1/evaluation_helpers.go; real tokens on kube-apiserver 1.37.2 and 1.32.13
//! - Kubernetes, "Role Based Access Control Good Practices", privilege escalation risks

use crate::judging_kubernetes::{fact, objects_of, release_of};
use crate::judging_rbac::{
    Findings, READING_VERBS, cluster_subject, each_cluster, role_fact, subject_fact, subject_of,
    term_fact,
};
use crate::secret_paths::{Path, paths};
use crate::spark_accounts::{is_one_of, spark_accounts};
use model::{Cause, Claims, Estate, Exposure, Family, Meta, Safety, Severity, Stage, Subject};
use settings::kubernetes::object::Object;
use settings::kubernetes::rbac::{Grant, Graph, RbacSubject, Reach, Scope, Shipped};
use std::collections::{BTreeMap, HashSet};
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Secret readers",
    question: "Who, directly or by any path, can read each Secret?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "direct",
            severity: Severity::High,
            title: "a verb that answers with the bodies of Secrets is granted",
            remedy: "grant get with resourceNames for the Secrets that are used",
        },
        Cause {
            slug: "through-pods",
            severity: Severity::High,
            title: "whoever makes or changes pods mounts any Secret of the namespace",
            remedy: "remove the right, or give its holder a namespace of its own",
        },
        Cause {
            slug: "through-custom-resource",
            severity: Severity::High,
            title: "an operator makes pods for whoever creates its resource, with any Secret of the namespace",
            remedy: "remove the right, or give its holder a namespace of its own",
        },
        Cause {
            slug: "through-delivery-tool",
            severity: Severity::High,
            title: "a delivery tool applies what the holder writes, with the tool's own rights",
            remedy: "remove the right, or limit the tool's account",
        },
        Cause {
            slug: "through-exec",
            severity: Severity::High,
            title: "a shell in a pod reads what the pod holds",
            remedy: "remove create on pods/exec and pods/attach",
        },
        Cause {
            slug: "through-token",
            severity: Severity::High,
            title: "a token of any account may be asked for",
            remedy: "limit it by resourceNames, or remove create on serviceaccounts/token",
        },
        Cause {
            slug: "through-impersonation",
            severity: Severity::High,
            title: "the holder may act as others",
            remedy: "limit impersonate by resourceNames, or remove it",
        },
        Cause {
            slug: "through-account-map",
            severity: Severity::Critical,
            title: "the holder may map itself to system:masters in aws-auth",
            remedy: "remove update and patch on configmaps in kube-system, or move to access entries",
        },
        Cause {
            slug: "through-escalation",
            severity: Severity::High,
            title: "the holder may give itself any right",
            remedy: "remove bind and escalate",
        },
        Cause {
            slug: "through-node",
            severity: Severity::High,
            title: "the holder reaches a node, and with it the Secrets of its pods",
            remedy: "remove the right",
        },
        Cause {
            slug: "through-admission",
            severity: Severity::High,
            title: "the holder sees or changes requests of others",
            remedy: "remove the right",
        },
        Cause {
            slug: "through-certificates",
            severity: Severity::High,
            title: "the holder may make itself a certificate for any user",
            remedy: "separate asking from approving",
        },
        Cause {
            slug: "through-external-store",
            severity: Severity::High,
            title: "the holder may fetch what the store's own identity reads",
            remedy: "remove create on stores and external secrets, or limit the store's identity",
        },
        Cause {
            slug: "aggregated",
            severity: Severity::High,
            title: "a role that view aggregates adds secrets or shells for every viewer",
            remedy: "remove the label, or the rule",
        },
    ],
    safety: Safety::Manual,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Judges everybody whom a binding names.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_cluster(estate, claims, |cluster, graph, findings| {
        let mut by_subject: BTreeMap<&RbacSubject, Vec<Grant<'_, '_>>> = BTreeMap::new();
        for grant in graph.grants() {
            if is_judged(graph, &grant) {
                by_subject.entry(grant.subject).or_default().push(grant);
            }
        }
        let spark = spark_accounts(estate, cluster, graph);
        for (subject, grants) in &by_subject {
            let is_spark = is_one_of(subject, &spark);
            for exposure in of_subject(estate, cluster, grants, is_spark) {
                findings.add(subject_of(subject), exposure);
            }
        }
        aggregated(estate, graph, findings);
        if findings.is_empty() {
            findings.consider(cluster_subject(estate, cluster));
        }
    });
}

/// Whether a grant is this control's: not one that every cluster has, not the control plane's own, not one of requests
/// without credentials (k8s/api-access), not cluster-admin (k8s/broad-grants for workloads, else the administrators).
fn is_judged(graph: &Graph<'_>, grant: &Grant<'_, '_>) -> bool {
    let is_admin =
        grant.role.name == "cluster-admin" && graph.shipped(grant.role) == Shipped::Unchanged;
    !is_admin
        && !graph.is_default(grant)
        && !grant.subject.is_control_plane()
        && !grant.is_kubelet_client()
        && !grant.subject.is_anonymous()
}

/// The exposures of one subject, one a cause.
fn of_subject(
    estate: &Estate,
    cluster: u32,
    grants: &[Grant<'_, '_>],
    is_spark: bool,
) -> Vec<Exposure> {
    let mut found = paths(grants, release_of(estate, cluster));
    // A driver has to make its executors. Whether Secrets of others lie beside them is k8s/spark-account's question.
    found.retain(|path| !(is_spark && path.cause == "through-pods" && path.grant.stays_at_home()));
    found.extend(account_map(estate, cluster, grants));
    let direct: HashSet<Scope> = found
        .iter()
        .filter(|path| path.cause == "direct" && !path.right.contains("named"))
        .map(|path| path.grant.scope.clone())
        .collect();
    // A star that reads Secrets is k8s/broad-grants' matter, and all that it reaches is reached by it already.
    let starred: HashSet<Scope> = grants
        .iter()
        .filter(|grant| reads_by_star(grant))
        .map(|grant| grant.scope.clone())
        .collect();
    found.retain(|path| {
        let beyond = !path.is_within_scope && !starred.contains(&Scope::Cluster);
        beyond || (path.is_within_scope && !is_covered(&starred, path.grant.scope))
    });
    // Whoever reads all Secrets of a namespace gains nothing by a detour that ends there.
    found.retain(|path| {
        path.cause == "direct" || !path.is_within_scope || !is_covered(&direct, path.grant.scope)
    });
    let mut causes: Vec<&'static str> = found.iter().map(|path| path.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    causes
        .into_iter()
        .filter_map(|cause| {
            let same: Vec<&Path<'_, '_>> =
                found.iter().filter(|path| path.cause == cause).collect();
            exposure(estate, cause, &same)
        })
        .collect()
}

/// Whether a star for resources makes a grant read every Secret of its scope.
fn reads_by_star(grant: &Grant<'_, '_>) -> bool {
    READING_VERBS.iter().any(|verb| {
        matches!(grant.reach(verb, "", "secrets"), Reach::Everything)
            && grant
                .rule
                .matching_resource(verb, "", "secrets")
                .is_some_and(|[_, _, term]| term.text == "*" && term.place.is_some())
    })
}

fn is_covered(direct: &HashSet<Scope>, scope: &Scope) -> bool {
    direct.contains(&Scope::Cluster) || direct.contains(scope)
}

/// One exposure of all paths of a cause, the worst one first.
fn exposure(estate: &Estate, cause: &'static str, same: &[&Path<'_, '_>]) -> Option<Exposure> {
    let worst = same
        .iter()
        .enumerate()
        // Of paths that are alike the first one.
        .max_by_key(|(index, path)| (severity(path), std::cmp::Reverse(*index)))
        .map(|(_, path)| *path)?;
    let mut rights: Vec<&str> = Vec::new();
    for path in same {
        if !rights.contains(&path.right.as_str()) {
            rights.push(&path.right);
        }
    }
    let grant = &worst.grant;
    let place = match grant.scope {
        Scope::Cluster => String::from("in every namespace"),
        Scope::Namespace(namespace) => format!("in {namespace}"),
    };
    let shown: Vec<&str> = rights.iter().take(6).copied().collect();
    let mut exposure = Exposure::new(
        cause,
        term_fact(estate, grant, "resources", worst.term, "grants it"),
    );
    if worst.term.place.is_some() {
        exposure = exposure.with(role_fact(estate, grant.binding, "binds the role"));
    }
    Some(
        exposure
            .with(subject_fact(estate, grant))
            .severity(severity(worst))
            .message(format!(
                "{} may {} {place} (role {})",
                grant.subject,
                shown.join(", "),
                grant.role.name
            )),
    )
}

fn severity(path: &Path<'_, '_>) -> Severity {
    let is_in_one_namespace = matches!(path.grant.scope, Scope::Namespace(_));
    match path.cause {
        "through-account-map" => Severity::Critical,
        _ if path.is_total => Severity::Critical,
        "direct" if is_in_one_namespace || path.right.contains("named") => Severity::Medium,
        _ if path.is_within_scope && path.grant.stays_at_home() => Severity::Medium,
        _ => Severity::High,
    }
}

/// Writing ConfigMaps in kube-system of an EKS cluster whose `aws-auth` was read.
fn account_map<'g, 'o>(
    estate: &Estate,
    cluster: u32,
    grants: &[Grant<'g, 'o>],
) -> Option<Path<'g, 'o>> {
    let in_force = objects_of(estate, cluster).any(|object| {
        object.is("", "ConfigMap")
            && &*object.name == "aws-auth"
            && object.namespace.as_deref() == Some("kube-system")
    });
    if !in_force {
        return None;
    }
    grants.iter().find_map(|grant| {
        let verb = ["update", "patch"].into_iter().find(|verb| {
            grant.holds_in("kube-system")
                && grant.rule.allows(verb, "", "configmaps", Some("aws-auth"))
        })?;
        let [_, _, term] = grant.rule.matching_resource(verb, "", "configmaps")?;
        (term.text != "*").then(|| Path {
            cause: "through-account-map",
            grant: *grant,
            term,
            right: format!("{verb} configmaps"),
            is_within_scope: false,
            is_total: true,
        })
    })
}

/// Roles that `view` aggregates and that give every viewer secrets or shells.
fn aggregated(estate: &Estate, graph: &Graph<'_>, findings: &mut Findings) {
    for role in graph.roles() {
        let Some(object) = role.object.filter(|object| {
            role.is_cluster_role()
                && is_aggregated_to_view(object)
                && graph.shipped(role) == Shipped::No
        }) else {
            continue;
        };
        let found = graph.rules(role).find_map(|rule| {
            let secrets = READING_VERBS
                .iter()
                .find_map(|verb| rule.matching_resource(verb, "", "secrets"));
            let [_, _, term] =
                secrets.or_else(|| rule.matching_resource("create", "", "pods/exec"))?;
            Some((term, term.place?))
        });
        if let Some((term, place)) = found {
            let subject = Subject::new(
                "ClusterRole",
                object.qualified_name(),
                Some(object.name_place()),
            );
            let witness = fact(estate, place, "granted to every viewer")
                .key("resources")
                .value(term.text);
            findings.add(
                subject,
                Exposure::new("aggregated", witness).message(format!(
                    "the label of {} adds {} to view, which is meant to read no Secrets",
                    role.name, term.text
                )),
            );
        }
    }
}

fn is_aggregated_to_view(object: &Object) -> bool {
    object
        .at(&[
            "metadata",
            "labels",
            "rbac.authorization.k8s.io/aggregate-to-view",
        ])
        .and_then(Node::text)
        == Some("true")
}
