//! Which properties file and which Hadoop configuration a deployment loads.

use crate::Ties;
use model::{Estate, Place, SourceId, Sources};
use settings::hadoop::{Configuration, ResourceKind};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::PodTemplate;
use settings::spark::deployment::HadoopTie;
use settings::spark::{PropertiesFile, Tie};
use std::cell::OnceCell;
use std::collections::HashMap;
use text::Node;

/// The estate while Spark is put together, with the look-ups that many deployments need.
pub(super) struct Tree<'e> {
    pub(super) estate: &'e Estate,
    /// Objects by kind and name, for the first deployment that asks: most trees run no Spark.
    objects: OnceCell<HashMap<(&'e str, &'e str), Vec<usize>>>,
    configurations: HashMap<&'e str, usize>,
    /// Files of defaults by every directory above them.
    defaults: HashMap<&'e str, Vec<usize>>,
}

impl<'e> Tree<'e> {
    /// O(objects and files).
    pub(super) fn new(estate: &'e Estate) -> Tree<'e> {
        let mut configurations = HashMap::new();
        for (index, configuration) in estate.all::<Configuration>().iter().enumerate() {
            configurations.entry(&*configuration.name).or_insert(index);
        }
        let mut defaults: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, file) in estate.all::<PropertiesFile>().iter().enumerate() {
            if file.is_defaults && file.object.is_none() {
                for directory in above(&file.name) {
                    defaults.entry(directory).or_default().push(index);
                }
            }
        }
        Tree {
            estate,
            objects: OnceCell::new(),
            configurations,
            defaults,
        }
    }

    /// The numbers of the objects of a kind and name.
    fn objects<'t>(&'t self, kind: &'t str, name: &'t str) -> &'t [usize] {
        let objects = self.objects.get_or_init(|| {
            let mut objects: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
            for (index, object) in self.estate.all::<Object>().iter().enumerate() {
                let name = (&*object.kind, &*object.name);
                objects.entry(name).or_default().push(index);
            }
            objects
        });
        objects.get(&(kind, name)).map_or(&[], Vec::as_slice)
    }
}

/// The directories that hold a path, the closest first; the last is the top, an empty name.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let closest = directory_of(path);
    std::iter::successors(Some(closest), |directory| {
        (!directory.is_empty()).then(|| directory_of(directory))
    })
}

/// The path of the file that holds a place, relative to the input.
pub(super) fn path_of(sources: &Sources, place: Place) -> String {
    let file = sources.in_file(place).source;
    sources
        .get(file)
        .map(|source| source.path.to_string())
        .unwrap_or_default()
}

/// The directory of a path; empty at the top.
pub(super) fn directory_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// What the user states about the applications beneath a path.
pub(super) fn stated(tree: &Tree<'_>, ties: &Ties, path: &str) -> Option<Tie> {
    let tie = ties
        .spark
        .iter()
        .filter(|tie| is_beneath(path, &tie.path))
        .max_by_key(|tie| tie.path.len())?;
    if tie.defaults.is_empty() {
        return Some(Tie::None);
    }
    let found = tree
        .estate
        .all::<PropertiesFile>()
        .iter()
        .position(|file| *file.name == *tie.defaults);
    Some(found.map_or(Tie::NotCollected, Tie::Certain))
}

fn is_beneath(path: &str, root: &str) -> bool {
    let root = root.trim_end_matches('/');
    root.is_empty()
        || root == "."
        || path
            .strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The files of defaults that may lie beneath a deployment declared in `path`: those closest to it in the tree.
pub(super) fn candidates(tree: &Tree<'_>, path: &str) -> Vec<usize> {
    above(path)
        .find_map(|directory| tree.defaults.get(directory))
        .cloned()
        .unwrap_or_default()
}

/// A properties file that a command names by its path on the host or in the container: the one in the tree whose path ends
/// alike, else the only one of that name.
pub(super) fn by_host_path(tree: &Tree<'_>, host_path: &str) -> Option<usize> {
    let name = host_path.rsplit('/').next()?;
    let same_name: Vec<(usize, usize)> = tree
        .estate
        .all::<PropertiesFile>()
        .iter()
        .enumerate()
        .filter(|(_, file)| file_name(&file.name) == name)
        .map(|(index, file)| (index, common_ends(host_path, &file.name)))
        .collect();
    let best = same_name.iter().map(|(_, score)| *score).max()?;
    let mut closest = same_name.iter().filter(|(_, score)| *score == best);
    match (closest.next(), closest.next()) {
        (Some((index, _)), None) => Some(*index),
        _ => None,
    }
}

/// The last component of a path; for a file that a script writes the part behind the script's own name.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', ' ']).next().unwrap_or(path)
}

/// The properties file that a script writes, the script being a file of the tree or part of an object.
pub(super) fn written(tree: &Tree<'_>, source: SourceId, object: Option<usize>) -> Option<usize> {
    tree.estate.all::<PropertiesFile>().iter().position(|file| {
        file.written.is_some() && file.is_defaults && file.source == source && file.object == object
    })
}

