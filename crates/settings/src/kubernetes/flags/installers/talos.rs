//! Talos (siderolabs/talos internal/app/machined/pkg/controllers/k8s/control_plane_final.go): extra arguments replace Talos' own,
//! but authorization modes add to them, and files that Talos makes cannot be replaced.

use super::{OwnEncryption, extra_arguments, started, with_files};
use crate::kubernetes::flags::{Flag, Flags, Program, Word, kubeadm};
use crate::kubernetes::object::Object;
use text::Node;

/// The group that machine configurations are given; they have no apiVersion of their own.
pub(super) const GROUP: &str = "config.talos.dev";

const EXTRA_ARGUMENTS: [&str; 3] = ["cluster", "apiServer", "extraArgs"];

/// Workers run no control plane.
fn is_worker(object: &Object) -> bool {
    let kind = object.at(&["machine", "type"]).and_then(Node::str);
    matches!(kind, Some("worker" | "join"))
}

pub(super) fn flags(object: &Object) -> Vec<Flags> {
    let is_about_it = !object.is_patch || object.at(&["cluster"]).is_some();
    if is_worker(object) || !is_about_it {
        return Vec::new();
    }
    let mut all = vec![api_server(object)];
    let arguments = object.at(&["cluster", "etcd", "extraArgs"]);
    all.extend(arguments.and_then(|arguments| kubeadm::etcd_flags(object, arguments)));
    all
}

fn api_server(object: &Object) -> Flags {
    let implied = with_files(&[
        ("anonymous-auth", Some("false")),
        (
            "audit-log-path",
            Some("/var/log/audit/kube/kube-apiserver.log"),
        ),
        (
            "audit-policy-file",
            Some("/system/config/kubernetes/kube-apiserver/auditpolicy.yaml"),
        ),
        ("authorization-mode", Some("Node,RBAC")),
        ("enable-admission-plugins", Some("NodeRestriction")),
        ("enable-bootstrap-token-auth", Some("true")),
        ("requestheader-allowed-names", Some("front-proxy-client")),
        ("encryption-provider-config", None),
    ]);
    let mut flags = started(object, &EXTRA_ARGUMENTS, implied);
    extra_arguments(object, object.at(&EXTRA_ARGUMENTS), &mut flags);
    let modes = flags
        .all
        .iter()
        .position(|flag| &*flag.name == "authorization-mode");
    if let Some(at) = modes
        && let Some(place) = flags.all.get(at).map(|flag| flag.place)
    {
        let own = Flag {
            name: "authorization-mode".into(),
            value: Some(Word::new("Node,RBAC", false, place)),
            place,
        };
        flags.all.insert(at, own);
    }
    debug_assert_eq!(flags.program, Program::ApiServer);
    flags
}

/// The keys stand beside the rest of the configuration, or in the file of the cluster's secrets that most keep apart.
pub(super) fn encryption(object: &Object) -> OwnEncryption {
    let key = |name: &str| object.at(&["cluster", name]).map(|node| object.place(node));
    match (
        key("secretboxEncryptionSecret"),
        key("aescbcEncryptionSecret"),
    ) {
        (Some(place), _) => OwnEncryption::Secretbox(place),
        (None, Some(place)) => OwnEncryption::AesCbc(place),
        (None, None) => OwnEncryption::Elsewhere(
            started(object, &["cluster"], Vec::new()).place,
            "Talos encrypts with a key of the cluster's secrets, which stand outside this file",
        ),
    }
}
