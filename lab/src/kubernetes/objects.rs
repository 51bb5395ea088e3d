//! What is put into the cluster: resource definitions, the manifests of the profile, and Secrets made by hand.

use super::api::{Api, Caller};
use super::build;
use super::node::Node;
use super::profiles::WITH_KUBEFLOW;
use crate::cache::Cache;
use crate::{LabError, Result, wait};
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

/// The Secret that every question is about, written while the profile runs.
pub(super) const SECRET: &str = "s3-key";
/// A Secret from before the profile's last change.
pub(super) const OLD_SECRET: &str = "from-before";
/// What the Secret holds.
pub(super) const VALUE: &str = "lab-dummy-of-a-secret";
/// What the Secret from before holds.
pub(super) const OLD_VALUE: &str = "lab-dummy-of-an-old-secret";

const APACHE: &str = include_str!("../../kubernetes/apache-sparkapplications.yaml");
const LIMIT: Duration = Duration::from_secs(120);

/// Makes a Secret as a person does, without a file.
///
/// # Errors
///
/// When the API server refuses it.
pub(super) fn make_secret(api: &Api, namespace: &str, name: &str, value: &str) -> Result<()> {
    let literal = format!("--from-literal=password={value}");
    api.must(&[
        "create",
        "secret",
        "generic",
        name,
        "--namespace",
        namespace,
        &literal,
    ])
    .map(drop)
}

/// Makes a namespace where it is missing.
///
/// # Errors
///
/// When the API server refuses it.
pub(super) fn make_namespace(api: &Api, name: &str) -> Result<()> {
    let said = api.kubectl(&["create", "namespace", name])?;
    if said.succeeded || said.text.contains("AlreadyExists") {
        Ok(())
    } else {
        Err(LabError::failed(
            format!("namespace {name}"),
            said.text.trim(),
        ))
    }
}

/// Puts the manifests of a profile into the cluster, after the resources of both Spark operators.
///
/// # Errors
///
/// When the API server refuses something.
pub(super) fn apply(cache: &Cache, api: &Api, node: &Node, profile: &str) -> Result<()> {
    define_resources(cache, api, node, profile)?;
    if profile == "meridian" {
        // Its network policies name a namespace that another repository makes.
        make_namespace(api, "spark-scoring")?;
        fill_aggregated_roles(api)?;
    }
    let manifests = node.manifests().display().to_string();
    let is_kustomized = node.manifests().join("kustomization.yaml").exists();
    let how = if is_kustomized { "-k" } else { "-f" };
    api.must(&["apply", how, &manifests]).map(drop)
}

/// The resources of Apache's operator, and of Kubeflow's where the profile has them. Waits until they are served.
fn define_resources(cache: &Cache, api: &Api, node: &Node, profile: &str) -> Result<()> {
    let apache = node.file("apache-sparkapplications.yaml");
    fs::write(&apache, APACHE).map_err(|error| LabError::at(&apache, error))?;
    let mut groups = vec!["/apis/spark.apache.org/v1"];
    let mut definitions = vec![apache];
    if WITH_KUBEFLOW.contains(&profile) {
        groups.push("/apis/sparkoperator.k8s.io/v1beta2");
        definitions.push(build::spark_resource_definitions(cache)?);
    }
    let files = definitions
        .iter()
        .map(|file| format!("--filename={}", file.display()));
    let words: Vec<String> = std::iter::once("create".to_owned()).chain(files).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // They are too long for the annotation that `kubectl apply` writes.
    api.must(&words)?;
    wait::for_condition("resources of the Spark operators", LIMIT, || {
        groups.iter().all(|group| {
            api.get(group, &Caller::Administrator)
                .is_ok_and(|answer| answer.body.contains("\"sparkapplications\""))
        })
    })
}

/// Fills `view`, `edit` and `admin` with the rules of the roles that are labelled for them. A controller does that in a
/// cluster; without it these roles are empty.
fn fill_aggregated_roles(api: &Api) -> Result<()> {
    // Each takes in the one before it.
    for name in ["view", "edit", "admin"] {
        let selector = format!("rbac.authorization.k8s.io/aggregate-to-{name}=true");
        let said = api.must(&["get", "clusterroles", "--selector", &selector, "-o", "json"])?;
        let list: Value =
            serde_json::from_str(&said).map_err(|error| LabError::failed("clusterroles", error))?;
        let rules: Vec<&Value> = list["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|role| role["rules"].as_array())
            .flatten()
            .collect();
        let patch = json!({ "rules": rules }).to_string();
        api.must(&[
            "patch",
            "clusterrole",
            name,
            "--type=merge",
            "--patch",
            &patch,
        ])?;
    }
    Ok(())
}
