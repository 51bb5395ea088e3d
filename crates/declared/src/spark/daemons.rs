//! Daemons that a configuration directory shows: `spark-env.sh` and `spark-defaults.conf` with their settings.

use super::ties::Tree;
use super::{release, scripts, ties};
use model::Place;
use settings::hadoop::configuration::Variable;
use settings::hadoop::{Configuration, ResourceKind};
use settings::script::Script;
use settings::spark::{Deployment, Kind, Layer, Master, Origin, PropertiesFile, Setting, Tie};

/// What shows that a directory's files serve a daemon.
struct Evidence {
    kind: Kind,
    /// Variables that only this daemon's launcher reads.
    variables: &'static [&'static str],
    /// Prefixes of properties that only this daemon reads.
    prefixes: &'static [&'static str],
}

const EVIDENCE: [Evidence; 4] = [
    Evidence {
        kind: Kind::Master,
        variables: &[
            "SPARK_MASTER_OPTS",
            "SPARK_MASTER_HOST",
            "SPARK_MASTER_PORT",
            "SPARK_MASTER_WEBUI_PORT",
            "SPARK_MASTER_IP",
        ],
        prefixes: &["spark.master.", "spark.deploy.recovery"],
    },
    Evidence {
        kind: Kind::Worker,
        variables: &[
            "SPARK_WORKER_OPTS",
            "SPARK_WORKER_CORES",
            "SPARK_WORKER_MEMORY",
            "SPARK_WORKER_DIR",
            "SPARK_WORKER_PORT",
            "SPARK_WORKER_WEBUI_PORT",
        ],
        prefixes: &["spark.worker."],
    },
    Evidence {
        kind: Kind::HistoryServer,
        variables: &["SPARK_HISTORY_OPTS"],
        prefixes: &["spark.history."],
    },
    Evidence {
        kind: Kind::ShuffleService,
        variables: &["SPARK_SHUFFLE_OPTS"],
        prefixes: &[],
    },
];

/// A directory's environment file and properties file.
struct Home {
    directory: String,
    environment: Vec<Variable>,
    environment_place: Option<Place>,
    file: Option<usize>,
}

/// The daemons of every configuration directory, but for those that something else starts with the same files.
pub(super) fn of_directories(tree: &Tree<'_>, known: &[Deployment]) -> Vec<Deployment> {
    let mut found = Vec::new();
    for home in homes(tree) {
        for evidence in &EVIDENCE {
            let Some(anchor) = anchor(tree, &home, evidence) else {
                continue;
            };
            let is_known = known.iter().any(|other| {
                other.kind == evidence.kind
                    && (home
                        .file
                        .is_some_and(|file| other.defaults == Tie::Certain(file))
                        || ties::directory_of(&other.name) == home.directory)
            });
            if is_known {
                continue;
            }
            let name = if home.directory.is_empty() {
                "."
            } else {
                &home.directory
            };
            let mut deployment = Deployment::new(evidence.kind, name, anchor);
            deployment.environment = home.environment.clone();
            deployment.defaults = home.file.map_or(Tie::None, Tie::Certain);
            deployment.hadoop = ties::hadoop_beside(tree, &home.directory);
            if evidence.kind != Kind::HistoryServer {
                deployment.master = Some(Master::Standalone);
            }
            scripts::add_daemon_options(tree, &mut deployment);
            deployment.release = release::of_environment(&deployment);
            found.push(deployment);
        }
    }
    found
}

/// The shuffle services inside NodeManagers. They read Spark's keys from `yarn-site.xml` (`YarnShuffleService`), and get the
/// secret of each application from YARN.
pub(super) fn of_node_managers(tree: &Tree<'_>) -> Vec<Deployment> {
    let configurations = tree.estate.all::<Configuration>().iter();
    configurations
        .filter_map(|configuration| {
            let resource = configuration.resource(ResourceKind::Yarn)?;
            let service = resource.properties.iter().rfind(|property| {
                let value = property.value.as_deref().unwrap_or_default();
                &*property.name == "yarn.nodemanager.aux-services"
                    && value.split(',').any(is_shuffle_of_spark)
            })?;
            let settings = resource.properties.iter().filter_map(|property| {
                let value = property.value.as_deref()?.trim();
                property.name.starts_with("spark.").then(|| Setting {
                    key: property.name.clone(),
                    value: value.into(),
                    place: property.value_place,
                    whole: property.place,
                    dynamic: value.contains("${"),
                })
            });
            let name = configuration.name.clone();
            let mut deployment = Deployment::new(Kind::ShuffleService, name, service.value_place);
            deployment.master = Some(Master::Yarn);
            deployment.layers.push(Layer {
                origin: Origin::DaemonOptions,
                settings: settings.collect(),
            });
            Some(deployment)
        })
        .collect()
}

