//! Spark in plain pods: containers that run its scripts, classes or images.

use super::command::{self, Start};
use super::ties::Tree;
use super::{release, scripts, ties};
use crate::Ties;
use model::Place;
use settings::hadoop::Configuration;
use settings::hadoop::configuration::Variable;
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{
    Container, ContainerKind, EnvironmentSource, PodTemplate, pod_templates,
};
use settings::spark::deployment::HadoopTie;
use settings::spark::submission::{self, Argument};
use settings::spark::{Deployment, Kind, Layer, Master, Origin, Setting, Tie};
use text::{Node, shell};

/// The deployments that an object's pods run.
pub(super) fn of_object(
    tree: &Tree<'_>,
    index: usize,
    object: &Object,
    ties: &Ties,
) -> Vec<Deployment> {
    let mut found: Vec<Deployment> = Vec::new();
    for template in pod_templates(object) {
        for container in template.containers() {
            if container.kind == ContainerKind::Ephemeral {
                continue;
            }
            let environment = environment(tree, object, &container);
            for start in starts(tree, object, &container, &environment) {
                if let Some(mut deployment) = complete(
                    tree,
                    index,
                    &template,
                    &container,
                    &start,
                    environment.clone(),
                    ties,
                ) {
                    deployment.object = Some(index);
                    if !found.iter().any(|known| known.kind == deployment.kind) {
                        found.push(deployment);
                    }
                }
            }
        }
    }
    found
}

fn complete(
    tree: &Tree<'_>,
    index: usize,
    template: &PodTemplate<'_>,
    container: &Container<'_>,
    start: &Start,
    environment: Vec<Variable>,
    ties: &Ties,
) -> Option<Deployment> {
    let object = template.object;
    let name = object.qualified_name();
    let mut deployment = scripts::deployment(tree, start, &name, environment)?;
    deployment.namespace = object.namespace.clone();
    deployment.anchor = object.name_place();
    if let Some(image) = release::of_image(object, container.image()) {
        deployment.release = Some(image);
    }
    let path = ties::path_of(&tree.estate.sources, deployment.anchor);
    let submission = submission::parse(&start.arguments);
    let directory = deployment
        .variable("SPARK_CONF_DIR")
        .map(|directory| directory.value.to_string());
    let file = submission.properties_file.as_ref().map(|file| {
        let name = file.text.rsplit('/').next().unwrap_or(&file.text);
        name.to_owned()
    });
    let wanted = |name: &str| match &file {
        Some(file) => name == file,
        None => name == "spark-defaults.conf",
    };
    let mounted = ties::mounted(tree, template, &wanted, directory.as_deref());
    let mounted = match mounted {
        // `--load-spark-defaults`: the named file stands above the defaults.
        Some(Tie::Certain(index)) if submission.load_defaults && file.is_some() => {
            scripts::lay_above(tree, &mut deployment, index);
            let is_default = |name: &str| name == "spark-defaults.conf";
            ties::mounted(tree, template, &is_default, directory.as_deref()).or(Some(Tie::None))
        }
        other => other,
    };
    // What the container's own script writes counts where nothing is mounted over it.
    let mounted = mounted.or_else(|| {
        let written = ties::written(tree, object.source, Some(index))?;
        file.is_none().then_some(Tie::Certain(written))
    });
    let absent = if file.is_some() {
        Tie::NotCollected
    } else {
        Tie::None
    };
    deployment.defaults = match mounted {
        // What the pod mounts from a file of the tree needs no statement.
        Some(Tie::Certain(file)) => Tie::Certain(file),
        missing => ties::stated(tree, ties, &path)
            .or(missing)
            .unwrap_or(absent),
    };
    deployment.hadoop = hadoop(tree, template, &deployment);
    if deployment.kind == Kind::ThriftServer && deployment.hadoop == HadoopTie::None {
        deployment.hive_site = match directory {
            Some(directory) => ties::hive_site(tree, Some(&directory), ""),
            None => HadoopTie::None,
        };
    }
    let image_settings = image_settings(&deployment);
    if !image_settings.is_empty() {
        deployment.layers.insert(
            0,
            Layer {
                origin: Origin::ImageEnvironment,
                settings: image_settings,
            },
        );
    }
    Some(deployment)
}

/// The Hadoop configuration in a ConfigMap that the pod mounts.
fn hadoop(tree: &Tree<'_>, template: &PodTemplate<'_>, deployment: &Deployment) -> HadoopTie {
    let mut missing = deployment.variable("HADOOP_CONF_DIR").is_some();
    for volume in template.volumes() {
        for name in volume.config_maps().iter().filter_map(|name| name.str()) {
            match ties::hadoop_map(tree, name, template.object) {
                HadoopTie::Known(index) => {
                    if tree.estate.all::<Configuration>().get(index).is_some() {
                        return HadoopTie::Known(index);
                    }
                }
                HadoopTie::NotCollected => {
                    missing |= name.contains("hadoop") || name.contains("hive")
                }
                HadoopTie::None => {}
            }
        }
    }
    if missing {
        HadoopTie::NotCollected
    } else {
        HadoopTie::None
    }
}

