//! Where objects keep their pods.

use super::location::{OTHER_FORMS, POD_TEMPLATES};
use crate::kubernetes::object::{Object, Runs};
use text::Node;

/// A pod that an object describes.
///
/// Where a custom resource gives the same pod in two ways (a Kubeflow SparkApplication's `driver` and its `driver.template`)
/// there are two templates with the same role, own fields first; the operator lays one over the other.
#[derive(Clone, Debug)]
pub struct PodTemplate<'o> {
    /// The object.
    pub object: &'o Object,
    /// What the pod does in its application: `driver`, `executor`, `master`, `worker`, ... `None` where there is one kind only.
    pub role: Option<&'static str>,
    /// The pod's `spec`, or the node that stands for it.
    pub spec: &'o Node,
    /// How the node is laid out.
    pub form: Form,
    /// The template's `metadata`, where it has one.
    pub metadata: Option<&'o Node>,
    /// What holds settings for all pods of the object (a Workflow's or SparkApplication's `spec`), where it does.
    pub(super) enclosing: Option<&'o Node>,
}

/// How a custom resource lays out a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A Kubernetes PodSpec.
    PodSpec,
    /// `driver` or `executor` of the Kubeflow operator: one container's fields and the pod's side by side.
    KubeflowSpark,
    /// An element of an Argo Workflow's `templates`.
    Argo,
}

/// The pods that an object describes and that run, in any built-in kind and in the custom resources of Spark, Argo, Ray, Flink,
/// Volcano, Kubeflow and Knative. Empty for other kinds.
#[must_use]
pub fn pod_templates(object: &Object) -> Vec<PodTemplate<'_>> {
    match object.runs {
        Runs::Itself => described_pods(object),
        Runs::ThroughOwner | Runs::NoMore => Vec::new(),
    }
}

/// The pods that an object describes, whether or not they run.
#[must_use]
pub fn described_pods(object: &Object) -> Vec<PodTemplate<'_>> {
    // Asked for every location of every object.
    let own_group = object.group();
    let matches =
        |group: &str, kind: &str| own_group == group && (kind == "*" || *object.kind == *kind);
    let mut templates = Vec::new();
    for (location, form) in OTHER_FORMS {
        if !matches(location.group, location.kind) {
            continue;
        }
        for enclosing in follow(&object.root, location.enclosing) {
            for spec in follow(enclosing, location.path) {
                templates.push(PodTemplate {
                    object,
                    role: location.role,
                    spec,
                    form: *form,
                    metadata: spec.get("metadata"),
                    enclosing: Some(enclosing),
                });
            }
        }
    }
    for location in POD_TEMPLATES {
        if !matches(location.group, location.kind) {
            continue;
        }
        for template in follow(&object.root, location.path) {
            let Some(spec) = template.get("spec").filter(|spec| spec.is_mapping()) else {
                continue;
            };
            templates.push(PodTemplate {
                object,
                role: location.role,
                spec,
                form: Form::PodSpec,
                metadata: template.get("metadata"),
                enclosing: None,
            });
        }
    }
    templates
}

/// The mappings that a path leads to. Bounded by the number of nodes below the last list.
fn follow<'n>(node: &'n Node, path: &str) -> Vec<&'n Node> {
    let mut found = vec![node];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let nodes = found.into_iter();
        found = if step == "*" {
            let entries = nodes.flat_map(Node::entries);
            let named = entries.filter(|entry| entry.key.text().is_some());
            named.map(|entry| &entry.value).collect()
        } else if let Some(list) = step.strip_suffix("[]") {
            let lists = nodes.filter_map(|node| node.get(list));
            lists.flat_map(Node::items).collect()
        } else {
            nodes.filter_map(|node| node.get(step)).collect()
        };
    }
    found.retain(|node| node.is_mapping());
    found
}

impl<'o> PodTemplate<'o> {
    /// A field of the pod's spec (`hostNetwork`, `securityContext`, `runtimeClassName`), under the name that the layout has
    /// for it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'o Node> {
        match self.form {
            Form::PodSpec => self.spec.get(name),
            Form::KubeflowSpark => self.spec.get(match name {
                "securityContext" => "podSecurityContext",
                "serviceAccountName" => "serviceAccount",
                other => other,
            }),
            Form::Argo => self
                .spec
                .get(name)
                .or_else(|| self.enclosing.and_then(|workflow| workflow.get(name))),
        }
    }

    /// Whether a Boolean field of the pod's spec is true.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.field(name).and_then(Node::bool) == Some(true)
    }

    /// The labels of the pods.
    pub fn labels(&self) -> impl Iterator<Item = (&'o str, &'o Node)> + use<'o> {
        self.metadata_map("labels")
    }

    /// The annotations of the pods.
    pub fn annotations(&self) -> impl Iterator<Item = (&'o str, &'o Node)> + use<'o> {
        self.metadata_map("annotations")
    }

    /// The name of the pods' ServiceAccount; `None` means `default`, or what the operator chooses.
    #[must_use]
    pub fn service_account_name(&self) -> Option<&'o Node> {
        self.field("serviceAccountName")
            // The old name of the field, which the API server still copies over (core/v1 PodSpec).
            .or_else(|| self.field("serviceAccount"))
            .filter(|name| name.str().is_some_and(|name| !name.is_empty()))
    }

    /// `automountServiceAccountToken` of the pod, where it is given: it wins over the ServiceAccount's own; both unset means
    /// that the token is mounted.
    #[must_use]
    pub fn automount(&self) -> Option<(bool, &'o Node)> {
        let node = self.field("automountServiceAccountToken")?;
        Some((node.bool()?, node))
    }

    /// Where the pod is described, for messages: `namespace/name spec.driver`.
    #[must_use]
    pub fn qualified_name(&self) -> String {
        match self.role {
            Some(role) => format!("{} ({role})", self.object.qualified_name()),
            None => self.object.qualified_name(),
        }
    }

    fn metadata_map(&self, name: &str) -> impl Iterator<Item = (&'o str, &'o Node)> + use<'o> {
        let map = match self.form {
            Form::KubeflowSpark => self.spec.get(name),
            Form::PodSpec | Form::Argo => self.metadata.and_then(|metadata| metadata.get(name)),
        };
        map.map_or(&[][..], Node::entries)
            .iter()
            .filter_map(|entry| Some((entry.key.text()?, &entry.value)))
    }
}
