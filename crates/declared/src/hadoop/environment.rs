//! Environment scripts beside the files, and the environment conventions of container images.
//!
//! Two conventions turn variables into XML before a daemon starts: `CORE-SITE.XML_fs.defaultFS=...` (apache/hadoop's
//! `envtoconf.py`) and `CORE_CONF_fs_defaultFS=...` (bde2020/docker-hadoop's `entrypoint.sh`: `___` is `-`, `__` is `_`, `_` is `.`).

use super::assemble::{Home, empty, home, home_name};
use model::{Estate, Place, SourceId};
use settings::hadoop::Configuration;
use settings::hadoop::configuration::Variable;
use settings::hadoop::resource::{Property, Resource, ResourceKind};
use settings::kubernetes::object::Object;
use settings::script::Script;
use std::collections::{BTreeMap, HashSet};
use text::shell::Assignment;

/// A resource that an image writes from its environment.
pub(super) struct ContainerResource {
    pub(super) kind: ResourceKind,
    pub(super) source: SourceId,
    pub(super) anchor: Place,
    pub(super) properties: Vec<Property>,
}

/// The scripts of each directory or object.
pub(super) struct Scripts<'e>(BTreeMap<Home, Vec<&'e Script>>);

impl<'e> Scripts<'e> {
    /// O(scripts).
    pub(super) fn of(estate: &'e Estate) -> Self {
        let mut by_home: BTreeMap<Home, Vec<&Script>> = BTreeMap::new();
        for script in estate.all::<Script>() {
            let anchor = Place::new(script.source, text::Span::at(0));
            let home = home(&estate.sources, anchor);
            by_home.entry(home).or_default().push(script);
        }
        Scripts(by_home)
    }

    /// Attaches the variables of scripts in the same directory (`hadoop-env.sh`, `kms-env.sh`).
    pub(super) fn attach(&self, estate: &Estate, configuration: &mut Configuration) {
        let mut homes: Vec<Home> = configuration
            .resources
            .iter()
            .map(|resource| home(&estate.sources, resource.anchor))
            .collect();
        homes.sort_unstable();
        homes.dedup();
        let mut scripts: Vec<&Script> = homes
            .iter()
            .filter_map(|home| self.0.get(home))
            .flatten()
            .copied()
            .collect();
        scripts.sort_by_key(|script| script.source);
        for script in scripts {
            configuration.environment_read = true;
            for assignment in script.assignments.iter().chain(
                script
                    .commands
                    .iter()
                    .flat_map(|command| &command.assignments),
            ) {
                configuration.environment.push(Variable {
                    name: assignment.name.as_str().into(),
                    value: assignment.value.text.as_str().into(),
                    place: Place::new(script.source, assignment.value.span),
                });
            }
        }
    }
}

/// Configurations written as variables: environment files, except those that count for a compose file's services, and
/// ConfigMaps meant for `envFrom`.
pub(super) fn container_configurations(
    estate: &Estate,
    of_services: &HashSet<SourceId>,
) -> Vec<Configuration> {
    let alone = estate
        .all::<Script>()
        .iter()
        .filter(|script| !of_services.contains(&script.source));
    let scripts = alone.map(|script| {
        let anchor = Place::new(script.source, text::Span::at(0));
        let name = estate
            .sources
            .get(script.source)
            .map(|source| source.path.to_string());
        let name = name.unwrap_or_else(|| home_name(estate, &home(&estate.sources, anchor)));
        let assignments = script.assignments.iter().chain(
            script
                .commands
                .iter()
                .flat_map(|command| &command.assignments),
        );
        (
            name,
            script.source,
            anchor,
            resources_of_assignments(script.source, anchor, assignments),
        )
    });
    let maps = estate
        .all::<Object>()
        .iter()
        .filter(|object| object.is("", "ConfigMap"))
        .map(|object| {
            let anchor = object.name_place();
            let name = format!("ConfigMap {}", object.qualified_name());
            (
                name,
                object.source,
                anchor,
                resources_of_config_map(object, anchor),
            )
        });
    scripts
        .chain(maps)
        .filter(|(.., resources)| !resources.is_empty())
        .map(|(name, _, _, resources)| {
            let mut configuration = empty(&name);
            configuration
                .resources
                .extend(resources.into_iter().map(Into::into));
            configuration
        })
        .collect()
}

type Grouped = BTreeMap<ResourceKind, Vec<Property>>;

