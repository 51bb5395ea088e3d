//! From where the pods of a Spark deployment can be reached: Services, Ingresses, meshes, loopback addresses.

use crate::external_login;
use crate::published::{has_narrow_sources, is_internal};
use crate::spark_pods;
use model::{Estate, Place};
use settings::kubernetes::object::Object;
use settings::kubernetes::workload::{Pod, Workloads, service_ports};
use settings::spark::{Kind, Spark};
use std::collections::HashMap;
use text::Node;

/// Who stands before a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A Service of type LoadBalancer or NodePort, or an Ingress that lets everybody in.
    Open(Place),
    /// An Ingress that lets everybody in, over TLS.
    OverTls(Place),
    /// An Ingress that asks another service who is calling.
    ExternalAuthentication(Place),
}

/// The Services, Ingresses and meshes of an estate, found once for all deployments.
#[derive(Debug)]
pub struct Reach<'e> {
    workloads: Workloads<'e>,
    /// Pods by the number of the object that describes them.
    pods: HashMap<usize, Vec<usize>>,
    /// Ingresses by the Service that they lead to.
    ingresses: HashMap<Name<'e>, Vec<&'e Object>>,
    /// Traefik's middlewares.
    middlewares: Vec<&'e Object>,
    /// Strict meshes by cluster and namespace.
    meshes: HashMap<(u32, &'e str), Place>,
}

/// A cluster's number, a namespace and a name.
type Name<'e> = (u32, &'e str, &'e str);

impl Way {
    /// Where everybody is let in without a question.
    #[must_use]
    pub fn asks_nobody(self) -> Option<Place> {
        match self {
            Way::Open(place) | Way::OverTls(place) => Some(place),
            Way::ExternalAuthentication(_) => None,
        }
    }
}

impl<'e> Reach<'e> {
    /// Finds them. O(objects): for those who have a deployment to ask about.
    #[must_use]
    pub fn new(estate: &'e Estate) -> Reach<'e> {
        let objects = estate.all::<Object>();
        let workloads = Workloads::new(objects);
        let numbers: HashMap<Name<'e>, Vec<usize>> =
            objects
                .iter()
                .enumerate()
                .fold(HashMap::new(), |mut numbers, (number, object)| {
                    numbers
                        .entry(name_of(object))
                        .or_insert_with(Vec::new)
                        .push(number);
                    numbers
                });
        let mut pods: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, pod) in workloads.pods().iter().enumerate() {
            let same_name = numbers.get(&name_of(pod.object)).into_iter().flatten();
            let number = same_name.copied().find(|number| {
                objects
                    .get(*number)
                    .is_some_and(|own| std::ptr::eq(own, pod.object))
            });
            if let Some(number) = number {
                pods.entry(number).or_default().push(index);
            }
        }
        let mut ingresses: HashMap<Name<'e>, Vec<&'e Object>> = HashMap::new();
        for route in workloads.routes() {
            if let Some(service) = route.backend.service.str() {
                let ingress = route.ingress;
                let name = (ingress.cluster, ingress.namespace_or_default(), service);
                ingresses.entry(name).or_default().push(ingress);
            }
        }
        Reach {
            workloads,
            pods,
            ingresses,
            middlewares: external_login::middlewares(objects),
            meshes: objects.iter().filter_map(strict_mesh_of).collect(),
        }
    }

    /// The ways from outside the cluster to a port of the driver or server.
    #[must_use]
    pub fn ways(&self, spark: &Spark<'_>, port: u16) -> Vec<Way> {
        let Some(object) =
            spark_pods::object(spark).filter(|_| spark.deployment.kind != Kind::Defaults)
        else {
            return Vec::new();
        };
        let services = self.services(spark, port);
        let mut ways: Vec<Way> = services
            .iter()
            .filter_map(|service| opened_by(service))
            .collect();
        let made_by_operator = (port == 4040).then(|| format!("{}-ui-svc", object.name));
        let names = services
            .iter()
            .map(|service| &*service.name)
            .chain(made_by_operator.as_deref());
        for name in names {
            let namespace = object.namespace_or_default();
            let shared = (object.cluster != 0).then_some((0, namespace, name));
            let keys = std::iter::once((object.cluster, namespace, name)).chain(shared);
            for ingress in keys.filter_map(|key| self.ingresses.get(&key)).flatten() {
                let way = way_of(
                    ingress,
                    ingress.at(&["metadata", "annotations"]),
                    ingress.name_place(),
                    &self.middlewares,
                );
                let ends_tls = ingress
                    .at(&["spec", "tls"])
                    .is_some_and(|tls| !tls.items().is_empty());
                ways.push(match way {
                    Way::Open(place) if ends_tls => Way::OverTls(place),
                    way => way,
                });
            }
        }
        ways.extend(operator_ways(object, port, &self.middlewares));
        ways
    }

