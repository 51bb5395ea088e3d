//! Hadoop in compose files: each service is a node, with what its environment files and its own environment say.

use super::environment::resources_of;
use super::role_words::named;
use super::{assemble::empty, release};
use crate::relative::seen_from;
use model::{Estate, Place, Source, SourceId};
use settings::compose::{Assigned, Service};
use settings::hadoop::configuration::Variable;
use settings::hadoop::resource::Gap;
use settings::hadoop::{Configuration, Role, Roles};
use settings::script::Script;
use std::collections::{HashMap, HashSet};

/// The nodes of the compose files, and the environment files that count for them.
pub(super) fn configurations(estate: &Estate) -> (Vec<Configuration>, HashSet<SourceId>) {
    let scripts: HashMap<&str, &Script> = estate
        .all::<Script>()
        .iter()
        .filter_map(|script| Some((&*estate.sources.get(script.source)?.path, script)))
        .collect();
    let mut configurations = Vec::new();
    let mut used = HashSet::new();
    for service in estate
        .all::<Service>()
        .iter()
        .filter(|service| service.is_whole)
    {
        let Some(source) = estate.sources.get(service.source) else {
            continue;
        };
        let additions = additions(estate, source, service);
        let paths: Vec<String> = std::iter::once(service)
            .chain(additions.iter().copied())
            .flat_map(|part| &part.env_files)
            .map(|path| seen_from(source.directory(), path))
            .collect();
        let files: Vec<&Script> = paths
            .iter()
            .filter_map(|path| scripts.get(path.as_str()).copied())
            .collect();
        let name = format!("{} {}", source.path, service.name);
        let is_whole = files.len() == paths.len();
        let environment: Vec<&Assigned> = std::iter::once(service)
            .chain(additions.iter().copied())
            .flat_map(|part| &part.environment)
            .collect();
        let found = configuration(&name, service, &files, &environment, is_whole);
        if let Some(configuration) = found {
            used.extend(files.iter().map(|file| file.source));
            configurations.push(configuration);
        }
    }
    (configurations, used)
}

/// What the override file beside a compose file adds to a service of the same name: compose reads both unless told otherwise.
/// Other files without image are combined by whoever starts the project, in ways that no file tells.
fn additions<'e>(estate: &'e Estate, base: &Source, service: &Service) -> Vec<&'e Service> {
    let stem = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    let parts = estate.all::<Service>().iter();
    let parts = parts.filter(|part| !part.is_whole && part.name == service.name);
    parts
        .filter(|part| {
            estate.sources.get(part.source).is_some_and(|source| {
                source.directory() == base.directory()
                    && source.file_name().contains(".override.")
                    && stem(source.file_name()) == stem(base.file_name())
            })
        })
        .collect()
}

fn configuration(
    name: &str,
    service: &Service,
    files: &[&Script],
    environment: &[&Assigned],
    is_whole: bool,
) -> Option<Configuration> {
    let mut variables: Vec<Variable> = Vec::new();
    for file in files {
        variables.extend(file.assignments.iter().map(|assignment| Variable {
            name: assignment.name.as_str().into(),
            value: assignment.value.text.as_str().into(),
            place: Place::new(file.source, assignment.value.span),
        }));
    }
    variables.extend(environment.iter().map(|assigned| Variable {
        name: assigned.name.clone(),
        value: assigned.value.clone(),
        place: assigned.place,
    }));
    let anchor = files.first().map_or(service.place, |file| {
        Place::new(file.source, text::Span::at(0))
    });
    let mut configuration = empty(name);
    configuration.resources = resources_of(&variables, anchor);
    if configuration.resources.is_empty() {
        return None;
    }
    if !is_whole {
        for resource in &mut configuration.resources {
            resource.gap = Some(Gap::MissingInclude);
        }
    }
    let of_ozone = variables
        .iter()
        .any(|variable| variable.name.starts_with("OZONE-SITE.XML_"));
    configuration.roles = roles(service, of_ozone);
    configuration.roles_known = !configuration.roles.is_empty();
    configuration.release = service
        .image
        .as_deref()
        .and_then(release::of_image)
        .map(|release| (release, None));
    configuration.environment = variables;
    Some(configuration)
}

/// What the container runs: by its command, else by its image, else by the name of the service. A container of Ozone runs
/// Ozone's own daemons, whatever they are called.
fn roles(service: &Service, of_ozone: bool) -> Roles {
    let image = service.image.as_deref().unwrap_or_default();
    let repository = image.split(':').next().unwrap_or(image);
    let is_ozone = |text: &str| text.split(is_no_letter).any(|word| word == "ozone");
    if service.words.iter().any(|word| is_ozone(word)) || is_ozone(repository) {
        let mut roles = Roles::of(&[Role::Ozone]);
        // Its HttpFS is Hadoop's.
        if service.words.iter().any(|word| &**word == "httpfs") {
            roles.add(Role::HttpFs);
        }
        return roles;
    }
    let by_command: Vec<Role> = service
        .words
        .iter()
        .flat_map(|word| roles_of(word))
        .collect();
    let by_image = roles_of(repository.rsplit('/').next().unwrap_or_default());
    // Ozone calls its daemons as HDFS does, so a name alone tells nothing where the variables are Ozone's.
    let by_name = if of_ozone {
        vec![Role::Ozone]
    } else {
        roles_of(&service.name)
    };
    let found = [by_command, by_image, by_name];
    let first = found.iter().find(|roles| !roles.is_empty());
    first.map_or(Roles::default(), |roles| Roles::of(roles))
}

fn is_no_letter(c: char) -> bool {
    !c.is_ascii_alphanumeric()
}

/// The roles that the words of a text name: `hadoop-namenode`, `bin/yarn`, `historyserver`.
fn roles_of(text: &str) -> Vec<Role> {
    text.split(is_no_letter)
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .flat_map(named)
        .copied()
        .collect()
}
