//! Which objects belong to one cluster.
//!
//! A tree often holds several environments side by side (`clusters/prod`, `clusters/dev`). Two objects of the same kind,
//! namespace and name cannot live in one cluster, so the directories in which their paths part are different clusters.
//! What lies outside all of them is shared.

use crate::Ties;
use crate::ties::ClusterTie;
use model::{Component, Estate, Place, Product, Release, Subject};
use settings::kubernetes::cluster::Cluster;
use settings::kubernetes::object::Object;
use std::collections::{BTreeSet, HashMap};

/// Numbers the clusters. Number 0 is the shared part, or the only cluster.
pub(super) fn assemble(estate: &mut Estate, ties: &Ties) {
    let directories = object_directories(estate);
    let roots = if ties.clusters.is_empty() {
        parted(estate, &directories)
    } else {
        BTreeSet::new()
    };
    let roots: Vec<String> = roots.into_iter().collect();
    let numbers: Vec<u32> = directories
        .iter()
        .map(|directory| match stated(&ties.clusters, directory) {
            Some(index) => number(index + 1),
            // The deepest root that holds the directory.
            None => roots
                .iter()
                .enumerate()
                .filter(|(_, root)| holds(root, directory))
                .max_by_key(|(_, root)| root.len())
                .map_or(0, |(index, _)| number(ties.clusters.len() + index + 1)),
        })
        .collect();
    for (object, number) in estate.all_mut::<Object>().iter_mut().zip(&numbers) {
        object.cluster = *number;
    }
    if directories.is_empty() {
        return;
    }
    let mut clusters = vec![Cluster {
        name: ".".into(),
        release: None,
    }];
    clusters.extend(ties.clusters.iter().map(|tie| Cluster {
        name: tie.name.as_str().into(),
        release: tie.release.map(|release| (release, None)),
    }));
    clusters.extend(roots.iter().map(|root| Cluster {
        name: root.as_str().into(),
        release: None,
    }));
    for (index, cluster) in clusters.iter_mut().enumerate() {
        if cluster.release.is_none() {
            cluster.release = release_of(estate, number(index));
        }
    }
    for (index, cluster) in clusters.into_iter().enumerate() {
        if numbers.contains(&number(index)) {
            estate.components.push(Component {
                subject: Subject::new("Kubernetes cluster", cluster.name.clone(), None),
                release: cluster
                    .release
                    .map(|(release, _)| (Product::Kubernetes, release)),
                files: Vec::new(),
            });
        }
        estate.put(cluster);
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn stated(ties: &[ClusterTie], directory: &str) -> Option<usize> {
    ties.iter().position(|tie| {
        tie.paths
            .iter()
            .any(|path| holds(path.trim_end_matches('/'), directory))
    })
}

fn holds(root: &str, directory: &str) -> bool {
    root.is_empty()
        || directory
            .strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The directory of each object's file.
fn object_directories(estate: &Estate) -> Vec<String> {
    estate
        .all::<Object>()
        .iter()
        .map(|object| {
            let file = estate
                .sources
                .in_file(Place::new(object.source, object.document))
                .source;
            estate
                .sources
                .get(file)
                .map(|source| source.directory().to_owned())
                .unwrap_or_default()
        })
        .collect()
}

/// The most directories with an object of the same identity that are compared: more environments than anyone keeps.
const MAX_COPIES: usize = 64;

/// The directories in which the paths of objects with the same identity part. O(objects).
fn parted(estate: &Estate, directories: &[String]) -> BTreeSet<String> {
    // Nearly every object has a name of its own, so that the map would grow ten times.
    let mut seen: HashMap<(&str, &str, &str, &str), Vec<&str>> =
        HashMap::with_capacity(directories.len());
    let mut roots = BTreeSet::new();
    for (object, directory) in estate.all::<Object>().iter().zip(directories) {
        if object.name.is_empty() {
            continue;
        }
        let identity = (
            object.group(),
            &*object.kind,
            object.namespace.as_deref().unwrap_or(""),
            &*object.name,
        );
        let others = seen.entry(identity).or_default();
        if others.len() == MAX_COPIES || others.contains(&directory.as_str()) {
            continue;
        }
        // With every earlier one: a base parts from its overlays, and the overlays part from each other.
        for (a, b) in others.iter().filter_map(|other| part(other, directory)) {
            roots.insert(a);
            roots.insert(b);
        }
        others.push(directory);
    }
    roots
}

/// Where two directories part: the common path and each one's next component. `None` if one lies in the other, which is
/// a base with an overlay or a copy, not two clusters.
fn part(a: &str, b: &str) -> Option<(String, String)> {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('/').collect(), b.split('/').collect());
    let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let root = |components: &[&str]| {
        components
            .get(..=common)
            .map(|components| components.join("/"))
    };
    Some((root(&a)?, root(&b)?)).filter(|(a, b)| !a.is_empty() && !b.is_empty())
}

/// Where configurations of the control plane name its release, by their group.
const VERSIONS: [(&str, &[&str]); 4] = [
    ("kubeadm.k8s.io", &["kubernetesVersion"]),
    ("controlplane.cluster.x-k8s.io", &["spec", "version"]),
    ("kops.k8s.io", &["spec", "kubernetesVersion"]),
    ("config.rke.cattle.io", &["kubernetes_version"]),
];

/// The release that the API server's image or kubeadm's configuration names.
fn release_of(estate: &Estate, cluster: u32) -> Option<(Release, Option<Place>)> {
    estate
        .all::<Object>()
        .iter()
        .filter(|object| object.cluster == cluster)
        .find_map(|object| {
            if let Some(version) = VERSIONS
                .iter()
                .filter(|(group, _)| object.group() == *group)
                .find_map(|(_, path)| object.at(path))
            {
                return Some((
                    Release::parse(version.text()?)?,
                    Some(object.place(version)),
                ));
            }
            object.images.iter().find_map(|image| {
                let (repository, tag) = image.name.rsplit_once(':')?;
                let is_control_plane = repository.ends_with("kube-apiserver")
                    || repository.ends_with("kube-controller-manager")
                    || repository.ends_with("kindest/node");
                Some((
                    Release::parse(tag).filter(|_| is_control_plane)?,
                    Some(Place::new(object.source, image.span)),
                ))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn paths_part_at_their_first_difference() {
        assert_eq!(
            part("clusters/prod/spark", "clusters/dev/spark"),
            Some(("clusters/prod".into(), "clusters/dev".into()))
        );
        assert_eq!(part("prod", "dev"), Some(("prod".into(), "dev".into())));
        assert_eq!(part("base", "base/overlay"), None);
    }
}
