//! Mounted credentials: does a data pod carry cluster credentials?
//!
//! # What it proves
//! That pods which only compute hold no key to the cluster, and that the keys others hold expire.
//!
//! # Why it matters: the attack
//! Code in an executor reads every file of its pod. A kubeconfig or a service account token there is a login to the API
//! server with the account's rights, often enough to read Secrets.
//!
//! # How each depth is read
//! - declared and loaded: volumes of pods joined with the Secrets they name; automounted tokens of executors (the pod's
//!   field wins over the account's); projected tokens and their lifetime; Secrets that are legacy tokens.
//! - observed: a connection from a test pod to the instance metadata service, on request.
//! - recorded: audit lines of legacy tokens.
//!
//! # How to fix
//! `automountServiceAccountToken: false` for executors is safe. Removing a kubeconfig needs the workload's agreement.
//!
//! # References
//! - Kubernetes: Managing Service Accounts; serviceaccount admission plugin (token of 3607 seconds); Spark on Kubernetes

use crate::host_paths::is_node_kubeconfig;
use crate::pods::{object_subject, place, subject, workloads};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{Form, PodTemplate};
use std::collections::HashMap;
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Mounted credentials",
    question: "Does a data pod carry cluster credentials?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "kubeconfig-mounted",
            severity: Severity::High,
            title: "a kubeconfig is mounted into the pod",
            remedy: "use the pod's own service account with the rights it needs",
        },
        Cause {
            slug: "host-kubeconfig",
            severity: Severity::Critical,
            title: "the node's own kubeconfig is mounted into the pod",
            remedy: "remove the hostPath volume; use the pod's own service account",
        },
        Cause {
            slug: "executor-token",
            severity: Severity::Medium,
            title: "executors carry a service account token, which they do not need",
            remedy: "set automountServiceAccountToken to false in the executors' pod template",
        },
        Cause {
            slug: "legacy-token",
            severity: Severity::Medium,
            title: "a Secret holds a service account token that never expires",
            remedy: "delete the Secret once nobody uses it; use projected tokens",
        },
        Cause {
            slug: "long-lived-token",
            severity: Severity::Low,
            title: "a projected token lives longer than it needs to",
            remedy: "set expirationSeconds to 3607 or less",
        },
    ],
    safety: Safety::Safe,
    family: Family::Secrets,
    since: "0.1.0",
};

/// What the API server mounts by itself: an hour and a little, for the API server's audience.
const OWN_LIFETIME: i64 = 3607;
const OTHER_AUDIENCE_LIFETIME: i64 = 86_400;

/// Judges every workload and every token Secret.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let objects = estate.all::<Object>();
    let by_name = |kind: &'static str| -> HashMap<(u32, &str, &str), &Object> {
        objects
            .iter()
            .filter(|object| object.is("", kind))
            .map(|object| {
                (
                    (object.cluster, object.namespace_or_default(), &*object.name),
                    object,
                )
            })
            .collect()
    };
    let (secrets, accounts) = (by_name("Secret"), by_name("ServiceAccount"));
    for template in workloads(estate) {
        let mut judgement = Judgement::new();
        volumes(&template, &secrets, &mut judgement);
        executor_token(&template, &accounts, &mut judgement);
        claims.state(
            subject(&template),
            judgement.otherwise(Claim::Protected(Vec::new())),
        );
    }
    for secret in objects.iter().filter(|object| object.is("", "Secret")) {
        legacy_token(secret, claims);
    }
}

type ByName<'e> = HashMap<(u32, &'e str, &'e str), &'e Object>;

/// The object of a name beside a pod: of its own cluster, else of what all clusters share.
fn beside<'e>(all: &ByName<'e>, template: &PodTemplate<'_>, name: &str) -> Option<&'e Object> {
    let namespace = template.object.namespace_or_default();
    let of = |cluster| all.get(&(cluster, namespace, name)).copied();
    of(template.object.cluster).or_else(|| of(0))
}

fn volumes(template: &PodTemplate<'_>, secrets: &ByName<'_>, judgement: &mut Judgement) {
    for volume in template.volumes() {
        if let Some(path) = volume.host_path()
            && path.text().is_some_and(is_node_kubeconfig)
        {
            let witness = Witness::declared(place(template, path), "the node's login")
                .key("hostPath.path")
                .value(path.text().unwrap_or_default());
            judgement.expose(Exposure::new("host-kubeconfig", witness));
        }
        for name in volume.secrets() {
            let secret = beside(secrets, template, name.text().unwrap_or_default());
            let is_named = names_kubeconfig(name.text().unwrap_or_default());
            let is_optional = volume
                .settings
                .and_then(|settings| settings.get("optional"))
                .and_then(Node::bool)
                == Some(true);
            if is_named && secret.is_none() && is_optional {
                judgement.doubt(
                    "a kubeconfig is mounted where its Secret exists; the Secret is optional and was not read",
                    vec![Witness::declared(place(template, name), "optional")],
                );
            } else if secret.is_some_and(holds_kubeconfig) || is_named {
                let mut exposure = Exposure::new(
                    "kubeconfig-mounted",
                    Witness::declared(place(template, name), "a kubeconfig")
                        .key("secretName")
                        .value(name.text().unwrap_or_default()),
                );
                if let Some(secret) = secret {
                    exposure = exposure.with(Witness::declared(secret.name_place(), "the Secret"));
                }
                judgement.expose(exposure);
            }
        }
        for projection in volume.projections() {
            token(template, projection, judgement);
        }
    }
}

