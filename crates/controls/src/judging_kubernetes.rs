//! How controls walk over Kubernetes: objects per cluster, programs per object, releases.

use crate::judging::across_releases;
use model::{Claim, Depth, Estate, Place, Product, Release, Subject, Witness};
use settings::host_path;
use settings::kubernetes::cluster::Cluster;
use settings::kubernetes::flags::{
    ApiServer, CommandLine, Flags, K3s, Program, Setting, in_object,
};
use settings::kubernetes::object::Object;
use std::collections::BTreeMap;

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
    /// The configuration of k3s or RKE2 that starts it.
    pub k3s: Option<K3s<'e>>,
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
        // k3s gathers its flags from several files; the first one stands for them.
        let first = self.object.filter(|_| self.k3s.is_some());
        let place = first.map_or(self.flags.place, |object| object.place(&object.root));
        let file = file_of(estate, place);
        let name = match self.object.map(|object| object.qualified_name()) {
            Some(pod) if !pod.is_empty() && !file.ends_with(&pod) => format!("{pod} ({file})"),
            _ => file.to_owned(),
        };
        Subject::new(self.flags.program.as_str(), name, Some(self.flags.place))
    }
}

/// The command lines of a program in the whole estate.
#[must_use]
pub fn running(estate: &Estate, program: Program) -> Vec<Running<'_>> {
    let objects = estate.all::<Object>();
    let command_lines = estate.derived(CommandLinesOfObjects::of);
    let in_objects = command_lines.0.iter().filter_map(|(index, flags)| {
        Some(Running {
            object: Some(objects.get(*index)?),
            flags: flags.clone(),
            k3s: None,
        })
    });
    let in_k3s = k3s_servers(estate).into_iter().flat_map(|(object, k3s)| {
        let flags = k3s.all_flags();
        flags.into_iter().map(move |flags| Running {
            object,
            flags,
            k3s: Some(k3s.clone()),
        })
    });
    let commands = estate.all::<CommandLine>().iter();
    let in_commands = commands
        .filter_map(CommandLine::flags)
        .map(|flags| Running {
            object: None,
            flags,
            k3s: None,
        });
    in_objects
        .chain(in_k3s)
        .chain(in_commands)
        .filter(|running| running.flags.program == program)
        .collect()
}

/// The command lines that objects run, with the number of the object.
struct CommandLinesOfObjects(Vec<(usize, Flags)>);

impl CommandLinesOfObjects {
    fn of(estate: &Estate) -> Self {
        let objects = estate.all::<Object>().iter().enumerate();
        CommandLinesOfObjects(
            objects
                .flat_map(|(index, object)| {
                    in_object(object)
                        .into_iter()
                        .map(move |flags| (index, flags))
                })
                .collect(),
        )
    }
}

/// The servers of k3s and RKE2: a configuration file with the drop-ins of its directory, and the commands that read them.
fn k3s_servers(estate: &Estate) -> Vec<(Option<&Object>, K3s<'_>)> {
    let mut by_file: BTreeMap<String, Vec<&Object>> = BTreeMap::new();
    for object in estate.all::<Object>() {
        if K3s::is_configuration(object) {
            let path = path_of(estate, object);
            by_file
                .entry(configured(&path).to_owned())
                .or_default()
                .push(object);
        }
    }
    let mut servers = Vec::new();
    for mut files in by_file.into_values() {
        // The file itself, then its drop-ins by name; of each the first document.
        files.sort_by_key(|object| {
            let path = path_of(estate, object);
            (configured(&path) != path, path, object.document.start)
        });
        files.dedup_by_key(|object| object.source);
        let first = files.first().copied();
        let is_main = first.is_some_and(|object| {
            let path = path_of(estate, object);
            configured(&path) == path
        });
        let k3s = if is_main {
            K3s::new(files)
        } else {
            K3s::drop_ins(files)
        };
        servers.push((first, k3s));
    }
    let commands = estate.all::<CommandLine>().iter();
    for command in commands.filter_map(K3s::of_command_line) {
        let sources = servers
            .iter()
            .filter_map(|(object, _)| Some(object.as_ref()?.source));
        let by = command.source();
        let meant = host_path::named(&estate.sources, sources, command.config_path(), by);
        let of_file = servers.iter_mut().find(|(object, _)| {
            meant.len() == 1 && object.is_some_and(|object| meant.contains(&object.source))
        });
        match of_file {
            Some((_, k3s)) => *k3s = command.with_files(k3s),
            None => servers.push((None, command)),
        }
    }
    servers
}

/// The configuration file that a drop-in belongs to; a file that is none belongs to itself.
fn configured(path: &str) -> &str {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    directory
        .strip_suffix(".d")
        .filter(|file| file.ends_with(".yaml") || file.ends_with(".yml"))
        .unwrap_or(path)
}

/// The path of an object's text; of an embedded one with the file that holds it.
fn path_of(estate: &Estate, object: &Object) -> String {
    let own = estate.sources.get(object.source);
    let place = object.place(&object.root);
    match own {
        Some(source) if source.embedding.is_some() => {
            format!("{}:{}", file_of(estate, place), source.path)
        }
        Some(source) => source.path.to_string(),
        None => String::new(),
    }
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
