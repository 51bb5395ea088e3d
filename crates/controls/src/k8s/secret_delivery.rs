//! Delivery of Secrets: are Secrets handed to pods in the least leaky way?
//!
//! # What it proves
//! That the way from a Secret to the process leaves no copies, and shows the value to nobody else.
//!
//! # Why it matters: the attack
//! A variable that a start script prints ends in the log, and one that fills a Spark property ends on the application's
//! page and in its event log: both have readers who may not read Secrets. A copy in an annotation or in a Helm release
//! lives on when the Secret is changed.
//!
//! # How each depth is read
//! - declared and loaded: pods (variables from Secrets joined with the command lines that print them, volumes with their
//!   modes), SecretProviderClass, annotations of Secrets. A variable from a Secret is no finding in itself. Releases of Helm
//!   are compressed and are not opened.
//! - observed: nothing.
//! - recorded: nothing.
//!
//! # How to fix
//! Mount the Secret as a file with mode 0400 and hand the program the file's path.
//!
//! # References
//! - Kubernetes: Good practices for Secrets; CIS Kubernetes Benchmark 5.4.1; Secrets Store CSI Driver, Sync as Kubernetes
//!   Secret; Spark `spark.redaction.regex` (core/internal/config/package.scala)

use crate::judging_kubernetes::fact;
use crate::pods::{object_subject, place, subject, workloads};
use crate::printed_variables::{UNREDACTED, shown_by};
use crate::secret_texts::Passage;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Subject, Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{
    Container, ContainerKind, EnvironmentSource, PodTemplate, SecretUse, Volume,
};
use std::collections::{HashMap, HashSet};
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Delivery of Secrets",
    question: "Are Secrets handed to pods in the least leaky way?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "environment-printed",
            severity: Severity::Medium,
            title: "a variable that a Secret fills is shown by a log, a page or an event log",
            remedy: "mount the Secret as a file and hand the program its path; do not print variables",
        },
        Cause {
            slug: "loose-file-mode",
            severity: Severity::Low,
            title: "the files of a Secret are readable by every user of a pod whose containers share them",
            remedy: "set defaultMode to 0400, or 0440 with the fsGroup",
        },
        Cause {
            slug: "csi-copied-back",
            severity: Severity::Medium,
            title: "the external store's values are copied into a Kubernetes Secret",
            remedy: "remove secretObjects and let pods mount the CSI volume",
        },
        Cause {
            slug: "last-applied",
            severity: Severity::Low,
            title: "an annotation of the Secret keeps a copy of its values",
            remedy: "apply with --server-side, and remove the annotation",
        },
        Cause {
            slug: "helm-release",
            severity: Severity::Medium,
            title: "a Helm release keeps secret values in every revision",
            remedy: "refer to a Secret that the chart does not make, and delete old revisions",
        },
    ],
    safety: Safety::Safe,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Variables of one container that are looked for in its command line.
const MOST_VARIABLES: usize = 64;
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// The mode of a Secret's files where nobody sets one (`SecretVolumeSourceDefaultMode`), every release.
const DEFAULT_MODE: i64 = 0o644;
const OTHERS_READ: i64 = 0o004;
/// Judges every workload that uses Secrets, every provider class, and the copies of Secrets.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for template in workloads(estate) {
        let uses = template.secrets();
        if !uses
            .iter()
            .any(|reference| matches!(reference.usage, SecretUse::Volume | SecretUse::Environment))
        {
            continue;
        }
        let mut judgement = Judgement::new();
        for container in template.containers() {
            printed(estate, &template, &container, &mut judgement);
        }
        let shared = shared_volumes(&template);
        for volume in template.volumes() {
            file_mode(estate, &template, &volume, &shared, &mut judgement);
        }
        claims.state(
            subject(&template),
            judgement.otherwise(Claim::Protected(Vec::new())),
        );
    }
    for object in estate.all::<Object>() {
        if object.is("secrets-store.csi.x-k8s.io", "SecretProviderClass") {
            provider_class(estate, object, claims);
        } else if object.is("", "Secret") {
            copies(estate, object, claims);
        }
    }
}

/// A variable of a container that one key of a Secret fills.
struct Filled<'o> {
    name: &'o str,
    secret: &'o Node,
}

