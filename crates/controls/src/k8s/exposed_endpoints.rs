//! Exposed endpoints: is a data port published without TLS or login?
//!
//! # What it proves
//! Which ports of Spark, Hadoop, YARN, KMS and etcd the cluster publishes to the outside, and whether the way in asks for
//! TLS and a login.
//!
//! # Why it matters: the attack
//! A LoadBalancer before a History Server, a Thrift server or a ResourceManager is a door to the internet. Most of these
//! ports ask for nothing: behind them are all past jobs, SQL on all tables, or the right to run code.
//!
//! # How each depth is read
//! - declared and loaded: Services whose resolved target port is a data port (named ports through the pods), Ingresses,
//!   Gateways, Traefik's and OpenShift's routes that lead there, judged by the rules of their own controller. External login
//!   (auth-url, oauth2-proxy, middlewares, policies of a Gateway, client certificates) is `n/a`, and shown; an annotation of
//!   another controller than the Ingress's own asks nobody. Internal load balancers and source ranges count one step less.
//! - observed: a GET from outside.
//! - recorded: ingress logs; audit lines of the proxy subresource.
//!
//! # How to fix
//! `type: ClusterIP`, and an Ingress with TLS and an external login in front. Users lose a URL: tell them first.
//!
//! # References
//! - core/v1 Service; networking.k8s.io/v1 Ingress; ingress-nginx annotations; Gateway API; cloud providers' annotations

use crate::external_login::{middlewares, of_ingress};
use crate::foreign_routes;
use crate::gateways::{self, GROUP, data_routes, plain_listener};
use crate::ingress_tls::{Tls, tls};
use crate::judging_kubernetes::{clusters, objects_of};
use crate::pods::{is_system, object_subject};
use crate::published::{
    DATA_PORTS, WEB_PORTS, asks_who_calls, has_narrow_sources, is_data_service, is_internal, target,
};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Safety, Severity,
    Stage, Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::rbac::Graph;
use settings::kubernetes::workload::{ServicePort, Workloads, service_ports};
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Exposed endpoints",
    question: "Is a data port published without TLS or login?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "service-exposed",
            severity: Severity::High,
            title: "a Service publishes a data port outside the cluster",
            remedy: "use type ClusterIP, and an Ingress with TLS and a login where people need the page",
        },
        Cause {
            slug: "ingress-cleartext",
            severity: Severity::High,
            title: "a route to a data page answers without TLS",
            remedy: "cover the host in spec.tls and keep the redirect to https",
        },
        Cause {
            slug: "ingress-anonymous",
            severity: Severity::High,
            title: "a route leads to a data page that asks nobody who is calling",
            remedy: "put a login in front: the controller's auth annotations or oauth2-proxy",
        },
        Cause {
            slug: "gateway-http",
            severity: Severity::High,
            title: "a Gateway listens over plain HTTP for a data page",
            remedy: "use an HTTPS listener for the route",
        },
        Cause {
            slug: "through-api-proxy",
            severity: Severity::Medium,
            title: "an account may reach data pages through the API server's proxy, past policies and logins",
            remedy: "take services/proxy and pods/proxy out of the role; edit and admin hold them",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Isolation,
    since: "0.1.0",
};

/// Judges Services, Ingresses, Gateways and their routes, and grants of the proxy.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for cluster in clusters(estate) {
        let objects: Vec<&Object> = objects_of(estate, cluster).collect();
        let workloads = Workloads::new(objects.iter().copied());
        for service in objects
            .iter()
            .copied()
            .filter(|object| object.is("", "Service") && !is_system(object))
        {
            if let Some(claim) = published(estate, &workloads, service) {
                claims.state(object_subject(service), claim);
            }
        }
        let middlewares = middlewares(objects.iter().copied());
        ingresses(estate, &workloads, &middlewares, claims);
        for object in &objects {
            foreign(estate, &workloads, &middlewares, object, claims);
        }
        gateways(estate, &workloads, &objects, claims);
        through_proxy(estate, &workloads, &objects, claims);
    }
}

