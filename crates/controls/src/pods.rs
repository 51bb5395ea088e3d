//! How controls walk over the pods of an estate.

use model::{Estate, Place, Subject};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{PodTemplate, pod_templates};
use text::Node;

/// Namespaces of the cluster's own machinery: its pods are part of the node, not of a workload.
const SYSTEM_NAMESPACES: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// Whether the object belongs to the cluster's own machinery.
#[must_use]
pub fn is_system(object: &Object) -> bool {
    object
        .namespace
        .as_deref()
        .is_some_and(|namespace| SYSTEM_NAMESPACES.contains(&namespace))
}

/// Every pod of every workload, control plane and system namespaces left out.
pub fn workloads(estate: &Estate) -> impl Iterator<Item = PodTemplate<'_>> {
    estate
        .all::<Object>()
        .iter()
        .filter(|object| !is_system(object))
        .flat_map(pod_templates)
}

/// The subject that a pod is judged under: its object, and its role where the object has several.
#[must_use]
pub fn subject(template: &PodTemplate<'_>) -> Subject {
    Subject::new(
        kind(template.object),
        template.qualified_name(),
        Some(template.object.name_place()),
    )
}

/// An object's subject.
#[must_use]
pub fn object_subject(object: &Object) -> Subject {
    Subject::new(
        kind(object),
        object.qualified_name(),
        Some(object.name_place()),
    )
}

/// The object's kind as a static word; kinds that no control names are "Kubernetes object".
#[must_use]
pub fn kind(object: &Object) -> &'static str {
    const KINDS: [&str; 45] = [
        "Pod",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
        "PodTemplate",
        "SparkApplication",
        "ScheduledSparkApplication",
        "SparkConnect",
        "SparkCluster",
        "Workflow",
        "RayCluster",
        "RayJob",
        "RayService",
        "FlinkDeployment",
        "PyTorchJob",
        "TFJob",
        "MPIJob",
        "XGBoostJob",
        "Notebook",
        "Service",
        "Ingress",
        "Route",
        "IngressRoute",
        "Gateway",
        "HTTPRoute",
        "ConfigMap",
        "Secret",
        "ServiceAccount",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "Namespace",
        "NetworkPolicy",
        "SecretProviderClass",
        "ExternalSecret",
        "StorageClass",
        "EncryptionConfiguration",
        "Policy",
        "WorkflowTemplate",
        "CronWorkflow",
    ];
    KINDS
        .into_iter()
        .find(|kind| *kind == &*object.kind)
        .unwrap_or("Kubernetes object")
}

/// The place of a node in a template's object.
#[must_use]
pub fn place(template: &PodTemplate<'_>, node: &Node) -> Place {
    template.object.place(node)
}

/// Words by which images, commands and kinds of data systems are told: a pod of one of them holds or moves the data.
const DATA_WORDS: [&str; 44] = [
    "spark",
    "hadoop",
    "hdfs",
    "namenode",
    "datanode",
    "yarn",
    "hive",
    "trino",
    "presto",
    "kafka",
    "flink",
    "jupyter",
    "zeppelin",
    "airflow",
    "livy",
    "postgres",
    "mysql",
    "mariadb",
    "mongo",
    "cassandra",
    "minio",
    "ceph",
    "ray",
    "torch",
    "tensorflow",
    "inference",
    "elasticsearch",
    "opensearch",
    "clickhouse",
    "druid",
    "pinot",
    "nifi",
    "zookeeper",
    "redis",
    "valkey",
    "weaviate",
    "qdrant",
    "milvus",
    "mlflow",
    "vllm",
    "tritonserver",
    "ollama",
    "pulsar",
    "dask",
];

/// Whether a pod holds or moves data, as far as its kind, image and name tell.
#[must_use]
pub fn is_data_pod(template: &PodTemplate<'_>) -> bool {
    let group = template.object.group();
    let is_data_kind = matches!(
        group,
        "sparkoperator.k8s.io"
            | "spark.apache.org"
            | "ray.io"
            | "flink.apache.org"
            | "kubeflow.org"
    );
    let containers = template.containers();
    let images: Vec<&str> = containers
        .iter()
        .filter_map(|container| container.image()?.text())
        .map(|image| image.split('@').next().unwrap_or(image))
        .collect();
    // What only manages data systems holds none of their data.
    if !images.is_empty() && images.iter().all(|image| manages(image)) {
        return is_data_kind;
    }
    is_data_kind
        || names_data(&template.object.name)
        || images.iter().any(|image| names_data(image))
}

/// Whether a part of a name starts with the word of a data system: `spark-history`, `docker.io/apache/spark:3.5`.
fn names_data(name: &str) -> bool {
    // The words are ASCII, so bytes are characters here; every part is held against every word.
    let starts_with = |part: &[u8], word: &str| {
        part.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    name.as_bytes()
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .any(|part| DATA_WORDS.iter().any(|word| starts_with(part, word)))
}

/// Whether an image is that of an operator, a webhook or an exporter: `kubeflow/spark-operator/controller:2.3`.
fn manages(image: &str) -> bool {
    let path = image.rsplit_once(':').map_or(image, |(path, _)| path);
    let mut parts = path.rsplit('/').take(2);
    parts.any(|part| {
        part.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| matches!(word, "operator" | "controller" | "webhook" | "exporter"))
    })
}