fn printed(
    estate: &Estate,
    template: &PodTemplate<'_>,
    container: &Container<'_>,
    judgement: &mut Judgement,
) {
    let filled: Vec<Filled<'_>> = container
        .env()
        .into_iter()
        .filter_map(|variable| match variable.source {
            EnvironmentSource::SecretKey(secret, _) => Some(Filled {
                name: variable.name,
                secret,
            }),
            _ => None,
        })
        .take(MOST_VARIABLES)
        .collect();
    if filled.is_empty() {
        return;
    }
    let nodes: Vec<&Node> = container.command_line().collect();
    // An expression of one's own covers what it covers: spark/redaction judges it.
    let sets_redaction = nodes.iter().any(|node| {
        node.text()
            .is_some_and(|text| text.starts_with("spark.redaction.regex="))
    });
    let mut previous = "";
    for node in nodes {
        let text = node.text().unwrap_or_default();
        let shown = filled
            .iter()
            .find_map(|variable| Some((variable, shown_by(text, previous, variable.name)?)));
        if let Some((variable, shown)) =
            shown.filter(|(_, (_, by))| !(sets_redaction && *by == UNREDACTED))
        {
            let (span, by) = shown;
            let at = Passage::of_scalar(estate, template.object, node)
                .map_or_else(|| place(template, node), |passage| passage.place(span));
            let witness = fact(estate, at, by).key(variable.name);
            let source = fact(
                estate,
                place(template, variable.secret),
                "filled from this Secret",
            );
            judgement.expose(
                Exposure::new("environment-printed", witness)
                    .with(source)
                    .message(format!(
                        "the variable {}, which a Secret fills, is shown: {by}",
                        variable.name
                    )),
            );
        }
        previous = text;
    }
}

/// Modes matter where several containers see the files and run as different users; a pod's own user reads them anyway.
fn file_mode(
    estate: &Estate,
    template: &PodTemplate<'_>,
    volume: &Volume<'_>,
    shared: &HashSet<&str>,
    judgement: &mut Judgement,
) {
    let Some(settings) = volume.settings.filter(|_| volume.source == "secret") else {
        return;
    };
    let group = template
        .spec
        .at(&["securityContext", "fsGroup"])
        .and_then(Node::int);
    if group.is_none_or(|group| group == 0) || !shared.contains(volume.name) {
        return;
    }
    let mode = settings.get("defaultMode");
    let loose_item = settings
        .get("items")
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|item| item.get("mode"))
        .find(|mode| mode.int().is_some_and(|mode| mode & OTHERS_READ != 0));
    let loose = loose_item
        .or_else(|| mode.filter(|mode| mode.int().is_some_and(|mode| mode & OTHERS_READ != 0)));
    let witness: Witness = match (loose, mode, settings.get("secretName")) {
        (Some(mode), _, _) => fact(estate, place(template, mode), "readable by others")
            .key("defaultMode")
            .value(mode.text().unwrap_or_default()),
        (None, None, name) => fact(
            estate,
            place(template, name.unwrap_or(volume.node)),
            format!("defaultMode is not set: 0{DEFAULT_MODE:o}"),
        ),
        (None, Some(_), _) => return,
    };
    judgement.expose(Exposure::new("loose-file-mode", witness));
}

/// The volumes that containers which run side by side mount as different users.
fn shared_volumes<'o>(template: &PodTemplate<'o>) -> HashSet<&'o str> {
    let of_pod = template.spec.at(&["securityContext", "runAsUser"]);
    let mut users: HashMap<&str, i64> = HashMap::new();
    let mut shared = HashSet::new();
    for container in template.containers() {
        // An image's own user is not known: two of them may differ, but nothing proves it.
        let user = container
            .security("runAsUser")
            .or(of_pod)
            .and_then(Node::int);
        let Some(user) = user.filter(|_| container.kind != ContainerKind::Ephemeral) else {
            continue;
        };
        for mount in container.volume_mounts() {
            let Some(name) = mount.get("name").and_then(Node::str) else {
                continue;
            };
            if *users.entry(name).or_insert(user) != user {
                shared.insert(name);
            }
        }
    }
    shared
}

fn provider_class(estate: &Estate, object: &Object, claims: &mut Claims) {
    let copied = object
        .at(&["spec", "secretObjects"])
        .filter(|list| !list.items().is_empty());
    let claim = match copied {
        Some(list) => {
            let named = list.items().iter().find_map(|item| item.get("secretName"));
            let witness = fact(
                estate,
                object.place(named.unwrap_or(list)),
                "copied into this Secret",
            )
            .key("spec.secretObjects");
            Claim::Exposed(vec![Exposure::new("csi-copied-back", witness)])
        }
        None => Claim::Protected(Vec::new()),
    };
    claims.state(object_subject(object), claim);
}

fn copies(estate: &Estate, secret: &Object, claims: &mut Claims) {
    if let Some(node) = secret.annotation(LAST_APPLIED)
        && node.text().is_some_and(holds_values)
    {
        let witness = fact(estate, secret.place(node), "a copy of the values")
            .key(LAST_APPLIED)
            .redacted();
        claims.state(
            object_subject(secret),
            Claim::Exposed(vec![Exposure::new("last-applied", witness)]),
        );
    }
    if secret.at(&["type"]).and_then(Node::str) == Some("helm.sh/release.v1") {
        claims.state(
            Subject::new(
                "Helm release",
                secret.qualified_name(),
                Some(secret.name_place()),
            ),
            Claim::unproven("a Helm release is compressed; its values were not read"),
        );
    }
}

/// Whether the annotation's JSON carries values. What is no JSON was not written by kubectl.
fn holds_values(annotation: &str) -> bool {
    let stream = text::json::parse(annotation);
    stream.documents.first().is_some_and(|document| {
        ["data", "stringData"]
            .iter()
            .filter_map(|field| document.root.get(field))
            .any(|values| !values.entries().is_empty())
    })
}
