//! API access: is every API request authenticated and authorized?
//!
//! # What it proves
//! That the API server knows who asks, that an authorizer which can say no decides, and that nobody without credentials gets
//! more than every cluster gives.
//!
//! # Why it matters: the attack
//! The API hands out every Secret, runs pods with any Secret mounted, and opens shells in them. One binding for
//! `system:anonymous`, or one authorizer that always allows, gives that to whoever reaches the port.
//!
//! # How each depth is read
//! - declared: flags of the API server, AuthorizationConfiguration and AuthenticationConfiguration, and the bindings that name
//!   system:anonymous or system:unauthenticated. The bindings that Kubernetes and kubeadm make are accepted; the roles' rules
//!   are compared, not their names.
//! - loaded: the flags of the mirror pod, complete RBAC lists.
//! - observed: the answer to an anonymous GET.
//! - recorded: audit lines of system:anonymous with the decision allow.
//!
//! # How to fix
//! Use Node and RBAC. Remove the binding; the audit trail names its last users. Limit anonymous requests to the health paths
//! in an AuthenticationConfiguration. Edits of the static pod restart the API server.
//!
//! # References
//! - k8s.io/apiserver pkg/server/options, pkg/kubeapiserver/options ApplyAuthorization; run on kube-apiserver 1.37.2
//! - bootstrappolicy/policy.go; kubeadm's clusterinfo.go
//! - defaults that installers pass: kubeadm phases/controlplane/manifests.go (1.36.3), k3s pkg/daemons/control/server.go, kops
//!   pkg/model/components/apiserver.go, k0s pkg/component/controller/apiserver.go, Talos control_plane_final.go

use crate::judging_kubernetes::{
    Running, clusters, fact, file_of, flag_fact, objects_of, release_of, running,
};
use crate::named_files::{Named, named, unused};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Release, Safety,
    Severity, Stage, Subject,
};
use settings::kubernetes::flags::{ApiServer, Item, Program, Setting};
use settings::kubernetes::object::Object;
use settings::kubernetes::rbac::{AnonymousReach, Binding, Graph};
use std::collections::HashSet;
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "API access",
    question: "Is every API request authenticated and authorized?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "always-allow",
            severity: Severity::Critical,
            title: "an authorizer allows every request",
            remedy: "set --authorization-mode to Node,RBAC",
        },
        Cause {
            slug: "no-rbac-or-node",
            severity: Severity::High,
            title: "the authorizer Node or RBAC is missing",
            remedy: "set --authorization-mode to Node,RBAC",
        },
        Cause {
            slug: "authorizer-fails-open",
            severity: Severity::Medium,
            title: "a webhook that is there to deny lets requests pass when it does not answer",
            remedy: "name it in an AuthorizationConfiguration with failurePolicy Deny",
        },
        Cause {
            slug: "anonymous-bound",
            severity: Severity::Critical,
            title: "requests without credentials are granted rights",
            remedy: "remove system:anonymous and system:unauthenticated from the binding",
        },
        Cause {
            slug: "anonymous-enabled",
            severity: Severity::Low,
            title: "requests without credentials are let through to the authorizers on every path",
            remedy: "limit them to the health paths with anonymous.conditions in an AuthenticationConfiguration, or set --anonymous-auth to false",
        },
        Cause {
            slug: "static-tokens",
            severity: Severity::High,
            title: "the API server takes tokens or passwords from a static file",
            remedy: "give those clients certificates, OIDC or ServiceAccount tokens, then drop the flag",
        },
        Cause {
            slug: "client-ca-missing",
            severity: Severity::Low,
            title: "login by certificate is off",
            remedy: "set --client-ca-file",
        },
        Cause {
            slug: "front-proxy-any",
            severity: Severity::Critical,
            title: "any certificate of the front proxy's CA may name any user",
            remedy: "set --requestheader-allowed-names to front-proxy-client and give the front proxy a CA of its own",
        },
        Cause {
            slug: "deleted-tokens-valid",
            severity: Severity::High,
            title: "tokens out of Secrets stay valid when the Secret or its ServiceAccount is deleted",
            remedy: "drop --service-account-lookup=false",
        },
        Cause {
            slug: "bootstrap-tokens",
            severity: Severity::Medium,
            title: "a bootstrap token never expires",
            remedy: "delete the token's Secret, or give it an expiration",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

/// Judges each API server, each AuthorizationConfiguration, and each binding for requests without credentials.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let servers = running(estate, Program::ApiServer);
    for server in &servers {
        if let Some(settings) = server.api_server() {
            claims.state(server.subject(estate), api_server(estate, server, settings));
        }
    }
    for object in estate.all::<Object>() {
        if is_authorization(object) {
            let place = Place::new(object.source, object.document);
            let subject = Subject::new(
                "AuthorizationConfiguration",
                file_of(estate, place),
                Some(place),
            );
            let claim = match unused(
                estate,
                object,
                &servers,
                "authorization-config",
                is_authorization,
            ) {
                Some(reason) => {
                    Claim::Unproven(reason.into(), vec![fact(estate, place, "loaded by nobody")])
                }
                None => authorization_file(estate, object),
            };
            claims.state(subject, claim);
        }
    }
    bindings(estate, claims);
}

