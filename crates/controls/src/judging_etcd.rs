//! How controls walk over etcd's members and their listeners.

use crate::judging_kubernetes::{fact, file_of, running};
use model::{Estate, Place, Subject, Witness};
use settings::host_path;
use settings::kubernetes::flags::{CommandLine, Etcd, Item, Program, Setting};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::pod_templates;
use std::net::IpAddr;

/// An etcd member.
#[derive(Debug)]
pub struct EtcdMember<'e> {
    /// Its settings.
    pub etcd: Etcd<'e>,
    /// Its pod's name; empty where a script starts it.
    pub name: String,
    /// The number of its cluster.
    pub cluster: u32,
}

impl EtcdMember<'_> {
    /// The subject: the pod, and the file that describes it.
    #[must_use]
    pub fn subject(&self, estate: &Estate) -> Subject {
        let file = file_of(estate, self.etcd.place);
        let name = if self.name.is_empty() {
            file.to_owned()
        } else {
            format!("{} ({file})", self.name)
        };
        Subject::new("etcd", name, Some(self.etcd.place))
    }
}

/// The etcd members of the estate: containers first, then command lines of distributions, scripts and units, then
/// configuration files that none of them names.
#[must_use]
pub fn members(estate: &Estate) -> Vec<EtcdMember<'_>> {
    let mut members = Vec::new();
    let objects = estate.all::<Object>();
    let with_etcd = estate.derived(ObjectsWithEtcd::of);
    for object in with_etcd.0.iter().filter_map(|index| objects.get(*index)) {
        let etcds = in_containers(object);
        members.extend(etcds.map(|etcd| EtcdMember::of_object(etcd, object)));
    }
    let known: Vec<Place> = members.iter().map(|member| member.etcd.place).collect();
    for other in running(estate, Program::Etcd) {
        let Some(object) = other.object else {
            continue;
        };
        if !known.contains(&other.flags.place)
            && let Some(etcd) = Etcd::of_flags(other.flags)
        {
            members.push(EtcdMember::of_object(etcd, object));
        }
    }
    let commands = estate.all::<CommandLine>().iter();
    members.extend(
        commands
            .filter_map(Etcd::of_command_line)
            .map(|etcd| EtcdMember {
                etcd,
                name: String::new(),
                cluster: 0,
            }),
    );
    let files: Vec<&Object> = estate
        .all::<Object>()
        .iter()
        .filter(|object| Etcd::is_configuration(object))
        .collect();
    let mut is_named = vec![false; files.len()];
    for member in &mut members {
        let Some(Setting::Set(path, place)) = member.etcd.config_file() else {
            continue;
        };
        let sources = files.iter().map(|file| file.source);
        let meant = host_path::named(&estate.sources, sources, &path, place.source);
        for (file, is_named) in files.iter().zip(&mut is_named) {
            if meant.contains(&file.source) {
                *is_named = true;
                // Where two files may be meant, which one counts is not known, and none is taken.
                if meant.len() == 1 {
                    member.etcd.file = Some(file);
                }
            }
        }
    }
    for (file, is_named) in files.into_iter().zip(is_named) {
        if !is_named {
            members.push(EtcdMember {
                etcd: Etcd::of_file(file),
                name: String::new(),
                cluster: file.cluster,
            });
        }
    }
    members
}

impl<'e> EtcdMember<'e> {
    fn of_object(etcd: Etcd<'e>, object: &Object) -> EtcdMember<'e> {
        EtcdMember {
            etcd,
            name: object.qualified_name(),
            cluster: object.cluster,
        }
    }
}

/// The numbers of the objects whose containers run etcd: few of many.
struct ObjectsWithEtcd(Vec<usize>);

impl ObjectsWithEtcd {
    fn of(estate: &Estate) -> Self {
        let objects = estate.all::<Object>().iter().enumerate();
        ObjectsWithEtcd(
            objects
                .filter(|(_, object)| in_containers(object).next().is_some())
                .map(|(index, _)| index)
                .collect(),
        )
    }
}

/// The etcds that an object's containers run.
fn in_containers(object: &Object) -> impl Iterator<Item = Etcd<'_>> {
    pod_templates(object).into_iter().flat_map(|pod| {
        let containers = pod.containers().into_iter();
        containers
            .filter_map(|container| Etcd::of_container(&pod, &container))
            .collect::<Vec<_>>()
    })
}

/// The host of a url, without brackets; empty where there is none.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a url reaches this host only: `localhost`, 127.0.0.0/8, `::1`, or a Unix socket.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    if url.starts_with("unix") {
        return true;
    }
    let host = host(url);
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether a listener's url stands for every address of the host.
#[must_use]
pub fn is_any_address(url: &str) -> bool {
    let host = host(url);
    host.is_empty()
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_unspecified())
}

/// A url as a fact.
pub fn url_fact(estate: &Estate, url: &Item, flag: &str, label: &str) -> Witness {
    fact(estate, url.place, label)
        .key(format!("--{flag}"))
        .value(url.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::{is_any_address, is_loopback};

    #[test]
    fn addresses_are_told_apart() {
        for url in [
            "http://127.0.0.1:2379",
            "https://localhost:2379",
            "http://[::1]:2380",
            "unix:///run/etcd",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "http://10.0.0.4:2379",
            "http://0.0.0.0:2379",
            "http://etcd-0.etcd:2379",
            "http://127.0.0.1.evil.example:2379",
            "http://",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
        assert!(is_any_address("http://0.0.0.0:2381") && is_any_address("http://[::]:2381"));
        assert!(!is_any_address("http://127.0.0.1:2381"));
    }
}