/// What a container starts: by its command line, its image's own conventions, or its image's name.
fn starts(
    tree: &Tree<'_>,
    object: &Object,
    container: &Container<'_>,
    environment: &[Variable],
) -> Vec<Start> {
    let nodes: Vec<&Node> = container.command_line().collect();
    let words: Vec<Argument> = nodes
        .iter()
        .filter_map(|node| word(object, node, environment))
        .collect();
    let found = match inline_script(&words, &nodes) {
        Some(script) => script_starts(tree, object, script, environment),
        None => command::starts(&words),
    };
    if !found.is_empty() {
        return found;
    }
    // The entry point of Spark's images runs `spark-submit` for `driver`.
    if let Some(driver) = words.first().filter(|word| word.text == "driver") {
        return vec![Start {
            kind: Kind::Submission,
            arguments: words.get(1..).unwrap_or_default().to_vec(),
            java: Vec::new(),
            name: driver.clone(),
        }];
    }
    // Jupyter and other Python processes start their driver with the arguments of a variable.
    let given = environment
        .iter()
        .rfind(|variable| &*variable.name == scripts::SUBMIT_ARGUMENTS);
    if let Some(given) = given {
        return vec![scripts::submit_arguments(given, &tree.estate.sources)];
    }
    by_image(object, container, environment)
        .map(|(kind, place)| Start {
            kind,
            arguments: Vec::new(),
            java: Vec::new(),
            name: Argument {
                text: String::new(),
                place,
                dynamic: false,
            },
        })
        .into_iter()
        .collect()
}

/// The scripts that an object's containers run: `sh -c <script>`.
pub(super) fn inline_scripts(object: &Object) -> Vec<&Node> {
    let mut scripts = Vec::new();
    for template in pod_templates(object) {
        for container in template.containers() {
            let nodes: Vec<&Node> = container.command_line().collect();
            let words: Vec<Argument> = nodes
                .iter()
                .filter_map(|node| word(object, node, &[]))
                .collect();
            scripts.extend(inline_script(&words, &nodes));
        }
    }
    scripts
}

/// An item of `command` or `args`, with `$(VARIABLE)` replaced where the container sets it.
fn word(object: &Object, node: &Node, environment: &[Variable]) -> Option<Argument> {
    let mut text = node.text()?.to_owned();
    for variable in environment {
        text = text.replace(&format!("$({})", variable.name), &variable.value);
    }
    Some(Argument {
        dynamic: text.contains("$("),
        text,
        place: object.place(node),
    })
}

/// The script of `sh -c <script>`.
fn inline_script<'n>(words: &[Argument], nodes: &[&'n Node]) -> Option<&'n Node> {
    let at = words.iter().position(|word| {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        matches!(name, "sh" | "bash" | "ash" | "dash")
    })?;
    let flag = words.get(at + 1..)?.iter().position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    nodes.get(at + flag + 2).copied()
}

fn script_starts(
    tree: &Tree<'_>,
    object: &Object,
    script: &Node,
    environment: &[Variable],
) -> Vec<Start> {
    let (Some(text), Some(source)) = (script.text(), tree.estate.sources.get(object.source)) else {
        return Vec::new();
    };
    let map = text::yaml::block_scalar_segments(&source.text, script);
    let mut found = Vec::new();
    for command in shell::commands(text) {
        let words: Vec<Argument> = command
            .words
            .iter()
            .map(|word| {
                let mut text = word.text.clone();
                for variable in environment.iter().filter(|_| word.dynamic) {
                    text = text
                        .replace(&format!("${{{}}}", variable.name), &variable.value)
                        .replace(&format!("$({})", variable.name), &variable.value);
                    if text == format!("${}", variable.name) {
                        text = variable.value.to_string();
                    }
                }
                Argument {
                    dynamic: word.dynamic && text.contains(['$', '`']),
                    text,
                    place: Place::new(object.source, map.to_origin(word.span)),
                }
            })
            .collect();
        found.extend(command::starts(&words));
    }
    found
}

/// Images whose name or variables tell what they run.
fn by_image(
    object: &Object,
    container: &Container<'_>,
    environment: &[Variable],
) -> Option<(Kind, Place)> {
    let image = container.image()?;
    let place = object.place(image);
    let name = image.text()?;
    let name = name.split('@').next().unwrap_or(name);
    let last = name.rsplit('/').next().unwrap_or(name);
    let last = last.split(':').next().unwrap_or(last);
    if !last.contains("spark") {
        return None;
    }
    // Bitnami's images choose by SPARK_MODE.
    let mode = environment
        .iter()
        .rfind(|variable| &*variable.name == "SPARK_MODE");
    let kind = match (mode.map(|mode| &*mode.value), last) {
        (Some("master"), _) => Kind::Master,
        (Some("worker"), _) => Kind::Worker,
        (Some(_), _) => return None,
        (None, "spark-master") => Kind::Master,
        (None, "spark-worker") => Kind::Worker,
        (None, "spark-history" | "spark-history-server") => Kind::HistoryServer,
        (None, "spark-thriftserver" | "spark-thrift-server") => Kind::ThriftServer,
        (None, "spark-connect" | "spark-connect-server") => Kind::ConnectServer,
        (None, _)
            if environment
                .iter()
                .any(|variable| &*variable.name == "SPARK_HISTORY_OPTS") =>
        {
            Kind::HistoryServer
        }
        _ => return None,
    };
    Some((kind, place))
}

