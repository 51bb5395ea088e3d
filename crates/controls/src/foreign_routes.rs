//! Routes of kinds that single products bring: Traefik's IngressRoute and OpenShift's Route.

use crate::external_login::middleware_asks;
use crate::ingress_tls::{Tls, is_secure};
use settings::kubernetes::object::Object;
use settings::kubernetes::workload::{ServicePort, Workloads, service_ports};
use text::Node;

/// A way from outside to one port of a Service.
pub struct ForeignRoute<'o> {
    /// The route.
    pub object: &'o Object,
    /// The Service.
    pub service: &'o Object,
    /// Its port.
    pub port: ServicePort<'o>,
    /// The place that names the hosts.
    pub host: Option<&'o Node>,
    /// What becomes of plain http.
    pub tls: Tls,
    /// Who asks for a login.
    pub login: Option<String>,
}

/// The ways that an object opens; none for other kinds.
#[must_use]
pub fn of_object<'o>(
    workloads: &Workloads<'o>,
    objects: &[&Object],
    object: &'o Object,
) -> Vec<ForeignRoute<'o>> {
    match (object.group(), &*object.kind) {
        ("traefik.io" | "traefik.containo.us", "IngressRoute") => {
            of_traefik(workloads, objects, object)
        }
        ("route.openshift.io", "Route") => of_openshift(workloads, object).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn of_traefik<'o>(
    workloads: &Workloads<'o>,
    objects: &[&Object],
    object: &'o Object,
) -> Vec<ForeignRoute<'o>> {
    let points: Vec<&str> = object
        .at(&["spec", "entryPoints"])
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(Node::text)
        .collect();
    let all_secure = !points.is_empty() && points.iter().all(|point| is_secure(point));
    let tls = match (object.at(&["spec", "tls"]).is_some(), all_secure) {
        // A router with TLS answers TLS alone.
        (true, _) => Tls::Closed,
        // TLS may be told to the entry point, or a redirect to the other one.
        (false, _) if points.is_empty() || all_secure => Tls::Unknown,
        (false, _) => Tls::Open("neither tls nor an entry point with TLS"),
    };
    let routes = object.at(&["spec", "routes"]).map_or(&[][..], Node::items);
    routes
        .iter()
        .flat_map(|route| {
            let named = |node: &'o Node| {
                let namespace = node.get("namespace").and_then(Node::str);
                let namespace = namespace.unwrap_or_else(|| object.namespace_or_default());
                Some((node.get("name")?.str()?, namespace))
            };
            let login = route
                .get("middlewares")
                .map_or(&[][..], Node::items)
                .iter()
                .filter_map(named)
                .find(|(name, namespace)| middleware_asks(name, namespace, objects))
                .map(|(name, _)| format!("the middleware {name}"));
            let services = route.get("services").map_or(&[][..], Node::items).iter();
            services.filter_map(move |backend| {
                let service = workloads.service(object, backend.get("name")?)?;
                Some(ForeignRoute {
                    object,
                    service,
                    port: port_of(service, backend.get("port"))?,
                    host: route.get("match"),
                    tls,
                    login: login.clone(),
                })
            })
        })
        .collect()
}

fn of_openshift<'o>(workloads: &Workloads<'o>, object: &'o Object) -> Option<ForeignRoute<'o>> {
    let service = workloads.service(object, object.at(&["spec", "to", "name"])?)?;
    let insecure = object.at(&["spec", "tls", "insecureEdgeTerminationPolicy"]);
    let tls = match (object.at(&["spec", "tls"]), insecure.and_then(Node::text)) {
        (None, _) => Tls::Open("no tls"),
        (Some(_), Some("Allow")) => Tls::Open("http is allowed beside https"),
        (Some(_), _) => Tls::Closed,
    };
    Some(ForeignRoute {
        object,
        service,
        port: port_of(service, object.at(&["spec", "port", "targetPort"]))?,
        host: object.at(&["spec", "host"]),
        tls,
        login: None,
    })
}

/// The port of a Service that a number or a name means; its only port where nothing is said.
fn port_of<'o>(service: &'o Object, wanted: Option<&Node>) -> Option<ServicePort<'o>> {
    let ports = service_ports(service);
    let Some(wanted) = wanted else {
        return ports.into_iter().next();
    };
    let (number, name) = (wanted.int(), wanted.text());
    ports.into_iter().find(|port| {
        let target = port.node.get("targetPort").and_then(Node::text);
        number.is_some() && port.port.map(i64::from) == number
            || name.is_some() && (Some(port.name) == name || target == name)
    })
}