/// The files that an image writes from these variables; what they leave out would stand at `anchor`.
pub(super) fn resources_of(variables: &[Variable], anchor: Place) -> Vec<Resource> {
    let mut grouped = Grouped::new();
    for variable in variables {
        add(
            &mut grouped,
            &variable.name,
            &variable.value,
            variable.place,
        );
    }
    finish(anchor.source, anchor, grouped)
        .into_iter()
        .map(Into::into)
        .collect()
}

fn resources_of_assignments<'a>(
    source: SourceId,
    anchor: Place,
    assignments: impl Iterator<Item = &'a Assignment>,
) -> Vec<ContainerResource> {
    let mut grouped = Grouped::new();
    for assignment in assignments {
        // An entrypoint's `X=${X:-default}` fills in what the real environment leaves out; it is no cluster of its own.
        if assignment.value.dynamic
            && assignment
                .value
                .text
                .contains(&format!("${{{}", assignment.name))
        {
            continue;
        }
        let place = Place::new(source, assignment.value.span);
        add(
            &mut grouped,
            &assignment.name,
            &assignment.value.text,
            place,
        );
    }
    finish(source, anchor, grouped)
}

fn resources_of_config_map(object: &Object, anchor: Place) -> Vec<ContainerResource> {
    let mut grouped = Grouped::new();
    for entry in object
        .at(&["data"])
        .map(text::Node::entries)
        .unwrap_or_default()
    {
        if let (Some(name), Some(value)) = (entry.key.text(), entry.value.text()) {
            add(&mut grouped, name, value, object.place(&entry.value));
        }
    }
    finish(object.source, anchor, grouped)
}

fn finish(source: SourceId, anchor: Place, grouped: Grouped) -> Vec<ContainerResource> {
    grouped
        .into_iter()
        .map(|(kind, properties)| ContainerResource {
            kind,
            source,
            anchor,
            properties,
        })
        .collect()
}

fn add(grouped: &mut Grouped, variable: &str, value: &str, place: Place) {
    let Some((kind, key)) = property_of(variable) else {
        return;
    };
    grouped.entry(kind).or_default().push(Property {
        name: key.into(),
        value: (!value.is_empty()).then(|| value.into()),
        is_final: false,
        is_conditional: false,
        name_place: place,
        value_place: place,
        place,
    });
}

/// The file and key that a variable of either convention sets.
fn property_of(variable: &str) -> Option<(ResourceKind, String)> {
    if let Some((file, key)) = variable.split_once(".XML_") {
        let kind = ResourceKind::of_file_name(&format!("{}.xml", file.to_ascii_lowercase()))?;
        return Some((kind, key.to_owned()));
    }
    const PREFIXES: [(&str, ResourceKind); 6] = [
        ("CORE_CONF_", ResourceKind::Core),
        ("HDFS_CONF_", ResourceKind::Hdfs),
        ("YARN_CONF_", ResourceKind::Yarn),
        ("HTTPFS_CONF_", ResourceKind::HttpFs),
        ("KMS_CONF_", ResourceKind::Kms),
        ("MAPRED_CONF_", ResourceKind::Mapred),
    ];
    let (key, kind) = PREFIXES
        .iter()
        .find_map(|(prefix, kind)| Some((variable.strip_prefix(prefix)?, *kind)))?;
    // entrypoint.sh: perl -pe 's/___/-/g; s/__/@/g; s/_/./g; s/@/_/g'
    let key = key
        .replace("___", "-")
        .replace("__", "@")
        .replace('_', ".")
        .replace('@', "_");
    // YARN_CONF_DIR and its like name a directory, not a key.
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase()) && key.contains('.');
    is_key.then_some((kind, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_conventions_of_images_are_understood() {
        assert_eq!(
            property_of("CORE-SITE.XML_fs.defaultFS"),
            Some((ResourceKind::Core, "fs.defaultFS".into()))
        );
        assert_eq!(
            property_of("HDFS-SITE.XML_dfs.namenode.rpc-address"),
            Some((ResourceKind::Hdfs, "dfs.namenode.rpc-address".into()))
        );
        assert_eq!(
            property_of("HDFS_CONF_dfs_namenode_datanode_registration_ip___hostname___check"),
            Some((
                ResourceKind::Hdfs,
                "dfs.namenode.datanode.registration.ip-hostname-check".into()
            ))
        );
        assert_eq!(
            property_of("CORE_CONF_hadoop_http_staticuser_user"),
            Some((ResourceKind::Core, "hadoop.http.staticuser.user".into()))
        );
        assert_eq!(property_of("PATH"), None);
        assert_eq!(property_of("YARN_CONF_DIR"), None);
    }
}