fn is_authorization(object: &Object) -> bool {
    object.is("apiserver.config.k8s.io", "AuthorizationConfiguration")
}

fn is_authentication(object: &Object) -> bool {
    object.is("apiserver.config.k8s.io", "AuthenticationConfiguration")
}

fn api_server(estate: &Estate, server: &Running<'_>, settings: ApiServer<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let modes = settings.authorization_modes();
    authorizers(estate, server, settings, &modes, &mut judgement);
    anonymous(estate, server, settings, &mut judgement);
    for flag in ["token-auth-file", "basic-auth-file"] {
        let file = settings.text(flag);
        if file.is_set() && !file.is_empty() {
            judgement.expose(Exposure::new(
                "static-tokens",
                flag_fact(estate, &file, flag, "read at start, never expires"),
            ));
        }
    }
    let client_ca = settings.text("client-ca-file");
    if client_ca.is_empty() {
        judgement.expose(Exposure::new(
            "client-ca-missing",
            flag_fact(estate, &client_ca, "client-ca-file", "not set"),
        ));
    }
    front_proxy(estate, server, settings, &client_ca, &mut judgement);
    let lookup = settings.service_account_lookup();
    if lookup.value() == Some(&false) {
        judgement.expose(Exposure::new(
            "deleted-tokens-valid",
            flag_fact(
                estate,
                &lookup,
                "service-account-lookup",
                "off: tokens out of Secrets are not looked up; requested ones are all the same",
            ),
        ));
    }
    bootstrap_tokens(estate, server, settings, &mut judgement);
    if let Some(place) = server.flags.unknown.first() {
        judgement.doubt(
            "a variable may hold any flag of the API server",
            vec![fact(estate, *place, "decides")],
        );
    }
    judgement.otherwise(Claim::Protected(vec![flag_fact(
        estate,
        &modes,
        "authorization-mode",
        "authorizers that can say no",
    )]))
}

fn authorizers(
    estate: &Estate,
    server: &Running<'_>,
    settings: ApiServer<'_>,
    modes: &Setting<Vec<Item>>,
    judgement: &mut Judgement,
) {
    let flag = "authorization-mode";
    let Some(items) = modes.value() else {
        let reason = match modes {
            Setting::Unknown(_, reason) => reason,
            Setting::Set(..) | Setting::Default(..) => "",
        };
        judgement.doubt(
            format!("--authorization-mode: {reason}"),
            vec![flag_fact(estate, modes, flag, "decides")],
        );
        return;
    };
    let file = settings.text("authorization-config");
    if items.is_empty() && !file.is_empty() {
        let meant = named(estate, server.cluster(), &file, is_authorization);
        if matches!(meant, Named::NotRead | Named::Empty(_)) {
            judgement.doubt(
                "not collected: the file that --authorization-config names was not read",
                vec![flag_fact(estate, &file, "authorization-config", "decides")],
            );
        }
        return;
    }
    let at = |item: &Item, label: &str| {
        let witness = fact(estate, item.place, label).key(format!("--{flag}"));
        if modes.is_set() {
            witness.value(item.text.as_str())
        } else {
            witness
        }
    };
    if let Some(item) = modes.holds("AlwaysAllow") {
        let label = if modes.is_set() {
            "allows every request"
        } else {
            "not set, and the default is AlwaysAllow"
        };
        judgement.expose(Exposure::new("always-allow", at(item, label)));
        return;
    }
    let missing: Vec<&str> = ["Node", "RBAC"]
        .into_iter()
        .filter(|mode| modes.holds(mode).is_none())
        .collect();
    if !missing.is_empty() {
        judgement.expose(
            Exposure::new(
                "no-rbac-or-node",
                flag_fact(estate, modes, flag, "the authorizers"),
            )
            .message(format!("missing: {}", missing.join(", "))),
        );
    }
    let webhook = items.iter().position(|item| item.text == "Webhook");
    if let Some(position) = webhook
        && position + 1 < items.len()
        && let Some(item) = items.get(position)
    {
        judgement.expose(
            Exposure::new("authorizer-fails-open", at(item, "before one that allows"))
                .message("in --authorization-mode a webhook that does not answer has no opinion, and the next authorizer decides"),
        );
    }
}

