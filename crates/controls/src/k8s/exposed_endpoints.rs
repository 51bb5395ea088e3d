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
//! - declared and loaded: Services whose resolved target port is a data port (named ports through the pods), Ingresses and
//!   Gateways that lead there, judged by the rules of their own controller. External login (auth-url, auth-signin,
//!   oauth2-proxy, client certificates) is `n/a`, and shown. Internal load balancers and source ranges count one step less.
//! - observed: a GET from outside.
//! - recorded: ingress logs; audit lines of the proxy subresource.
//!
//! # How to fix
//! `type: ClusterIP`, and an Ingress with TLS and an external login in front. Users lose a URL: tell them first.
//!
//! # References
//! - core/v1 Service; networking.k8s.io/v1 Ingress; ingress-nginx annotations; Gateway API; cloud providers' annotations

use crate::judging_kubernetes::{clusters, objects_of};
use crate::pods::{is_system, object_subject};
use crate::published::{DATA_PORTS, WEB_PORTS, asks_who_calls, is_data_service, target};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::rbac::Graph;
use settings::kubernetes::workload::{Route, Workloads, service_ports};
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

/// Judges Services, Ingresses, Gateways and grants of the proxy.
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
        ingresses(estate, &workloads, claims);
        for gateway in objects
            .iter()
            .copied()
            .filter(|object| object.is("gateway.networking.k8s.io", "Gateway"))
        {
            if let Some(claim) = plain_gateway(&workloads, &objects, gateway) {
                claims.state(object_subject(gateway), claim);
            }
        }
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

fn is_internal(service: &Object) -> bool {
    service.annotations().any(|(key, value)| {
        let value = value.text().unwrap_or_default().to_ascii_lowercase();
        match key {
            "service.beta.kubernetes.io/aws-load-balancer-internal"
            | "service.beta.kubernetes.io/azure-load-balancer-internal"
            | "service.beta.kubernetes.io/openstack-internal-load-balancer" => {
                matches!(value.as_str(), "true" | "0.0.0.0/0")
            }
            "service.beta.kubernetes.io/aws-load-balancer-scheme"
            | "networking.gke.io/load-balancer-type"
            | "cloud.google.com/load-balancer-type" => value == "internal",
            _ => false,
        }
    })
}

fn has_narrow_sources(service: &Object) -> bool {
    let ranges = service
        .at(&["spec", "loadBalancerSourceRanges"])
        .map(Node::items)
        .unwrap_or_default();
    !ranges.is_empty()
        && !ranges
            .iter()
            .any(|range| matches!(range.text(), Some("0.0.0.0/0" | "::/0")))
}

fn ingresses(estate: &Estate, workloads: &Workloads<'_>, claims: &mut Claims) {
    let mut judged: Vec<&Object> = Vec::new();
    for route in workloads.routes() {
        let Some(service) = route
            .service
            .filter(|service| leads_to_data(workloads, &route, service))
        else {
            continue;
        };
        if judged
            .iter()
            .any(|known| std::ptr::eq(*known, route.ingress))
        {
            continue;
        }
        judged.push(route.ingress);
        claims.state(
            object_subject(route.ingress),
            ingress(estate, workloads, &route, service),
        );
    }
}

fn leads_to_data(workloads: &Workloads<'_>, route: &Route<'_>, service: &Object) -> bool {
    is_data_service(workloads, service)
        && route
            .backend
            .service_port(service)
            .and_then(|port| target(workloads, service, &port))
            .is_some_and(|port| WEB_PORTS.contains(&port) || port == 4041)
}

fn ingress(
    estate: &Estate,
    workloads: &Workloads<'_>,
    route: &Route<'_>,
    service: &Object,
) -> Claim {
    let ingress = route.ingress;
    let external = external_login(ingress);
    let mut judgement = Judgement::new();
    match tls(ingress, route.backend.host) {
        Tls::Closed => {}
        Tls::Open(reason) => {
            let node = route.backend.host;
            let place = node.map_or_else(|| ingress.name_place(), |node| ingress.place(node));
            judgement.expose(Exposure::new("ingress-cleartext", Witness::declared(place, reason).key("host").value(node.and_then(Node::text).unwrap_or("every host"))));
        }
        Tls::Unknown => judgement.doubt("the controller behind this Ingress is not known here, so neither is where TLS comes from", Vec::new()),
    }
    if external.is_none() && !asks_who_calls(estate, workloads, service) {
        judgement.expose(
            Exposure::new(
                "ingress-anonymous",
                Witness::declared(ingress.name_place(), "no login on this route")
                    .key("metadata.name")
                    .value(&*ingress.name),
            )
            .with(Witness::declared(
                service.name_place(),
                "the Service it leads to",
            )),
        );
    }
    judgement.otherwise(match external {
        Some(annotation) => Claim::not_applicable(format!("external authentication: {annotation}")),
        None => Claim::Protected(Vec::new()),
    })
}

/// The annotation by which somebody else asks for a login.
fn external_login(ingress: &Object) -> Option<String> {
    ingress.annotations().find_map(|(key, value)| {
        let value = value.text().unwrap_or_default();
        let short = key.rsplit('/').next().unwrap_or(key);
        let asks = match short {
            "auth-url" | "auth-signin" | "auth-tls-secret" | "auth-secret" => !value.is_empty(),
            "auth-type" => !value.is_empty() && value != "none",
            "router.middlewares" => value.contains("auth") || value.contains("oidc"),
            _ => false,
        };
        asks.then(|| short.to_owned())
    })
}

