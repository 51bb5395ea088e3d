//! What the pods of a Spark deployment mount and run as.

use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{EnvironmentSource, PodTemplate, pod_templates};
use settings::spark::{Kind, Spark};
use text::Node;

/// The object that declares a deployment.
#[must_use]
pub fn object<'e>(spark: &Spark<'e>) -> Option<&'e Object> {
    spark.estate.all::<Object>().get(spark.deployment.object?)
}

/// The pods of a role (`driver`, `executor`): those of the resource, the one pod that a plain workload has, and the pod
/// template that a property names, where it was read.
#[must_use]
pub fn templates<'e>(spark: &Spark<'e>, role: &str) -> Vec<PodTemplate<'e>> {
    let mut templates: Vec<PodTemplate<'e>> = object(spark)
        .filter(|_| spark.deployment.kind != Kind::Defaults)
        .into_iter()
        .flat_map(pod_templates)
        .filter(|template| match template.role {
            Some(own) => own == role || (own == "server" && role == "driver"),
            None => role == "driver",
        })
        .collect();
    let key = format!("spark.kubernetes.{role}.podTemplateFile");
    let file = spark.get(&key);
    if let Some(object) = file.text().and_then(|path| pod_of_file(spark, path)) {
        templates.extend(pod_templates(object));
    }
    templates
}

/// The pod in a file that a property names by its path on the submitting host.
fn pod_of_file<'e>(spark: &Spark<'e>, path: &str) -> Option<&'e Object> {
    let path = path.strip_prefix("file:").unwrap_or(path);
    let path = path.trim_start_matches("./").trim_start_matches('/');
    spark.estate.all::<Object>().iter().find(|object| {
        let file = spark.estate.sources.in_file(object.name_place()).source;
        let own = spark
            .estate
            .sources
            .get(file)
            .map_or("", |source| &*source.path);
        !path.is_empty()
            && object.is("", "Pod")
            && (own == path
                || own
                    .strip_suffix(path)
                    .is_some_and(|rest| rest.ends_with('/')))
    })
}

/// Whether the pods of a role mount a Secret, ConfigMap or CSI volume over a path.
#[must_use]
pub fn mounts_over(spark: &Spark<'_>, role: &str, path: &str) -> bool {
    let prefix = format!("spark.kubernetes.{role}.secrets.");
    let by_property = spark
        .settings()
        .any(|setting| setting.key.starts_with(&prefix) && is_beneath(path, &setting.value));
    by_property
        || templates(spark, role).iter().any(|template| {
            let volumes = template.volumes();
            template
                .containers()
                .iter()
                .flat_map(|container| container.volume_mounts())
                .any(|mount| {
                    let name = mount.get("name").and_then(Node::str);
                    let over = mount
                        .get("mountPath")
                        .and_then(Node::str)
                        .is_some_and(|root| is_beneath(path, root));
                    over && volumes.iter().any(|volume| {
                        Some(volume.name) == name
                            && matches!(volume.source, "secret" | "configMap" | "projected" | "csi")
                    })
                })
        })
}

/// Whether a variable reaches the pods of a role, from wherever its value comes.
#[must_use]
pub fn sees_variable(spark: &Spark<'_>, role: &str, name: &str) -> bool {
    let keys = [
        format!("spark.kubernetes.{role}.secretKeyRef.{name}"),
        format!("spark.kubernetes.{role}Env.{name}"),
    ];
    spark.deployment.variable(name).is_some()
        || spark
            .settings()
            .any(|setting| keys.iter().any(|key| *setting.key == **key))
        || templates(spark, role)
            .iter()
            .flat_map(PodTemplate::env)
            .any(|variable| {
                variable.name == name && !matches!(variable.source, EnvironmentSource::Other)
            })
}

/// Whether a path is a directory or lies beneath it.
#[must_use]
pub fn is_beneath(path: &str, directory: &str) -> bool {
    let directory = directory.trim().trim_end_matches('/');
    !directory.is_empty()
        && path
            .strip_prefix(directory)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