/// A Service that reaches outside, if it has a data port.
fn published(estate: &Estate, workloads: &Workloads<'_>, service: &Object) -> Option<Claim> {
    let kind = service.at(&["spec", "type"]);
    let external = service
        .at(&["spec", "externalIPs"])
        .filter(|ips| !ips.items().is_empty());
    let opens = kind
        .filter(|kind| matches!(kind.text(), Some("LoadBalancer" | "NodePort")))
        .or(external)?;
    if !is_data_service(workloads, service) {
        return None;
    }
    let ports: Vec<(u16, &Node)> = service_ports(service)
        .into_iter()
        .filter_map(|port| Some((target(workloads, service, &port)?, port.node)))
        .filter(|(target, _)| DATA_PORTS.contains(target))
        .collect();
    if ports.is_empty() {
        return None;
    }
    let mut severity = if asks_who_calls(estate, workloads, service) {
        Severity::High
    } else {
        Severity::Critical
    };
    if is_internal(service) || has_narrow_sources(service) {
        severity = severity.lowered();
    }
    let names = ports
        .iter()
        .map(|(port, _)| port.to_string())
        .collect::<Vec<_>>()
        .join(", ");
    let label = if external.is_some_and(|ips| ips.span == opens.span) {
        "external addresses"
    } else {
        "reaches outside the cluster"
    };
    let exposure = Exposure::new(
        "service-exposed",
        Witness::declared(service.place(opens), label)
            .key("spec.type")
            .value(opens.text().unwrap_or("externalIPs")),
    )
    .with_all(
        ports
            .iter()
            .filter_map(|(_, node)| node.entry("targetPort").or_else(|| node.entry("port")))
            .map(|entry| Witness::declared(service.place(&entry.value), "a data port")),
    )
    .severity(severity)
    .message(format!(
        "port {names} is published outside the cluster{}",
        if severity == Severity::Critical {
            ", and nothing behind it asks who is calling"
        } else {
            ""
        }
    ));
    Some(Claim::Exposed(vec![exposure]))
}

fn ingresses(
    estate: &Estate,
    workloads: &Workloads<'_>,
    middlewares: &[&Object],
    claims: &mut Claims,
) {
    let mut ways: Vec<(&Object, Vec<Way<'_>>)> = Vec::new();
    for route in workloads.routes() {
        let Some(service) = route.service.filter(|service| {
            leads_to_data(workloads, route.backend.service_port(service), service)
        }) else {
            continue;
        };
        let way = Way {
            service,
            host: route.backend.host,
            tls: tls(route.ingress, route.backend.host),
            login: of_ingress(route.ingress, middlewares),
        };
        match ways.last_mut() {
            Some((ingress, known)) if std::ptr::eq(*ingress, route.ingress) => known.push(way),
            _ => ways.push((route.ingress, vec![way])),
        }
    }
    for (ingress, ways) in ways {
        claims.state(
            object_subject(ingress),
            routed(estate, workloads, ingress, &ways),
        );
    }
}

/// Routes of single products' own kinds.
fn foreign(
    estate: &Estate,
    workloads: &Workloads<'_>,
    middlewares: &[&Object],
    object: &Object,
    claims: &mut Claims,
) {
    let ways: Vec<Way<'_>> = foreign_routes::of_object(workloads, middlewares, object)
        .into_iter()
        .filter(|route| leads_to_data(workloads, Some(route.port), route.service))
        .map(|route| Way {
            service: route.service,
            host: route.host,
            tls: route.tls,
            login: route.login,
        })
        .collect();
    if !ways.is_empty() {
        claims.state(
            object_subject(object),
            routed(estate, workloads, object, &ways),
        );
    }
}

fn leads_to_data(
    workloads: &Workloads<'_>,
    port: Option<ServicePort<'_>>,
    service: &Object,
) -> bool {
    is_data_service(workloads, service)
        && port
            .and_then(|port| target(workloads, service, &port))
            .is_some_and(|port| WEB_PORTS.contains(&port) || port == 4041)
}

/// One way of a route to a data page.
struct Way<'o> {
    service: &'o Object,
    host: Option<&'o Node>,
    tls: Tls,
    login: Option<String>,
}

