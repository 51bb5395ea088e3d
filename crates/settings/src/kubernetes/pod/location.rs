//! The table of places where objects keep pods.

use super::template::Form;

/// A place of pods. In paths `[]` stands for every item of a list, `*` for every value of a mapping.
pub(super) struct Location {
    pub(super) group: &'static str,
    /// The kind; `*` for every kind of the group.
    pub(super) kind: &'static str,
    pub(super) role: Option<&'static str>,
    /// The path of the settings for all pods; empty where there are none.
    pub(super) enclosing: &'static str,
    /// The path of the pod, from `enclosing` on.
    pub(super) path: &'static str,
}

const fn pods(group: &'static str, kind: &'static str, path: &'static str) -> Location {
    Location {
        group,
        kind,
        role: None,
        enclosing: "",
        path,
    }
}

const fn role(
    group: &'static str,
    kind: &'static str,
    role: &'static str,
    path: &'static str,
) -> Location {
    let location = pods(group, kind, path);
    Location {
        role: Some(role),
        ..location
    }
}

const fn within(enclosing: &'static str, location: Location) -> Location {
    Location {
        enclosing,
        ..location
    }
}

/// Everything that has a `spec`, and maybe `metadata`, as a pod has.
///
/// Built-in kinds: k8s.io/api. Spark: the CustomResourceDefinitions of kubeflow/spark-operator (v1beta2, SparkConnect v1alpha1)
/// and apache/spark-kubernetes-operator (v1). The others: their projects' published API references.
#[rustfmt::skip]
pub(super) const POD_TEMPLATES: &[Location] = &[
    pods("", "Pod", ""),
    pods("", "PodTemplate", "template"),
    pods("", "ReplicationController", "spec.template"),
    pods("apps", "*", "spec.template"),
    pods("extensions", "*", "spec.template"),
    pods("batch", "Job", "spec.template"),
    pods("batch", "CronJob", "spec.jobTemplate.spec.template"),
    role("sparkoperator.k8s.io", "SparkApplication", "driver", "spec.driver.template"),
    role("sparkoperator.k8s.io", "SparkApplication", "executor", "spec.executor.template"),
    role("sparkoperator.k8s.io", "ScheduledSparkApplication", "driver", "spec.template.driver.template"),
    role("sparkoperator.k8s.io", "ScheduledSparkApplication", "executor", "spec.template.executor.template"),
    role("sparkoperator.k8s.io", "SparkConnect", "server", "spec.server.template"),
    role("sparkoperator.k8s.io", "SparkConnect", "executor", "spec.executor.template"),
    role("spark.apache.org", "SparkApplication", "driver", "spec.driverSpec.podTemplateSpec"),
    role("spark.apache.org", "SparkApplication", "executor", "spec.executorSpec.podTemplateSpec"),
    role("spark.apache.org", "SparkCluster", "master", "spec.masterSpec.statefulSetSpec.template"),
    role("spark.apache.org", "SparkCluster", "worker", "spec.workerSpec.statefulSetSpec.template"),
    pods("argoproj.io", "Rollout", "spec.template"),
    role("ray.io", "RayCluster", "head", "spec.headGroupSpec.template"),
    role("ray.io", "RayCluster", "worker", "spec.workerGroupSpecs[].template"),
    role("ray.io", "RayJob", "head", "spec.rayClusterSpec.headGroupSpec.template"),
    role("ray.io", "RayJob", "worker", "spec.rayClusterSpec.workerGroupSpecs[].template"),
    role("ray.io", "RayJob", "submitter", "spec.submitterPodTemplate"),
    role("ray.io", "RayService", "head", "spec.rayClusterConfig.headGroupSpec.template"),
    role("ray.io", "RayService", "worker", "spec.rayClusterConfig.workerGroupSpecs[].template"),
    pods("flink.apache.org", "FlinkDeployment", "spec.podTemplate"),
    role("flink.apache.org", "FlinkDeployment", "job manager", "spec.jobManager.podTemplate"),
    role("flink.apache.org", "FlinkDeployment", "task manager", "spec.taskManager.podTemplate"),
    pods("batch.volcano.sh", "Job", "spec.tasks[].template"),
    pods("kubeflow.org", "TFJob", "spec.tfReplicaSpecs.*.template"),
    pods("kubeflow.org", "PyTorchJob", "spec.pytorchReplicaSpecs.*.template"),
    pods("kubeflow.org", "MPIJob", "spec.mpiReplicaSpecs.*.template"),
    pods("kubeflow.org", "XGBoostJob", "spec.xgbReplicaSpecs.*.template"),
    pods("kubeflow.org", "PaddleJob", "spec.paddleReplicaSpecs.*.template"),
    pods("kubeflow.org", "MXJob", "spec.mxReplicaSpecs.*.template"),
    pods("kubeflow.org", "JAXJob", "spec.jaxReplicaSpecs.*.template"),
    pods("kubeflow.org", "Notebook", "spec.template"),
    pods("serving.knative.dev", "*", "spec.template"),
];

/// Pods in a layout of their own.
#[rustfmt::skip]
pub(super) const OTHER_FORMS: &[(Location, Form)] = &[
    (within("spec", role("sparkoperator.k8s.io", "SparkApplication", "driver", "driver")), Form::KubeflowSpark),
    (within("spec", role("sparkoperator.k8s.io", "SparkApplication", "executor", "executor")), Form::KubeflowSpark),
    (within("spec.template", role("sparkoperator.k8s.io", "ScheduledSparkApplication", "driver", "driver")), Form::KubeflowSpark),
    (within("spec.template", role("sparkoperator.k8s.io", "ScheduledSparkApplication", "executor", "executor")), Form::KubeflowSpark),
    (within("spec", pods("argoproj.io", "Workflow", "templates[]")), Form::Argo),
    (within("spec", pods("argoproj.io", "WorkflowTemplate", "templates[]")), Form::Argo),
    (within("spec", pods("argoproj.io", "ClusterWorkflowTemplate", "templates[]")), Form::Argo),
    (within("spec.workflowSpec", pods("argoproj.io", "CronWorkflow", "templates[]")), Form::Argo),
];
