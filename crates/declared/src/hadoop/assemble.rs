//! Puts Hadoop files together: which files one node loads, what the node is, which cluster it belongs to.

use super::environment::{self, ContainerResource};
use super::include::Includes;
use super::kind::unnamed;
use super::presence::Ozone;
use super::roles::Basis;
use super::{File, cluster, compose, release, roles};
use crate::Ties;
use crate::ties::HadoopTie;
use model::{Estate, NotExamined, Place, Sources};
use settings::hadoop::resource::{Resource, ResourceKind};
use settings::hadoop::{Configuration, Roles};
use settings::kubernetes::object::Object;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Groups the files of a directory or object into one configuration each.
pub(super) fn assemble(estate: &mut Estate, ties: &Ties) {
    let (mut configurations, problems) = group(estate);
    estate.not_examined.extend(problems);
    let (services, of_services) = compose::configurations(estate);
    configurations.extend(services);
    configurations.extend(environment::container_configurations(estate, &of_services));
    let scripts = environment::Scripts::of(estate);
    for configuration in &mut configurations {
        scripts.attach(estate, configuration);
    }
    borrow_shared_files(&mut configurations, ties);
    let ozone = Ozone::find(estate);
    let mut copies = HashSet::new();
    for (index, configuration) in configurations.iter_mut().enumerate() {
        let tie = tie_of(ties, &configuration.name);
        if roles::conclude(estate, &ozone, configuration, tie) == Basis::FilesAgainstPath {
            copies.insert(index);
        }
        let of_image = configuration.release.take();
        configuration.release = tie
            .and_then(|tie| tie.release)
            .map(|release| (release, None))
            .or_else(|| release::of_configuration(estate, configuration))
            .or(of_image);
    }
    release::of_estate(estate);
    let clusters = cluster::tie(estate, &mut configurations, ties);
    roles::give_way(&mut configurations, &clusters, &copies);
    for cluster in clusters {
        estate.put(cluster);
    }
    for configuration in configurations {
        super::cluster::describe(estate, &configuration);
        estate.put(configuration);
    }
    cluster::flows(estate);
}

