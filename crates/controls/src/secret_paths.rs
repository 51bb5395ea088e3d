//! The rights by which a subject reads Secrets: directly, or by any path (reference of the Kubernetes authorizer and of the
//! controllers that act for others).

use model::Release;
use settings::kubernetes::rbac::{Grant, Reach, Scope, Term};
use std::collections::HashMap;

use crate::judging_rbac::READING_VERBS;

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";

/// A way to read Secrets.
#[derive(Clone, Debug)]
pub struct Path<'g, 'o> {
    /// The cause that it is reported under.
    pub cause: &'static str,
    /// The grant that opens it.
    pub grant: Grant<'g, 'o>,
    /// The word of the rule that opens it.
    pub term: Term<'o>,
    /// The right, in short: `create pods`.
    pub right: String,
    /// Whether it reaches no further than the namespaces of the grant.
    pub is_within_scope: bool,
    /// Whether it reaches everything, past all other limits.
    pub is_total: bool,
}

/// Verb lists.
const CREATE: &[&str] = &["create"];
const CHANGE: &[&str] = &["update", "patch"];
const WRITE: &[&str] = &["create", "update", "patch"];
const CREATE_OR_PATCH: &[&str] = &["create", "patch"];

/// One right is enough: cause, verbs, group, resource.
type Single = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

/// Paths that stay in the namespaces of the grant.
#[rustfmt::skip]
const WITHIN_SCOPE: &[Single] = &[
    ("through-pods", CREATE, "", "pods"),
    ("through-pods", CREATE, "batch", "jobs"),
    ("through-pods", WRITE, "apps", "deployments"),
    ("through-pods", WRITE, "apps", "daemonsets"),
    ("through-pods", WRITE, "apps", "statefulsets"),
    ("through-pods", WRITE, "apps", "replicasets"),
    ("through-pods", WRITE, "", "replicationcontrollers"),
    ("through-pods", WRITE, "batch", "cronjobs"),
    ("through-pods", CHANGE, "", "pods/ephemeralcontainers"),
    ("through-custom-resource", CREATE, "sparkoperator.k8s.io", "sparkapplications"),
    ("through-custom-resource", CREATE, "sparkoperator.k8s.io", "scheduledsparkapplications"),
    ("through-custom-resource", CREATE, "spark.apache.org", "sparkapplications"),
    ("through-custom-resource", CREATE, "spark.apache.org", "sparkclusters"),
    ("through-custom-resource", CREATE, "argoproj.io", "workflows"),
    ("through-custom-resource", CREATE, "ray.io", "rayclusters"),
    ("through-custom-resource", CREATE, "ray.io", "rayjobs"),
    ("through-custom-resource", CREATE, "kubeflow.org", "notebooks"),
    ("through-custom-resource", CREATE, "kubeflow.org", "pytorchjobs"),
    ("through-custom-resource", CREATE, "kubeflow.org", "tfjobs"),
    ("through-custom-resource", CREATE, "flink.apache.org", "flinkdeployments"),
    ("through-custom-resource", CREATE, "batch.volcano.sh", "jobs"),
    ("through-custom-resource", CREATE, "serving.knative.dev", "services"),
    ("through-exec", CREATE, "", "pods/exec"),
    ("through-exec", CREATE, "", "pods/attach"),
    ("through-token", CREATE, "", "serviceaccounts/token"),
    ("through-impersonation", &["impersonate"], "", "serviceaccounts"),
    ("through-external-store", CREATE, "external-secrets.io", "secretstores"),
    ("through-external-store", CREATE, "external-secrets.io", "externalsecrets"),
    ("through-external-store", CREATE, "secrets-store.csi.x-k8s.io", "secretproviderclasses"),
];

/// Paths that end elsewhere than in the namespaces of the grant.
#[rustfmt::skip]
const BEYOND_SCOPE: &[Single] = &[
    ("through-delivery-tool", CREATE_OR_PATCH, "argoproj.io", "applications"),
    ("through-delivery-tool", CREATE_OR_PATCH, "argoproj.io", "applicationsets"),
    ("through-delivery-tool", CREATE_OR_PATCH, "kustomize.toolkit.fluxcd.io", "kustomizations"),
    ("through-delivery-tool", CREATE_OR_PATCH, "helm.toolkit.fluxcd.io", "helmreleases"),
    ("through-delivery-tool", CREATE_OR_PATCH, "tekton.dev", "taskruns"),
    ("through-delivery-tool", CREATE_OR_PATCH, "tekton.dev", "pipelineruns"),
    ("through-impersonation", &["impersonate"], "", "users"),
    ("through-node", &["get", "create"], "", "nodes/proxy"),
    ("through-admission", WRITE, ADMISSION, "mutatingwebhookconfigurations"),
    ("through-admission", WRITE, ADMISSION, "validatingwebhookconfigurations"),
    ("through-admission", &["create", "update"], "apiregistration.k8s.io", "apiservices"),
];

