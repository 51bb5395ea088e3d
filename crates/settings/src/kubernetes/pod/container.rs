//! Containers of a pod.

use super::template::{Form, PodTemplate};
use text::Node;

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct Container<'o> {
    /// The container's fields.
    pub node: &'o Node,
    /// Which list it stands in.
    pub kind: ContainerKind,
}

/// The lists of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    /// Runs with the pod.
    Main,
    /// Runs before, or from before on with `restartPolicy: Always`.
    Init,
    /// Was added to a running pod.
    Ephemeral,
}

impl<'o> Container<'o> {
    /// Its name; empty where it has none.
    #[must_use]
    pub fn name(&self) -> &'o str {
        self.node.get("name").and_then(Node::str).unwrap_or("")
    }

    /// Its image.
    #[must_use]
    pub fn image(&self) -> Option<&'o Node> {
        self.node.get("image").filter(|image| image.str().is_some())
    }

    /// The items of `command` and `args`, in the order in which they make up the command line.
    pub fn command_line(&self) -> impl Iterator<Item = &'o Node> + use<'o> {
        let node = self.node;
        ["command", "args"]
            .into_iter()
            .filter_map(|list| node.get(list))
            .flat_map(Node::items)
    }

    /// A field of `securityContext`.
    #[must_use]
    pub fn security(&self, field: &str) -> Option<&'o Node> {
        self.node.at(&["securityContext", field])
    }

    /// `ports`.
    #[must_use]
    pub fn ports(&self) -> &'o [Node] {
        self.node.get("ports").map_or(&[], Node::items)
    }

    /// `volumeMounts`.
    #[must_use]
    pub fn volume_mounts(&self) -> &'o [Node] {
        self.node.get("volumeMounts").map_or(&[], Node::items)
    }
}

impl<'o> PodTemplate<'o> {
    /// All containers: main ones, those that run before, and ephemeral ones.
    #[must_use]
    pub fn containers(&self) -> Vec<Container<'o>> {
        let mut containers = Vec::new();
        match self.form {
            Form::PodSpec => self.listed("containers", ContainerKind::Main, &mut containers),
            Form::KubeflowSpark => {
                // The Spark container's fields stand among the pod's.
                containers.push(Container {
                    node: self.spec,
                    kind: ContainerKind::Main,
                });
                self.listed("sidecars", ContainerKind::Main, &mut containers);
            }
            Form::Argo => {
                for field in ["container", "script"] {
                    if let Some(node) = self.spec.get(field).filter(|node| node.is_mapping()) {
                        containers.push(Container {
                            node,
                            kind: ContainerKind::Main,
                        });
                    }
                }
                let set = self.spec.at(&["containerSet", "containers"]);
                push_items(set, ContainerKind::Main, &mut containers);
                self.listed("sidecars", ContainerKind::Main, &mut containers);
            }
        }
        self.listed("initContainers", ContainerKind::Init, &mut containers);
        self.listed(
            "ephemeralContainers",
            ContainerKind::Ephemeral,
            &mut containers,
        );
        containers
    }

    fn listed(&self, list: &str, kind: ContainerKind, containers: &mut Vec<Container<'o>>) {
        push_items(self.spec.get(list), kind, containers);
    }
}

fn push_items<'o>(
    list: Option<&'o Node>,
    kind: ContainerKind,
    containers: &mut Vec<Container<'o>>,
) {
    let items = list.map_or(&[][..], Node::items);
    let containing = items.iter().filter(|node| node.is_mapping());
    containers.extend(containing.map(|node| Container { node, kind }));
}
