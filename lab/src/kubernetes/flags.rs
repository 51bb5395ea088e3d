//! The command lines of each profile, as kubeadm writes them but for what the profile is about.

use super::node::ADDRESS;
use super::static_pod::StaticPod;
use crate::versions::{ETCD, KUBERNETES};

/// The manifest of kube-apiserver.
pub(super) fn api_server(profile: &str) -> StaticPod {
    let mut flags = vec![
        format!("--advertise-address={ADDRESS}"),
        "--allow-privileged=true".to_owned(),
    ];
    let mut add = |flag: &str| flags.push(flag.to_owned());
    if profile == "kms-v2" {
        add("--authentication-config=/etc/kubernetes/authentication.yaml");
    }
    if profile != "always-allow" {
        add("--authorization-mode=Node,RBAC");
        add("--audit-policy-file=/etc/kubernetes/audit/policy.yaml");
        add("--audit-log-path=/var/log/kubernetes/audit.log");
    }
    if profile == "api-open" {
        add("--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt");
        add("--requestheader-username-headers=X-Remote-User");
        add("--requestheader-group-headers=X-Remote-Group");
    }
    if profile != "none" {
        add("--encryption-provider-config=/etc/kubernetes/enc/enc.yaml");
    }
    for flag in [
        "--client-ca-file=/etc/kubernetes/pki/ca.crt",
        "--enable-admission-plugins=NodeRestriction",
        "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
        "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
        "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
        "--etcd-servers=https://127.0.0.1:2379",
        "--kubelet-certificate-authority=/etc/kubernetes/pki/kubelet-ca.crt",
        "--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt",
        "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key",
        "--profiling=false",
        "--secure-port=6443",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
        "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
        "--service-cluster-ip-range=10.96.0.0/12",
        "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
        "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
    ] {
        add(flag);
    }
    StaticPod {
        program: "kube-apiserver",
        image: format!("registry.k8s.io/kube-apiserver:v{KUBERNETES}"),
        flags,
    }
}

/// The manifest of etcd.
pub(super) fn etcd(profile: &str) -> StaticPod {
    let is_open = profile == "etcd-open";
    let network = if is_open { "http" } else { "https" };
    let mut flags = vec![
        "--name=cp1".to_owned(),
        "--data-dir=/var/lib/etcd".to_owned(),
        "--cert-file=/etc/kubernetes/pki/etcd/server.crt".to_owned(),
        "--key-file=/etc/kubernetes/pki/etcd/server.key".to_owned(),
    ];
    let mut add = |flag: String| flags.push(flag);
    if !is_open {
        add("--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt".to_owned());
        add("--client-cert-auth=true".to_owned());
    }
    add(format!(
        "--listen-client-urls=https://127.0.0.1:2379,{network}://{ADDRESS}:2379"
    ));
    add(format!(
        "--advertise-client-urls={network}://{ADDRESS}:2379"
    ));
    add(format!("--listen-peer-urls=https://{ADDRESS}:2380"));
    add(format!(
        "--initial-advertise-peer-urls=https://{ADDRESS}:2380"
    ));
    add(format!("--initial-cluster=cp1=https://{ADDRESS}:2380"));
    for flag in [
        "--listen-metrics-urls=http://127.0.0.1:2381",
        "--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt",
        "--peer-key-file=/etc/kubernetes/pki/etcd/peer.key",
        "--peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
        "--peer-client-cert-auth=true",
    ] {
        add(flag.to_owned());
    }
    StaticPod {
        program: "etcd",
        image: format!("registry.k8s.io/etcd:{ETCD}-0"),
        flags,
    }
}
