//! Ingresses and the Services behind them.

use super::service::{ServicePort, port_number, service_ports};
use crate::kubernetes::object::Object;
use text::Node;

/// A Service that an Ingress leads to.
#[derive(Clone, Debug)]
pub struct Backend<'o> {
    /// The Service's name.
    pub service: &'o Node,
    /// The Service's port.
    pub port: BackendPort<'o>,
    /// The host of the rule; `None` for every host.
    pub host: Option<&'o Node>,
    /// The path of the rule, where one is given.
    pub path: Option<&'o Node>,
}

/// How a backend names a Service's port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackendPort<'o> {
    /// By number.
    Number(u16),
    /// By name.
    Name(&'o str),
    /// Not at all.
    Unknown,
}

/// The backends of an Ingress, of networking.k8s.io/v1 and of the older versions (`serviceName`, `servicePort`).
#[must_use]
pub fn backends(ingress: &Object) -> Vec<Backend<'_>> {
    let mut found = Vec::new();
    for field in ["defaultBackend", "backend"] {
        if let Some((service, port)) = ingress.at(&["spec", field]).and_then(of_node) {
            found.push(Backend {
                service,
                port,
                host: None,
                path: None,
            });
        }
    }
    let rules = ingress.at(&["spec", "rules"]).map_or(&[][..], Node::items);
    for rule in rules {
        let host = rule
            .get("host")
            .filter(|host| host.str().is_some_and(|host| !host.is_empty()));
        let paths = rule.at(&["http", "paths"]).map_or(&[][..], Node::items);
        for path in paths {
            if let Some((service, port)) = path.get("backend").and_then(of_node) {
                found.push(Backend {
                    service,
                    port,
                    host,
                    path: path.get("path"),
                });
            }
        }
    }
    found
}

fn of_node(backend: &Node) -> Option<(&Node, BackendPort<'_>)> {
    if let Some(service) = backend.get("service") {
        let port = match (
            service.at(&["port", "number"]),
            service.at(&["port", "name"]),
        ) {
            (Some(number), _) => port_number(number).map(BackendPort::Number),
            (None, Some(name)) => name.str().map(BackendPort::Name),
            (None, None) => None,
        };
        return Some((service.get("name")?, port.unwrap_or(BackendPort::Unknown)));
    }
    let name = backend.get("serviceName")?;
    let port = backend.get("servicePort").and_then(|port| {
        port_number(port)
            .map(BackendPort::Number)
            .or_else(|| port.str().map(BackendPort::Name))
    });
    Some((name, port.unwrap_or(BackendPort::Unknown)))
}

impl Backend<'_> {
    /// The port of a Service that the backend names.
    #[must_use]
    pub fn service_port<'s>(&self, service: &'s Object) -> Option<ServicePort<'s>> {
        service_ports(service)
            .into_iter()
            .find(|port| match self.port {
                BackendPort::Number(number) => port.port == Some(number),
                BackendPort::Name(name) => port.name == name,
                BackendPort::Unknown => false,
            })
    }
}