/// All paths among the grants of one subject. `release` is the cluster's, where it is known.
#[must_use]
pub fn paths<'g, 'o>(grants: &[Grant<'g, 'o>], release: Option<Release>) -> Vec<Path<'g, 'o>> {
    let mut paths: Vec<Path<'g, 'o>> = Vec::new();
    for grant in grants {
        paths.extend(direct(grant));
        for single in WITHIN_SCOPE {
            paths.extend(single_path(grant, single, true));
        }
        for single in BEYOND_SCOPE {
            paths.extend(single_path(grant, single, false));
        }
    }
    paths.extend(escalation(grants));
    paths.extend(certificates(grants));
    paths.extend(volumes(grants));
    if release.is_some_and(|release| release >= Release(1, 36, 0)) {
        paths.extend(policies(grants));
    }
    paths
}

/// A reading verb on secrets. Of named Secrets in the subject's own namespace nothing is said: that is how a reader is meant
/// to be bound.
fn direct<'g, 'o>(grant: &Grant<'g, 'o>) -> Option<Path<'g, 'o>> {
    let verb = READING_VERBS
        .into_iter()
        .find(|verb| grant.reaches(verb, "", "secrets"))?;
    let named = matches!(grant.reach(verb, "", "secrets"), Reach::Named(_));
    if named && grant.stays_at_home() {
        return None;
    }
    let right = if named {
        format!("{verb} named secrets")
    } else {
        format!("{verb} secrets")
    };
    path(grant, "direct", verb, "", "secrets", true).map(|path| Path { right, ..path })
}

fn single_path<'g, 'o>(
    grant: &Grant<'g, 'o>,
    (cause, verbs, group, resource): &Single,
    is_within_scope: bool,
) -> Option<Path<'g, 'o>> {
    let verb = verbs
        .iter()
        .find(|verb| grant.reaches(verb, group, resource))?;
    let found = path(grant, cause, verb, group, resource, is_within_scope)?;
    Some(Path {
        is_total: *resource == "nodes/proxy" && *grant.scope == Scope::Cluster,
        ..found
    })
}

/// The path of a right; `None` where a star for resources opens it, which k8s/broad-grants reports: for what a star reaches
/// there it is no worse, if it reaches Secrets themselves, or an operator's own kinds only.
fn path<'g, 'o>(
    grant: &Grant<'g, 'o>,
    cause: &'static str,
    verb: &str,
    group: &str,
    resource: &str,
    is_within_scope: bool,
) -> Option<Path<'g, 'o>> {
    let [_, _, term] = grant.rule.matching_resource(verb, group, resource)?;
    let reads_all = || {
        READING_VERBS
            .iter()
            .any(|verb| grant.reaches(verb, "", "secrets"))
    };
    // A star over roles and bindings is as bad there already.
    let is_left_to_it = group == RBAC
        || group == "sparkoperator.k8s.io"
        || (group.contains('.') && !group.ends_with(".k8s.io"));
    if term.text == "*" && term.place.is_some() && (is_left_to_it || reads_all()) {
        return None;
    }
    Some(Path {
        cause,
        grant: *grant,
        term,
        right: format!("{verb} {resource}"),
        is_within_scope,
        is_total: false,
    })
}

