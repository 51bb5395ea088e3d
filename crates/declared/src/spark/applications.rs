//! Resources of both Kubernetes operators.

use super::ties::Tree;
use super::{command, release, ties};
use crate::Ties;
use model::Place;
use settings::hadoop::configuration::Variable;
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{EnvironmentSource, pod_templates};
use settings::spark::deployment::HadoopTie;
use settings::spark::{
    Deployment, Kind, Layer, Master, Operator, Origin, PropertiesFile, Setting, Tie,
};
use text::Node;

/// The deployments that an operator's resource declares.
pub(super) fn of_object(
    tree: &Tree<'_>,
    index: usize,
    object: &Object,
    ties: &Ties,
) -> Option<Deployment> {
    let spec = object.at(&["spec"])?;
    let (kind, operator, spec) = match (object.group(), &*object.kind) {
        ("sparkoperator.k8s.io", "SparkApplication") => {
            (Kind::Application, Some(Operator::Kubeflow), spec)
        }
        ("sparkoperator.k8s.io", "ScheduledSparkApplication") => (
            Kind::Application,
            Some(Operator::Kubeflow),
            spec.get("template")?,
        ),
        // Its server is a pod that the operator makes itself, without a submission.
        ("sparkoperator.k8s.io", "SparkConnect") => (Kind::ConnectServer, None, spec),
        ("spark.apache.org", "SparkApplication") => {
            (Kind::Application, Some(Operator::Apache), spec)
        }
        ("spark.apache.org", "SparkCluster") => (Kind::Cluster, None, spec),
        _ => return None,
    };
    // A server of Spark's own is submitted like any application: its main class tells.
    let main_class = spec.get("mainClass").and_then(Node::str);
    let kind = match main_class.and_then(command::kind_of_class) {
        Some(server) if kind == Kind::Application => server,
        _ => kind,
    };
    let mut deployment = Deployment::new(kind, object.qualified_name(), object.name_place());
    deployment.operator = operator;
    deployment.object = Some(index);
    deployment.namespace = object.namespace.clone();
    deployment.master = Some(match (kind, operator) {
        (Kind::Cluster, _) => Master::Standalone,
        // Apache's operator submits to the cluster it runs in unless the resource names a master; kubeflow's always does.
        (_, Some(Operator::Apache)) => named_master(spec),
        _ => Master::Kubernetes,
    });
    deployment.layers.push(Layer {
        origin: Origin::SparkConf,
        settings: settings_of(object, spec.get("sparkConf"), ""),
    });
    if object.group() == "sparkoperator.k8s.io" {
        complete_kubeflow(tree, object, spec, &mut deployment, ties);
    } else {
        complete_apache(tree, object, spec, &mut deployment);
    }
    deployment.environment = environment(object);
    Some(deployment)
}

/// The master among the properties of a resource of Apache's operator (`setIfMissing` in `SparkAppSubmissionWorker`).
fn named_master(spec: &Node) -> Master {
    let master = spec.at(&["sparkConf", "spark.master"]).and_then(Node::text);
    master.map_or(Master::Kubernetes, Master::of_url)
}

fn complete_kubeflow(
    tree: &Tree<'_>,
    object: &Object,
    spec: &Node,
    deployment: &mut Deployment,
    ties: &Ties,
) {
    deployment.layers.push(Layer {
        origin: Origin::HadoopConf,
        settings: settings_of(object, spec.get("hadoopConf"), "spark.hadoop."),
    });
    deployment.layers.push(Layer {
        origin: Origin::OperatorField,
        settings: field_settings(object, spec),
    });
    // An image of Spark's own says what runs; sparkVersion is what somebody wrote down.
    deployment.release = release::of_image(object, spec.get("image"))
        .or_else(|| release::of_field(object, spec.get("sparkVersion")))
        .or_else(|| release::of_image(object, spec.at(&["driver", "image"])));
    let map = spec.get("hadoopConfigMap").and_then(Node::str);
    if let Some(name) = map {
        deployment.hadoop = ties::hadoop_map(tree, name, object);
    }
    let path = ties::path_of(&tree.estate.sources, deployment.anchor);
    deployment.defaults = ties::stated(tree, ties, &path).unwrap_or_else(|| {
        let named = spec.get("sparkConfigMap").and_then(Node::str);
        let own = named.and_then(|name| ties::position(tree, "ConfigMap", name, object));
        let own = own.and_then(|map| {
            tree.estate
                .all::<PropertiesFile>()
                .iter()
                .position(|file| file.object == Some(map) && file.is_defaults)
        });
        // The operator submits from its own pod, and the driver gets `--properties-file`: whether a file of defaults
        // counts depends on the operator's image.
        match own.map_or_else(
            || ties::candidates(tree, &path),
            |file| vec![ties::original(tree, file)],
        ) {
            files if files.is_empty() => Tie::None,
            files => Tie::Guessed(files),
        }
    });
}

