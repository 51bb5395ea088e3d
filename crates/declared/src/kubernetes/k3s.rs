//! The configuration files of k3s and RKE2: flags of their command as a mapping.

use super::{is_top, read_configuration, tops};
use crate::reading::{Candidate, Reading};

/// Keys that nothing else has and that decide about protections.
const DECISIVE: [&str; 8] = [
    "etcd-arg",
    "kube-apiserver-arg",
    "kube-apiserver-arg+",
    "kubelet-arg",
    "kubelet-arg+",
    "protect-kernel-defaults",
    "secrets-encryption",
    "secrets-encryption-provider",
];

/// Keys of a server that may stand in other files too; two of them make a configuration, or one where k3s or RKE2 looks.
const TELLING: [&str; 14] = [
    "audit-policy-file",
    "cluster-init",
    "datastore-endpoint",
    "disable-cloud-controller",
    "disable-network-policy",
    "etcd-expose-metrics",
    "flannel-backend",
    "node-taint",
    "selinux",
    "tls-san",
    "write-kubeconfig-mode",
    "cni",
    "pod-security-admission-config-file",
    "profile",
];

/// Keys that only RKE2 has (rancher/rke2 pkg/cli/cmds/root.go and server.go).
const OF_RKE2: [&str; 8] = [
    "audit-policy-file",
    "cni",
    "control-plane-resource-requests",
    "ingress-controller",
    "kube-apiserver-extra-mount",
    "kube-apiserver-image",
    "pod-security-admission-config-file",
    "profile",
];

pub(super) fn recognise(candidate: &Candidate<'_>) -> bool {
    // Only these two suffixes of `config.yaml.d` are read (pkg/configfilearg/parser.go).
    let mut components = candidate.path.rsplit('/');
    let (file, directory) = (components.next(), components.next());
    let is_drop_in = directory.is_some_and(|name| name.ends_with(".yaml.d"));
    let is_read = |name: &str| name.ends_with(".yaml") || name.ends_with(".yml");
    if is_drop_in && !file.is_some_and(is_read) {
        return false;
    }
    let is_at_home = ["rancher/k3s/", "rancher/rke2/"]
        .iter()
        .any(|home| candidate.path.contains(home));
    let needed = if is_at_home { 1 } else { 2 };
    let has = |key: &&&str| is_top(candidate.text, key);
    // Asked of every text, and most have none of the keys: that takes one look.
    tops(candidate.text).any(|key| DECISIVE.contains(&key) || TELLING.contains(&key))
        && !is_top(candidate.text, "apiVersion")
        && !candidate.is_prose_or_code()
        && (DECISIVE.iter().any(|key| is_top(candidate.text, key))
            || TELLING.iter().filter(has).count() >= needed)
}

pub(super) fn read(candidate: &Candidate<'_>, reading: &mut Reading) {
    let is_rke2 =
        candidate.path.contains("rke2") || OF_RKE2.iter().any(|key| is_top(candidate.text, key));
    let api_version = if is_rke2 { "rke2.io/v1" } else { "k3s.io/v1" };
    read_configuration(candidate, api_version, "Config", reading);
}