    /// The Services that lead to a port of the deployment's driver or server.
    fn services(&self, spark: &Spark<'_>, port: u16) -> Vec<&'e Object> {
        let indexes = spark
            .deployment
            .object
            .and_then(|number| self.pods.get(&number));
        let pods = indexes
            .into_iter()
            .flatten()
            .filter_map(|index| self.workloads.pods().get(*index))
            .filter(|pod| matches!(pod.role(), None | Some("driver" | "server" | "master")));
        let serves = |service: &'e Object, pod: &Pod<'e>| {
            service_ports(service)
                .iter()
                .any(|entry| entry.resolve(pod) == Some(port))
        };
        pods.flat_map(|pod| {
            self.workloads
                .services_of(pod)
                .filter(move |service| serves(service, pod))
        })
        .collect()
    }

    /// Whether a mesh encrypts and authenticates between the pods of the deployment's namespace (Istio's PeerAuthentication in
    /// mode STRICT, without a selector or a port exception).
    #[must_use]
    pub fn strict_mesh(&self, spark: &Spark<'_>) -> Option<Place> {
        let own = spark_pods::object(spark)?;
        [own.namespace_or_default(), "istio-system"]
            .into_iter()
            .find_map(|namespace| {
                let of = |cluster| self.meshes.get(&(cluster, namespace));
                of(own.cluster).or_else(|| of(0))
            })
            .copied()
    }
}

fn name_of(object: &Object) -> Name<'_> {
    (object.cluster, object.namespace_or_default(), &object.name)
}

fn strict_mesh_of(object: &Object) -> Option<((u32, &str), Place)> {
    let mode = object.at(&["spec", "mtls", "mode"])?;
    let counts = object.is("security.istio.io", "PeerAuthentication")
        && mode.str() == Some("STRICT")
        && object.at(&["spec", "selector"]).is_none()
        && object.at(&["spec", "portLevelMtls"]).is_none();
    counts.then(|| {
        (
            (object.cluster, object.namespace_or_default()),
            object.place(mode),
        )
    })
}

/// The ways that kubeflow's operator makes itself.
fn operator_ways(object: &Object, port: u16, middlewares: &[&Object]) -> Vec<Way> {
    let spec = match &*object.kind {
        "ScheduledSparkApplication" => object.at(&["spec", "template"]),
        _ => object.at(&["spec"]),
    };
    let Some(spec) = spec.filter(|_| object.group() == "sparkoperator.k8s.io" && port == 4040)
    else {
        return Vec::new();
    };
    let mut ways = Vec::new();
    if let Some(options) = spec.get("sparkUIOptions") {
        if let Some(kind) = options
            .get("serviceType")
            .filter(|kind| matches!(kind.str(), Some("LoadBalancer" | "NodePort")))
        {
            ways.push(Way::Open(object.place(kind)));
        }
        if let Some(annotations) = options.get("ingressAnnotations") {
            ways.push(way_of(
                object,
                Some(annotations),
                object.place(annotations),
                middlewares,
            ));
        }
    }
    for options in spec
        .get("driverIngressOptions")
        .map_or(&[][..], Node::items)
    {
        if options.get("servicePort").and_then(Node::int) == Some(i64::from(port)) {
            ways.push(way_of(
                object,
                options.get("ingressAnnotations"),
                object.place(options),
                middlewares,
            ));
        }
    }
    ways
}

fn way_of(
    object: &Object,
    annotations: Option<&Node>,
    place: Place,
    middlewares: &[&Object],
) -> Way {
    // Annotations that the operator passes on are read by the controller of a class that its own fields name.
    let class = (&*object.kind == "Ingress")
        .then(|| external_login::class(object))
        .flatten();
    let namespace = object.namespace_or_default();
    let login =
        external_login::of_annotations(annotations, class.as_deref(), namespace, middlewares);
    match login {
        Some((_, value)) => Way::ExternalAuthentication(object.place(value)),
        None => Way::Open(place),
    }
}

/// A Service that the outside reaches by itself. Internal load balancers and those with source ranges are not outside.
fn opened_by(service: &Object) -> Option<Way> {
    let kind = service.at(&["spec", "type"])?;
    match kind.str()? {
        "NodePort" => Some(Way::Open(service.place(kind))),
        "LoadBalancer" if !is_internal(service) && !has_narrow_sources(service) => {
            Some(Way::Open(service.place(kind)))
        }
        _ => None,
    }
}

/// Whether a host name or address never leaves the machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim();
    host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.")
}

/// The variable that binds the web pages of a process to the loopback address, where it does (`WebUI.bind`).
#[must_use]
pub fn bound_to_loopback(spark: &Spark<'_>) -> Option<Place> {
    let variable = spark.deployment.variable("SPARK_LOCAL_IP")?;
    is_loopback(&variable.value).then_some(variable.place)
}