fn complete_apache(tree: &Tree<'_>, object: &Object, spec: &Node, deployment: &mut Deployment) {
    let images = pod_templates(object);
    let images = images.iter().flat_map(|template| template.containers());
    deployment.release = release::of_field(object, spec.at(&["runtimeVersions", "sparkVersion"]))
        .or_else(|| {
            let conf = deployment.layers.last();
            let image = conf.and_then(|layer| {
                layer
                    .settings
                    .iter()
                    .rev()
                    .find(|setting| &*setting.key == "spark.kubernetes.container.image")
            });
            image
                .and_then(|image| Some((release::of_image_name(&image.value)?, Some(image.place))))
                .or_else(|| {
                    images
                        .into_iter()
                        .find_map(|container| release::of_image(object, container.image()))
                })
        });
    // The operator sets these where sparkConf does not.
    deployment.layers.insert(
        0,
        Layer {
            origin: Origin::OperatorField,
            settings: [
                ("jars", "spark.jars"),
                ("pyFiles", "spark.submit.pyFiles"),
                ("files", "spark.files"),
            ]
            .into_iter()
            .filter_map(|(field, key)| field_setting(object, spec.get(field)?, key))
            .collect(),
        },
    );
    let map = deployment
        .layers
        .iter()
        .flat_map(|layer| &layer.settings)
        .find(|setting| &*setting.key == "spark.kubernetes.hadoop.configMapName");
    if let Some(map) = map {
        deployment.hadoop = ties::hadoop_map(tree, &map.value, object);
    }
}

/// A mapping of properties.
pub(super) fn settings_of(object: &Object, map: Option<&Node>, prefix: &str) -> Vec<Setting> {
    let entries = map.map_or(&[][..], Node::entries);
    entries
        .iter()
        .filter_map(|entry| {
            let (key, value) = (entry.key.text()?, entry.value.text()?);
            Some(Setting {
                key: format!("{prefix}{key}").into(),
                value: value.trim().into(),
                place: object.place(&entry.value),
                whole: Place::new(object.source, entry.span()),
                dynamic: value.contains("${") || value.contains("$("),
            })
        })
        .collect()
}

fn field_setting(object: &Object, node: &Node, key: &str) -> Option<Setting> {
    let value = match node.text() {
        Some(text) => text.trim().to_owned(),
        None => {
            let items: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
            items.join(",")
        }
    };
    (!value.is_empty()).then(|| Setting {
        key: key.into(),
        value: value.into(),
        place: object.place(node),
        whole: object.place(node),
        dynamic: false,
    })
}

/// Fields that kubeflow's operator turns into properties, in the order in which it emits them (`submission.go` 2.5).
fn field_settings(object: &Object, spec: &Node) -> Vec<Setting> {
    const FIELDS: [(&[&str], &str); 12] = [
        (&["deps", "jars"], "spark.jars"),
        (&["deps", "files"], "spark.files"),
        (&["deps", "pyFiles"], "spark.submit.pyFiles"),
        (&["deps", "packages"], "spark.jars.packages"),
        (&["deps", "archives"], "spark.archives"),
        (&["image"], "spark.kubernetes.container.image"),
        (
            &["driver", "image"],
            "spark.kubernetes.driver.container.image",
        ),
        (
            &["driver", "serviceAccount"],
            "spark.kubernetes.authenticate.driver.serviceAccountName",
        ),
        (&["driver", "javaOptions"], "spark.driver.extraJavaOptions"),
        (
            &["executor", "serviceAccount"],
            "spark.kubernetes.authenticate.executor.serviceAccountName",
        ),
        (
            &["executor", "javaOptions"],
            "spark.executor.extraJavaOptions",
        ),
        (&["mode"], "spark.submit.deployMode"),
    ];
    let mut settings: Vec<Setting> = FIELDS
        .iter()
        .filter_map(|(path, key)| field_setting(object, spec.at(path)?, key))
        .collect();
    // `deps.files` adds to what sparkConf names, it does not hide it from whoever looks for key files.
    for (role, prefix) in [
        ("driver", "spark.kubernetes.driver.secrets."),
        ("executor", "spark.kubernetes.executor.secrets."),
    ] {
        let secrets = spec.at(&[role, "secrets"]).map_or(&[][..], Node::items);
        settings.extend(secrets.iter().filter_map(|secret| {
            let name = secret.get("name")?.str()?;
            field_setting(object, secret.get("path")?, &format!("{prefix}{name}"))
        }));
    }
    for (role, prefix) in [
        ("driver", "spark.kubernetes.driverEnv."),
        ("executor", "spark.executorEnv."),
    ] {
        settings.extend(settings_of(object, spec.at(&[role, "envVars"]), prefix));
    }
    settings
}

/// Plain variables of all its pods.
fn environment(object: &Object) -> Vec<Variable> {
    pod_templates(object)
        .iter()
        .flat_map(|template| template.env())
        .filter_map(|variable| match variable.source {
            EnvironmentSource::Value(value) => Some(Variable {
                name: variable.name.into(),
                value: value.text()?.into(),
                place: object.place(value),
            }),
            _ => None,
        })
        .collect()
}

/// Whether an application names a Hadoop configuration in its own properties (`spark.kubernetes.hadoop.configMapName`).
pub(super) fn hadoop_by_property(tree: &Tree<'_>, deployment: &Deployment) -> Option<HadoopTie> {
    let object = tree.estate.all::<Object>().get(deployment.object?)?;
    let setting = deployment
        .layers
        .iter()
        .flat_map(|layer| &layer.settings)
        .rfind(|setting| &*setting.key == "spark.kubernetes.hadoop.configMapName")?;
    Some(ties::hadoop_map(tree, &setting.value, object))
}