/// The first grant that holds one of the verbs on one of the resources.
fn first<'g, 'o>(
    grants: &[Grant<'g, 'o>],
    verbs: &[&'static str],
    group: &str,
    resources: &[&'static str],
) -> Option<(Grant<'g, 'o>, &'static str, &'static str)> {
    grants.iter().find_map(|grant| {
        verbs.iter().find_map(|verb| {
            let resource = resources
                .iter()
                .find(|resource| grant.reaches(verb, group, resource))?;
            Some((*grant, *verb, *resource))
        })
    })
}

/// A right over roles and what has to be written with it. The API server asks for `bind` where the binding is written, and on
/// the kind of role that it names; for `escalate` on the role that is written (pkg/registry/rbac/helpers.go).
#[rustfmt::skip]
const ESCALATIONS: &[(&str, &str, &str)] = &[
    ("bind", "clusterroles", "clusterrolebindings"),
    ("bind", "clusterroles", "rolebindings"),
    ("bind", "roles", "rolebindings"),
    ("escalate", "clusterroles", "clusterroles"),
    ("escalate", "roles", "roles"),
];

/// `bind` with writing bindings, `escalate` with writing roles: either alone gives nothing new. One path for each verb.
fn escalation<'g, 'o>(grants: &[Grant<'g, 'o>]) -> Vec<Path<'g, 'o>> {
    ["bind", "escalate"]
        .into_iter()
        .filter_map(|verb| {
            ESCALATIONS
                .iter()
                .filter(|(named, ..)| *named == verb)
                .find_map(|(_, role, written)| escalation_by(grants, verb, role, written))
        })
        .collect()
}

fn escalation_by<'g, 'o>(
    grants: &[Grant<'g, 'o>],
    verb: &'static str,
    role: &'static str,
    written: &'static str,
) -> Option<Path<'g, 'o>> {
    let mut rights: HashMap<&Scope, &Grant<'g, 'o>> = HashMap::new();
    for grant in grants {
        if grant.reaches(verb, RBAC, role) && !names_viewers_only(grant, verb, role) {
            rights.entry(grant.scope).or_insert(grant);
        }
    }
    let everywhere = rights.get(&Scope::Cluster);
    let first = rights.values().min_by_key(|grant| grant.rule.place);
    grants.iter().find_map(|writer| {
        let write = WRITE
            .iter()
            .find(|write| writer.reaches(write, RBAC, written))?;
        // It ends where the narrower of the two holds.
        let (grant, shown, resource) = match (everywhere, writer.scope) {
            (Some(_), Scope::Namespace(_)) => (writer, *write, written),
            (Some(right), Scope::Cluster) => (*right, verb, role),
            // A binding without a namespace asks for the right in all of them.
            (None, _) if written == "clusterrolebindings" => return None,
            (None, Scope::Cluster) => (*first?, verb, role),
            (None, here) => (*rights.get(here)?, verb, role),
        };
        let is_within_scope = *grant.scope != Scope::Cluster;
        let found = path(
            grant,
            "through-escalation",
            shown,
            RBAC,
            resource,
            is_within_scope,
        )?;
        Some(Path {
            right: format!("{verb} {role} with {write} {written}"),
            ..found
        })
    })
}

/// Whether a right over roles ends at `view`, which reads no Secrets; what is added to `view` is told by itself.
fn names_viewers_only(grant: &Grant<'_, '_>, verb: &str, role: &str) -> bool {
    match grant.reach(verb, RBAC, role) {
        Reach::Named(names) => verb == "bind" && names.iter().all(|name| name.text == "view"),
        _ => false,
    }
}

/// Asking for a certificate and approving it, or signing it oneself.
fn certificates<'g, 'o>(grants: &[Grant<'g, 'o>]) -> Option<Path<'g, 'o>> {
    const REQUESTS: &[&str] = &["certificatesigningrequests"];
    let on_signer = |verb: &'static str| {
        grants.iter().find(|grant| {
            [
                "kubernetes.io/kube-apiserver-client",
                "kubernetes.io/kube-apiserver-client-kubelet",
            ]
            .iter()
            .any(|signer| {
                grant
                    .rule
                    .allows(verb, CERTIFICATES, "signers", Some(signer))
            }) && *grant.scope == Scope::Cluster
        })
    };
    first(grants, CREATE, CERTIFICATES, REQUESTS)?;
    let approves = first(
        grants,
        &["update"],
        CERTIFICATES,
        &["certificatesigningrequests/approval"],
    )
    .and_then(|_| on_signer("approve"));
    let signs = || {
        first(
            grants,
            &["update"],
            CERTIFICATES,
            &["certificatesigningrequests/status"],
        )
        .and_then(|_| on_signer("sign"))
    };
    let (grant, verb) = match approves {
        Some(grant) => (grant, "approve"),
        None => (signs()?, "sign"),
    };
    path(
        grant,
        "through-certificates",
        verb,
        CERTIFICATES,
        "signers",
        false,
    )
}

/// A volume of a host's directory, claimed and mounted.
fn volumes<'g, 'o>(grants: &[Grant<'g, 'o>]) -> Option<Path<'g, 'o>> {
    let (grant, verb, resource) = first(grants, CREATE, "", &["persistentvolumes"])?;
    first(grants, CREATE, "", &["persistentvolumeclaims"])?;
    first(grants, CREATE, "", &["pods"])?;
    path(&grant, "through-node", verb, "", resource, false)
}

/// Policies that change pods in flight, on from 1.36.
fn policies<'g, 'o>(grants: &[Grant<'g, 'o>]) -> Option<Path<'g, 'o>> {
    let (grant, verb, resource) = first(grants, WRITE, ADMISSION, &["mutatingadmissionpolicies"])?;
    first(
        grants,
        WRITE,
        ADMISSION,
        &["mutatingadmissionpolicybindings"],
    )?;
    path(
        &grant,
        "through-admission",
        verb,
        ADMISSION,
        resource,
        false,
    )
}
