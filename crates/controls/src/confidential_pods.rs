//! Which pods of an estate claim to run in a TEE, and what their runtime class gives them.

use crate::pods::{is_system, subject};
use crate::runtime_handlers::{Starts, starts};
use model::{Estate, Place, Subject};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{EnvironmentSource, PodTemplate, pod_templates};
use std::collections::BTreeMap;
use text::Node;

/// The annotation with a confidential guest's init data.
pub const INIT_DATA: &str = "io.katacontainers.config.hypervisor.cc_init_data";

/// What a pod's runtime class gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// A TEE.
    Confidential(String),
    /// A guest that only looks like one.
    Development(String),
    /// No TEE.
    Ordinary(String),
    /// Something that is named like a TEE, and why that does not tell what it is.
    Doubtful(String, &'static str),
    /// A class whose handler no file names.
    Unknown(String),
    /// No class at all: the node's own runtime.
    None,
}

/// What makes a pod one that claims a TEE.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'e> {
    /// What it is.
    pub what: MarkKind,
    /// Where it stands.
    pub node: &'e Node,
}

/// Kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Init data for a confidential guest.
    InitData,
    /// `SGX_ENABLED=true` or an SGX device of the node.
    Sgx,
    /// A node selector with a TEE's label.
    NodeLabel,
}

/// The pods of one role of an object.
#[derive(Debug)]
pub struct ConfidentialPod<'e> {
    /// The object that describes them.
    pub object: &'e Object,
    /// Own fields first, then the template that the operator lays under them.
    pub templates: Vec<PodTemplate<'e>>,
    /// What their runtime class gives.
    pub runtime: Runtime,
    /// Where the class is named.
    pub class: Option<&'e Node>,
    /// The class itself, where it is in the tree.
    pub class_object: Option<&'e Object>,
    /// What claims a TEE beside the class.
    pub marks: Vec<Mark<'e>>,
}

/// All pods, with what they claim: by object, then by role in the order of the object.
#[must_use]
pub fn pods(estate: &Estate) -> Vec<Vec<ConfidentialPod<'_>>> {
    let classes: BTreeMap<&str, &Object> = estate
        .all::<Object>()
        .iter()
        .filter(|object| object.is("node.k8s.io", "RuntimeClass"))
        .map(|class| (&*class.name, class))
        .collect();
    let objects = estate.all::<Object>().iter();
    objects
        .filter(|object| !is_system(object))
        .map(|object| of_object(object, &classes))
        .filter(|pods| !pods.is_empty())
        .collect()
}

fn of_object<'e>(
    object: &'e Object,
    classes: &BTreeMap<&str, &'e Object>,
) -> Vec<ConfidentialPod<'e>> {
    let mut by_role: Vec<(Option<&str>, Vec<PodTemplate<'e>>)> = Vec::new();
    for template in pod_templates(object) {
        match by_role.iter_mut().find(|(role, _)| *role == template.role) {
            Some((_, templates)) => templates.push(template),
            None => by_role.push((template.role, vec![template])),
        }
    }
    by_role
        .into_iter()
        .map(|(_, templates)| {
            let class = templates
                .iter()
                .find_map(|template| template.field("runtimeClassName"))
                .filter(|class| class.str().is_some_and(|class| !class.is_empty()));
            let name = class.and_then(Node::str);
            let class_object = name.and_then(|name| classes.get(name).copied());
            ConfidentialPod {
                object,
                runtime: runtime(name, class_object),
                class,
                class_object,
                marks: templates.iter().flat_map(marks).collect(),
                templates,
            }
        })
        .collect()
}

fn runtime(class: Option<&str>, object: Option<&Object>) -> Runtime {
    let Some(class) = class else {
        return Runtime::None;
    };
    // kata-deploy names its classes like the handlers; a class in the tree says so itself.
    let own = object.and_then(|object| object.at(&["handler"])?.text());
    let handler = own.unwrap_or(class);
    let name = handler.to_owned();
    match starts(handler) {
        Starts::Confidential => Runtime::Confidential(name),
        Starts::Development => Runtime::Development(name),
        Starts::Ordinary => Runtime::Ordinary(name),
        Starts::Doubtful(why) => Runtime::Doubtful(name, why),
        Starts::Unknown => Runtime::Unknown(name),
    }
}

fn marks<'e>(template: &PodTemplate<'e>) -> Vec<Mark<'e>> {
    let mut marks = Vec::new();
    let mut add = |what, node| marks.push(Mark { what, node });
    for (_, node) in template.annotations().filter(|(key, _)| *key == INIT_DATA) {
        add(MarkKind::InitData, node);
    }
    for variable in template.env() {
        if let EnvironmentSource::Value(value) = variable.source
            && variable.name == "SGX_ENABLED"
            && value
                .text()
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        {
            add(MarkKind::Sgx, value);
        }
    }
    for volume in template.volumes() {
        let device = volume.host_path().filter(|path| {
            path.text()
                .is_some_and(|path| path.starts_with("/dev/sgx") || path == "/dev/isgx")
        });
        if let Some(path) = device {
            add(MarkKind::Sgx, path);
        }
    }
    for entry in template
        .field("nodeSelector")
        .map_or(&[][..], Node::entries)
    {
        let key = entry.key.text().unwrap_or_default().to_ascii_lowercase();
        let names_tee = ["sgx", "tdx", "sev-snp", "sev.snp", "nvidia.com/cc."];
        if names_tee.iter().any(|word| key.contains(word)) {
            add(MarkKind::NodeLabel, &entry.value);
        }
    }
    marks
}

impl<'e> ConfidentialPod<'e> {
    /// The subject that they are judged under; `None` never happens for pods that [`pods`] gives.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        self.templates.first().map(subject)
    }

    /// `driver`, `executor`, ...; `None` where the object has one kind of pod.
    #[must_use]
    pub fn role(&self) -> Option<&'static str> {
        self.templates.first().and_then(|template| template.role)
    }

    /// Whether something beside node labels claims a TEE.
    #[must_use]
    pub fn claims_tee(&self) -> bool {
        matches!(
            self.runtime,
            Runtime::Confidential(_) | Runtime::Development(_) | Runtime::Doubtful(..)
        ) || self
            .marks
            .iter()
            .any(|mark| mark.what != MarkKind::NodeLabel)
    }

    /// The first mark of a kind.
    #[must_use]
    pub fn mark(&self, what: MarkKind) -> Option<&'e Node> {
        let mut marks = self.marks.iter();
        marks.find(|mark| mark.what == what).map(|mark| mark.node)
    }

    /// Whether a container asks for an amount of a device plugin's resource.
    #[must_use]
    pub fn asks_for(&self, resource: &str) -> bool {
        let containers = self.templates.iter().flat_map(PodTemplate::containers);
        containers.into_iter().any(|container| {
            ["limits", "requests"]
                .iter()
                .any(|list| container.node.at(&["resources", list, resource]).is_some())
        })
    }

    /// How many pods of the role an application has, where the object says so.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        let number = |path: &[&str]| {
            let node = self.object.at(path)?;
            u64::try_from(node.int()?).ok()
        };
        match self.role() {
            Some("driver") => Some(1),
            Some("executor") => {
                let is_dynamic = self
                    .object
                    .at(&["spec", "dynamicAllocation", "enabled"])
                    .and_then(Node::bool)
                    == Some(true);
                number(&["spec", "executor", "instances"]).filter(|_| !is_dynamic)
            }
            _ => None,
        }
    }

    /// The place of a node of the object.
    #[must_use]
    pub fn place(&self, node: &Node) -> Place {
        self.object.place(node)
    }
}