/// The Secret's own content says so: a key of that name, or a kubeconfig text.
fn holds_kubeconfig(secret: &Object) -> bool {
    ["data", "stringData"]
        .iter()
        .filter_map(|field| secret.at(&[field]))
        .flat_map(Node::entries)
        .any(|entry| {
            let is_named = entry.key.text().is_some_and(|key| {
                matches!(
                    key,
                    "kubeconfig" | "config" | "kubeconfig.yaml" | "admin.conf"
                ) || key.ends_with(".kubeconfig")
            });
            let is_config = entry
                .value
                .text()
                .is_some_and(|text| text.contains("kind: Config") && text.contains("clusters:"));
            // base64 of "apiVersion: v1\nkind: Config" starts the same way whatever follows.
            let is_encoded = entry
                .value
                .text()
                .is_some_and(|text| text.starts_with("YXBpVmVyc2lvbjogdjEK"));
            is_config
                || (is_named
                    && (is_encoded
                        || entry
                            .key
                            .text()
                            .is_some_and(|key| key.contains("kubeconfig"))))
        })
}

fn names_kubeconfig(name: &str) -> bool {
    name.split(['-', '.', '_']).any(|word| word == "kubeconfig")
}

fn token(template: &PodTemplate<'_>, projection: &Node, judgement: &mut Judgement) {
    let Some(token) = projection.get("serviceAccountToken") else {
        return;
    };
    let Some(seconds) = token.get("expirationSeconds") else {
        return;
    };
    let is_for_api_server = token
        .get("audience")
        .and_then(Node::str)
        .is_none_or(|audience| audience.contains("kubernetes"));
    let limit = if is_for_api_server {
        OWN_LIFETIME
    } else {
        OTHER_AUDIENCE_LIFETIME
    };
    if seconds.int().is_some_and(|seconds| seconds > limit) {
        let witness = Witness::declared(place(template, seconds), "seconds")
            .key("expirationSeconds")
            .value(seconds.text().unwrap_or_default());
        judgement.expose(Exposure::new("long-lived-token", witness).message(format!(
            "a projected token lives longer than {limit} seconds"
        )));
    }
}

/// Executors talk to the driver only. The pod's field wins over the account's; both unset means that a token is mounted.
fn executor_token(template: &PodTemplate<'_>, accounts: &ByName<'_>, judgement: &mut Judgement) {
    let is_spark = matches!(
        template.object.group(),
        "sparkoperator.k8s.io" | "spark.apache.org"
    );
    let pod_template = template
        .object
        .at(&["spec", "executor", "template", "spec"]);
    // The operator's own fields and the pod template describe one pod, which is judged once, with the fields.
    let is_second =
        template.form == Form::PodSpec && template.object.group() == "sparkoperator.k8s.io";
    if template.role != Some("executor") || !is_spark || is_second {
        return;
    }
    let sibling = |field: &str| pod_template.and_then(|spec| spec.get(field));
    let name = template
        .service_account_name()
        .or_else(|| sibling("serviceAccountName"));
    let field = template
        .automount()
        .map(|(_, node)| node)
        .or_else(|| sibling("automountServiceAccountToken"));
    let by_account = match name {
        Some(name) => beside(accounts, template, name.text().unwrap_or_default()),
        None => beside(accounts, template, "default"),
    };
    let by_account = by_account
        .and_then(|account| account.at(&["automountServiceAccountToken"]))
        .and_then(Node::bool);
    if field.and_then(Node::bool).or(by_account) == Some(false) {
        return;
    }
    let node = field.or(name).unwrap_or(template.spec);
    let label = if name.is_some() {
        "its token is mounted"
    } else {
        "the default account's token is mounted"
    };
    // Spark gives executors no account of its own accord; the namespace's default account counts then.
    let severity = if name.is_some() {
        Severity::Medium
    } else {
        Severity::Low
    };
    judgement.expose(
        Exposure::new(
            "executor-token",
            Witness::declared(first_line(template, node), label),
        )
        .severity(severity),
    );
}

fn first_line(template: &PodTemplate<'_>, node: &Node) -> model::Place {
    match node.entries().first() {
        Some(entry) => template.object.place(&entry.key),
        None => place(template, node),
    }
}

fn legacy_token(secret: &Object, claims: &mut Claims) {
    let Some(kind) = secret
        .at(&["type"])
        .filter(|kind| kind.text() == Some("kubernetes.io/service-account-token"))
    else {
        return;
    };
    let witness = Witness::declared(secret.place(kind), "never expires")
        .key("type")
        .value(kind.text().unwrap_or_default());
    claims.state(
        object_subject(secret),
        Claim::Exposed(vec![Exposure::new("legacy-token", witness)]),
    );
}
