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
use crate::secret_texts::Passage;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Subject, Witness,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::{
    Container, ContainerKind, EnvironmentSource, PodTemplate, SecretUse, Volume,
};
use text::{Node, Span, shell};

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

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// The mode of a Secret's files where nobody sets one (`SecretVolumeSourceDefaultMode`), every release.
const DEFAULT_MODE: i64 = 0o644;
const OTHERS_READ: i64 = 0o004;
/// `spark.redaction.regex` of Spark 4 and later; older releases know fewer words, so no word of this list is a finding.
const REDACTED: [&str; 5] = ["secret", "password", "token", "access.key", "accesskey"];

/// Judges every workload that uses Secrets, every provider class, and the copies of Secrets.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    for template in workloads(estate) {
        let uses = template.secrets();
        if !uses.iter().any(|reference| matches!(reference.usage, SecretUse::Volume | SecretUse::Environment)) {
            continue;
        }
        let mut judgement = Judgement::new();
        for container in template.containers() {
            printed(estate, &template, &container, &mut judgement);
        }
        for volume in template.volumes() {
            file_mode(estate, &template, &volume, &mut judgement);
        }
        claims.state(subject(&template), judgement.otherwise(Claim::Protected(Vec::new())));
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

fn printed(estate: &Estate, template: &PodTemplate<'_>, container: &Container<'_>, judgement: &mut Judgement) {
    let filled: Vec<Filled<'_>> = container
        .env()
        .into_iter()
        .filter_map(|variable| match variable.source {
            EnvironmentSource::SecretKey(secret, _) => Some(Filled { name: variable.name, secret }),
            _ => None,
        })
        .collect();
    if filled.is_empty() {
        return;
    }
    let nodes: Vec<&Node> = container.command_line().collect();
    let mut previous = "";
    for node in nodes {
        let text = node.text().unwrap_or_default();
        let shown = filled
            .iter()
            .find_map(|variable| Some((variable, shown_by(text, previous, variable.name)?)));
        if let Some((variable, shown)) = shown {
            let (span, by) = shown;
            let at = Passage::of_scalar(estate, template.object, node)
                .map_or_else(|| place(template, node), |passage| passage.place(span));
            let witness = fact(estate, at, by).key(variable.name);
            let source = fact(estate, place(template, variable.secret), "filled from this Secret");
            judgement.expose(
                Exposure::new("environment-printed", witness)
                    .with(source)
                    .message(format!("the variable {}, which a Secret fills, is shown: {by}", variable.name)),
            );
        }
        previous = text;
    }
}

/// Where and how an argument shows a variable to others, if it does.
fn shown_by(text: &str, previous: &str, variable: &str) -> Option<(Span, &'static str)> {
    if let Some((key, value)) = text.split_once('=')
        && (previous == "--conf" || previous == "-c")
        && key.starts_with("spark.")
        && value.contains(&format!("$({variable})"))
    {
        let whole = Span::new(0, text.len());
        return (!is_redacted(key)).then_some((whole, "a Spark property that no redaction covers"));
    }
    // Only a shell's argument is a script; a word without blanks runs nothing.
    if !text.trim().contains([' ', '\n']) {
        return None;
    }
    let mut traces = false;
    for command in shell::commands(text) {
        let written = text.get(command.span.range()).unwrap_or_default();
        let mut words = command.words.iter().map(|word| word.text.as_str());
        // `env` alone lists the variables; the parser takes it for a prefix of nothing.
        let name = words.next().unwrap_or_else(|| written.trim());
        let rest: Vec<&str> = words.collect();
        let mentions = rest.iter().any(|word| mentions(word, variable));
        let is_flag = |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains('x');
        let goes_to_log = !leads_elsewhere(written, text, command.span.range().end);
        let by = match name.rsplit('/').next().unwrap_or(name) {
            "echo" | "printf" if mentions && goes_to_log => "the start script prints it",
            "printenv" if goes_to_log && (rest.is_empty() || rest.contains(&variable)) => {
                "the start script prints it"
            }
            "env" if rest.is_empty() && goes_to_log => "the start script prints all variables",
            "set" if rest.iter().any(is_flag) => {
                traces = true;
                continue;
            }
            "set" if rest.contains(&"+x") => {
                traces = false;
                continue;
            }
            _ if traces && mentions => "the start script traces its commands (set -x)",
            _ => continue,
        };
        return Some((command.span, by));
    }
    None
}

