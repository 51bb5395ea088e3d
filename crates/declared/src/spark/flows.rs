//! Components and the flows between them.

use model::{Component, Estate, Flow, Product, Subject};
use settings::hadoop::Configuration;
use settings::hadoop::configuration::Cluster;
use settings::spark::deployment::HadoopTie;
use settings::spark::{Deployment, Kind, Master, PropertiesFile, Setting, Tie};

/// Adds a deployment as a component, with the flows that its settings show.
pub(super) fn describe(estate: &mut Estate, deployment: &Deployment) {
    let subject = deployment.subject();
    let mut files: Vec<Box<str>> = Vec::new();
    let mut add = |place| {
        if let Some(location) = estate.sources.locate(place) {
            files.push(location.path);
        }
    };
    add(deployment.anchor);
    let base = match deployment.defaults {
        Tie::Certain(index) => estate.all::<PropertiesFile>().get(index),
        _ => None,
    };
    if let Some(base) = base {
        add(base.anchor);
    }
    files.sort_unstable();
    files.dedup();
    let settings: Vec<&Setting> = base
        .into_iter()
        .flat_map(|file| &file.settings)
        .chain(deployment.layers.iter().flat_map(|layer| &layer.settings))
        .collect();
    let flows = flows(estate, deployment, &settings, &subject);
    estate.components.push(Component {
        subject,
        release: deployment
            .release
            .map(|(release, _)| (Product::Spark, release)),
        files,
    });
    estate.flows.extend(flows);
}

fn flows(
    estate: &Estate,
    deployment: &Deployment,
    settings: &[&Setting],
    from: &Subject,
) -> Vec<Flow> {
    let last = |key: &str| settings.iter().rev().find(|setting| &*setting.key == key);
    let mut flows = Vec::new();
    let mut flow = |to: Subject, protocol: &'static str, tied_by: &str, place| {
        flows.push(Flow {
            from: from.clone(),
            to,
            protocol,
            tied_by: tied_by.into(),
            place,
        });
    };
    let master = deployment
        .master
        .or_else(|| last("spark.master").map(|master| Master::of_url(&master.value)));
    if deployment.kind.is_application()
        && deployment.kind != Kind::Defaults
        && master != Some(Master::Local)
    {
        let executors = Subject::new(
            "Spark executors",
            deployment.name.clone(),
            Some(deployment.anchor),
        );
        flow(
            executors,
            "Spark RPC and block transfer",
            "executors",
            Some(deployment.anchor),
        );
    }
    if master == Some(Master::Kubernetes) && deployment.kind != Kind::Defaults {
        let cluster = Subject::new(
            "Kubernetes cluster",
            deployment.namespace.clone().unwrap_or_else(|| ".".into()),
            None,
        );
        flow(
            cluster,
            "Kubernetes API",
            "spark.master",
            Some(deployment.anchor),
        );
    }
    if let HadoopTie::Known(index) = deployment.hadoop {
        let cluster = estate
            .all::<Configuration>()
            .get(index)
            .and_then(|configuration| configuration.cluster)
            .and_then(|cluster| estate.all::<Cluster>().get(cluster));
        if let Some(cluster) = cluster {
            for protocol in ["Hadoop RPC", "block transfer"] {
                let nameservice = Subject::new("HDFS nameservice", cluster.name.clone(), None);
                flow(
                    nameservice,
                    protocol,
                    "Hadoop configuration",
                    Some(deployment.anchor),
                );
            }
        }
    }
    if let Some(file_system) = last("spark.hadoop.fs.defaultFS")
        && let Some(authority) = file_system.value.strip_prefix("hdfs://")
    {
        let name = authority.split('/').next().unwrap_or_default();
        flow(
            Subject::new("HDFS nameservice", name, None),
            "Hadoop RPC",
            "spark.hadoop.fs.defaultFS",
            Some(file_system.place),
        );
    }
    for setting in settings {
        let is_endpoint =
            setting.key.starts_with("spark.hadoop.fs.s3a.") && setting.key.ends_with(".endpoint");
        if is_endpoint {
            flow(
                Subject::new("S3 endpoint", setting.value.clone(), None),
                "S3",
                &setting.key,
                Some(setting.place),
            );
        }
    }
    flows
}