fn common_ends(a: &str, b: &str) -> usize {
    a.rsplit('/')
        .zip(b.rsplit('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

/// The properties file of a name that a pod mounts from a ConfigMap or Secret; `NotCollected` if it mounts an object that
/// was not read.
pub(super) fn mounted(
    tree: &Tree<'_>,
    template: &PodTemplate<'_>,
    wanted: &dyn Fn(&str) -> bool,
    directory: Option<&str>,
) -> Option<Tie> {
    let mut missing = None;
    for volume in template.volumes() {
        let mounts = template
            .containers()
            .into_iter()
            .flat_map(|container| container.volume_mounts().to_vec());
        let mounts: Vec<Node> = mounts
            .filter(|mount| mount.get("name").and_then(Node::str) == Some(volume.name))
            .collect();
        for (names, kind) in [
            (volume.config_maps(), "ConfigMap"),
            (volume.secrets(), "Secret"),
        ] {
            for name in names.iter().filter_map(|name| name.str()) {
                let object = position(tree, kind, name, template.object);
                let file = object.and_then(|object| {
                    tree.estate.all::<PropertiesFile>().iter().position(|file| {
                        file.object == Some(object) && wanted(file_name(&file.name))
                    })
                });
                if let Some(file) = file {
                    return Some(Tie::Certain(original(tree, file)));
                }
                let is_conf = mounts
                    .iter()
                    .any(|mount| is_conf_directory(mount, directory));
                if object.is_none() && kind == "ConfigMap" && is_conf {
                    missing = Some(Tie::NotCollected);
                }
            }
        }
    }
    missing
}

/// The file of the tree that a generator put into an object; a file that is none is its own original.
pub(super) fn original(tree: &Tree<'_>, file: usize) -> usize {
    let copy_of = tree
        .estate
        .all::<PropertiesFile>()
        .get(file)
        .and_then(|file| file.copy_of);
    copy_of.unwrap_or(file)
}

/// Whether a mount covers Spark's configuration directory.
fn is_conf_directory(mount: &Node, directory: Option<&str>) -> bool {
    let path = mount
        .get("mountPath")
        .and_then(Node::str)
        .unwrap_or_default();
    let path = path.trim_end_matches('/');
    directory.map(|directory| directory.trim_end_matches('/')) == Some(path)
        || path.ends_with("/spark/conf")
        || path.ends_with("spark-defaults.conf")
}

/// The object of a kind and name in the namespace of another.
pub(super) fn position(tree: &Tree<'_>, kind: &str, name: &str, beside: &Object) -> Option<usize> {
    let all = tree.estate.all::<Object>();
    let same_name = tree.objects(kind, name).iter().copied();
    same_name
        .filter_map(|index| Some((index, all.get(index)?)))
        .filter(|(_, object)| {
            object.is("", kind)
                && object.may_meet(beside)
                && (object.namespace == beside.namespace
                    || object.namespace.is_none()
                    || beside.namespace.is_none())
        })
        // What the cluster has itself counts before what all clusters share.
        .min_by_key(|(_, object)| object.cluster != beside.cluster)
        .map(|(index, _)| index)
}

/// The Hadoop configuration in a ConfigMap.
pub(super) fn hadoop_map(tree: &Tree<'_>, name: &str, beside: &Object) -> HadoopTie {
    let Some(object) = position(tree, "ConfigMap", name, beside)
        .and_then(|index| tree.estate.all::<Object>().get(index))
    else {
        return HadoopTie::NotCollected;
    };
    let name = format!("ConfigMap {}", object.qualified_name());
    tree.configurations
        .get(name.as_str())
        .map_or(HadoopTie::NotCollected, |index| HadoopTie::Known(*index))
}

/// The Hadoop configuration of a directory on a host: the one in the tree whose path ends alike.
pub(super) fn hadoop_directory(tree: &Tree<'_>, host_path: &str) -> HadoopTie {
    let host_path = host_path.trim_end_matches('/');
    let mut best: Option<(usize, usize)> = None;
    for (index, configuration) in tree.estate.all::<Configuration>().iter().enumerate() {
        let score = common_ends(host_path, &configuration.name);
        if score > 0 && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, index));
        }
    }
    best.map_or(HadoopTie::NotCollected, |(_, index)| {
        HadoopTie::Known(index)
    })
}

/// The configuration with the hive-site.xml of a Thrift server: that of the directory it is told to read, else the one that lies
/// closest to what is declared in `path`. Several that lie equally close are none.
pub(super) fn hive_site(tree: &Tree<'_>, directory: Option<&str>, path: &str) -> HadoopTie {
    let configurations = tree.estate.all::<Configuration>().iter().enumerate();
    let with_hive: Vec<(usize, &str)> = configurations
        .filter(|(_, configuration)| configuration.resource(ResourceKind::Hive).is_some())
        .map(|(index, configuration)| (index, &*configuration.name))
        .collect();
    if let Some(directory) = directory {
        let named = |name: &str| common_ends(directory.trim_end_matches('/'), name) > 0;
        if let Some((index, _)) = with_hive.iter().find(|(_, name)| named(name)) {
            return HadoopTie::Known(*index);
        }
    }
    let closest = above(path).find_map(|directory| {
        let beneath: Vec<usize> = with_hive
            .iter()
            .filter(|(_, name)| is_beneath(name, directory))
            .map(|(index, _)| *index)
            .collect();
        (!beneath.is_empty()).then_some(beneath)
    });
    match closest.as_deref() {
        None => HadoopTie::None,
        Some([only]) => HadoopTie::Known(*only),
        Some(_) => HadoopTie::NotCollected,
    }
}

/// The Hadoop configuration that lies beside Spark's own, on the same class path.
pub(super) fn hadoop_beside(tree: &Tree<'_>, directory: &str) -> HadoopTie {
    let directory = if directory.is_empty() { "." } else { directory };
    tree.configurations
        .get(directory)
        .map_or(HadoopTie::None, |index| HadoopTie::Known(*index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_by_components() {
        assert!(is_beneath("jobs/a/x.sh", "jobs"));
        assert!(!is_beneath("jobs2/x.sh", "jobs"));
        assert_eq!(above("a/b/x.sh").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(above("x.sh").collect::<Vec<_>>(), [""]);
        assert_eq!(
            common_ends(
                "/opt/spark/conf/etl.properties",
                "spark/conf/etl.properties"
            ),
            3
        );
    }
}