enum Tls {
    Closed,
    Open(&'static str),
    Unknown,
}

/// Whether http is closed, by the rules of the Ingress's controller.
fn tls(ingress: &Object, host: Option<&Node>) -> Tls {
    let annotation = |name: &str| {
        ingress
            .annotations()
            .find(|(key, _)| key.rsplit('/').next() == Some(name))
            .and_then(|(_, value)| value.text())
    };
    let class = ingress
        .at(&["spec", "ingressClassName"])
        .and_then(Node::text)
        .or_else(|| {
            ingress
                .annotation("kubernetes.io/ingress.class")
                .and_then(Node::text)
        });
    let covered = is_covered(ingress, host);
    match class.map(str::to_ascii_lowercase).as_deref() {
        None => {
            if covered {
                Tls::Closed
            } else {
                Tls::Open("not covered by spec.tls")
            }
        }
        Some(class) if class.contains("nginx") => match (covered, annotation("ssl-redirect")) {
            (false, _) => Tls::Open("not covered by spec.tls"),
            (true, Some("false")) => Tls::Open("the redirect to https is switched off"),
            (true, _) => Tls::Closed,
        },
        Some("alb") => {
            let redirects = annotation("ssl-redirect").is_some()
                || annotation("actions.ssl-redirect").is_some();
            match (annotation("certificate-arn"), annotation("listen-ports")) {
                (_, Some(ports)) if ports.contains("\"HTTP\"") && !redirects => {
                    Tls::Open("listens on HTTP without a redirect")
                }
                (None, None) if !covered => {
                    Tls::Open("no certificate: the load balancer listens on HTTP")
                }
                _ => Tls::Closed,
            }
        }
        Some("gce" | "gce-internal") => {
            let has_certificate = covered
                || annotation("pre-shared-cert").is_some()
                || annotation("managed-certificates").is_some();
            match (has_certificate, annotation("ingress.allow-http")) {
                (false, _) => Tls::Open("no certificate"),
                (true, Some("false")) => Tls::Closed,
                (true, _) => Tls::Open("http is allowed beside https"),
            }
        }
        Some(class) if class.contains("traefik") => {
            let secured = covered || annotation("router.tls") == Some("true");
            match (secured, annotation("router.entrypoints")) {
                (true, Some(points))
                    if points
                        .split(',')
                        .all(|point| point.trim().contains("secure")) =>
                {
                    Tls::Closed
                }
                (true, _) => Tls::Unknown,
                (false, _) => Tls::Open("neither spec.tls nor router.tls"),
            }
        }
        Some(_) => Tls::Unknown,
    }
}

/// Whether `spec.tls` names the host: exactly, by a wildcard, or by an entry for every host.
fn is_covered(ingress: &Object, host: Option<&Node>) -> bool {
    let entries = ingress
        .at(&["spec", "tls"])
        .map(Node::items)
        .unwrap_or_default();
    let host = host.and_then(Node::text).unwrap_or_default();
    entries.iter().any(|entry| {
        let hosts = entry.get("hosts").map(Node::items).unwrap_or_default();
        hosts.is_empty()
            || hosts.iter().filter_map(Node::text).any(|covered| {
                covered == host
                    || covered.strip_prefix('*').is_some_and(|suffix| {
                        host.strip_suffix(suffix)
                            .is_some_and(|label| !label.contains('.') && !label.is_empty())
                    })
            })
    })
}

/// A plain HTTP listener of a Gateway with a route to a data page.
fn plain_gateway(
    workloads: &Workloads<'_>,
    objects: &[&Object],
    gateway: &Object,
) -> Option<Claim> {
    let listener = gateway
        .at(&["spec", "listeners"])
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .find_map(|listener| {
            listener
                .get("protocol")
                .filter(|protocol| protocol.text() == Some("HTTP"))
        })?;
    let route = objects.iter().find(|route| {
        route.is("gateway.networking.k8s.io", "HTTPRoute")
            && route
                .at(&["spec", "parentRefs"])
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .any(|parent| parent.get("name").and_then(Node::text) == Some(&gateway.name))
            && leads_to_data_by_route(workloads, route)
    })?;
    Some(Claim::Exposed(vec![
        Exposure::new(
            "gateway-http",
            Witness::declared(gateway.place(listener), "plain HTTP")
                .key("listeners.protocol")
                .value("HTTP"),
        )
        .with(Witness::declared(
            route.name_place(),
            "the route to a data page",
        )),
    ]))
}

fn leads_to_data_by_route(workloads: &Workloads<'_>, route: &Object) -> bool {
    let rules = route
        .at(&["spec", "rules"])
        .map(Node::items)
        .unwrap_or_default();
    rules
        .iter()
        .flat_map(|rule| rule.get("backendRefs").map(Node::items).unwrap_or_default())
        .any(|backend| {
            let service = backend
                .get("name")
                .and_then(|name| workloads.service(route, name));
            let port = backend
                .get("port")
                .and_then(Node::int)
                .and_then(|port| u16::try_from(port).ok());
            service.is_some_and(|service| {
                is_data_service(workloads, service)
                    && service_ports(service)
                        .iter()
                        .filter(|candidate| candidate.port == port)
                        .filter_map(|candidate| target(workloads, service, candidate))
                        .any(|port| WEB_PORTS.contains(&port))
            })
        })
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
