//! Installers that start kube-apiserver out of a configuration of their own: kops, k0s, RKE and Talos. What each passes by
//! itself is read in its source.

mod k0s;
mod kops;
mod rke;
mod talos;

use super::kubeadm::{extra_arguments, flag_of, place_of_missing};
use super::{Flag, Flags, Implied, Passed, Program, own_files};
use crate::kubernetes::object::Object;
use model::Place;
use text::Node;

/// What an installer does about the encryption of Secrets where no file of the tree says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnEncryption {
    /// It writes with aescbc.
    AesCbc(Place),
    /// It writes with secretbox.
    Secretbox(Place),
    /// It does not encrypt.
    Off(Place),
    /// The configuration that it passes stands outside the tree.
    Elsewhere(Place, &'static str),
}

/// Whether an object is a configuration of Talos' machines.
#[must_use]
pub fn is_talos(object: &Object) -> bool {
    object.group() == talos::GROUP
}

/// The command lines that an installer makes of its configuration.
pub(super) fn flags(object: &Object) -> Vec<Flags> {
    match (object.group(), &*object.kind) {
        ("kops.k8s.io", "Cluster") => vec![kops::api_server(object)],
        ("k0s.k0sproject.io", "ClusterConfig") => vec![k0s::api_server(object)],
        ("config.rke.cattle.io", "Cluster") => vec![rke::api_server(object)],
        (talos::GROUP, _) => talos::flags(object),
        _ => Vec::new(),
    }
}

/// What an installer does about the encryption of Secrets; `None` for another object, or where a flag tells.
#[must_use]
pub fn own_encryption(object: &Object) -> Option<OwnEncryption> {
    match (object.group(), &*object.kind) {
        ("kops.k8s.io", "Cluster") => kops::encryption(object),
        ("config.rke.cattle.io", "Cluster") => rke::encryption(object),
        (talos::GROUP, _) => Some(talos::encryption(object)),
        _ => None,
    }
}

/// Flags of kube-apiserver with what the installer passes, and a place for what is missing.
fn started(object: &Object, path: &[&str], implied: Implied) -> Flags {
    let place = place_of_missing(object, &object.root, path);
    let mut flags = Flags::parse(Program::ApiServer, &[], place);
    flags.implied = implied;
    flags
}

/// Fields of an object as flags of another name.
fn fields(object: &Object, at: Option<&Node>, names: &[(&str, &str)], flags: &mut Flags) {
    let Some(at) = at else {
        return;
    };
    for (field, flag) in names {
        if let Some(entry) = at.entry(field) {
            flags
                .all
                .extend(flag_of(object, flag, &entry.key, &entry.value));
        }
    }
}

/// A flag that a field of another form stands for.
fn stands_for(object: &Object, name: &str, value: &str, node: &Node) -> Flag {
    let place = object.place(node);
    Flag {
        name: name.into(),
        value: Some(super::Word::new(value, false, place)),
        place,
    }
}

/// What an installer passes, with the files of the API server and of the etcd that it runs.
fn with_files(own: &[Passed]) -> Implied {
    let files = [&own_files::ETCD_CLIENT[..], &own_files::API_SERVER];
    [own, &files.concat()].concat()
}