/// Properties that the entry script of Bitnami's images writes from variables (`libspark.sh`).
fn image_settings(deployment: &Deployment) -> Vec<Setting> {
    const SWITCHES: [(&str, &str); 5] = [
        ("SPARK_RPC_AUTHENTICATION_ENABLED", "spark.authenticate"),
        (
            "SPARK_RPC_ENCRYPTION_ENABLED",
            "spark.network.crypto.enabled",
        ),
        (
            "SPARK_LOCAL_STORAGE_ENCRYPTION_ENABLED",
            "spark.io.encryption.enabled",
        ),
        ("SPARK_SSL_ENABLED", "spark.ssl.enabled"),
        ("SPARK_SSL_NEED_CLIENT_AUTH", "spark.ssl.needClientAuth"),
    ];
    const TEXTS: [(&str, &str); 6] = [
        (
            "SPARK_RPC_AUTHENTICATION_SECRET",
            "spark.authenticate.secret",
        ),
        ("SPARK_SSL_KEYSTORE_FILE", "spark.ssl.keyStore"),
        ("SPARK_SSL_TRUSTSTORE_FILE", "spark.ssl.trustStore"),
        ("SPARK_SSL_KEYSTORE_PASSWORD", "spark.ssl.keyStorePassword"),
        ("SPARK_SSL_KEY_PASSWORD", "spark.ssl.keyPassword"),
        (
            "SPARK_SSL_TRUSTSTORE_PASSWORD",
            "spark.ssl.trustStorePassword",
        ),
    ];
    if deployment.variable("SPARK_MODE").is_none() {
        return Vec::new();
    }
    let setting = |variable: &Variable, key: &str, value: &str| Setting {
        key: key.into(),
        value: value.into(),
        place: variable.place,
        whole: variable.place,
        dynamic: false,
    };
    let switches = SWITCHES.iter().filter_map(|(name, key)| {
        let variable = deployment.variable(name)?;
        let on = ["yes", "true", "1"]
            .iter()
            .any(|word| variable.value.eq_ignore_ascii_case(word));
        on.then(|| setting(variable, key, "true"))
    });
    let texts = TEXTS.iter().filter_map(|(name, key)| {
        let variable = deployment.variable(name)?;
        Some(setting(variable, key, variable.value.trim()))
    });
    let master = deployment
        .variable("SPARK_MASTER_URL")
        .filter(|_| deployment.master != Some(Master::Standalone));
    let master = master.map(|variable| setting(variable, "spark.master", &variable.value));
    switches.chain(texts).chain(master).collect()
}

/// The plain variables of a container, also those of ConfigMaps that were read. `env` wins over `envFrom`.
fn environment(tree: &Tree<'_>, object: &Object, container: &Container<'_>) -> Vec<Variable> {
    let mut variables = Vec::new();
    let mut own = Vec::new();
    for variable in container.env() {
        match variable.source {
            EnvironmentSource::Value(value) => {
                if let Some(text) = value.text() {
                    own.push(Variable {
                        name: variable.name.into(),
                        value: text.into(),
                        place: object.place(value),
                    });
                }
            }
            EnvironmentSource::ConfigMapKey(name, Some(key)) => {
                let found = config_map(tree, object, name).and_then(|map| {
                    let value = map.at(&["data", key.text()?])?;
                    Some((value.text()?, map.place(value)))
                });
                own.extend(found.map(|(value, place)| Variable {
                    name: variable.name.into(),
                    value: value.into(),
                    place,
                }));
            }
            EnvironmentSource::ConfigMap(name) => {
                let map = config_map(tree, object, name);
                let entries = map
                    .and_then(|map| map.at(&["data"]))
                    .map_or(&[][..], Node::entries);
                variables.extend(entries.iter().filter_map(|entry| {
                    Some(Variable {
                        name: format!("{}{}", variable.name, entry.key.text()?).into(),
                        value: entry.value.text()?.into(),
                        place: map?.place(&entry.value),
                    })
                }));
            }
            _ => {}
        }
    }
    variables.append(&mut own);
    variables
}

fn config_map<'e>(tree: &Tree<'e>, beside: &Object, name: &Node) -> Option<&'e Object> {
    let index = ties::position(tree, "ConfigMap", name.str()?, beside)?;
    tree.estate.all::<Object>().get(index)
}
