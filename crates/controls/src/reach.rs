//! From where the pods of a Spark deployment can be reached: Services, Ingresses, meshes, loopback addresses.

use crate::spark_pods;
use model::Place;
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::PodTemplate;
use settings::spark::{Kind, Spark};
use text::Node;

/// Who stands before a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A Service of type LoadBalancer or NodePort, or an Ingress that lets everybody in.
    Open(Place),
    /// An Ingress that asks another service who is calling.
    ExternalAuthentication(Place),
}

/// The ways from outside the cluster to a port of the driver or server.
#[must_use]
pub fn ways(spark: &Spark<'_>, port: u16) -> Vec<Way> {
    let Some(object) =
        spark_pods::object(spark).filter(|_| spark.deployment.kind != Kind::Defaults)
    else {
        return Vec::new();
    };
    let services = services(spark, object, port);
    let mut ways: Vec<Way> = services
        .iter()
        .filter_map(|service| opened_by(service))
        .collect();
    for ingress in
        same_namespace(spark, object).filter(|other| other.is("networking.k8s.io", "Ingress"))
    {
        if leads_to(ingress, object, &services, port) {
            ways.push(way_of(
                ingress,
                ingress.at(&["metadata", "annotations"]),
                ingress.name_place(),
            ));
        }
    }
    ways.extend(operator_ways(object, port));
    ways
}

/// The ways that kubeflow's operator makes itself.
fn operator_ways(object: &Object, port: u16) -> Vec<Way> {
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
            ways.push(way_of(object, Some(annotations), object.place(annotations)));
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
            ));
        }
    }
    ways
}

fn way_of(object: &Object, annotations: Option<&Node>, place: Place) -> Way {
    // Annotations by which ingress controllers ask another service (ingress-nginx, Traefik, HAProxy, AWS load balancer).
    const ASKING: [&str; 8] = [
        "nginx.ingress.kubernetes.io/auth-url",
        "nginx.ingress.kubernetes.io/auth-signin",
        "nginx.ingress.kubernetes.io/auth-type",
        "nginx.ingress.kubernetes.io/auth-tls-secret",
        "haproxy.org/auth-type",
        "haproxy-ingress.github.io/auth-url",
        "alb.ingress.kubernetes.io/auth-type",
        "ingress.kubernetes.io/auth-url",
    ];
    let entries = annotations.map_or(&[][..], Node::entries);
    let asking = entries.iter().find(|entry| {
        let key = entry.key.text().unwrap_or_default();
        let value = entry.value.text().unwrap_or_default();
        (ASKING.contains(&key) && !matches!(value, "" | "none"))
            || (key == "traefik.ingress.kubernetes.io/router.middlewares" && value.contains("auth"))
    });
    match asking {
        Some(entry) => Way::ExternalAuthentication(object.place(&entry.value)),
        None => Way::Open(place),
    }
}

/// A Service that the outside reaches by itself. Internal load balancers and those with source ranges are not outside.
fn opened_by(service: &Object) -> Option<Way> {
    let kind = service.at(&["spec", "type"])?;
    let is_internal = service.annotations().any(|(key, value)| {
        let value = value.text().unwrap_or_default();
        (key.contains("internal") && value == "true") || value == "Internal" || value == "internal"
    });
    let is_limited = service
        .at(&["spec", "loadBalancerSourceRanges"])
        .is_some_and(|ranges| {
            !ranges.items().is_empty()
                && ranges
                    .items()
                    .iter()
                    .all(|range| range.text() != Some("0.0.0.0/0"))
        });
    match kind.str()? {
        "NodePort" => Some(Way::Open(service.place(kind))),
        "LoadBalancer" if !is_internal && !is_limited => Some(Way::Open(service.place(kind))),
        _ => None,
    }
}

/// The Services that lead to a port of the deployment's pods.
fn services<'e>(spark: &Spark<'e>, object: &Object, port: u16) -> Vec<&'e Object> {
    let templates = spark_pods::templates(spark, "driver");
    same_namespace(spark, object)
        .filter(|other| other.is("", "Service"))
        .filter(|service| selects(service, object, &templates) && serves(service, &templates, port))
        .collect()
}

