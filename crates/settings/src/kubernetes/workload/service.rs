//! Services and their ports.

use super::pods::Pod;
use crate::kubernetes::object::Object;
use text::Node;

/// A port of a Service.
#[derive(Clone, Copy, Debug)]
pub struct ServicePort<'o> {
    /// The element of `ports`.
    pub node: &'o Node,
    /// Its name; empty where it has none.
    pub name: &'o str,
    /// The Service's own port.
    pub port: Option<u16>,
    /// The port on every node, where one is given.
    pub node_port: Option<u16>,
    /// `TCP` by default.
    pub protocol: &'o str,
    /// The port of the pod.
    pub target: PortTarget<'o>,
}

/// A port of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortTarget<'o> {
    /// By number.
    Number(u16),
    /// By the name that a container gives it.
    Name(&'o str),
    /// Not readable.
    Unknown,
}

/// The ports of a Service.
#[must_use]
pub fn service_ports(service: &Object) -> Vec<ServicePort<'_>> {
    let ports = service.at(&["spec", "ports"]).map_or(&[][..], Node::items);
    ports
        .iter()
        .map(|node| {
            let port = node.get("port").and_then(port_number);
            let target = node.get("targetPort").filter(|target| !target.is_null());
            let target = match target {
                Some(target) => match (port_number(target), target.str()) {
                    (Some(number), _) => PortTarget::Number(number),
                    (None, Some(name)) => PortTarget::Name(name),
                    (None, None) => PortTarget::Unknown,
                },
                None => port.map_or(PortTarget::Unknown, PortTarget::Number),
            };
            let word = |key: &str| node.get(key).and_then(Node::str);
            ServicePort {
                node,
                name: word("name").unwrap_or(""),
                port,
                node_port: node.get("nodePort").and_then(port_number),
                protocol: word("protocol").unwrap_or("TCP"),
                target,
            }
        })
        .collect()
}

impl<'o> ServicePort<'o> {
    /// The port number of a pod that the Service sends to; a name is looked up among the pod's container ports of the same
    /// protocol. `None` if the pod has no such port.
    #[must_use]
    pub fn resolve(&self, pod: &Pod<'o>) -> Option<u16> {
        let name = match self.target {
            PortTarget::Number(number) => return Some(number),
            PortTarget::Name(name) => name,
            PortTarget::Unknown => return None,
        };
        pod.containers()
            .iter()
            .flat_map(|container| container.ports())
            .find(|port| {
                let protocol = port.get("protocol").and_then(Node::str).unwrap_or("TCP");
                port.get("name").and_then(Node::str) == Some(name) && protocol == self.protocol
            })
            .and_then(|port| port_number(port.get("containerPort")?))
    }
}

/// `spec.selector`, where it selects anything.
pub(super) fn service_selector(service: &Object) -> Option<&Node> {
    let selector = service.at(&["spec", "selector"])?;
    // A Service of this type is a name in DNS; its selector is ignored.
    let is_name = service.at(&["spec", "type"]).and_then(Node::str) == Some("ExternalName");
    (!is_name && !selector.entries().is_empty()).then_some(selector)
}

/// A number that can be a port.
pub(super) fn port_number(node: &Node) -> Option<u16> {
    u16::try_from(node.int()?).ok().filter(|port| *port > 0)
}
