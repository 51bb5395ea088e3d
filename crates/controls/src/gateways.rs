//! Routes of the Gateway API: which listener of which Gateway they are attached to, and who asks for a login on the way.

use crate::external_login::sounds_like_a_login;
use crate::published::{WEB_PORTS, is_data_service, target};
use settings::kubernetes::object::Object;
use settings::kubernetes::workload::{Workloads, service_ports};
use text::Node;

/// The API group.
pub const GROUP: &str = "gateway.networking.k8s.io";

/// A data page behind an HTTPRoute.
pub struct DataRoute<'o> {
    /// The route.
    pub route: &'o Object,
    /// The Service that it leads to.
    pub service: &'o Object,
}

/// The HTTPRoutes that lead to a data page.
pub fn data_routes<'o>(workloads: &Workloads<'o>, objects: &[&'o Object]) -> Vec<DataRoute<'o>> {
    objects
        .iter()
        .copied()
        .filter(|object| object.is(GROUP, "HTTPRoute"))
        .filter_map(|route| {
            let service = service_of(workloads, route)?;
            Some(DataRoute { route, service })
        })
        .collect()
}

/// The data Service of a route. A rule that only redirects leads nowhere.
fn service_of<'o>(workloads: &Workloads<'o>, route: &'o Object) -> Option<&'o Object> {
    let backends = rules(route)
        .iter()
        .filter(|rule| !filters(rule).any(|kind| kind == "RequestRedirect"))
        .flat_map(|rule| rule.get("backendRefs").map(Node::items).unwrap_or_default());
    backends
        .filter_map(|backend| {
            let service = workloads.service(route, backend.get("name")?)?;
            let port = backend.get("port").and_then(Node::int);
            let leads_to_data = is_data_service(workloads, service)
                && service_ports(service)
                    .iter()
                    .filter(|candidate| port.is_none() || candidate.port.map(i64::from) == port)
                    .filter_map(|candidate| target(workloads, service, candidate))
                    .any(|port| WEB_PORTS.contains(&port));
            leads_to_data.then_some(service)
        })
        .next()
}

fn rules(route: &Object) -> &[Node] {
    route
        .at(&["spec", "rules"])
        .map(Node::items)
        .unwrap_or_default()
}

fn filters(rule: &Node) -> impl Iterator<Item = &str> {
    let filters = rule.get("filters").map(Node::items).unwrap_or_default();
    filters
        .iter()
        .filter_map(|filter| filter.get("type").and_then(Node::text))
}

/// A listener of a Gateway that answers in clear and has a route to a data page: the protocol's node, and the route.
pub fn plain_listener<'o>(
    gateway: &'o Object,
    routes: &[DataRoute<'o>],
) -> Option<(&'o Node, &'o Object)> {
    let listeners = gateway
        .at(&["spec", "listeners"])
        .map(Node::items)
        .unwrap_or_default();
    listeners.iter().find_map(|listener| {
        let protocol = listener
            .get("protocol")
            .filter(|protocol| protocol.text() == Some("HTTP"))?;
        let attached = routes
            .iter()
            .find(|data| is_attached(data.route, gateway, listener))?;
        Some((protocol, attached.route))
    })
}

/// Whether a route names a Gateway, and this listener of it, and the listener lets it in.
fn is_attached(route: &Object, gateway: &Object, listener: &Node) -> bool {
    let namespace = route.namespace_or_default();
    let at_home = namespace == gateway.namespace_or_default();
    // Only routes of the Gateway's own namespace are let in where nothing is said.
    let from = listener
        .at(&["allowedRoutes", "namespaces", "from"])
        .and_then(Node::text);
    let is_let_in = at_home || matches!(from, Some("All" | "Selector"));
    is_let_in
        && parents(route).any(|parent| {
            let word = |field: &str| parent.get(field).and_then(Node::str);
            let same = |field: &str| {
                parent.get(field).is_none_or(|value| {
                    value.text()
                        == listener
                            .get(if field == "sectionName" {
                                "name"
                            } else {
                                field
                            })
                            .and_then(Node::text)
                })
            };
            word("name") == Some(&*gateway.name)
                && word("namespace").unwrap_or(namespace) == gateway.namespace_or_default()
                && same("sectionName")
                && same("port")
        })
}

fn parents(route: &Object) -> impl Iterator<Item = &Node> {
    route
        .at(&["spec", "parentRefs"])
        .map(Node::items)
        .unwrap_or_default()
        .iter()
}

/// Who asks for a login on the way to a route's Service: a filter of an implementation, or a policy attached to the route, to
/// its Gateway or to the Service (Envoy Gateway, Istio, Kuadrant, GKE).
pub fn login(data: &DataRoute<'_>, objects: &[&Object]) -> Option<String> {
    let extension = rules(data.route).iter().find_map(|rule| {
        let filters = rule.get("filters").map(Node::items).unwrap_or_default();
        filters.iter().find_map(|filter| {
            let reference = filter.get("extensionRef")?;
            let named = reference.get("name")?.str()?;
            sounds_like_a_login(named).then(|| format!("the filter {named}"))
        })
    });
    extension.or_else(|| {
        let policy = objects.iter().find(|policy| {
            asks(policy) && targets(policy).any(|target| is_target(policy, target, data))
        })?;
        Some(format!("{} {}", policy.kind, policy.name))
    })
}

/// Whether an object is a policy that asks who is calling.
fn asks(policy: &Object) -> bool {
    let has = |fields: &[&str]| {
        let spec = policy.at(&["spec"]);
        fields
            .iter()
            .any(|field| spec.is_some_and(|spec| spec.get(field).is_some()))
    };
    match (policy.group(), &*policy.kind) {
        ("gateway.envoyproxy.io", "SecurityPolicy") => {
            has(&["oidc", "jwt", "basicAuth", "apiKeyAuth", "extAuth"])
        }
        ("security.istio.io", "AuthorizationPolicy" | "RequestAuthentication")
        | ("kuadrant.io", "AuthPolicy") => true,
        ("networking.gke.io", "GCPBackendPolicy") => policy
            .at(&["spec", "default", "iap", "enabled"])
            .is_some_and(|on| on.bool() == Some(true)),
        _ => false,
    }
}

fn targets(policy: &Object) -> impl Iterator<Item = &Node> {
    let many = policy.at(&["spec", "targetRefs"]).map(Node::items);
    many.unwrap_or_default()
        .iter()
        .chain(policy.at(&["spec", "targetRef"]))
}

fn is_target(policy: &Object, target: &Node, data: &DataRoute<'_>) -> bool {
    let word = |field: &str| target.get(field).and_then(Node::str);
    let (Some(kind), Some(name)) = (word("kind"), word("name")) else {
        return false;
    };
    let namespace = word("namespace").unwrap_or_else(|| policy.namespace_or_default());
    let of_route = data.route.namespace_or_default();
    match kind {
        "HTTPRoute" => namespace == of_route && name == &*data.route.name,
        "Service" => namespace == of_route && name == &*data.service.name,
        "Gateway" => parents(data.route).any(|parent| {
            let named = |field: &str| parent.get(field).and_then(Node::str);
            named("name") == Some(name) && named("namespace").unwrap_or(of_route) == namespace
        }),
        _ => false,
    }
}
