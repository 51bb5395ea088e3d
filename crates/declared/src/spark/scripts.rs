//! Commands in shell scripts.

use super::command::{self, Start};
use super::ties::Tree;
use super::{release, ties};
use crate::Ties;
use crate::shell::expansion::Variables;
use model::{Place, Sources};
use settings::hadoop::configuration::Variable;
use settings::hadoop::{Configuration, ResourceKind};
use settings::script::Script;
use settings::spark::deployment::HadoopTie;
use settings::spark::submission::{self, Argument, Submission};
use settings::spark::{
    Deployment, Kind, Layer, Master, Origin, PropertiesFile, Setting, Tie, java_options,
};
use text::shell;

/// The deployments that a script starts.
pub(super) fn of_script(tree: &Tree<'_>, script: &Script, ties: &Ties) -> Vec<Deployment> {
    let Some(source) = tree.estate.sources.get(script.source) else {
        return Vec::new();
    };
    let path = ties::path_of(
        &tree.estate.sources,
        Place::new(script.source, text::Span::at(0)),
    );
    let mut variables = Variables::default();
    let mut environment: Vec<Variable> = Vec::new();
    let mut found: Vec<Deployment> = Vec::new();
    for command in &script.commands {
        for assignment in &command.assignments {
            environment.push(Variable {
                name: assignment.name.as_str().into(),
                value: assignment.value.text.as_str().into(),
                place: Place::new(script.source, assignment.value.span),
            });
        }
        let words = variables.arguments(command, script, &tree.estate.sources);
        let given = environment
            .iter()
            .rfind(|variable| &*variable.name == SUBMIT_ARGUMENTS);
        let by_python = given
            .filter(|_| command::starts_python(&words))
            .map(|given| submit_arguments(given, &tree.estate.sources));
        for start in command::starts(&words).into_iter().chain(by_python) {
            let name = match source.embedding {
                Some(_) => format!("{path} {}", source.path),
                None => path.clone(),
            };
            if let Some(mut deployment) = deployment(tree, &start, &name, environment.clone()) {
                let stated = ties::stated(tree, ties, &path);
                tie(tree, &mut deployment, &start, stated, &path, script);
                found.push(deployment);
            }
        }
        variables.learn(command, script, &tree.estate.sources);
    }
    number(&mut found);
    found
}

/// The arguments with which a Python process starts its driver (`java_gateway.py`).
pub(super) const SUBMIT_ARGUMENTS: &str = "PYSPARK_SUBMIT_ARGS";

/// The driver that a Python process starts with the arguments of a variable.
pub(super) fn submit_arguments(given: &Variable, sources: &Sources) -> Start {
    let words = shell::commands(&given.value);
    let words = words.into_iter().flat_map(|command| command.words);
    let arguments = words.map(|word| Argument {
        place: java_options::within(sources, given.place, &word.text),
        text: word.text,
        dynamic: word.dynamic,
    });
    Start {
        kind: Kind::Submission,
        arguments: arguments.collect(),
        java: Vec::new(),
        name: Argument {
            text: String::new(),
            place: given.place,
            dynamic: false,
        },
    }
}

/// Several commands of one script are told apart by what they run, else by their order.
fn number(deployments: &mut [Deployment]) {
    for index in 0..deployments.len() {
        let Some(own) = deployments.get(index) else {
            break;
        };
        let same = |other: &Deployment| other.kind == own.kind && other.name == own.name;
        let earlier = deployments
            .iter()
            .take(index)
            .filter(|other| same(other))
            .count();
        let later = deployments.iter().skip(index + 1).any(same);
        if (earlier > 0 || later)
            && let Some(own) = deployments.get_mut(index)
        {
            own.name = format!("{}#{}", own.name, earlier + 1).into();
        }
    }
}

/// The deployment of one command; `None` for a command that starts no driver or daemon.
pub(super) fn deployment(
    tree: &Tree<'_>,
    start: &Start,
    name: &str,
    environment: Vec<Variable>,
) -> Option<Deployment> {
    let submission = submission::parse(&start.arguments);
    if submission.submits_nothing || submission.remote.is_some() {
        return None;
    }
    let mut deployment = Deployment::new(start.kind, name, start.name.place);
    deployment.environment = environment;
    deployment.opaque = submission
        .opaque
        .map(|place| ("an argument that a variable fills", place));
    deployment.hive = submission.hive.clone();
    if start.kind.is_standalone_daemon() {
        deployment.master = Some(Master::Standalone);
    }
    let java = java_settings(tree, &start.java);
    if !java.is_empty() {
        deployment.layers.push(Layer {
            origin: Origin::DaemonOptions,
            settings: java,
        });
    }
    add_daemon_options(tree, &mut deployment);
    deployment.layers.push(Layer {
        origin: Origin::CommandLine,
        settings: submission.settings,
    });
    deployment.release = release::in_path(&start.name.text)
        .map(|release| (release, Some(start.name.place)))
        .or_else(|| release::of_environment(&deployment));
    Some(deployment)
}

/// `-Dspark.x=y` of a Java launcher that was called directly.
fn java_settings(tree: &Tree<'_>, words: &[Argument]) -> Vec<Setting> {
    let spark = words
        .iter()
        .filter(|word| word.text.starts_with("-Dspark."));
    spark
        .flat_map(|word| {
            java_options::spark_settings(
                &quoted(&word.text),
                word.place,
                &tree.estate.sources,
                word.dynamic,
            )
        })
        .collect()
}

/// A word as one word of Java options.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', ""))
}