/// `$X`, `${X}` or, replaced by the kubelet, `$(X)`.
fn mentions(word: &str, variable: &str) -> bool {
    if word.contains(&format!("${{{variable}}}")) || word.contains(&format!("$({variable})")) {
        return true;
    }
    let plain = format!("${variable}");
    word.match_indices(&plain).any(|(at, _)| {
        let after = word.get(at + plain.len()..).unwrap_or_default();
        !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Whether a command's output goes to another command, to a file, or into a variable rather than to the log.
fn leads_elsewhere(written: &str, text: &str, end: usize) -> bool {
    let after = text
        .get(end..)
        .unwrap_or_default()
        .trim_start_matches([' ', '\t']);
    let is_pipe = after.starts_with('|') && !after.starts_with("||");
    let is_file = written.contains('>') && !written.contains("/dev/std") && !written.contains(">&2");
    is_pipe || is_file || after.starts_with(['>', ')', '`'])
}

fn is_redacted(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    REDACTED.iter().any(|word| key.contains(word))
}

/// Modes matter where several containers see the files and run as different users; a pod's own user reads them anyway.
fn file_mode(estate: &Estate, template: &PodTemplate<'_>, volume: &Volume<'_>, judgement: &mut Judgement) {
    let Some(settings) = volume.settings.filter(|_| volume.source == "secret") else {
        return;
    };
    let group = template.spec.at(&["securityContext", "fsGroup"]).and_then(Node::int);
    if group.is_none_or(|group| group == 0) || !is_shared(template, volume.name) {
        return;
    }
    let mode = settings.get("defaultMode");
    let loose_item = settings
        .get("items")
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|item| item.get("mode"))
        .find(|mode| mode.int().is_some_and(|mode| mode & OTHERS_READ != 0));
    let loose = loose_item.or_else(|| {
        mode.filter(|mode| mode.int().is_some_and(|mode| mode & OTHERS_READ != 0))
    });
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

/// Whether two containers that run side by side mount the volume as different users.
fn is_shared(template: &PodTemplate<'_>, volume: &str) -> bool {
    let of_pod = template.spec.at(&["securityContext", "runAsUser"]);
    let users: Vec<i64> = template
        .containers()
        .iter()
        .filter(|container| container.kind != ContainerKind::Ephemeral)
        .filter(|container| {
            container
                .volume_mounts()
                .iter()
                .any(|mount| mount.get("name").and_then(Node::str) == Some(volume))
        })
        // An image's own user is not known: two of them may differ, but nothing proves it.
        .filter_map(|container| container.security("runAsUser").or(of_pod)?.int())
        .collect();
    users.windows(2).any(|pair| pair.first() != pair.last())
}

fn provider_class(estate: &Estate, object: &Object, claims: &mut Claims) {
    let copied = object
        .at(&["spec", "secretObjects"])
        .filter(|list| !list.items().is_empty());
    let claim = match copied {
        Some(list) => {
            let named = list.items().iter().find_map(|item| item.get("secretName"));
            let witness = fact(estate, object.place(named.unwrap_or(list)), "copied into this Secret")
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
        let witness = fact(estate, secret.place(node), "a copy of the values").key(LAST_APPLIED).redacted();
        claims.state(
            object_subject(secret),
            Claim::Exposed(vec![Exposure::new("last-applied", witness)]),
        );
    }
    if secret.at(&["type"]).and_then(Node::str) == Some("helm.sh/release.v1") {
        claims.state(
            Subject::new("Helm release", secret.qualified_name(), Some(secret.name_place())),
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
