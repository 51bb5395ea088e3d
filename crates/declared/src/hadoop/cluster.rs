//! Which configurations belong to one HDFS cluster, and the flows that follow.

use super::assemble::tie_of;
use crate::Ties;
use model::{Component, Estate, Flow, Product, Release, Subject};
use settings::hadoop::configuration::Cluster;
use settings::hadoop::view::Reader;
use settings::hadoop::{Configuration, Role};
use std::collections::{BTreeMap, HashMap};

/// Groups configurations by nameservice or NameNode address and numbers the groups.
pub(super) fn tie(configurations: &mut [Configuration], ties: &Ties) -> Vec<Cluster> {
    let nameservices = nameservices_by_address(configurations);
    let names: Vec<Option<String>> = configurations
        .iter()
        .map(|configuration| {
            let stated = tie_of(ties, &configuration.name).and_then(|tie| tie.cluster.clone());
            stated.or_else(|| own_name(configuration, &nameservices))
        })
        .collect();
    let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if let Some(name) = name {
            members.entry(name.clone()).or_default().push(index);
        }
    }
    adopt_nameless(configurations, &names, &mut members);
    members
        .into_iter()
        .enumerate()
        .map(|(number, (name, members))| {
            for member in &members {
                if let Some(configuration) = configurations.get_mut(*member) {
                    configuration.cluster = Some(number);
                }
            }
            Cluster {
                name: name.into(),
                compared: compared(configurations, &members),
                members,
            }
        })
        .collect()
}

/// Of the members that say the same the first two, of all others each. O(total number of properties).
fn compared(configurations: &[Configuration], members: &[usize]) -> Vec<usize> {
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut compared = Vec::new();
    for member in members {
        let Some(configuration) = configurations.get(*member) else {
            continue;
        };
        let alike = by_hash.entry(configuration.statement_hash()).or_default();
        let is_told = |other: &&usize| {
            configurations
                .get(**other)
                .is_some_and(|other| configuration.says_the_same_as(other))
        };
        if alike.iter().filter(is_told).count() < 2 {
            alike.push(*member);
            compared.push(*member);
        }
    }
    compared
}

/// A configuration that names no cluster (a hdfs-site.xml alone, a KMS) belongs to the only one there is, or to the one
/// whose files stand closest. O(total length of the paths).
fn adopt_nameless(
    configurations: &[Configuration],
    names: &[Option<String>],
    members: &mut BTreeMap<String, Vec<usize>>,
) {
    let mut below: HashMap<&str, Clusters> = HashMap::new();
    for (name, all) in members.iter() {
        for configuration in all.iter().filter_map(|index| configurations.get(*index)) {
            stand_below(&mut below, &configuration.name, name);
        }
    }
    for (index, name) in names.iter().enumerate() {
        let Some(own) = configurations.get(index).filter(|_| name.is_none()) else {
            continue;
        };
        let closest = ancestors(&own.name).find_map(|ancestor| below.get(ancestor));
        if let Some(Clusters::One(cluster)) = closest {
            let cluster = cluster.clone();
            stand_below(&mut below, &own.name, &cluster);
            members.entry(cluster).or_default().push(index);
        }
    }
}

/// The clusters that have files below a directory.
enum Clusters {
    One(String),
    Several,
}

fn stand_below<'c>(below: &mut HashMap<&'c str, Clusters>, path: &'c str, cluster: &str) {
    for ancestor in ancestors(path) {
        match below.get_mut(ancestor) {
            None => {
                below.insert(ancestor, Clusters::One(cluster.to_owned()));
            }
            Some(Clusters::One(known)) if known == cluster => {}
            Some(clusters) => *clusters = Clusters::Several,
        }
    }
}

/// `a/b/c`, `a/b`, `a` and the top.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.rmatch_indices('/').map(|(at, _)| at);
    std::iter::once(path.len())
        .chain(ends)
        .map(|end| path.get(..end).unwrap_or_default())
        .chain(std::iter::once(""))
}

/// Any release: the keys that tie are the same in all of them.
const ANY: Release = Release(3, 4, 1);

fn value(configuration: &Configuration, key: &str) -> Option<String> {
    let effective = configuration.get(Reader::Hdfs, key, ANY);
    (effective.is_written() && effective.is_set() && !effective.unresolved)
        .then(|| effective.str().to_owned())
}