/// The variables whose Java options a daemon gets, weakest first (`SparkClassCommandBuilder`).
fn option_variables(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Master => &["SPARK_DAEMON_JAVA_OPTS", "SPARK_MASTER_OPTS"],
        Kind::Worker => &["SPARK_DAEMON_JAVA_OPTS", "SPARK_WORKER_OPTS"],
        Kind::HistoryServer => &["SPARK_DAEMON_JAVA_OPTS", "SPARK_HISTORY_OPTS"],
        Kind::ShuffleService => &["SPARK_DAEMON_JAVA_OPTS", "SPARK_SHUFFLE_OPTS"],
        _ => &[],
    }
}

/// Adds the properties that a daemon's environment sets.
pub(super) fn add_daemon_options(tree: &Tree<'_>, deployment: &mut Deployment) {
    let mut settings = Vec::new();
    for name in option_variables(deployment.kind) {
        for variable in deployment
            .environment
            .iter()
            .filter(|variable| &*variable.name == *name)
        {
            settings.extend(java_options::spark_settings(
                &variable.value,
                variable.place,
                &tree.estate.sources,
                true,
            ));
        }
    }
    if !settings.is_empty() {
        deployment.layers.push(Layer {
            origin: Origin::DaemonOptions,
            settings,
        });
    }
}

/// Ties a command to the files it loads.
fn tie(
    tree: &Tree<'_>,
    deployment: &mut Deployment,
    start: &Start,
    stated: Option<Tie>,
    path: &str,
    script: &Script,
) {
    let submission = submission::parse(&start.arguments);
    let written = ties::written(tree, script.source, None)
        .filter(|_| submission.properties_file.is_none())
        .map(Tie::Certain);
    deployment.defaults = stated
        .or(written)
        .unwrap_or_else(|| defaults_of(tree, &submission, deployment, path));
    deployment.hadoop = hadoop_of(tree, deployment, path);
    if deployment.kind == Kind::ThriftServer {
        deployment.hive_site = hive_site_of(tree, deployment, path);
    }
}

/// The hive-site.xml that a Thrift server finds on its class path: Hadoop's directory, or Spark's own.
pub(super) fn hive_site_of(tree: &Tree<'_>, deployment: &Deployment, path: &str) -> HadoopTie {
    let is_in_hadoop = matches!(deployment.hadoop, HadoopTie::Known(index) if tree
        .estate
        .all::<Configuration>()
        .get(index)
        .is_some_and(|known| known.resource(ResourceKind::Hive).is_some()));
    if is_in_hadoop {
        return HadoopTie::None;
    }
    let own = deployment.variable("SPARK_CONF_DIR");
    let home = deployment.variable("SPARK_HOME");
    let directory = own
        .map(|directory| directory.value.to_string())
        .or_else(|| home.map(|home| format!("{}/conf", home.value.trim_end_matches('/'))));
    ties::hive_site(tree, directory.as_deref(), path)
}

/// The properties file beneath a command's own properties.
pub(super) fn defaults_of(
    tree: &Tree<'_>,
    submission: &Submission,
    deployment: &mut Deployment,
    path: &str,
) -> Tie {
    let Some(file) = &submission.properties_file else {
        return conf_directory(tree, deployment, path);
    };
    let found = if file.dynamic && !file.text.contains('/') {
        None
    } else {
        ties::by_host_path(tree, &file.text)
    };
    match found {
        Some(index) if submission.load_defaults => {
            lay_above(tree, deployment, index);
            conf_directory(tree, deployment, path)
        }
        Some(index) => Tie::Certain(index),
        None => Tie::NotCollected,
    }
}

/// Lays a properties file between the defaults and a deployment's own properties.
pub(super) fn lay_above(tree: &Tree<'_>, deployment: &mut Deployment, file: usize) {
    let file = tree.estate.all::<PropertiesFile>().get(file);
    let settings = file.map(|file| file.settings.clone()).unwrap_or_default();
    let layer = Layer {
        origin: Origin::PropertiesFile,
        settings,
    };
    deployment.layers.insert(0, layer);
}

/// `spark-defaults.conf` of `SPARK_CONF_DIR` or `SPARK_HOME/conf`. The only one of the tree is it; of several, the one that
/// the environment names or that lies closest.
fn conf_directory(tree: &Tree<'_>, deployment: &Deployment, path: &str) -> Tie {
    let named = deployment.variable("SPARK_CONF_DIR").and_then(|directory| {
        ties::by_host_path(
            tree,
            &format!(
                "{}/spark-defaults.conf",
                directory.value.trim_end_matches('/')
            ),
        )
    });
    if let Some(index) = named {
        return Tie::Certain(index);
    }
    match ties::candidates(tree, path).as_slice() {
        [] => Tie::None,
        [only] => Tie::Certain(*only),
        several => Tie::Guessed(several.to_vec()),
    }
}

/// The Hadoop configuration that the environment names, or that lies beside Spark's own files.
pub(super) fn hadoop_of(tree: &Tree<'_>, deployment: &Deployment, path: &str) -> HadoopTie {
    if let Some(directory) = deployment.variable("HADOOP_CONF_DIR") {
        return ties::hadoop_directory(tree, &directory.value);
    }
    let beside = match &deployment.defaults {
        Tie::Certain(index) => tree
            .estate
            .all::<PropertiesFile>()
            .get(*index)
            .map(|file| ties::directory_of(&file.name).to_owned()),
        _ => None,
    };
    ties::hadoop_beside(tree, beside.as_deref().unwrap_or(ties::directory_of(path)))
}
