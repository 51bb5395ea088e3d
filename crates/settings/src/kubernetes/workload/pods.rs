//! The pods of an estate, and what selects them.

use super::ingress::{Backend, backends};
use super::network_policy::{self, is_for_ingress, pod_selector};
use super::service::service_selector;
use crate::kubernetes::object::Object;
use crate::kubernetes::pod::{Container, Form, PodTemplate, pod_templates};
use crate::kubernetes::selector::{selects, selects_map};
use std::collections::{BTreeMap, HashMap};
use text::Node;

/// A pod with the labels that it has when it runs.
#[derive(Debug)]
pub struct Pod<'o> {
    /// The object that describes it.
    pub object: &'o Object,
    /// Its templates: one, or a Kubeflow role's own fields and its `template`.
    pub templates: Vec<PodTemplate<'o>>,
    labels: BTreeMap<&'o str, &'o str>,
}

/// An Ingress and the Service that it leads to.
#[derive(Clone, Debug)]
pub struct Route<'o> {
    /// The Ingress.
    pub ingress: &'o Object,
    /// One of its backends.
    pub backend: Backend<'o>,
    /// The Service of that name in the Ingress' namespace, where it was read.
    pub service: Option<&'o Object>,
}

/// Pods, Services, NetworkPolicies and Ingresses, of any number of clusters. Nothing of one cluster or namespace selects
/// anything of another.
#[derive(Debug, Default)]
pub struct Workloads<'o> {
    pods: Vec<Pod<'o>>,
    ingresses: Vec<&'o Object>,
    services_by_name: HashMap<(Namespace<'o>, &'o str), Vec<&'o Object>>,
    // Selectors are found by their first label, so that no selector is held against every pod.
    pods_by_label: HashMap<Label<'o>, Vec<usize>>,
    services_by_label: HashMap<Label<'o>, Vec<&'o Object>>,
    policies_by_label: HashMap<Label<'o>, Vec<&'o Object>>,
    /// Policies whose selector asks for no label exactly.
    other_policies: HashMap<Namespace<'o>, Vec<&'o Object>>,
}

/// A namespace, of whatever cluster: what is found by it must still meet what it is found for.
type Namespace<'o> = &'o str;
/// A label in a namespace.
type Label<'o> = (Namespace<'o>, &'o str, &'o str);

impl<'o> Pod<'o> {
    /// Its containers, of all templates.
    #[must_use]
    pub fn containers(&self) -> Vec<Container<'o>> {
        self.templates
            .iter()
            .flat_map(PodTemplate::containers)
            .collect()
    }

    /// The labels that it has when it runs, those of its operator included.
    #[must_use]
    pub fn labels(&self) -> &BTreeMap<&'o str, &'o str> {
        &self.labels
    }

    /// What it does in its application: `driver`, `executor`, ...
    #[must_use]
    pub fn role(&self) -> Option<&'static str> {
        self.templates.first()?.role
    }

    fn new(template: PodTemplate<'o>) -> Pod<'o> {
        let mut pod = Pod {
            object: template.object,
            labels: operator_labels(&template),
            templates: Vec::new(),
        };
        pod.add(template);
        pod
    }

    fn add(&mut self, template: PodTemplate<'o>) {
        let own = template
            .labels()
            .filter_map(|(key, value)| Some((key, value.text()?)));
        self.labels.extend(own);
        self.templates.push(template);
    }
}

/// The pods of an object: the two templates of a Kubeflow role are one pod.
fn pods_of_object(object: &Object) -> Vec<Pod<'_>> {
    let mut pods: Vec<Pod<'_>> = Vec::new();
    for template in pod_templates(object) {
        // Only a SparkApplication's two roles come in two forms, so this looks at two pods at most.
        let is_second_form =
            template.form == Form::PodSpec && object.group() == "sparkoperator.k8s.io";
        let first_form = pods.iter_mut().take(2).find(|pod| {
            let first = pod.templates.first();
            first.is_some_and(|first| {
                first.form == Form::KubeflowSpark && first.role == template.role
            })
        });
        match first_form {
            Some(pod) if is_second_form => pod.add(template),
            _ => pods.push(Pod::new(template)),
        }
    }
    pods
}

/// Labels that Spark (Constants.scala), the Kubeflow operator (pkg/common/spark.go) and KubeRay put on the pods they make.
fn operator_labels<'o>(template: &PodTemplate<'o>) -> BTreeMap<&'o str, &'o str> {
    let object = template.object;
    let mut labels = BTreeMap::new();
    let Some(role) = template.role else {
        return labels;
    };
    match (object.group(), &*object.kind) {
        ("sparkoperator.k8s.io", kind @ ("SparkApplication" | "ScheduledSparkApplication")) => {
            labels.insert("spark-role", role);
            labels.insert("sparkoperator.k8s.io/launched-by-spark-operator", "true");
            // A scheduled application's runs have names of their own.
            if kind == "SparkApplication" {
                labels.insert("sparkoperator.k8s.io/app-name", &*object.name);
                labels.insert("spark-app-name", &*object.name);
            }
        }
        ("sparkoperator.k8s.io", "SparkConnect") if role == "server" => {
            labels.insert("spark-role", "connect-server");
            labels.insert("sparkoperator.k8s.io/connect-name", &*object.name);
        }
        ("spark.apache.org", "SparkApplication") => {
            labels.insert("spark-role", role);
        }
        ("ray.io", "RayCluster") => {
            labels.insert("ray.io/cluster", &*object.name);
            labels.insert("ray.io/node-type", role);
            labels.insert("ray.io/is-ray-node", "yes");
        }
        _ => {}
    }
    labels
}