fn own_name(
    configuration: &Configuration,
    nameservices: &HashMap<String, String>,
) -> Option<String> {
    let file_system =
        value(configuration, "fs.defaultFS").or_else(|| value(configuration, "fs.default.name"));
    let authority = file_system.as_deref().and_then(hdfs_authority);
    if let Some(authority) = authority {
        return Some(nameservices.get(&authority).cloned().unwrap_or(authority));
    }
    let nameservice = value(configuration, "dfs.nameservices")?;
    nameservice
        .split(',')
        .next()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

/// The authority of an `hdfs:` or `viewfs:` URI, without the default port.
fn hdfs_authority(uri: &str) -> Option<String> {
    let rest = uri
        .strip_prefix("hdfs://")
        .or_else(|| uri.strip_prefix("viewfs://"))?;
    let authority = rest.split('/').next().unwrap_or_default();
    let authority = authority.strip_suffix(":8020").unwrap_or(authority);
    (!authority.is_empty()).then(|| authority.to_ascii_lowercase())
}

/// `nn1.example:8020` -> nameservice, from `dfs.namenode.rpc-address.<nameservice>.<id>`.
fn nameservices_by_address(configurations: &[Configuration]) -> HashMap<String, String> {
    let mut by_address = HashMap::new();
    for property in configurations
        .iter()
        .flat_map(|c| &c.resources)
        .flat_map(|resource| &resource.properties)
    {
        if let Some(rest) = property.name.strip_prefix("dfs.namenode.rpc-address.")
            && let Some((nameservice, _)) = rest.split_once('.')
            && let Some(address) = &property.value
        {
            let address = address.trim().to_ascii_lowercase();
            let address = address.strip_suffix(":8020").unwrap_or(&address).to_owned();
            by_address.insert(address, nameservice.to_owned());
        }
    }
    by_address
}

const DAEMONS: [Role; 9] = [
    Role::NameNode,
    Role::DataNode,
    Role::JournalNode,
    Role::SecondaryNameNode,
    Role::Router,
    Role::Kms,
    Role::HttpFs,
    Role::ResourceManager,
    Role::JobHistory,
];

/// What a configuration's node is called: its one role, or the general word.
fn kind(configuration: &Configuration) -> &'static str {
    let mut held = DAEMONS
        .iter()
        .filter(|role| configuration.roles.has(**role));
    match (held.next(), held.next()) {
        (Some(role), None) if configuration.roles_known => role.as_str(),
        (None, _) => Role::Client.as_str(),
        _ => "Hadoop node",
    }
}

/// Adds the configuration as a component.
pub(super) fn describe(estate: &mut Estate, configuration: &Configuration) {
    let kind = kind(configuration);
    let mut files: Vec<Box<str>> = configuration
        .resources
        .iter()
        .filter_map(|resource| {
            estate
                .sources
                .locate(resource.anchor)
                .map(|location| location.path)
        })
        .collect();
    files.sort_unstable();
    files.dedup();
    estate.components.push(Component {
        subject: configuration.subject(kind),
        release: configuration
            .release
            .map(|(release, _)| (Product::Hadoop, release)),
        files,
    });
}

/// Clients talk to the cluster they name; everybody with a provider path talks to its KMS.
pub(super) fn flows(estate: &mut Estate) {
    let mut flows = Vec::new();
    for configuration in estate.all::<Configuration>() {
        let release = configuration.release.map_or(ANY, |(release, _)| release);
        let from = configuration.subject(kind(configuration));
        let file_system = configuration.get(Reader::Hdfs, "fs.defaultFS", release);
        if let (Some(cluster), true) = (
            configuration
                .cluster
                .and_then(|c| estate.all::<Cluster>().get(c)),
            file_system.is_written(),
        ) {
            for protocol in ["Hadoop RPC", "block transfer"] {
                flows.push(Flow {
                    from: from.clone(),
                    to: Subject::new("HDFS nameservice", cluster.name.clone(), None),
                    protocol,
                    tied_by: "fs.defaultFS".into(),
                    place: file_system.place(),
                });
            }
        }
        let provider =
            configuration.get(Reader::Hdfs, "hadoop.security.key.provider.path", release);
        if let Some(hosts) = provider
            .text()
            .and_then(|uri| uri.strip_prefix("kms://"))
            .and_then(|rest| rest.split_once('@'))
        {
            flows.push(Flow {
                from,
                to: Subject::new("KMS", hosts.1, None),
                protocol: "KMS REST",
                tied_by: "hadoop.security.key.provider.path".into(),
                place: provider.place(),
            });
        }
    }
    estate.flows.extend(flows);
}
