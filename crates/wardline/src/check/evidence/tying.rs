//! Which workload presented which evidence: as `.wardline.toml` says, by the name of the pod, or by the digest of init data.

use super::reading::Presented;
use ::attest::Appraisal;
use ::attest::init_data::{self, Field};
use audit::EvidenceTie;
use controls::confidential_pods::INIT_DATA;
use controls::pods::{subject, workloads as templates};
use model::{Estate, Subject};
use report::appraisal::Appraised;
use std::cmp::Reverse;

/// Pods that a tree declares.
#[derive(Debug)]
pub(super) struct Workload {
    subject: Subject,
    kind: String,
    /// The namespace, where the object names one.
    namespace: Option<String>,
    name: String,
    role: Option<&'static str>,
    /// The annotation with init data.
    init_data: Option<String>,
}

/// What ties a piece of evidence.
#[derive(Debug)]
pub(super) struct Tied {
    /// The workload, and what ties the evidence to it.
    pub(super) workload: Option<(Subject, String)>,
    /// The pod that presented it, or the file.
    pub(super) pod: String,
    /// The annotation with init data of that workload.
    pub(super) init_data: Option<String>,
}

/// Every workload of the estates, one for each role.
pub(super) fn workloads(estates: &[Estate]) -> Vec<Workload> {
    let mut all: Vec<Workload> = Vec::new();
    for template in estates.iter().flat_map(templates) {
        let subject = Subject {
            place: None,
            ..subject(&template)
        };
        let annotation = template
            .annotations()
            .find(|(key, _)| *key == INIT_DATA)
            .and_then(|(_, node)| node.text())
            .map(str::to_owned);
        // Two templates of one role are one pod.
        if let Some(known) = all.iter_mut().find(|known| known.subject == subject) {
            known.init_data = known.init_data.take().or(annotation);
            continue;
        }
        all.push(Workload {
            subject,
            kind: template.object.kind.to_string(),
            namespace: template.object.namespace.as_deref().map(str::to_owned),
            name: template.object.name.to_string(),
            role: template.role,
            init_data: annotation,
        });
    }
    all
}

/// Workloads that ties name and no estate declares: misspelt, or gone.
pub(super) fn undeclared<'t>(ties: &'t [EvidenceTie], estates: &[Estate]) -> Vec<&'t str> {
    let all = workloads(estates);
    let is_declared = |name: &str| all.iter().any(|workload| *workload.subject.name == *name);
    let named = ties.iter().map(|tie| &*tie.workload);
    named.filter(|name| !is_declared(name)).collect()
}

/// Ties a piece of evidence: the user's word first, then its name, then init data.
pub(super) fn tie(presented: &Presented, all: &[Workload], ties: &[EvidenceTie]) -> Tied {
    let appraised = &presented.appraised;
    let tied = |workload: &Workload, pod: &str, by: &str| Tied {
        workload: Some((workload.subject.clone(), by.to_owned())),
        pod: pod.to_owned(),
        init_data: workload.init_data.clone(),
    };
    let names = names(presented);
    let pod = names.first().map_or("", |name| &name.pod);
    let told = ties.iter().find(|tie| is_meant(tie, presented));
    if let Some(tie) = told {
        let mut named = all
            .iter()
            .filter(|workload| *workload.subject.name == *tie.workload);
        if let (Some(workload), None) = (named.next(), named.next()) {
            return tied(workload, pod, "by .wardline.toml");
        }
    } else if let Some((name, workload)) = names.iter().find_map(|name| {
        let workload = by_name(name.namespace.as_deref(), &name.pod, all)?;
        Some((name, workload))
    }) {
        return tied(workload, &name.pod, "by its name");
    } else if let Some(workload) = by_init_data(&appraised.appraisal, all) {
        return tied(workload, pod, "by the digest of its init data");
    }
    Tied {
        workload: None,
        pod: shown(appraised),
        init_data: None,
    }
}

/// The file, with what tells pieces of one file apart.
pub(super) fn shown(appraised: &Appraised) -> String {
    match appraised.id.as_str() {
        "" => appraised.file.clone(),
        id => format!("{} {id}", appraised.file),
    }
}

fn is_meant(tie: &EvidenceTie, presented: &Presented) -> bool {
    let file = presented.appraised.file.as_str();
    let below = file
        .match_indices('/')
        .filter_map(|(at, _)| file.get(at + 1..));
    std::iter::once(file)
        .chain(below)
        .chain([presented.line.as_str(), presented.appraised.id.as_str()])
        .any(|name| !name.is_empty() && tie.file.matches(name))
}

