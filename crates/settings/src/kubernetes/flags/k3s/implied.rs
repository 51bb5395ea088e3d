//! What k3s and RKE2 pass to the components by themselves; without a value: what they compute, or files that they make.

use crate::kubernetes::flags::{Passed, own_files};

/// To kube-apiserver, beside the files that every installer makes (k3s-io/k3s pkg/daemons/control/server.go, apiServer; the same
/// in RKE2, which builds on it).
#[rustfmt::skip]
pub(super) const API_SERVER: &[Passed] = &[
    ("allow-privileged", Some("true")),
    ("anonymous-auth", Some("false")),
    ("authorization-mode", Some("Node,RBAC")),
    ("enable-admission-plugins", Some("NodeRestriction")),
    ("profiling", Some("false")),
    ("requestheader-allowed-names", Some("system:auth-proxy")),
    ("kubelet-certificate-authority", None),
    ("service-account-signing-key-file", None),
];

/// To kube-apiserver where k3s runs the store: the embedded etcd, or a database behind a local socket.
pub(super) const OWN_ETCD: [Passed; 4] = own_files::ETCD_CLIENT;

/// Where RKE2 has the API server write its events, once there is a policy (rancher/rke2 pkg/executor/staticpod).
pub(super) const RKE2_AUDIT_LOG: &str = "/var/lib/rancher/rke2/server/logs/audit.log";

/// The policy of RKE2's CIS profile. RKE2 writes one that logs nothing where the file is missing.
pub(super) const RKE2_POLICY: &str = "/etc/rancher/rke2/audit-policy.yaml";

/// To kube-controller-manager (controllerManager).
pub(super) const CONTROLLER_MANAGER: &[Passed] = &[
    ("profiling", Some("false")),
    ("use-service-account-credentials", Some("true")),
    ("bind-address", Some("127.0.0.1")),
    ("root-ca-file", None),
    ("service-account-private-key-file", None),
];

/// To the kubelet (pkg/daemons/agent, kubeletArgs), up to the releases that write a KubeletConfiguration instead; the values
/// are the same there.
pub(super) const KUBELET: &[Passed] = &[
    ("anonymous-auth", Some("false")),
    ("authorization-mode", Some("Webhook")),
    ("read-only-port", Some("0")),
    ("client-ca-file", None),
    ("tls-cert-file", None),
    ("tls-private-key-file", None),
];

/// To the embedded etcd, beside what every installer passes (pkg/etcd/etcd.go, cluster).
pub(super) const ETCD: Passed = ("listen-metrics-urls", None);