fn routed(estate: &Estate, workloads: &Workloads<'_>, route: &Object, ways: &[Way<'_>]) -> Claim {
    let mut judgement = Judgement::new();
    let mut hosts: Vec<Place> = Vec::new();
    for way in ways {
        let place = way
            .host
            .map_or_else(|| route.name_place(), |host| route.place(host));
        match way.tls {
            Tls::Closed => {}
            Tls::Open(_) if hosts.contains(&place) => {}
            Tls::Open(reason) => {
                hosts.push(place);
                let host = way.host.and_then(Node::text).unwrap_or("every host");
                let witness = Witness::declared(place, reason).key("host").value(host);
                judgement.expose(Exposure::new("ingress-cleartext", witness));
            }
            Tls::Unknown => judgement.doubt(
                "the controller behind this route is not known here, or ends TLS by a setting of its own",
                Vec::new(),
            ),
        }
    }
    let anonymous = ways
        .iter()
        .find(|way| way.login.is_none() && !asks_who_calls(estate, workloads, way.service));
    if let Some(way) = anonymous {
        judgement.expose(anonymous_route(route, way.service));
    }
    judgement.otherwise(of_login(ways.iter().find_map(|way| way.login.as_deref())))
}

fn of_login(login: Option<&str>) -> Claim {
    match login {
        Some(by) => Claim::not_applicable(format!("external authentication: {by}")),
        None => Claim::Protected(Vec::new()),
    }
}

fn anonymous_route(route: &Object, service: &Object) -> Exposure {
    let witness = Witness::declared(route.name_place(), "no login on this route")
        .key("metadata.name")
        .value(&*route.name);
    let service = Witness::declared(service.name_place(), "the Service it leads to");
    Exposure::new("ingress-anonymous", witness).with(service)
}

/// Gateways that answer in clear, and routes that ask nobody.
fn gateways(estate: &Estate, workloads: &Workloads<'_>, objects: &[&Object], claims: &mut Claims) {
    let routes = data_routes(workloads, objects);
    if routes.is_empty() {
        return;
    }
    for gateway in objects.iter().filter(|object| object.is(GROUP, "Gateway")) {
        if let Some((protocol, route)) = plain_listener(gateway, &routes) {
            let witness = Witness::declared(gateway.place(protocol), "plain HTTP")
                .key("listeners.protocol")
                .value("HTTP");
            let route = Witness::declared(route.name_place(), "the route to a data page");
            let exposure = Exposure::new("gateway-http", witness).with(route);
            claims.state(object_subject(gateway), Claim::Exposed(vec![exposure]));
        }
    }
    for data in &routes {
        let login = gateways::login(data, objects);
        let asks = login.is_some() || asks_who_calls(estate, workloads, data.service);
        let claim = if asks {
            of_login(login.as_deref())
        } else {
            Claim::Exposed(vec![anonymous_route(data.route, data.service)])
        };
        claims.state(object_subject(data.route), claim);
    }
}

/// Accounts that reach pods and services through the API server.
fn through_proxy(
    estate: &Estate,
    workloads: &Workloads<'_>,
    objects: &[&Object],
    claims: &mut Claims,
) {
    let open: Vec<&str> = objects
        .iter()
        .filter(|object| {
            object.is("", "Service")
                && is_data_service(workloads, object)
                && !asks_who_calls(estate, workloads, object)
        })
        .filter(|service| {
            service_ports(service)
                .iter()
                .filter_map(|port| target(workloads, service, port))
                .any(|port| [4040, 9870, 8088, 18080].contains(&port))
        })
        .map(|service| service.namespace_or_default())
        .collect();
    if open.is_empty() {
        return;
    }
    let graph = Graph::new(objects.iter().copied());
    for binding in graph.bindings() {
        let mut grants = graph.grants_of(binding).filter(|grant| {
            !graph.is_default(grant)
                && !grant.subject.is_control_plane()
                && open.iter().any(|namespace| grant.holds_in(namespace))
                && ["services/proxy", "pods/proxy"].iter().any(|resource| {
                    grant.reaches("get", "", resource) || grant.reaches("create", "", resource)
                })
        });
        if grants.next().is_some() {
            let witness = Witness::declared(binding.role_place, "grants the proxy")
                .key("roleRef.name")
                .value(binding.role_name);
            let exposure = Exposure::new("through-api-proxy", witness).message("its subjects reach unauthenticated data pages through the API server, past network policies and logins");
            claims.state(
                object_subject(binding.object),
                Claim::Exposed(vec![exposure]),
            );
        }
    }
}