/// The authorizers of a file, in order.
fn authorization_file(estate: &Estate, object: &Object) -> Claim {
    let list = object.at(&["authorizers"]).map_or(&[][..], Node::items);
    let mut judgement = Judgement::new();
    let kind = |node: &Node| {
        node.get("type")
            .and_then(Node::str)
            .unwrap_or("")
            .to_owned()
    };
    let at = |node: &Node, label: &str| {
        fact(estate, object.place(node), label).key("authorizers[].type")
    };
    let always = list
        .iter()
        .filter_map(|node| node.get("type"))
        .find(|node| node.str() == Some("AlwaysAllow"));
    if let Some(node) = always {
        judgement.expose(Exposure::new(
            "always-allow",
            at(node, "allows every request").value("AlwaysAllow"),
        ));
    } else {
        let missing: Vec<&str> = ["Node", "RBAC"]
            .into_iter()
            .filter(|wanted| !list.iter().any(|node| kind(node) == *wanted))
            .collect();
        if !missing.is_empty() {
            let node = object.at(&["authorizers"]).unwrap_or(&object.root);
            judgement.expose(
                Exposure::new("no-rbac-or-node", at(node, "the authorizers"))
                    .message(format!("missing: {}", missing.join(", "))),
            );
        }
    }
    for (index, node) in list.iter().enumerate() {
        let policy = node.at(&["webhook", "failurePolicy"]);
        if let Some(policy) = policy
            && policy.str() == Some("NoOpinion")
            && kind(node) == "Webhook"
            && index + 1 < list.len()
        {
            judgement.expose(Exposure::new(
                "authorizer-fails-open",
                fact(estate, object.place(policy), "the next authorizer decides")
                    .key("webhook.failurePolicy")
                    .value("NoOpinion"),
            ));
        }
    }
    let node = object.at(&["authorizers"]).unwrap_or(&object.root);
    judgement.otherwise(Claim::Protected(vec![at(
        node,
        "authorizers that can say no",
    )]))
}

fn anonymous(
    estate: &Estate,
    server: &Running<'_>,
    settings: ApiServer<'_>,
    judgement: &mut Judgement,
) {
    let setting = settings.anonymous();
    if !setting.is_on() {
        return;
    }
    let exposure = |witness| Exposure::new("anonymous-enabled", witness);
    let by_file = settings.text("authentication-config");
    let file = match named(estate, server.cluster(), &by_file, is_authentication) {
        Named::Files(files) => files.first().copied(),
        Named::Perhaps => {
            objects_of(estate, server.cluster()).find(|object| is_authentication(object))
        }
        Named::Empty(_) | Named::NotRead => None,
    };
    match (by_file.is_empty(), file) {
        (false, None) => judgement.doubt(
            "not collected: the file that --authentication-config names was not read",
            vec![flag_fact(
                estate,
                &by_file,
                "authentication-config",
                "decides",
            )],
        ),
        (false, Some(object)) if object.at(&["anonymous"]).is_some() => {
            let enabled = object.at(&["anonymous", "enabled"]);
            let conditions = object
                .at(&["anonymous", "conditions"])
                .map_or(&[][..], Node::items);
            // Conditions are read from 1.32 on; before, the feature gate is off.
            let read = release_of(estate, server.cluster())
                .is_none_or(|release| release >= Release(1, 32, 0));
            if let Some(node) = enabled
                && node.bool() == Some(true)
                && (conditions.is_empty() || !read)
            {
                judgement.expose(exposure(
                    fact(estate, object.place(node), "on every path")
                        .key("anonymous.enabled")
                        .value("true"),
                ));
            }
        }
        _ => judgement.expose(exposure(flag_fact(
            estate,
            &setting,
            "anonymous-auth",
            "on, on every path",
        ))),
    }
}

/// The first release whose API server ends at once where the front proxy and the clients share an authority and no names are
/// given (kubernetes#131411).
const REFUSES_A_SHARED_CA: Release = Release(1, 35, 0);