/// `spark_shuffle`, `spark2_shuffle`: the names that Spark's and the vendors' documentation give the service.
fn is_shuffle_of_spark(service: &str) -> bool {
    let service = service.trim();
    service.starts_with("spark") && service.ends_with("_shuffle")
}

/// Gives deployments that load a directory's properties file the environment beside it, beneath their own.
pub(super) fn share_environment(tree: &Tree<'_>, deployments: &mut [Deployment]) {
    let homes = homes(tree);
    for deployment in deployments {
        let home = match deployment.defaults {
            Tie::Certain(file) => homes.iter().find(|home| home.file == Some(file)),
            _ => None,
        };
        let Some(home) = home.or_else(|| closest(&homes, deployment)) else {
            continue;
        };
        let mut environment = home.environment.clone();
        environment.append(&mut deployment.environment);
        deployment.environment = environment;
        if deployment.release.is_none() {
            deployment.release = release::of_environment(deployment);
        }
        if deployment.kind.is_standalone_daemon() || deployment.kind == Kind::HistoryServer {
            deployment
                .layers
                .retain(|layer| layer.origin != settings::spark::Origin::DaemonOptions);
            let own = std::mem::take(&mut deployment.layers);
            scripts::add_daemon_options(tree, deployment);
            deployment.layers.extend(own);
        }
    }
}

/// The directory whose `spark-env.sh` a script's launcher reads, where that directory has no properties file to tell: the
/// script's own, or `conf` beside it. A pod's launcher reads that of its image.
fn closest<'h>(homes: &'h [Home], deployment: &Deployment) -> Option<&'h Home> {
    if deployment.object.is_some() || deployment.kind == Kind::Defaults {
        return None;
    }
    let own = ties::directory_of(&deployment.name);
    let conf = if own.is_empty() {
        String::from("conf")
    } else {
        format!("{own}/conf")
    };
    homes
        .iter()
        .filter(|home| home.file.is_none() && home.environment_place.is_some())
        .find(|home| home.directory == own || home.directory == conf)
}

fn anchor(tree: &Tree<'_>, home: &Home, evidence: &Evidence) -> Option<Place> {
    let variable = home
        .environment
        .iter()
        .find(|variable| evidence.variables.contains(&&*variable.name));
    if let Some(variable) = variable {
        return Some(variable.place);
    }
    let file = tree.estate.all::<PropertiesFile>().get(home.file?)?;
    // A file that a pod mounts belongs to that pod's daemon.
    if file.object.is_some() {
        return None;
    }
    let other_master = file
        .last("spark.master")
        .is_some_and(|master| Master::of_url(&master.value) != Master::Standalone);
    if other_master && evidence.kind != Kind::HistoryServer {
        return None;
    }
    file.settings
        .iter()
        .filter(|setting| !is_precaution(setting))
        .find(|setting| {
            evidence
                .prefixes
                .iter()
                .any(|prefix| setting.key.starts_with(prefix))
        })
        .map(|setting| setting.whole)
}

/// Settings that harden a daemon are good advice also where none runs; they prove nothing.
fn is_precaution(setting: &Setting) -> bool {
    match &*setting.key {
        "spark.master.rest.enabled" => setting.value.eq_ignore_ascii_case("false"),
        "spark.history.ui.acls.enable" => setting.value.eq_ignore_ascii_case("true"),
        key => key.starts_with("spark.history.ui.admin.acls"),
    }
}

fn homes(tree: &Tree<'_>) -> Vec<Home> {
    let mut homes: Vec<Home> = Vec::new();
    for (index, file) in tree.estate.all::<PropertiesFile>().iter().enumerate() {
        if file.object.is_none() && file.is_defaults {
            homes.push(Home {
                directory: ties::directory_of(&file.name).to_owned(),
                environment: Vec::new(),
                environment_place: None,
                file: Some(index),
            });
        }
    }
    for script in tree.estate.all::<Script>() {
        let Some(source) = tree.estate.sources.get(script.source) else {
            continue;
        };
        if source.embedding.is_some() || !source.file_name().contains("spark-env") {
            continue;
        }
        let variables = script
            .commands
            .iter()
            .flat_map(|command| &command.assignments)
            .chain(&script.assignments);
        let environment: Vec<Variable> = variables
            .map(|assignment| Variable {
                name: assignment.name.as_str().into(),
                value: assignment.value.text.as_str().into(),
                place: Place::new(script.source, assignment.value.span),
            })
            .collect();
        let place = Some(Place::new(script.source, text::Span::at(0)));
        match homes
            .iter_mut()
            .find(|home| home.directory == source.directory() && home.environment_place.is_none())
        {
            Some(home) => {
                home.environment = environment;
                home.environment_place = place;
            }
            None => homes.push(Home {
                directory: source.directory().to_owned(),
                environment,
                environment_place: place,
                file: None,
            }),
        }
    }
    homes
}
