//! The ClusterRoles that Kubernetes ships.
//!
//! Facts from bootstrappolicy/testdata/cluster-roles.yaml of the 1.33 line; the roles `view`, `edit` and `admin` have as many
//! rules (12, 27, 29) on a running 1.37.2. The roles of single controllers (`system:controller:*`) are not in here.

use super::rule::{Rule, Term};

/// A shipped ClusterRole.
#[derive(Debug)]
pub(super) struct ShippedRole {
    pub(super) name: &'static str,
    rules: &'static [ShippedRule],
    /// Rules of older releases, which stay after an upgrade.
    older: &'static [ShippedRule],
}

/// Verbs, groups, resources and names, each separated by blanks; `core` is the core group, `url` means that the resources are
/// paths.
type ShippedRule = (&'static str, &'static str, &'static str, &'static str);

const READ: &str = "get list watch";
const WRITE: &str = "create delete deletecollection patch update";
const ALL: &str = "create delete deletecollection get list patch update watch";
const EVENTS: ShippedRule = ("create patch update", "core events.k8s.io", "events", "");
const REVIEW_TOKENS: ShippedRule = ("create", "authentication.k8s.io", "tokenreviews", "");
const REVIEW_ACCESS: ShippedRule = ("create", "authorization.k8s.io", "subjectaccessreviews", "");

const fn role(name: &'static str, rules: &'static [ShippedRule]) -> ShippedRole {
    ShippedRole {
        name,
        rules,
        older: &[],
    }
}