/// What a pod may be called.
struct Name {
    /// The namespace, where it is named.
    namespace: Option<String>,
    pod: String,
}

impl Name {
    /// `spark/etl-driver`, or `spark_etl-driver`: names in Kubernetes have no underscore.
    fn of(text: &str) -> Name {
        let (above, last) = text.rsplit_once('/').unwrap_or(("", text));
        match last.split_once('_') {
            Some((namespace, pod)) => Name {
                namespace: Some(namespace.to_owned()),
                pod: pod.to_owned(),
            },
            None => Name {
                namespace: above
                    .rsplit('/')
                    .next()
                    .filter(|above| !above.is_empty())
                    .map(str::to_owned),
                pod: last.to_owned(),
            },
        }
    }
}

/// What the pod may be called, the best name first: the `id` of a fleet's line; else the file (`spark/etl-driver.quote`), and then
/// what tells the piece from others of the file, which whoever made the file chose. All pieces of one file or line are one pod's.
fn names(presented: &Presented) -> Vec<Name> {
    let Appraised { file, id, .. } = &presented.appraised;
    if !presented.line.is_empty() {
        return vec![Name::of(&presented.line)];
    }
    let (directory, last) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let stem = if stem.is_empty() { last } else { stem };
    let parent = directory.rsplit('/').next().unwrap_or_default();
    let mut names = vec![Name::of(&format!("{parent}/{stem}"))];
    names.extend((!id.is_empty()).then(|| Name::of(id)));
    names
}

/// The workload whose pods bear such names. A namespace that no workload lives in is a directory's name and decides nothing.
fn by_name<'w>(namespace: Option<&str>, pod: &str, all: &'w [Workload]) -> Option<&'w Workload> {
    let namespace = namespace.filter(|namespace| {
        all.iter()
            .any(|workload| workload.namespace.as_deref() == Some(namespace))
    });
    let mut fitting: Vec<&Workload> = all
        .iter()
        .filter(
            |workload| match (namespace, workload.namespace.as_deref()) {
                (Some(asked), Some(own)) => asked == own,
                _ => true,
            },
        )
        .filter(|workload| workload.has_pod(pod))
        .collect();
    // The longest name is the most exact one; a pod whose role its name tells is more exact than one of any role.
    let rank = |workload: &Workload| (workload.name.len(), workload.role.is_some());
    fitting.sort_by_key(|workload| Reverse(rank(workload)));
    match fitting.as_slice() {
        [one] => Some(one),
        [one, next, ..] if rank(one) > rank(next) => Some(one),
        _ => None,
    }
}

impl Workload {
    /// Whether a pod of this name may be one of its own: controllers put what they make up behind the name.
    fn has_pod(&self, pod: &str) -> bool {
        let Some(rest) = pod.strip_prefix(&self.name) else {
            return false;
        };
        match (self.role, rest.strip_prefix('-')) {
            (None, _) if rest.is_empty() => true,
            (None, Some(_)) => self.kind != "Pod",
            (Some("executor"), Some(rest)) => rest.split('-').any(|word| word.starts_with("exec")),
            (Some(role), Some(rest)) => rest.split('-').any(|word| word == role),
            (_, None) => false,
        }
    }
}

/// The only workload whose init data has the digest that the hardware holds. Driver and executors often share theirs: then it
/// does not tell.
fn by_init_data<'w>(appraisal: &Appraisal, all: &'w [Workload]) -> Option<&'w Workload> {
    let (field, held) = held(appraisal)?;
    if held.bytes().all(|digit| digit == b'0') {
        return None;
    }
    let mut fitting = all.iter().filter(|workload| {
        let annotation = workload.init_data.as_deref();
        annotation.is_some_and(|text| digest(text, field).is_ok_and(|digest| digest == held))
    });
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// What the hardware holds of init data: the field and its hexadecimal digits.
pub(super) fn held(appraisal: &Appraisal) -> Option<(Field, &str)> {
    appraisal.claims.iter().find_map(|claim| {
        let field = match claim.name {
            "MRCONFIGID" => Field::MrConfigId,
            "HOST_DATA" => Field::HostData,
            _ => return None,
        };
        Some((field, claim.value.as_str()))
    })
}

/// The digest of an annotation as a field holds it, in hexadecimal.
pub(super) fn digest(annotation: &str, field: Field) -> Result<String, String> {
    let text = init_data::unpack(annotation)?;
    init_data::digest(&text, field).map(|digest| ::attest::crypto::hex(&digest))
}