/// The statement of the user about a configuration. A tie without a path is about the whole input.
pub(super) fn tie_of<'t>(ties: &'t Ties, name: &str) -> Option<&'t HadoopTie> {
    ties.hadoop.iter().find(|tie| {
        let path = tie.path.trim_end_matches('/');
        path.is_empty()
            || name == path
            || name
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Where files stand together: a directory, or the object they are embedded in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    Directory(String),
    Object(Place),
}

pub(super) fn home(sources: &Sources, file: Place) -> Home {
    match sources
        .get(file.source)
        .map(|source| (source, source.embedding.as_ref()))
    {
        Some((_, Some(embedding))) => Home::Object(embedding.parent),
        Some((source, None)) => Home::Directory(source.directory().to_owned()),
        None => Home::Directory(String::new()),
    }
}

fn group(estate: &Estate) -> (Vec<Configuration>, Vec<NotExamined>) {
    let mut includes = Includes::new(estate);
    let mut homes: BTreeMap<Home, Vec<&File>> = BTreeMap::new();
    for file in estate.all::<File>() {
        let home = match home(&estate.sources, file.document.anchor) {
            // The values of one ConfigMap are separate spans of one object.
            Home::Object(place) => object_around(estate, place)
                .map_or(Home::Object(place), |object| {
                    Home::Object(Place::new(object.source, object.document))
                }),
            directory @ Home::Directory(_) => directory,
        };
        homes.entry(home).or_default().push(file);
    }
    let mut configurations = Vec::new();
    let mut passed_over = Vec::new();
    for (home, files) in &homes {
        let name = home_name(estate, home);
        let mut main = empty(name.as_str());
        for file in files {
            if includes.is_included(file.source) {
                continue;
            }
            let Some(source) = estate.sources.get(file.source) else {
                continue;
            };
            let (properties, gap) = includes.splice(file);
            let by_name = ResourceKind::of_file_name(source.file_name());
            let kind = by_name.map_or_else(
                || unnamed(source.file_name(), &properties),
                |kind| Ok(Some(kind)),
            );
            let kind = match kind {
                Ok(Some(kind)) => kind,
                Ok(None) => continue,
                Err(reason) => {
                    // What an object embeds besides is plain data of it, not an input that was missed.
                    if source.embedding.is_none() {
                        passed_over.push(NotExamined {
                            path: source.path.clone(),
                            reason: reason.into(),
                            place: None,
                            is_error: false,
                        });
                    }
                    continue;
                }
            };
            let resource = Resource {
                kind,
                source: file.source,
                anchor: file.document.anchor,
                properties,
                gap,
            };
            if main.resource(kind).is_none()
                && (by_name.is_some() || !has_named(estate, files, kind))
            {
                main.resources.push(resource);
            } else {
                // A second file of a kind is a variant for another place (core-site-prod.xml), never loaded beside the first.
                let mut variant = empty(&format!("{name}/{}", source.file_name()));
                variant.resources.push(resource);
                configurations.push(variant);
            }
        }
        if !main.resources.is_empty() {
            configurations.push(main);
        }
    }
    passed_over.extend(includes.into_problems());
    (configurations, passed_over)
}

fn has_named(estate: &Estate, files: &[&File], kind: ResourceKind) -> bool {
    files.iter().any(|file| {
        estate
            .sources
            .get(file.source)
            .is_some_and(|source| ResourceKind::of_file_name(source.file_name()) == Some(kind))
    })
}

pub(super) fn empty(name: &str) -> Configuration {
    Configuration {
        name: name.into(),
        roles: Roles::default(),
        roles_known: false,
        resources: Vec::new(),
        environment: Vec::new(),
        environment_read: false,
        release: None,
        cluster: None,
    }
}

/// The object whose document holds a place.
pub(super) fn object_around(estate: &Estate, place: Place) -> Option<&Object> {
    estate.all::<Object>().iter().find(|object| {
        object.source == place.source
            && object.document.start <= place.span.start
            && place.span.end <= object.document.end
    })
}

pub(super) fn home_name(estate: &Estate, home: &Home) -> String {
    match home {
        Home::Directory(directory) if directory.is_empty() => String::from("."),
        Home::Directory(directory) => directory.clone(),
        Home::Object(place) => object_around(estate, *place).map_or_else(
            || String::from("embedded"),
            |object| format!("{} {}", object.kind, object.qualified_name()),
        ),
    }
}

/// A configuration without core-site.xml loads the one above it, beside it in a shared directory, or the one the user names.
/// O(total length of the paths), plus what is copied.
fn borrow_shared_files(configurations: &mut [Configuration], ties: &Ties) {
    let lenders: HashMap<Box<str>, usize> = configurations
        .iter()
        .enumerate()
        .filter(|(_, configuration)| configuration.resource(ResourceKind::Core).is_some())
        .map(|(index, configuration)| (configuration.name.clone(), index))
        .collect();
    // What a lender borrowed itself is not lent on, so all loans are drawn up before the first is made.
    let loans: Vec<(usize, Vec<Resource>)> = configurations
        .iter()
        .enumerate()
        .map(|(index, configuration)| (index, loan(configurations, configuration, &lenders, ties)))
        .filter(|(_, resources)| !resources.is_empty())
        .collect();
    for (index, resources) in loans {
        if let Some(configuration) = configurations.get_mut(index) {
            lend(configuration, &resources);
        }
    }
}

fn loan(
    all: &[Configuration],
    borrower: &Configuration,
    lenders: &HashMap<Box<str>, usize>,
    ties: &Ties,
) -> Vec<Resource> {
    let named = tie_of(ties, &borrower.name)
        .map(|tie| tie.includes.as_slice())
        .unwrap_or_default();
    let resources_of = |name: &str| {
        let lender = lenders.get(name).and_then(|index| all.get(*index));
        lender.map_or(&[][..], |lender| &lender.resources)
    };
    let mut loan: Vec<Resource> = named
        .iter()
        .flat_map(|name| resources_of(name.trim_end_matches('/')))
        .cloned()
        .collect();
    let is_core = |resource: &&Resource| resource.kind == ResourceKind::Core;
    if borrower.resource(ResourceKind::Core).is_some() || loan.iter().any(|r| is_core(&r)) {
        return loan;
    }
    let lender = lends_to(&borrower.name, |name| lenders.contains_key(name));
    let core = lender.iter().flat_map(|name| resources_of(name));
    loan.extend(core.filter(is_core).cloned());
    loan
}

fn lend(configuration: &mut Configuration, resources: &[Resource]) {
    for resource in resources {
        if configuration.resource(resource.kind).is_none() {
            configuration.resources.push(resource.clone());
        }
    }
}

/// The directory whose files are meant for directory `name` too: the nearest above it, or a shared one beside it; of both
/// kinds the one with the longer path.
fn lends_to(name: &str, lends: impl Fn(&str) -> bool) -> Option<String> {
    const SHARED: [&str; 5] = ["all", "base", "common", "core", "shared"];
    let parent = name.rsplit_once('/').map(|(parent, _)| parent);
    let beside = SHARED.iter().map(|shared| match parent {
        Some(parent) => format!("{parent}/{shared}"),
        None => (*shared).to_owned(),
    });
    let is_embedded = name.contains(' ');
    let above = name
        .rmatch_indices('/')
        .filter_map(|(end, _)| name.get(..end))
        .chain(std::iter::once("."))
        .filter(|_| !is_embedded)
        .map(str::to_owned);
    beside
        .chain(above)
        .filter(|lender| lends(lender))
        .max_by_key(String::len)
}

impl From<ContainerResource> for Resource {
    fn from(container: ContainerResource) -> Self {
        Resource {
            kind: container.kind,
            source: container.source,
            anchor: container.anchor,
            properties: container.properties,
            gap: None,
        }
    }
}
