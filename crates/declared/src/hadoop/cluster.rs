//! Which configurations belong to one HDFS cluster, and the flows that follow.

use super::File;
use super::assemble::tie_of;
use super::partition::{self, Sited};
use crate::Ties;
use model::{Component, Estate, Flow, Product, Release, SourceId, Subject};
use settings::hadoop::configuration::Cluster;
use settings::hadoop::reader::Reader;
use settings::hadoop::{Configuration, Role};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Groups configurations by nameservice or NameNode address and numbers the groups.
pub(super) fn tie(
    estate: &Estate,
    configurations: &mut [Configuration],
    ties: &Ties,
) -> Vec<Cluster> {
    let clusters = group(estate, configurations, ties);
    for (number, cluster) in clusters.iter().enumerate() {
        for member in &cluster.members {
            if let Some(configuration) = configurations.get_mut(*member) {
                configuration.cluster = Some(number);
            }
        }
    }
    clusters
}

fn group(estate: &Estate, configurations: &[Configuration], ties: &Ties) -> Vec<Cluster> {
    let nameservices = nameservices_by_address(configurations);
    let mut stated: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut nameless = Vec::new();
    for (index, configuration) in configurations.iter().enumerate() {
        let by_user = tie_of(ties, &configuration.name).and_then(|tie| tie.cluster.clone());
        match by_user {
            Some(name) => stated.entry(name).or_default().push(index),
            None => match own_name(configuration, &nameservices) {
                Some(name) => named.entry(name).or_default().push(index),
                None => nameless.push(index),
            },
        }
    }
    let paths: Vec<String> = configurations
        .iter()
        .map(|configuration| path_of(estate, configuration))
        .collect();
    let written: HashSet<SourceId> = estate
        .all::<File>()
        .iter()
        .map(|file| file.source)
        .collect();
    let all: Vec<Sited<'_>> = configurations
        .iter()
        .zip(&paths)
        .map(|(configuration, path)| Sited {
            configuration,
            path,
            project: project_of(estate, configuration, &written),
        })
        .collect();
    let (mut names, mut members): (Vec<String>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    for (name, of_name) in named {
        // Whom the user counts to the cluster is of it, whatever the paths say.
        let joined = stated.remove(&name);
        for mut part in partition::split(&all, &of_name) {
            part.extend(joined.iter().flatten());
            part.sort_unstable();
            part.dedup();
            names.push(name.clone());
            members.push(part);
        }
    }
    for (name, of_name) in stated {
        names.push(name);
        members.push(of_name);
    }
    // A configuration that names no cluster (a hdfs-site.xml alone, a KMS) belongs to the only one there is, or to the one
    // whose files stand closest. Among more clusters than are compared nothing tells.
    let settled = members.clone();
    let is_told = settled.len() <= partition::MOST_CLUSTERS;
    for index in nameless.into_iter().filter(|_| is_told) {
        if let [place] = partition::closest(&all, &settled, index).as_slice() {
            members
                .get_mut(*place)
                .into_iter()
                .for_each(|all| all.push(index));
        }
    }
    names
        .into_iter()
        .zip(members)
        .map(|(name, members)| Cluster {
            name: name.into(),
            compared: compared(configurations, &members),
            members,
        })
        .collect()
}

/// The directory of the compose or environment file that a configuration is made from.
fn project_of<'e>(
    estate: &'e Estate,
    configuration: &Configuration,
    written: &HashSet<SourceId>,
) -> Option<&'e str> {
    let resource = configuration.resources.first()?;
    let source = resource.anchor.source;
    let is_object = configuration.name.starts_with("ConfigMap ");
    let text = estate.sources.get(source)?;
    (!written.contains(&source) && !is_object && text.embedding.is_none()).then(|| text.directory())
}

/// The directory of a configuration's files, or the file of the object that holds them.
fn path_of(estate: &Estate, configuration: &Configuration) -> String {
    let place = configuration
        .resources
        .first()
        .map(|resource| estate.sources.in_file(resource.anchor));
    let source = place.and_then(|place| estate.sources.get(place.source));
    match source {
        Some(source)
            if source.path.starts_with(&*configuration.name)
                || configuration.name.as_ref() == "." =>
        {
            configuration.name.to_string()
        }
        Some(source) => source.path.to_string(),
        None => configuration.name.to_string(),
    }
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

const DAEMONS: [Role; 10] = [
    Role::NameNode,
    Role::DataNode,
    Role::JournalNode,
    Role::SecondaryNameNode,
    Role::Router,
    Role::Kms,
    Role::HttpFs,
    Role::ResourceManager,
    Role::JobHistory,
    Role::Ozone,
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
