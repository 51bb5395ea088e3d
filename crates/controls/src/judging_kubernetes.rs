//! How controls walk over Kubernetes: objects per cluster, programs per object, releases.

use crate::judging::across_releases;
use model::{Claim, Depth, Estate, Place, Product, Release, Subject, Witness};
use settings::kubernetes::cluster::Cluster;
use settings::kubernetes::flags::{
    ApiServer, CommandLine, Flags, K3s, Program, Setting, in_object,
};
use settings::kubernetes::object::Object;

/// The releases that are tried where a cluster's release is not known: one on each side of every change that a control
/// judges (KMSv1 deprecated in 1.28, off in 1.29; exec through websockets in 1.35; new admission kinds in 1.36).
pub const CANDIDATES: [Release; 5] = [
    Release(1, 27, 0),
    Release(1, 28, 0),
    Release(1, 29, 0),
    Release(1, 34, 0),
    Release(1, 37, 0),
];

/// Whether two objects may live in one cluster. Number 0 is the part that all clusters share.
#[must_use]
pub fn same_cluster(a: u32, b: u32) -> bool {
    a == b || a == 0 || b == 0
}

/// The objects that belong to a cluster, the shared ones included.
pub fn objects_of(estate: &Estate, cluster: u32) -> impl Iterator<Item = &Object> {
    estate
        .all::<Object>()
        .iter()
        .filter(move |object| same_cluster(object.cluster, cluster))
}

/// The numbers of the clusters that have objects of their own. The shared part counts as a cluster only where it is the
/// only one.
#[must_use]
pub fn clusters(estate: &Estate) -> Vec<u32> {
    let mut numbers: Vec<u32> = estate
        .all::<Object>()
        .iter()
        .map(|object| object.cluster)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() > 1 {
        numbers.retain(|number| *number != 0);
    }
    numbers
}

/// The release of a cluster, where it is known.
#[must_use]
pub fn release_of(estate: &Estate, cluster: u32) -> Option<Release> {
    let own = usize::try_from(cluster)
        .ok()
        .and_then(|index| estate.all::<Cluster>().get(index))
        .and_then(|cluster| cluster.release);
    own.map(|(release, _)| release)
        .or_else(|| estate.releases.get(&Product::Kubernetes).copied())
}

/// Judges under the cluster's release, or under each possible one where it is not known.
pub fn by_release(estate: &Estate, cluster: u32, judge: impl Fn(Release) -> Claim) -> Claim {
    match release_of(estate, cluster) {
        Some(release) => judge(release),
        None => across_releases(Product::Kubernetes, &CANDIDATES, judge),
    }
}

/// A program that an object or a script runs.
#[derive(Clone, Debug)]
pub struct Running<'e> {
    /// The static pod, another pod, or the configuration of k3s or RKE2; `None` for a script.
    pub object: Option<&'e Object>,
    /// Its command line.
    pub flags: Flags,
}

impl Running<'_> {
    /// The API server's settings, if this is one.
    #[must_use]
    pub fn api_server(&self) -> Option<ApiServer<'_>> {
        ApiServer::of(&self.flags)
    }

    /// The number of its cluster. Scripts belong to the shared part.
    #[must_use]
    pub fn cluster(&self) -> u32 {
        self.object.map_or(0, |object| object.cluster)
    }

    /// The subject: the program, named by the file that runs it.
    #[must_use]
    pub fn subject(&self, estate: &Estate) -> Subject {
        let place = self.flags.place;
        let file = file_of(estate, place);
        let name = match self.object.map(|object| object.qualified_name()) {
            Some(pod) if !pod.is_empty() && !file.ends_with(&pod) => format!("{pod} ({file})"),
            _ => file.to_owned(),
        };
        Subject::new(self.flags.program.as_str(), name, Some(place))
    }
}

/// The command lines of a program in the whole estate.
#[must_use]
pub fn running(estate: &Estate, program: Program) -> Vec<Running<'_>> {
    let in_objects = estate
        .all::<Object>()
        .iter()
        .filter(|object| runs_here(object, program))
        .flat_map(|object| {
            in_object(object).into_iter().map(move |flags| Running {
                object: Some(object),
                flags,
            })
        });
    let commands = estate.all::<CommandLine>().iter();
    let in_scripts = commands
        .filter_map(CommandLine::flags)
        .map(|flags| Running {
            object: None,
            flags,
        });
    in_objects
        .chain(in_scripts)
        .filter(|running| running.flags.program == program)
        .collect()
}

/// Keys of k3s and RKE2 that only a server takes (k3s-io/k3s pkg/cli/cmds/server.go).
const SERVER_KEYS: [&str; 14] = [
    "kube-apiserver-arg",
    "kube-controller-manager-arg",
    "kube-scheduler-arg",
    "etcd-arg",
    "secrets-encryption",
    "secrets-encryption-provider",
    "cluster-init",
    "tls-san",
    "disable",
    "datastore-endpoint",
    "write-kubeconfig-mode",
    "cluster-cidr",
    "service-cidr",
    "etcd-expose-metrics",
];

/// Whether an object may run a program: the configuration of a k3s agent runs no API server.
fn runs_here(object: &Object, program: Program) -> bool {
    program != Program::ApiServer
        || !K3s::is_configuration(object)
        || object.root.entries().iter().any(|entry| {
            let key = entry.key.text().unwrap_or_default();
            SERVER_KEYS.contains(&key.trim_end_matches('+'))
        })
}

/// The path of the file that a place lies in, also where its text is embedded in another.
#[must_use]
pub fn file_of(estate: &Estate, place: Place) -> &str {
    let place = estate.sources.in_file(place);
    estate
        .sources
        .get(place.source)
        .map_or("", |source| source.path.as_ref())
}

/// A fact at the estate's depth.
pub fn fact(estate: &Estate, place: Place, label: impl Into<Box<str>>) -> Witness {
    let depth: Depth = estate.depth;
    Witness {
        depth,
        ..Witness::declared(place, label)
    }
}

/// A flag as a fact: its value where somebody set it, the default or the reason otherwise. Not for flags that hold secrets.
pub fn flag_fact<T>(
    estate: &Estate,
    setting: &Setting<T>,
    flag: &str,
    label: impl Into<Box<str>>,
) -> Witness {
    let witness = fact(estate, setting.place(), label).key(format!("--{flag}"));
    match setting {
        Setting::Set(..) => witness.value(estate.sources.slice(setting.place())),
        Setting::Default(..) | Setting::Unknown(..) => witness,
    }
}
