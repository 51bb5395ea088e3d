//! Configurations that name the same nameservice and yet are of different clusters: renderings of one chart, environments of
//! one company, examples of one repository. `hdfs://mycluster` and `hdfs://namenode:8020` are names that everybody uses.

use settings::hadoop::{Configuration, Role};
use settings::host_path::common_start;

/// A configuration with the file or directory that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Sited<'c> {
    pub(super) configuration: &'c Configuration,
    pub(super) path: &'c str,
    /// The project whose own network gives its names a meaning: the directory of a compose or environment file.
    pub(super) project: Option<&'c str>,
}

/// How many clusters of one name are compared with the next member.
pub(super) const MOST_CLUSTERS: usize = 256;
/// How many members of a cluster are.
const MOST_MEMBERS: usize = 64;

/// Words by which companies tell environments apart.
const ENVIRONMENTS: [&str; 24] = [
    "dev",
    "development",
    "test",
    "testing",
    "qa",
    "uat",
    "sit",
    "int",
    "integration",
    "stage",
    "staging",
    "preprod",
    "prod",
    "production",
    "live",
    "sandbox",
    "lab",
    "demo",
    "dr",
    "perf",
    "ci",
    "local",
    "poc",
    "backup",
];

/// Splits the members of a name into clusters that no two of them contradict. Each other member joins the cluster whose files
/// stand closest; where two stand equally close, it is a cluster of its own. O(members).
pub(super) fn split(all: &[Sited<'_>], members: &[usize]) -> Vec<Vec<usize>> {
    let (servers, others): (Vec<usize>, Vec<usize>) = members
        .iter()
        .copied()
        .partition(|member| all.get(*member).is_some_and(is_server));
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for server in servers {
        let place = closest(all, &clusters, server).first().copied();
        match place.and_then(|place| clusters.get_mut(place)) {
            Some(cluster) => cluster.push(server),
            None => clusters.push(vec![server]),
        }
    }
    let settled = clusters.len();
    for other in others {
        let places = closest(all, clusters.get(..settled).unwrap_or_default(), other);
        match places.as_slice() {
            [place] => clusters
                .get_mut(*place)
                .into_iter()
                .for_each(|cluster| cluster.push(other)),
            _ => clusters.push(vec![other]),
        }
    }
    join_lone(all, clusters, settled)
}

/// Clients without a server in sight are of one cluster as far as their names say.
fn join_lone(all: &[Sited<'_>], mut clusters: Vec<Vec<usize>>, settled: usize) -> Vec<Vec<usize>> {
    if settled > 0 {
        return clusters;
    }
    let lone: Vec<usize> = clusters.drain(..).flatten().collect();
    let mut joined: Vec<Vec<usize>> = Vec::new();
    for member in lone {
        let place = closest(all, &joined, member).first().copied();
        match place.and_then(|place| joined.get_mut(place)) {
            Some(cluster) => cluster.push(member),
            None => joined.push(vec![member]),
        }
    }
    joined
}

/// The clusters that nothing about a member contradicts and whose files stand closest to it. O(1): of very many clusters
/// the last are looked at, and of very many members the first and the last. Files come in the order of their paths, so the
/// last are those that stand closest to the next.
pub(super) fn closest(all: &[Sited<'_>], clusters: &[Vec<usize>], member: usize) -> Vec<usize> {
    let Some(own) = all.get(member) else {
        return Vec::new();
    };
    let scores: Vec<(usize, usize)> = clusters
        .iter()
        .enumerate()
        .skip(clusters.len().saturating_sub(MOST_CLUSTERS))
        .filter_map(|(place, cluster)| {
            let mut best = 0;
            for other in ends(cluster).filter_map(|other| all.get(*other)) {
                if contradict(own, other) {
                    return None;
                }
                best = best.max(common_start(own.path, other.path));
            }
            Some((place, best))
        })
        .collect();
    let best = scores.iter().map(|(_, score)| *score).max();
    let places = scores
        .into_iter()
        .filter(|(_, score)| Some(*score) == best)
        .map(|(place, _)| place);
    places.collect()
}

/// The first and the last members.
fn ends(cluster: &[usize]) -> impl Iterator<Item = &usize> {
    let (first, rest) = cluster.split_at(cluster.len().min(MOST_MEMBERS / 2));
    let skipped = rest.len().saturating_sub(MOST_MEMBERS / 2);
    first.iter().chain(rest.iter().skip(skipped))
}

fn is_server(sited: &Sited<'_>) -> bool {
    let servers = [
        Role::NameNode,
        Role::DataNode,
        Role::JournalNode,
        Role::Router,
    ];
    sited.configuration.roles.has_any(&servers)
}

/// Whether two configurations cannot be of one cluster.
fn contradict(a: &Sited<'_>, b: &Sited<'_>) -> bool {
    // Two objects of one name cannot live side by side: they are renderings of the same chart.
    if a.configuration.name == b.configuration.name {
        return true;
    }
    // `namenode:9000` is another host in every project.
    if let (Some(one), Some(other)) = (a.project, b.project)
        && one != other
    {
        return true;
    }
    let Some((left, right)) = parting(a.path, b.path) else {
        return false;
    };
    let (left_words, right_words) = (environments(left), environments(right));
    if !left_words.is_empty() && !right_words.is_empty() && left_words != right_words {
        return true;
    }
    is_whole(a) && is_whole(b) && without_number(left) != without_number(right)
}

/// Whether the directory speaks for a whole cluster, not for one node of it.
fn is_whole(sited: &Sited<'_>) -> bool {
    let roles = sited.configuration.roles;
    roles.has(Role::NameNode) && roles.has(Role::DataNode)
}

/// The components in which two paths part: `prod`, `dev` of `sites/prod/conf` and `sites/dev/conf`. A path that ends first
/// parts with an empty component.
fn parting<'p>(a: &'p str, b: &'p str) -> Option<(&'p str, &'p str)> {
    let (mut left, mut right) = (a.split('/'), b.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (one, other) if one == other => {}
            (one, other) => return Some((one.unwrap_or_default(), other.unwrap_or_default())),
        }
    }
}

fn environments(component: &str) -> Vec<&'static str> {
    let component = component.to_ascii_lowercase();
    let mut found: Vec<&str> = component
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| ENVIRONMENTS.iter().copied().find(|known| *known == word))
        .collect();
    found.sort_unstable();
    found
}

/// `worker-03.example` and `worker-12.example` are nodes of one cluster.
fn without_number(component: &str) -> String {
    component.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_part_where_environments_do() {
        assert_eq!(
            parting("sites/prod/conf", "sites/dev/conf"),
            Some(("prod", "dev"))
        );
        assert_eq!(parting("conf", "conf/nn1"), Some(("", "nn1")));
        assert_eq!(parting("conf", "conf"), None);
        assert_eq!(environments("hadoop-prod-eu"), ["prod"]);
        assert_eq!(environments("product"), Vec::<&str>::new());
        assert_eq!(without_number("worker-03"), without_number("worker-12"));
    }
}
