//! kops (kubernetes/kops pkg/model/components/apiserver.go, pkg/apis/kops/v1alpha2/componentconfig.go).

use super::{OwnEncryption, fields, stands_for, started, with_files};
use crate::kubernetes::flags::Flags;
use crate::kubernetes::object::Object;

/// Fields of `spec.kubeAPIServer` that kops passes on. `anonymousAuth` is not among them: kops sets it to false.
const FIELDS: [(&str, &str); 10] = [
    ("auditLogPath", "audit-log-path"),
    ("auditPolicyFile", "audit-policy-file"),
    ("auditWebhookConfigFile", "audit-webhook-config-file"),
    ("auditWebhookMode", "audit-webhook-mode"),
    ("authenticationConfigFile", "authentication-config"),
    ("authorizationMode", "authorization-mode"),
    ("basicAuthFile", "basic-auth-file"),
    ("clientCAFile", "client-ca-file"),
    ("encryptionProviderConfig", "encryption-provider-config"),
    ("tokenAuthFile", "token-auth-file"),
];

pub(super) fn api_server(object: &Object) -> Flags {
    let mut implied = with_files(&[
        ("anonymous-auth", Some("false")),
        ("authorization-mode", Some("Node,RBAC")),
        ("requestheader-allowed-names", Some("aggregator")),
    ]);
    if encryption(object).is_some_and(|own| matches!(own, OwnEncryption::Elsewhere(..))) {
        implied.push(("encryption-provider-config", None));
    }
    let mut flags = started(object, &["spec", "kubeAPIServer"], implied);
    fields(
        object,
        object.at(&["spec", "kubeAPIServer"]),
        &FIELDS,
        &mut flags,
    );
    // `spec.authorization` overwrites what stands there.
    let chosen = [("alwaysAllow", "AlwaysAllow"), ("rbac", "Node,RBAC")];
    for (field, modes) in chosen {
        let authorization = object.at(&["spec", "authorization"]);
        if let Some(entry) = authorization.and_then(|node| node.entry(field)) {
            flags.all.retain(|flag| &*flag.name != "authorization-mode");
            flags
                .all
                .push(stands_for(object, "authorization-mode", modes, &entry.key));
            break;
        }
    }
    flags
}

/// With `spec.encryptionConfig` the file comes out of a secret that kops keeps in its state store.
pub(super) fn encryption(object: &Object) -> Option<OwnEncryption> {
    let field = object.at(&["spec", "encryptionConfig"])?;
    field.bool()?.then_some(OwnEncryption::Elsewhere(
        object.place(field),
        "the encryption configuration is a secret of kops, outside these files",
    ))
}