fn same_namespace<'e>(spark: &Spark<'e>, object: &Object) -> impl Iterator<Item = &'e Object> {
    let (namespace, cluster) = (object.namespace.clone(), object.cluster);
    spark.estate.all::<Object>().iter().filter(move |other| {
        other.cluster == cluster
            && (other.namespace == namespace || other.namespace.is_none() || namespace.is_none())
    })
}

fn selects(service: &Object, object: &Object, templates: &[PodTemplate<'_>]) -> bool {
    let selector = service
        .at(&["spec", "selector"])
        .map_or(&[][..], Node::entries);
    !selector.is_empty()
        && selector.iter().all(|entry| {
            let (Some(key), Some(value)) = (entry.key.text(), entry.value.text()) else {
                return false;
            };
            operator_label(object, key).is_some_and(|own| own == value)
                || templates.iter().any(|template| {
                    template
                        .labels()
                        .any(|(own, node)| own == key && node.text() == Some(value))
                })
                || (*object.kind == *"Pod"
                    && object
                        .labels()
                        .any(|(own, node)| own == key && node.text() == Some(value)))
        })
}

/// Labels that the operators give to driver and server pods.
fn operator_label<'o>(object: &'o Object, key: &str) -> Option<&'o str> {
    let is_connect = &*object.kind == "SparkConnect";
    match (object.group(), key) {
        ("sparkoperator.k8s.io", "sparkoperator.k8s.io/app-name" | "spark-app-name")
            if !is_connect =>
        {
            Some(&object.name)
        }
        ("sparkoperator.k8s.io", "sparkoperator.k8s.io/connect-name") if is_connect => {
            Some(&object.name)
        }
        ("sparkoperator.k8s.io" | "spark.apache.org", "spark-role") => Some(if is_connect {
            "connect-server"
        } else {
            "driver"
        }),
        ("spark.apache.org", "spark.operator/spark-app-name") => Some(&object.name),
        _ => None,
    }
}

fn serves(service: &Object, templates: &[PodTemplate<'_>], port: u16) -> bool {
    let ports = service.at(&["spec", "ports"]).map_or(&[][..], Node::items);
    ports.iter().any(|entry| {
        let target = entry.get("targetPort").or_else(|| entry.get("port"));
        target.is_some_and(|target| match target.int() {
            Some(number) => number == i64::from(port),
            None => templates
                .iter()
                .flat_map(PodTemplate::containers)
                .any(|container| {
                    container.ports().iter().any(|own| {
                        own.get("name").and_then(Node::text) == target.text()
                            && own.get("containerPort").and_then(Node::int) == Some(i64::from(port))
                    })
                }),
        })
    })
}

/// Whether an Ingress has a backend among the Services, or one that the operator creates for the application's UI.
fn leads_to(ingress: &Object, object: &Object, services: &[&Object], port: u16) -> bool {
    let rules = ingress.at(&["spec", "rules"]).map_or(&[][..], Node::items);
    let paths = rules
        .iter()
        .filter_map(|rule| rule.at(&["http", "paths"]))
        .flat_map(Node::items);
    let backends = paths
        .filter_map(|path| path.get("backend"))
        .chain(ingress.at(&["spec", "defaultBackend"]));
    backends
        .filter_map(|backend| backend.at(&["service", "name"])?.str())
        .any(|name| {
            services.iter().any(|service| *service.name == *name)
                || (port == 4040 && *name == format!("{}-ui-svc", object.name))
        })
}

/// Whether a mesh encrypts and authenticates between the pods of the deployment's namespace (Istio's PeerAuthentication in
/// mode STRICT, without a selector or a port exception).
#[must_use]
pub fn strict_mesh(spark: &Spark<'_>) -> Option<Place> {
    let own = spark_pods::object(spark)?;
    spark.estate.all::<Object>().iter().find_map(|object| {
        let mode = object.at(&["spec", "mtls", "mode"])?;
        let counts = object.is("security.istio.io", "PeerAuthentication")
            && object.cluster == own.cluster
            && mode.str() == Some("STRICT")
            && object.at(&["spec", "selector"]).is_none()
            && object.at(&["spec", "portLevelMtls"]).is_none()
            && (object.namespace == own.namespace
                || object.namespace.as_deref() == Some("istio-system"));
        counts.then(|| object.place(mode))
    })
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