fn namespace(object: &Object) -> Namespace<'_> {
    object.namespace_or_default()
}

/// The first label that a map of labels asks for.
fn first_label<'o>(object: &'o Object, map: Option<&'o Node>) -> Option<Label<'o>> {
    let entry = map?.entries().first()?;
    let value = entry.value.text().unwrap_or_default();
    Some((namespace(object), entry.key.text()?, value))
}

impl<'o> Workloads<'o> {
    /// Finds pods and what selects them among objects. O(objects and their labels).
    pub fn new(objects: impl IntoIterator<Item = &'o Object>) -> Workloads<'o> {
        let mut workloads = Workloads::default();
        for object in objects {
            match (object.group(), &*object.kind) {
                ("", "Service") => workloads.add_service(object),
                ("networking.k8s.io", "NetworkPolicy") => workloads.add_policy(object),
                ("networking.k8s.io" | "extensions", "Ingress") => {
                    workloads.ingresses.push(object);
                }
                _ => {}
            }
            for pod in pods_of_object(object) {
                workloads.add_pod(pod);
            }
        }
        workloads
    }

    /// All pods.
    #[must_use]
    pub fn pods(&self) -> &[Pod<'o>] {
        &self.pods
    }

    /// The pods that a Service sends to. A Service without a selector has none: somebody else names its endpoints.
    pub fn pods_of<'w>(&'w self, service: &'o Object) -> impl Iterator<Item = &'w Pod<'o>> {
        let selector = service_selector(service);
        let found = first_label(service, selector)
            .and_then(|label| self.pods_by_label.get(&label))
            .into_iter()
            .flatten();
        found
            .filter_map(|index| self.pods.get(*index))
            .filter(move |pod| pod.object.may_meet(service))
            .filter(move |pod| selector.is_some_and(|selector| selects_map(selector, &pod.labels)))
    }

    /// The Services that send to a pod.
    pub fn services_of<'w>(&'w self, pod: &'w Pod<'o>) -> impl Iterator<Item = &'o Object> + 'w {
        candidates(&self.services_by_label, pod).filter(|service| {
            service_selector(service).is_some_and(|selector| selects_map(selector, &pod.labels))
        })
    }

    /// The NetworkPolicies that select a pod for ingress. As soon as there is one, only what some of them allows comes in; see
    /// [`network_policy::open_rules`] for what they leave open.
    pub fn policies_of<'w>(&'w self, pod: &'w Pod<'o>) -> impl Iterator<Item = &'o Object> + 'w {
        let others = self.other_policies.get(&namespace(pod.object));
        candidates(&self.policies_by_label, pod)
            .chain(others.into_iter().flatten().copied())
            .filter(|policy| policy.may_meet(pod.object))
            .filter(|policy| match pod_selector(policy) {
                Some(selector) => selects(selector, &pod.labels),
                None => true,
            })
    }

    /// Whether NetworkPolicies limit what comes in to a pod: some select it, and none of them lets everybody in to every port.
    #[must_use]
    pub fn is_limited(&self, pod: &Pod<'o>) -> bool {
        let mut policies = self.policies_of(pod).peekable();
        policies.peek().is_some()
            && policies.all(|policy| {
                network_policy::open_rules(policy)
                    .iter()
                    .all(|rule| !network_policy::opens_every_port(rule))
            })
    }

    /// Every Ingress with every Service that it leads to.
    pub fn routes(&self) -> impl Iterator<Item = Route<'o>> {
        self.ingresses.iter().flat_map(|ingress| {
            backends(ingress).into_iter().map(|backend| Route {
                ingress,
                service: self.service(ingress, backend.service),
                backend,
            })
        })
    }

    /// The Service of a name in the namespace of another object.
    #[must_use]
    pub fn service(&self, beside: &'o Object, name: &'o Node) -> Option<&'o Object> {
        let key = (namespace(beside), name.str()?);
        let named = self.services_by_name.get(&key)?;
        let own = named
            .iter()
            .find(|service| service.cluster == beside.cluster);
        own.or_else(|| named.iter().find(|service| service.may_meet(beside)))
            .copied()
    }

    fn add_pod(&mut self, pod: Pod<'o>) {
        let index = self.pods.len();
        for (key, value) in &pod.labels {
            let label = (namespace(pod.object), *key, *value);
            self.pods_by_label.entry(label).or_default().push(index);
        }
        self.pods.push(pod);
    }

    fn add_service(&mut self, service: &'o Object) {
        let key = (namespace(service), &*service.name);
        self.services_by_name.entry(key).or_default().push(service);
        if let Some(label) = first_label(service, service_selector(service)) {
            self.services_by_label
                .entry(label)
                .or_default()
                .push(service);
        }
    }

    fn add_policy(&mut self, policy: &'o Object) {
        if !is_for_ingress(policy) {
            return;
        }
        let exact = pod_selector(policy).and_then(|selector| selector.get("matchLabels"));
        match first_label(policy, exact) {
            Some(label) => self
                .policies_by_label
                .entry(label)
                .or_default()
                .push(policy),
            None => self
                .other_policies
                .entry(namespace(policy))
                .or_default()
                .push(policy),
        }
    }
}

/// The objects found by one of a pod's labels.
fn candidates<'w, 'o>(
    by_label: &'w HashMap<Label<'o>, Vec<&'o Object>>,
    pod: &'w Pod<'o>,
) -> impl Iterator<Item = &'o Object> + 'w {
    pod.labels
        .iter()
        .filter_map(move |(key, value)| by_label.get(&(namespace(pod.object), *key, *value)))
        .flatten()
        .copied()
        .filter(|object| object.may_meet(pod.object))
}
