//! Which objects of a live cluster say nothing of their own about the pods that run.
//!
//! A list of a cluster (`kubectl get -A -o yaml`) holds one workload several times: the Deployment, a ReplicaSet for each
//! revision, the pods. What an object's owner says already is judged there, and what has ended runs no more.

use model::Estate;
use settings::kubernetes::object::{Object, Runs};
use settings::kubernetes::pod::described_pods;
use std::collections::{HashMap, HashSet};
use text::Node;

/// The built-in kinds that make others from a template of their own: owner, owned.
const MAKERS: [(&str, &str); 6] = [
    ("Deployment", "ReplicaSet"),
    ("ReplicaSet", "Pod"),
    ("StatefulSet", "Pod"),
    ("DaemonSet", "Pod"),
    ("Job", "Pod"),
    ("CronJob", "Job"),
];

/// Decides for every object. After clusters are numbered. O(objects).
pub(super) fn assemble(estate: &mut Estate) {
    let objects = estate.all::<Object>();
    let by_name: HashMap<_, &Object> = objects
        .iter()
        .filter(|object| MAKERS.iter().any(|(maker, _)| *maker == &*object.kind))
        .map(|object| (key(object, &object.kind, &object.name), object))
        .collect();
    let runs: Vec<Runs> = objects
        .iter()
        .map(|object| {
            if has_ended(object) {
                return Runs::NoMore;
            }
            let owner = controller(object).and_then(|(kind, name)| {
                let own = by_name.get(&key(object, kind, name)).copied();
                // A ReplicaSet that was not read still tells its Deployment.
                own.or_else(|| {
                    by_name
                        .get(&key(object, "Deployment", deployment_of(object)?))
                        .copied()
                })
            });
            match owner.filter(|owner| says_as_much(owner, object)) {
                Some(_) => Runs::ThroughOwner,
                None => Runs::Itself,
            }
        })
        .collect();
    for (object, runs) in estate.all_mut::<Object>().iter_mut().zip(runs) {
        object.runs = runs;
    }
}

fn key<'o>(beside: &'o Object, kind: &'o str, name: &'o str) -> (u32, &'o str, &'o str, &'o str) {
    (beside.cluster, beside.namespace_or_default(), kind, name)
}

/// The kind and name of the object that made this one, if it is of a kind that makes such objects.
fn controller(object: &Object) -> Option<(&str, &str)> {
    let references = object.at(&["metadata", "ownerReferences"])?.items();
    let reference = references
        .iter()
        .find(|reference| reference.get("controller").and_then(Node::bool) == Some(true))?;
    let (kind, name) = (reference.get("kind")?.str()?, reference.get("name")?.str()?);
    MAKERS
        .contains(&(kind, &*object.kind))
        .then_some((kind, name))
}

/// The Deployment of a pod whose ReplicaSet is called `<deployment>-<pod-template-hash>`.
fn deployment_of(pod: &Object) -> Option<&str> {
    let (kind, name) = controller(pod)?;
    let hash = pod
        .at(&["metadata", "labels", "pod-template-hash"])?
        .str()?;
    let stem = name.strip_suffix(hash)?.strip_suffix('-')?;
    (kind == "ReplicaSet").then_some(stem)
}

/// Whether nothing of it runs: a pod or a job that came to its end, and a ReplicaSet that its Deployment has scaled to none.
fn has_ended(object: &Object) -> bool {
    let status = |path: &[&str]| object.at(&["status"]).and_then(|status| status.at(path));
    match (object.group(), &*object.kind) {
        ("", "Pod") => matches!(
            status(&["phase"]).and_then(Node::text),
            Some("Succeeded" | "Failed")
        ),
        ("batch", "Job") => status(&["conditions"])
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .any(|condition| {
                let word = |field| condition.get(field).and_then(Node::text);
                matches!(word("type"), Some("Complete" | "Failed"))
                    && word("status") == Some("True")
            }),
        ("apps", "ReplicaSet") => {
            controller(object).is_some()
                && object.at(&["spec", "replicas"]).and_then(Node::int) == Some(0)
        }
        _ => false,
    }
}

/// Whether an owner's template has every container of the object. An admission webhook may have put in another one.
fn says_as_much(owner: &Object, object: &Object) -> bool {
    let names = |object: &Object| -> HashSet<String> {
        described_pods(object)
            .iter()
            .flat_map(settings::kubernetes::pod::PodTemplate::containers)
            .map(|container| container.name().to_owned())
            .collect()
    };
    names(object).is_subset(&names(owner))
}
