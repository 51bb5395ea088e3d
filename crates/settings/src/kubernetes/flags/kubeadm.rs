//! kubeadm's ClusterConfiguration, also where the Cluster API carries it, and the flags that kubeadm passes by itself.
//!
//! Source: kubernetes cmd/kubeadm/app/phases/controlplane/manifests.go, phases/etcd/local.go and util/arguments.go (1.36.3):
//! every extra argument replaces kubeadm's own ones of its name; `extraArgs` is a map up to v1beta3 and a list of name and value
//! in v1beta4. The Cluster API has the map in its v1beta1 and the list in its v1beta2.

use super::program::Program;
use super::word::Word;
use super::{Flag, Flags, Passed, own_files};
use crate::kubernetes::object::Object;
use model::Place;
use text::{Node, Value};

/// What kubeadm passes to kube-apiserver beside the files that every installer makes.
#[rustfmt::skip]
const API_SERVER: &[Passed] = &[
    ("allow-privileged", Some("true")),
    ("authorization-mode", Some("Node,RBAC")),
    ("enable-admission-plugins", Some("NodeRestriction")),
    ("enable-bootstrap-token-auth", Some("true")),
    ("requestheader-allowed-names", Some("front-proxy-client")),
    ("service-account-signing-key-file", None),
];

/// What it passes besides with the etcd that it runs itself: over TLS, with files that it makes.
const OWN_ETCD: [Passed; 4] = [
    ("etcd-servers", Some("https://127.0.0.1:2379")),
    ("etcd-cafile", None),
    ("etcd-certfile", None),
    ("etcd-keyfile", None),
];

/// What kubeadm passes to etcd beside what every installer passes.
const ETCD: Passed = ("listen-metrics-urls", Some("http://127.0.0.1:2381"));

/// Where an object carries a ClusterConfiguration; empty for one that is it.
fn path(object: &Object) -> Option<&'static [&'static str]> {
    Some(match (object.group(), &*object.kind) {
        ("kubeadm.k8s.io", "ClusterConfiguration") => &[],
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane") => {
            &["spec", "kubeadmConfigSpec", "clusterConfiguration"]
        }
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlaneTemplate") => &[
            "spec",
            "template",
            "spec",
            "kubeadmConfigSpec",
            "clusterConfiguration",
        ],
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfig") => &["spec", "clusterConfiguration"],
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate") => {
            &["spec", "template", "spec", "clusterConfiguration"]
        }
        _ => return None,
    })
}

/// The command lines that kubeadm writes: kube-apiserver's, and etcd's where arguments are given for it. A KubeadmControlPlane
/// makes an API server also without a ClusterConfiguration; a KubeadmConfig without one is a worker's.
pub(super) fn flags(object: &Object) -> Vec<Flags> {
    let Some(path) = path(object) else {
        return Vec::new();
    };
    let configuration = object.at(path).filter(|node| node.is_mapping());
    let is_control_plane = object.kind.starts_with("KubeadmControlPlane");
    let configuration = match configuration {
        Some(configuration) => configuration,
        None if is_control_plane => match object.at(path.get(..path.len() - 1).unwrap_or(path)) {
            Some(above) => above,
            None => return Vec::new(),
        },
        None => return Vec::new(),
    };
    let mut all = vec![api_server(object, configuration)];
    all.extend(etcd(object, configuration));
    all
}

fn api_server(object: &Object, configuration: &Node) -> Flags {
    let external = configuration.at(&["etcd", "external"]);
    let mut flags = Flags::parse(
        Program::ApiServer,
        &[],
        place_of_missing(object, configuration, &["apiServer", "extraArgs"]),
    );
    flags.implied = [API_SERVER, &own_files::API_SERVER].concat();
    if external.is_none() {
        flags.implied.extend(OWN_ETCD);
    }
    if let Some(external) = external {
        for (field, flag) in [
            ("endpoints", "etcd-servers"),
            ("caFile", "etcd-cafile"),
            ("certFile", "etcd-certfile"),
            ("keyFile", "etcd-keyfile"),
        ] {
            let value = external.get(field);
            let values = value.map_or(&[][..], |value| match &value.value {
                Value::Sequence(items) => items.as_slice(),
                Value::Scalar(_) | Value::Mapping(_) => std::slice::from_ref(value),
            });
            for value in values {
                flags.all.extend(flag_of(object, flag, value, value));
            }
        }
    }
    let arguments = configuration
        .at(&["apiServer", "extraArgs"])
        // As v1alpha3 has it.
        .or_else(|| configuration.get("apiServerExtraArgs"));
    extra_arguments(object, arguments, &mut flags);
    flags
}

fn etcd(object: &Object, configuration: &Node) -> Option<Flags> {
    let arguments = configuration.at(&["etcd", "local", "extraArgs"])?;
    etcd_flags(object, arguments)
}

/// What extra arguments make of an etcd that listens on https and asks for client certificates by itself.
pub(super) fn etcd_flags(object: &Object, arguments: &Node) -> Option<Flags> {
    let mut flags = Flags::parse(Program::Etcd, &[], object.place(arguments));
    flags.implied = [&own_files::ETCD[..], &[ETCD]].concat();
    extra_arguments(object, Some(arguments), &mut flags);
    // A quota or a snapshot count leaves everything as it is.
    let decides = |flag: &Flag| {
        let own = ["auto-tls", "peer-auto-tls", "listen-client-http-urls"];
        own.contains(&&*flag.name) || flags.implied.iter().any(|(name, _)| **name == *flag.name)
    };
    flags.all.iter().any(decides).then_some(flags)
}

/// Where a missing argument would stand: the deepest key of the path that is there, else the name or the kind.
pub(super) fn place_of_missing(object: &Object, from: &Node, path: &[&str]) -> Place {
    let mut node = from;
    let mut place = object.name_place();
    for key in path {
        let Some(entry) = node.entry(key) else {
            break;
        };
        place = object.place(&entry.key);
        node = &entry.value;
    }
    place
}

/// A map of names and values, or a list of objects with `name` and `value`. Given ones replace what stands there already.
pub(super) fn extra_arguments(object: &Object, arguments: Option<&Node>, flags: &mut Flags) {
    let Some(arguments) = arguments else {
        return;
    };
    let mut given = Vec::new();
    for entry in arguments.entries() {
        let values = match &entry.value.value {
            // Talos takes several values of one name.
            Value::Sequence(items) => items.as_slice(),
            Value::Scalar(_) | Value::Mapping(_) => std::slice::from_ref(&entry.value),
        };
        for value in values {
            let name = entry.key.text().unwrap_or_default();
            given.extend(flag_of(object, name, &entry.key, value));
        }
    }
    for item in arguments.items() {
        if let (Some(name), Some(value)) = (item.get("name"), item.get("value")) {
            given.extend(flag_of(
                object,
                name.text().unwrap_or_default(),
                name,
                value,
            ));
        }
    }
    flags
        .all
        .retain(|flag| !given.iter().any(|other: &Flag| other.name == flag.name));
    flags.all.extend(given);
}

pub(super) fn flag_of(object: &Object, name: &str, key: &Node, value: &Node) -> Option<Flag> {
    Some(Flag {
        name: name.into(),
        value: Some(Word::of_value(object.source, value)?),
        place: object.place(key),
    })
}
