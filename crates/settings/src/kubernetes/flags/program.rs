//! The programs whose flags decide about protections.

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// kube-apiserver.
    ApiServer,
    /// kube-controller-manager.
    ControllerManager,
    /// kubelet.
    Kubelet,
    /// etcd.
    Etcd,
}

impl Program {
    /// All of them.
    pub const ALL: [Program; 4] = [
        Program::ApiServer,
        Program::ControllerManager,
        Program::Kubelet,
        Program::Etcd,
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Program::ApiServer => "kube-apiserver",
            Program::ControllerManager => "kube-controller-manager",
            Program::Kubelet => "kubelet",
            Program::Etcd => "etcd",
        }
    }

    /// The program that a word starts, by its last path component.
    #[must_use]
    pub fn of_path(word: &str) -> Option<Program> {
        let name = word.rsplit('/').next()?;
        Program::ALL
            .into_iter()
            .find(|program| program.as_str() == name)
    }

    /// The program that an image runs by itself, by the image's name (`registry.k8s.io/kube-apiserver:v1.31.0`).
    #[must_use]
    pub fn of_image(image: &str) -> Option<Program> {
        let name = image.rsplit('/').next()?;
        Program::of_path(name.split([':', '@']).next()?)
    }

    /// Whether a flag needs no value. Known ones: kube-apiserver's from `/flagz` of 1.37.2 and those that older releases had;
    /// etcd's from `etcd --help` of 3.6; the kubelet's and the controller manager's from their option files.
    pub(super) fn is_boolean(self, flag: &str) -> bool {
        let own: &[&str] = match self {
            Program::ApiServer => API_SERVER,
            Program::ControllerManager => CONTROLLER_MANAGER,
            Program::Kubelet => KUBELET,
            Program::Etcd => ETCD,
        };
        own.contains(&flag) || (self != Program::Etcd && SHARED.contains(&flag))
    }
}

const SHARED: &[&str] = &[
    "help",
    "version",
    "contention-profiling",
    "profiling",
    "log-json-split-stream",
    "log-text-split-stream",
    "logtostderr",
    "alsologtostderr",
    "skip-headers",
    "permit-address-sharing",
    "permit-port-sharing",
];

const API_SERVER: &[&str] = &[
    "aggregator-reject-forwarding-redirect",
    "allow-privileged",
    "anonymous-auth",
    "audit-log-batch-throttle-enable",
    "audit-log-compress",
    "audit-log-truncate-enabled",
    "audit-webhook-batch-throttle-enable",
    "audit-webhook-truncate-enabled",
    "disable-http2-serving",
    "emulation-forward-compatible",
    "enable-aggregator-routing",
    "enable-bootstrap-token-auth",
    "enable-garbage-collector",
    "enable-logs-handler",
    "enable-priority-and-fairness",
    "enable-swagger-ui",
    "encryption-provider-config-automatic-reload",
    "kubelet-https",
    "runtime-config-emulation-forward-compatible",
    "service-account-extend-token-expiration",
    "service-account-lookup",
    "shutdown-send-retry-after",
    "watch-cache",
];

const CONTROLLER_MANAGER: &[&str] = &[
    "allocate-node-cidrs",
    "allow-untagged-cloud",
    "configure-cloud-routes",
    "enable-dynamic-provisioning",
    "enable-garbage-collector",
    "enable-hostpath-provisioner",
    "enable-leader-migration",
    "leader-elect",
    "use-service-account-credentials",
];

const KUBELET: &[&str] = &[
    "allow-privileged",
    "anonymous-auth",
    "authentication-token-webhook",
    "cgroups-per-qos",
    "cpu-cfs-quota",
    "enable-controller-attach-detach",
    "enable-debugging-handlers",
    "enable-server",
    "exit-on-lock-contention",
    "fail-swap-on",
    "keep-terminated-pod-volumes",
    "kernel-memcg-notification",
    "local-storage-capacity-isolation",
    "make-iptables-util-chains",
    "protect-kernel-defaults",
    "register-node",
    "register-schedulable",
    "rotate-certificates",
    "rotate-server-certificates",
    "runonce",
    "seccomp-default",
    "serialize-image-pulls",
];

const ETCD: &[&str] = &[
    "auto-tls",
    "client-cert-auth",
    "debug",
    "enable-log-rotation",
    "enable-pprof",
    "enable-v2",
    "experimental-initial-corrupt-check",
    "force-new-cluster",
    "help",
    "initial-election-tick-advance",
    "peer-auto-tls",
    "peer-client-cert-auth",
    "peer-skip-client-san-verification",
    "pre-vote",
    "socket-reuse-address",
    "socket-reuse-port",
    "strict-reconfig-check",
    "unsafe-no-fsync",
    "version",
];
