//! What directories of a node hold.

/// Whether a path is that of a kubeconfig of the node, or of a directory that holds one.
#[must_use]
pub fn is_node_kubeconfig(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.ends_with("/.kube")
        || path.ends_with("/.kube/config")
        || path.contains("kubeconfig")
        || matches!(
            path,
            "/etc/kubernetes/admin.conf"
                | "/etc/kubernetes/super-admin.conf"
                | "/etc/rancher/k3s/k3s.yaml"
                // Directories that hold them: kubeadm's, k3s's and RKE2's.
                | "/etc/kubernetes"
                | "/etc/rancher"
                | "/etc/rancher/k3s"
                | "/etc/rancher/rke2"
        )
}

/// Directories that hold other workloads' data, credentials, or the kernel's and the container runtime's doors.
#[must_use]
pub fn is_sensitive(path: &str) -> bool {
    const SENSITIVE: [&str; 16] = [
        "/etc/kubernetes",
        "/etc/rancher",
        "/var/lib/rancher",
        "/var/lib/kubelet",
        "/var/lib/etcd",
        "/root",
        "/proc",
        "/dev",
        "/var/run/docker.sock",
        "/run/docker.sock",
        "/run/containerd",
        "/var/run/containerd",
        "/run/crio",
        "/var/run/crio",
        "/var/lib/docker",
        "/var/lib/containerd",
    ];
    let path = path.trim_end_matches('/');
    // Where programs write their messages; nothing is read there.
    if path == "/dev/log" {
        return false;
    }
    // What holds one of them holds the same.
    matches!(
        path,
        "" | "/etc" | "/var" | "/var/lib" | "/run" | "/var/run"
    ) || SENSITIVE.iter().any(|sensitive| is_within(path, sensitive))
}

/// Files of a node that tell nothing about its pods: time zones, certificates of public authorities, modules of the kernel.
#[must_use]
pub fn is_public(path: &str) -> bool {
    const PUBLIC: [&str; 11] = [
        "/etc/localtime",
        "/etc/timezone",
        "/etc/os-release",
        "/usr/lib/os-release",
        "/etc/ssl/certs",
        "/etc/ca-certificates",
        "/etc/pki/ca-trust",
        "/usr/share/zoneinfo",
        "/usr/share/ca-certificates",
        "/usr/local/share/ca-certificates",
        "/lib/modules",
    ];
    let path = path.trim_end_matches('/');
    PUBLIC.iter().any(|public| is_within(path, public))
}

fn is_within(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{is_node_kubeconfig, is_public, is_sensitive};

    #[test]
    fn directories_by_what_they_hold() {
        for path in ["/", "/run", "/run/containerd/containerd.sock", "/dev/shm"] {
            assert!(is_sensitive(path), "{path}");
        }
        for path in ["/srv", "/var/log", "/devices", "/run/systemd", "/dev/log"] {
            assert!(!is_sensitive(path), "{path}");
        }
        assert!(is_public("/etc/localtime") && !is_public("/etc/localtimes"));
        assert!(
            is_node_kubeconfig("/etc/kubernetes/") && !is_node_kubeconfig("/etc/kubernetes/pki")
        );
    }
}
