//! RKE's `cluster.yml` (rancher/rke cluster/plan.go, cluster/defaults.go).

use super::{OwnEncryption, extra_arguments, stands_for, started, with_files};
use crate::kubernetes::flags::Flags;
use crate::kubernetes::object::Object;
use text::Node;

const KUBE_API: [&str; 2] = ["services", "kube-api"];

/// Arguments that RKE takes out of data of the release, which is not in its source.
const BY_RELEASE: [(&str, Option<&str>); 6] = [
    ("anonymous-auth", None),
    ("audit-log-path", None),
    ("audit-policy-file", None),
    ("requestheader-allowed-names", None),
    ("service-account-lookup", None),
    ("enable-admission-plugins", None),
];

pub(super) fn api_server(object: &Object) -> Flags {
    let mut implied = with_files(&BY_RELEASE);
    implied.push(("authorization-mode", Some("Node,RBAC")));
    let mut flags = started(object, &KUBE_API, implied);
    let mode = object.at(&["authorization", "mode"]);
    if let Some(mode) = mode.filter(|mode| mode.str() == Some("none")) {
        // No mode is passed then, and kube-apiserver's own default counts.
        flags.all.push(stands_for(
            object,
            "authorization-mode",
            "AlwaysAllow",
            mode,
        ));
    }
    if let Some(custom) = custom_encryption(object) {
        let file = "/etc/kubernetes/ssl/encryption.yaml";
        flags.all.push(stands_for(
            object,
            "encryption-provider-config",
            file,
            custom,
        ));
    }
    let arguments = object.at(&["services", "kube-api", "extra_args"]);
    extra_arguments(object, arguments, &mut flags);
    flags
}

/// The encryption configuration that stands in the file itself.
fn custom_encryption(object: &Object) -> Option<&Node> {
    let settings = object.at(&["services", "kube-api", "secrets_encryption_config"])?;
    let is_on = settings.get("enabled").and_then(Node::bool) == Some(true);
    settings
        .get("custom_config")
        .filter(|custom| is_on && custom.is_mapping())
}

/// RKE makes a key for aescbc where encryption is on without a configuration; it is off unless it is switched on.
pub(super) fn encryption(object: &Object) -> Option<OwnEncryption> {
    if custom_encryption(object).is_some() {
        return None;
    }
    let settings = object.at(&[
        "services",
        "kube-api",
        "secrets_encryption_config",
        "enabled",
    ]);
    Some(match settings {
        Some(enabled) if enabled.bool() == Some(true) => {
            OwnEncryption::AesCbc(object.place(enabled))
        }
        Some(enabled) => OwnEncryption::Off(object.place(enabled)),
        None => OwnEncryption::Off(started(object, &KUBE_API, Vec::new()).place),
    })
}
