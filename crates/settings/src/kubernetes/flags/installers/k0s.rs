//! k0s (k0sproject/k0s pkg/component/controller/apiserver.go): `spec.api.extraArgs` replaces its own arguments.

use super::{extra_arguments, started, with_files};
use crate::kubernetes::flags::Flags;
use crate::kubernetes::object::Object;

pub(super) fn api_server(object: &Object) -> Flags {
    let path = ["spec", "api", "extraArgs"];
    let implied = with_files(&[
        ("anonymous-auth", Some("false")),
        ("authorization-mode", Some("Node,RBAC")),
        ("enable-admission-plugins", Some("NodeRestriction")),
        ("enable-bootstrap-token-auth", Some("true")),
        ("requestheader-allowed-names", Some("front-proxy-client")),
        ("kubelet-certificate-authority", None),
    ]);
    let mut flags = started(object, &path, implied);
    extra_arguments(object, object.at(&path), &mut flags);
    flags
}
