//! Which properties file and which Hadoop configuration a deployment loads.

use crate::Ties;
use model::{Estate, Place, Sources};
use settings::hadoop::Configuration;
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::PodTemplate;
use settings::spark::deployment::HadoopTie;
use settings::spark::{PropertiesFile, Tie};
use text::Node;

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
pub(super) fn stated(estate: &Estate, ties: &Ties, path: &str) -> Option<Tie> {
    let tie = ties
        .spark
        .iter()
        .filter(|tie| is_beneath(path, &tie.path))
        .max_by_key(|tie| tie.path.len())?;
    if tie.defaults.is_empty() {
        return Some(Tie::None);
    }
    let found = estate
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
pub(super) fn candidates(estate: &Estate, path: &str) -> Vec<usize> {
    let files = estate.all::<PropertiesFile>();
    let scored: Vec<(usize, usize)> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.is_defaults && file.object.is_none())
        .map(|(index, file)| (index, common_components(path, &file.name)))
        .collect();
    let best = scored.iter().map(|(_, score)| *score).max().unwrap_or(0);
    scored
        .into_iter()
        .filter(|(_, score)| *score == best)
        .map(|(index, _)| index)
        .collect()
}

fn common_components(a: &str, b: &str) -> usize {
    directory_of(a)
        .split('/')
        .zip(directory_of(b).split('/'))
        .take_while(|(a, b)| a == b && !a.is_empty())
        .count()
}

/// A properties file that a command names by its path on the host or in the container: the one in the tree whose path ends
/// alike, else the only one of that name.
pub(super) fn by_host_path(estate: &Estate, host_path: &str) -> Option<usize> {
    let name = host_path.rsplit('/').next()?;
    let same_name: Vec<(usize, usize)> = estate
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

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
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
    estate: &Estate,
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
                let object = position(estate, kind, name, template.object);
                let file = object.and_then(|object| {
                    estate.all::<PropertiesFile>().iter().position(|file| {
                        file.object == Some(object) && wanted(file_name(&file.name))
                    })
                });
                if let Some(file) = file {
                    return Some(Tie::Certain(original(estate, file)));
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
pub(super) fn original(estate: &Estate, file: usize) -> usize {
    let copy_of = estate
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
pub(super) fn position(estate: &Estate, kind: &str, name: &str, beside: &Object) -> Option<usize> {
    estate.all::<Object>().iter().position(|object| {
        object.is("", kind)
            && &*object.name == name
            && object.cluster == beside.cluster
            && (object.namespace == beside.namespace
                || object.namespace.is_none()
                || beside.namespace.is_none())
    })
}

/// The Hadoop configuration in a ConfigMap.
pub(super) fn hadoop_map(estate: &Estate, name: &str, beside: &Object) -> HadoopTie {
    let Some(object) = position(estate, "ConfigMap", name, beside)
        .and_then(|index| estate.all::<Object>().get(index))
    else {
        return HadoopTie::NotCollected;
    };
    let name = format!("ConfigMap {}", object.qualified_name());
    estate
        .all::<Configuration>()
        .iter()
        .position(|configuration| *configuration.name == *name)
        .map_or(HadoopTie::NotCollected, HadoopTie::Known)
}

/// The Hadoop configuration of a directory on a host: the one in the tree whose path ends alike.
pub(super) fn hadoop_directory(estate: &Estate, host_path: &str) -> HadoopTie {
    let host_path = host_path.trim_end_matches('/');
    let mut best: Option<(usize, usize)> = None;
    for (index, configuration) in estate.all::<Configuration>().iter().enumerate() {
        let score = common_ends(host_path, &configuration.name);
        if score > 0 && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, index));
        }
    }
    best.map_or(HadoopTie::NotCollected, |(_, index)| {
        HadoopTie::Known(index)
    })
}

/// The Hadoop configuration that lies beside Spark's own, on the same class path.
pub(super) fn hadoop_beside(estate: &Estate, directory: &str) -> HadoopTie {
    let directory = if directory.is_empty() { "." } else { directory };
    estate
        .all::<Configuration>()
        .iter()
        .position(|configuration| *configuration.name == *directory)
        .map_or(HadoopTie::None, HadoopTie::Known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_by_components() {
        assert!(is_beneath("jobs/a/x.sh", "jobs"));
        assert!(!is_beneath("jobs2/x.sh", "jobs"));
        assert_eq!(
            common_components("prod/jobs/x.yaml", "prod/spark/d.conf"),
            1
        );
        assert_eq!(common_components("x.yaml", "d.conf"), 0);
        assert_eq!(
            common_ends(
                "/opt/spark/conf/etl.properties",
                "spark/conf/etl.properties"
            ),
            3
        );
    }
}
