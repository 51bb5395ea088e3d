//! Which files of the input the API servers load: a flag names a path on the host, the input has files of that name.

use crate::judging_kubernetes::{Running, file_of, same_cluster};
use model::{Estate, Place, SourceId};
use settings::host_path;
use settings::kubernetes::flags::Setting;
use settings::kubernetes::object::Object;
use std::collections::HashSet;

/// What the path of a flag means in the input.
#[derive(Debug)]
pub enum Named<'e> {
    /// Files of that name; several where nothing tells them apart.
    Files(Vec<&'e Object>),
    /// No file has the name, but there are files of the kind: one of them may be put there under another name.
    Perhaps,
    /// A file of that name that holds nothing.
    Empty(SourceId),
    /// Nothing of the kind was read.
    NotRead,
}

/// What the path that a setting names means among objects of one kind in a cluster.
pub fn named<'e>(
    estate: &'e Estate,
    cluster: u32,
    setting: &Setting<String>,
    is_kind: fn(&Object) -> bool,
) -> Named<'e> {
    // A path that a distribution passes by itself is one too.
    let (Setting::Set(path, place) | Setting::Default(path, place)) = setting else {
        return Named::NotRead;
    };
    let files = of_kind(estate, cluster, is_kind);
    let sources = files.iter().map(|file| file.source);
    let meant = host_path::named(&estate.sources, sources, path, place.source);
    if !meant.is_empty() {
        let mut files = files;
        files.retain(|file| meant.contains(&file.source));
        return Named::Files(files);
    }
    let blank = estate
        .sources
        .iter()
        .filter(|(_, source)| source.text.trim().is_empty());
    let blank = blank.map(|(id, _)| id);
    match host_path::named(&estate.sources, blank, path, place.source).first() {
        Some(source) => Named::Empty(*source),
        None if files.is_empty() => Named::NotRead,
        None => Named::Perhaps,
    }
}

/// The objects of a kind in a cluster, the first of each text: components read no other.
fn of_kind(estate: &Estate, cluster: u32, is_kind: fn(&Object) -> bool) -> Vec<&Object> {
    let mut seen: HashSet<SourceId> = HashSet::new();
    estate
        .all::<Object>()
        .iter()
        .filter(|object| is_kind(object) && same_cluster(object.cluster, cluster))
        .filter(|object| seen.insert(object.source))
        .collect()
}

/// Why no API server loads a file: each one of its cluster whose flag is known names another file, which was read. A file of
/// the same name elsewhere in the tree may belong to another host, so it is none of these.
#[must_use]
pub fn unused(
    estate: &Estate,
    file: &Object,
    servers: &[Running<'_>],
    flag: &str,
    is_kind: fn(&Object) -> bool,
) -> Option<String> {
    let own = estate.sources.get(file.source)?;
    let mut other = None;
    for server in servers {
        if !same_cluster(server.cluster(), file.cluster) {
            continue;
        }
        let setting = server.api_server()?.text(flag);
        if setting.is_empty() {
            continue;
        }
        let path = setting.value()?;
        if path.rsplit('/').next() == Some(own.file_name()) {
            return None;
        }
        match named(estate, server.cluster(), &setting, is_kind) {
            Named::Files(files) => {
                let first = files.first()?;
                other.get_or_insert((setting.place(), first.source));
            }
            Named::Perhaps | Named::Empty(_) | Named::NotRead => return None,
        }
    }
    let (by, named) = other?;
    let named = estate.sources.get(named).map_or("", |source| &*source.path);
    Some(format!(
        "no API server that was read loads this file: --{flag} in {} names {named}",
        file_of(estate, Place::new(by.source, by.span))
    ))
}