/// The roles. `view`, `edit` and `admin` hold what others are labelled to add.
#[rustfmt::skip]
pub(super) const ROLES: &[ShippedRole] = &[
    role("admin", &[]),
    role("edit", &[]),
    role("view", &[]),
    role("cluster-admin", &[("*", "*", "*", ""), ("*", "url", "*", "")]),
    role("system:aggregate-to-admin", &[
        ("create", "authorization.k8s.io", "localsubjectaccessreviews", ""),
        (ALL, "rbac.authorization.k8s.io", "rolebindings roles", ""),
    ]),
    ShippedRole {
        name: "system:aggregate-to-edit",
        rules: &[
            (READ, "core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", ""),
            ("impersonate", "core", "serviceaccounts", ""),
            (WRITE, "core", "pods pods/attach pods/exec pods/portforward pods/proxy", ""),
            ("create", "core", "pods/eviction", ""),
            (WRITE, "core", "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy", ""),
            ("create", "core", "serviceaccounts/token", ""),
            (WRITE, "core events.k8s.io", "events", ""),
            (WRITE, "apps", "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale", ""),
            (WRITE, "autoscaling", "horizontalpodautoscalers", ""),
            (WRITE, "batch", "cronjobs jobs", ""),
            (WRITE, "extensions", "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale", ""),
            (WRITE, "policy", "poddisruptionbudgets", ""),
            (WRITE, "networking.k8s.io", "ingresses networkpolicies", ""),
            (ALL, "coordination.k8s.io", "leases", ""),
            (WRITE, "resource.k8s.io", "resourceclaims resourceclaimtemplates", ""),
        ],
        // Taken away in 1.22 for new clusters only.
        older: &[(WRITE, "core", "endpoints", "")],
    },
    role("system:aggregate-to-view", &[
        (READ, "core", "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status", ""),
        (READ, "core", "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status", ""),
        (READ, "core", "namespaces", ""),
        (READ, "core events.k8s.io", "events", ""),
        (READ, "discovery.k8s.io", "endpointslices", ""),
        (READ, "apps", "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status", ""),
        (READ, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", ""),
        (READ, "batch", "cronjobs cronjobs/status jobs jobs/status", ""),
        (READ, "extensions", "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale", ""),
        (READ, "policy", "poddisruptionbudgets poddisruptionbudgets/status", ""),
        (READ, "networking.k8s.io", "ingresses ingresses/status networkpolicies", ""),
        (READ, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates", ""),
    ]),
    role("system:auth-delegator", &[REVIEW_TOKENS, REVIEW_ACCESS]),
    role("system:basic-user", &[
        ("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", ""),
        ("create", "authentication.k8s.io", "selfsubjectreviews", ""),
    ]),
    role("system:certificates.k8s.io:certificatesigningrequests:nodeclient", &[
        ("create", "certificates.k8s.io", "certificatesigningrequests/nodeclient", ""),
    ]),
    role("system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", &[
        ("create", "certificates.k8s.io", "certificatesigningrequests/selfnodeclient", ""),
    ]),
    role("system:certificates.k8s.io:kube-apiserver-client-approver", &[
        ("approve", "certificates.k8s.io", "signers", "kubernetes.io/kube-apiserver-client"),
    ]),
    role("system:certificates.k8s.io:kube-apiserver-client-kubelet-approver", &[
        ("approve", "certificates.k8s.io", "signers", "kubernetes.io/kube-apiserver-client-kubelet"),
    ]),
    role("system:certificates.k8s.io:kubelet-serving-approver", &[
        ("approve", "certificates.k8s.io", "signers", "kubernetes.io/kubelet-serving"),
    ]),
    role("system:certificates.k8s.io:legacy-unknown-approver", &[
        ("approve", "certificates.k8s.io", "signers", "kubernetes.io/legacy-unknown"),
    ]),
    role("system:cluster-trust-bundle-discovery", &[
        (READ, "certificates.k8s.io", "clustertrustbundles", ""),
    ]),
    ShippedRole {
        name: "system:discovery",
        rules: &[("get", "url", "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/", "")],
        older: &[("get", "url", "/swagger* /swaggerapi /swaggerapi/* /swagger.json /swagger-2.0.0.pb-v1", "")],
    },
    role("system:heapster", &[
        (READ, "core", "events namespaces nodes pods", ""),
        (READ, "extensions", "deployments", ""),
    ]),
    role("system:kube-aggregator", &[(READ, "core", "endpoints services", "")]),
    role("system:kube-controller-manager", &[
        EVENTS,
        ("create", "coordination.k8s.io", "leases", ""),
        ("get update", "coordination.k8s.io", "leases", "kube-controller-manager"),
        ("create", "core", "secrets serviceaccounts", ""),
        ("delete", "core", "secrets", ""),
        ("get", "core", "configmaps namespaces secrets serviceaccounts", ""),
        ("update", "core", "secrets serviceaccounts", ""),
        REVIEW_TOKENS,
        REVIEW_ACCESS,
        ("list watch", "*", "*", ""),
        ("create", "core", "serviceaccounts/token", ""),
    ]),
    role("system:kube-dns", &[("list watch", "core", "endpoints services", "")]),
    role("system:kube-scheduler", &[
        EVENTS,
        ("create", "coordination.k8s.io", "leases", ""),
        ("get list update watch", "coordination.k8s.io", "leases", "kube-scheduler"),
        (ALL, "coordination.k8s.io", "leasecandidates", ""),
        (READ, "core", "nodes replicationcontrollers services namespaces persistentvolumeclaims persistentvolumes", ""),
        ("delete get list watch", "core", "pods", ""),
        ("create", "core", "bindings pods/binding", ""),
        ("patch update", "core", "pods/status", ""),
        (READ, "apps extensions", "replicasets", ""),
        (READ, "apps", "statefulsets", ""),
        (READ, "policy", "poddisruptionbudgets", ""),
        REVIEW_TOKENS,
        REVIEW_ACCESS,
        (READ, "storage.k8s.io", "csinodes volumeattachments csidrivers csistoragecapacities", ""),
        (READ, "resource.k8s.io", "deviceclasses resourceslices", ""),
        ("create delete get list patch update watch", "resource.k8s.io", "resourceclaims", ""),
        ("get list patch update watch", "resource.k8s.io", "resourceclaims/status", ""),
        ("update", "core", "pods/finalizers", ""),
    ]),
    role("system:kubelet-api-admin", &[
        (READ, "core", "nodes", ""),
        ("proxy", "core", "nodes", ""),
        ("*", "core", "nodes/log nodes/metrics nodes/proxy nodes/stats nodes/configz nodes/healthz nodes/pods", ""),
    ]),
    role("system:monitoring", &[
        ("get", "url", "/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz /flagz", ""),
        ("get", "core", "nodes/metrics", ""),
    ]),
    role("system:node", &[
        REVIEW_TOKENS,
        ("create", "authorization.k8s.io", "localsubjectaccessreviews subjectaccessreviews", ""),
        (READ, "core", "services configmaps secrets", ""),
        ("create get list patch update watch", "core", "nodes", ""),
        ("patch update", "core", "nodes/status pods/status", ""),
        EVENTS,
        ("create delete get list watch", "core", "pods", ""),
        ("create", "core", "pods/eviction serviceaccounts/token", ""),
        ("get", "core", "persistentvolumeclaims persistentvolumes endpoints serviceaccounts", ""),
        ("create get list watch", "certificates.k8s.io", "certificatesigningrequests", ""),
        ("create delete get patch update", "coordination.k8s.io", "leases", ""),
        ("get", "storage.k8s.io", "volumeattachments", ""),
        ("get patch update", "core", "persistentvolumeclaims/status", ""),
        (READ, "storage.k8s.io", "csidrivers", ""),
        ("create delete get patch update", "storage.k8s.io", "csinodes", ""),
        (READ, "node.k8s.io", "runtimeclasses", ""),
        ("get", "resource.k8s.io", "resourceclaims", ""),
        ("deletecollection", "resource.k8s.io", "resourceslices", ""),
    ]),
    role("system:node-bootstrapper", &[
        ("create get list watch", "certificates.k8s.io", "certificatesigningrequests", ""),
    ]),
    role("system:node-problem-detector", &[
        ("get", "core", "nodes", ""),
        ("patch", "core", "nodes/status", ""),
        EVENTS,
    ]),
    role("system:node-proxier", &[
        ("list watch", "core", "endpoints services", ""),
        (READ, "core", "nodes", ""),
        EVENTS,
        ("list watch", "networking.k8s.io", "servicecidrs", ""),
        ("list watch", "discovery.k8s.io", "endpointslices", ""),
    ]),
    role("system:persistent-volume-provisioner", &[
        ("create delete get list watch", "core", "persistentvolumes", ""),
        ("get list update watch", "core", "persistentvolumeclaims", ""),
        (READ, "storage.k8s.io", "storageclasses", ""),
        ("watch", "core", "events", ""),
        EVENTS,
    ]),
    role("system:public-info-viewer", &[
        ("get", "url", "/healthz /livez /readyz /version /version/", ""),
    ]),
    role("system:service-account-issuer-discovery", &[
        ("get", "url", "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/", ""),
    ]),
    role("system:volume-scheduler", &[
        ("get list patch update watch", "core", "persistentvolumes persistentvolumeclaims", ""),
        (READ, "storage.k8s.io", "storageclasses", ""),
    ]),
];

impl ShippedRole {
    /// The rules that the API server puts into the role.
    pub(super) fn rules<'o>(&'static self) -> Vec<Rule<'o>> {
        self.rules.iter().map(rule).collect()
    }

    /// Every rule that a release ever shipped in the role, those that it aggregates included.
    pub(super) fn every_rule<'o>(&'static self) -> Vec<Rule<'o>> {
        let own = self.rules.iter().chain(self.older).map(rule);
        let parts = ROLES
            .iter()
            .filter(|part| self.aggregates().is_some() && part.aggregated_to() == self.aggregates())
            .flat_map(ShippedRole::every_rule);
        own.chain(parts).collect()
    }

    /// The label by which it collects its rules.
    pub(super) fn aggregates(&self) -> Option<&'static str> {
        match self.name {
            "admin" => Some("rbac.authorization.k8s.io/aggregate-to-admin"),
            "edit" => Some("rbac.authorization.k8s.io/aggregate-to-edit"),
            "view" => Some("rbac.authorization.k8s.io/aggregate-to-view"),
            _ => None,
        }
    }

    /// The label by which another role collects its rules.
    pub(super) fn aggregated_to(&self) -> Option<&'static str> {
        match self.name {
            "system:aggregate-to-admin" | "edit" => {
                Some("rbac.authorization.k8s.io/aggregate-to-admin")
            }
            "system:aggregate-to-edit" | "view" => {
                Some("rbac.authorization.k8s.io/aggregate-to-edit")
            }
            "system:aggregate-to-view" => Some("rbac.authorization.k8s.io/aggregate-to-view"),
            _ => None,
        }
    }
}

fn rule<'o>(shipped: &ShippedRule) -> Rule<'o> {
    let (verbs, groups, resources, names) = *shipped;
    let terms = |words: &'static str| -> Vec<Term<'o>> {
        words
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| Term {
                text: if word == "core" { "" } else { word },
                place: None,
            })
            .collect()
    };
    let is_url = groups == "url";
    Rule {
        verbs: terms(verbs),
        groups: terms(if is_url { "" } else { groups }),
        resources: terms(if is_url { "" } else { resources }),
        names: terms(names),
        urls: terms(if is_url { resources } else { "" }),
        place: None,
    }
}