fn front_proxy(
    estate: &Estate,
    server: &Running<'_>,
    settings: ApiServer<'_>,
    client_ca: &Setting<String>,
    judgement: &mut Judgement,
) {
    let own_ca = settings.text("requestheader-client-ca-file");
    let names = settings.requestheader_allowed_names();
    let (Setting::Set(own, _), Some(true)) = (&own_ca, names.value().map(Vec::is_empty)) else {
        return;
    };
    if own.is_empty() {
        return;
    }
    let witness = flag_fact(
        estate,
        &names,
        "requestheader-allowed-names",
        "empty: any name",
    );
    let exposure = Exposure::new("front-proxy-any", witness).with(flag_fact(
        estate,
        &own_ca,
        "requestheader-client-ca-file",
        "whose certificates may name users",
    ));
    let is_shared = client_ca.value() == Some(own);
    if is_shared
        && release_of(estate, server.cluster())
            .is_some_and(|release| release >= REFUSES_A_SHARED_CA)
    {
        judgement.doubt(
            "this release does not start with these flags: the front proxy's CA is the clients' and no names are given",
            vec![flag_fact(
                estate,
                client_ca,
                "client-ca-file",
                "the front proxy's CA too",
            )],
        );
        return;
    }
    judgement.expose(if is_shared {
        exposure
            .with(flag_fact(estate, client_ca, "client-ca-file", "the same CA"))
            .message("client certificates chain to the front proxy's CA, so every holder of one may name any user")
    } else {
        exposure
            .severity(Severity::Medium)
            .message("any certificate of the front proxy's CA may name any user; the CA is not the clients' one")
    });
}

/// Bootstrap tokens without an expiration, where they log in.
fn bootstrap_tokens(
    estate: &Estate,
    server: &Running<'_>,
    settings: ApiServer<'_>,
    judgement: &mut Judgement,
) {
    let on = settings.bootstrap_tokens();
    if !on.is_on() {
        return;
    }
    for object in objects_of(estate, server.cluster()) {
        let kind = object.at(&["type"]);
        let Some(kind) = kind.filter(|kind| {
            object.is("", "Secret") && kind.str() == Some("bootstrap.kubernetes.io/token")
        }) else {
            continue;
        };
        let expires = ["data", "stringData"]
            .iter()
            .any(|map| object.at(&[map, "expiration"]).is_some());
        if !expires {
            judgement.expose(
                Exposure::new(
                    "bootstrap-tokens",
                    fact(estate, object.place(kind), "no expiration")
                        .key("type")
                        .value("bootstrap.kubernetes.io/token"),
                )
                .with(flag_fact(
                    estate,
                    &on,
                    "enable-bootstrap-token-auth",
                    "these tokens log in",
                )),
            );
        }
    }
}

/// Bindings that name system:anonymous or system:unauthenticated.
fn bindings(estate: &Estate, claims: &mut Claims) {
    let mut told: HashSet<Place> = HashSet::new();
    for cluster in clusters(estate) {
        let graph = Graph::new(objects_of(estate, cluster));
        for binding in graph.bindings() {
            if let Some(reach) = graph.anonymous_reach(binding)
                && told.insert(binding.object.name_place())
            {
                let subject = Subject::new(
                    if &*binding.object.kind == "RoleBinding" {
                        "RoleBinding"
                    } else {
                        "ClusterRoleBinding"
                    },
                    binding.object.qualified_name(),
                    Some(binding.object.name_place()),
                );
                claims.state(subject, anonymous_binding(estate, binding, reach));
            }
        }
    }
}

fn anonymous_binding(estate: &Estate, binding: &Binding<'_>, reach: AnonymousReach) -> Claim {
    let named = binding
        .subjects
        .iter()
        .find(|bound| bound.subject.is_anonymous());
    let place = named.map_or(binding.role_place, |bound| bound.place);
    let name = named.map_or("", |bound| &*bound.subject.name);
    let witness = fact(estate, place, "requests without credentials")
        .key("subjects[].name")
        .value(name);
    let role = fact(estate, binding.role_place, "what they get")
        .key("roleRef.name")
        .value(binding.role_name);
    let severity = match reach {
        AnonymousReach::Accepted => return Claim::Protected(vec![witness, role]),
        AnonymousReach::PublicKeys => Severity::Low,
        AnonymousReach::Discovery => Severity::Medium,
        AnonymousReach::Beyond => Severity::Critical,
    };
    Claim::Exposed(vec![
        Exposure::new("anonymous-bound", witness)
            .with(role)
            .severity(severity)
            .message(format!(
                "{name} is bound to {}: nobody needs to log in for it",
                binding.role_name
            )),
    ])
}
