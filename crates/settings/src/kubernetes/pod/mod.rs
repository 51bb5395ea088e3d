//! Pods, wherever an object describes them.

mod container;
mod environment;
mod location;
mod template;
mod volume;

pub use container::{Container, ContainerKind};
pub use environment::{EnvironmentSource, EnvironmentVariable};
pub use template::{Form, PodTemplate, described_pods, pod_templates};
pub use volume::{SecretReference, SecretUse, Volume};

#[cfg(test)]
mod tests;
