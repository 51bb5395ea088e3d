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

/// The pods of a role (`driver`, `executor`): those of the resource, or the one pod that a plain workload has.
#[must_use]
pub fn templates<'e>(spark: &Spark<'e>, role: &str) -> Vec<PodTemplate<'e>> {
    let Some(object) = object(spark) else {
        return Vec::new();
    };
    if spark.deployment.kind == Kind::Defaults {
        return Vec::new();
    }
    pod_templates(object)
        .into_iter()
        .filter(|template| match template.role {
            Some(own) => own == role || (own == "server" && role == "driver"),
            None => role == "driver",
        })
        .collect()
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
