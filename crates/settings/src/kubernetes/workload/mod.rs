//! What reaches a pod: Services, NetworkPolicies and Ingresses.

mod ingress;
mod network_policy;
mod pods;
mod service;

pub use ingress::{Backend, BackendPort, backends};
pub use network_policy::{is_default_deny, open_rules};
pub use pods::{Pod, Route, Workloads};
pub use service::{PortTarget, ServicePort, service_ports};

#[cfg(test)]
mod tests;
