//! How controls walk over roles and bindings.

use crate::judging_kubernetes::{clusters, fact, objects_of};
use model::{Claim, Claims, Estate, Exposure, Place, Subject, Witness};
use settings::kubernetes::cluster::Cluster;
use settings::kubernetes::rbac::{Binding, Grant, Graph, RbacSubject, SubjectKind, Term};
use std::collections::{BTreeMap, HashSet};

/// The verbs whose answers hold the object, deletes by dry run included (seen on kube-apiserver 1.37.2 and 1.32.13).
pub const READING_VERBS: [&str; 6] = [
    "get",
    "list",
    "watch",
    "patch",
    "delete",
    "deletecollection",
];

/// Why a control over a set never says protected from files (catalogue: sets).
pub const SET_NOT_COMPLETE: &str =
    "set not complete: files never hold all roles and bindings of a cluster";

/// Judges the grants of each cluster that has roles or bindings. `judge` gathers exposures by subject; a subject without any
/// is unproven, since files are never complete.
pub fn each_cluster(
    estate: &Estate,
    claims: &mut Claims,
    judge: impl Fn(u32, &Graph<'_>, &mut Findings),
) {
    // An object of the shared part is seen once per cluster, and told once.
    let mut told: HashSet<(Subject, &'static str, Option<Place>)> = HashSet::new();
    for cluster in clusters(estate) {
        let graph = Graph::new(objects_of(estate, cluster));
        let declared = graph.roles().iter().any(|role| role.object.is_some());
        if graph.bindings().is_empty() && !declared {
            continue;
        }
        let mut findings = Findings::default();
        judge(cluster, &graph, &mut findings);
        for (subject, mut exposures) in findings.by_subject {
            if exposures.is_empty() {
                if told.insert((subject.clone(), "", None)) {
                    claims.state(subject, Claim::unproven(SET_NOT_COMPLETE));
                }
                continue;
            }
            exposures.retain(|exposure| {
                let place = exposure.witnesses.first().and_then(Witness::place);
                told.insert((subject.clone(), exposure.cause, place))
            });
            if !exposures.is_empty() {
                claims.state(subject, Claim::Exposed(exposures));
            }
        }
    }
}

/// Exposures by subject.
#[derive(Debug, Default)]
pub struct Findings {
    by_subject: BTreeMap<Subject, Vec<Exposure>>,
}

impl Findings {
    /// Adds an exposure.
    pub fn add(&mut self, subject: Subject, exposure: Exposure) {
        self.by_subject.entry(subject).or_default().push(exposure);
    }

    /// Says that a subject was looked at.
    pub fn consider(&mut self, subject: Subject) {
        self.by_subject.entry(subject).or_default();
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_subject.values().all(Vec::is_empty)
    }
}

/// The cluster as a subject.
#[must_use]
pub fn cluster_subject(estate: &Estate, cluster: u32) -> Subject {
    let name = usize::try_from(cluster)
        .ok()
        .and_then(|index| estate.all::<Cluster>().get(index))
        .map_or(".", |cluster| &*cluster.name);
    Subject::new("Kubernetes cluster", name, None)
}

/// A binding as a subject.
#[must_use]
pub fn binding_subject(binding: &Binding<'_>) -> Subject {
    let kind = if &*binding.object.kind == "RoleBinding" {
        "RoleBinding"
    } else {
        "ClusterRoleBinding"
    };
    Subject::new(
        kind,
        binding.object.qualified_name(),
        Some(binding.object.name_place()),
    )
}

/// Whom a binding names, as a subject. It has no place, since several bindings may name it.
#[must_use]
pub fn subject_of(subject: &RbacSubject) -> Subject {
    match (subject.kind, &subject.namespace) {
        (SubjectKind::ServiceAccount, namespace) => Subject::new(
            "ServiceAccount",
            format!(
                "{}/{}",
                namespace.as_deref().unwrap_or("default"),
                subject.name
            ),
            None,
        ),
        (SubjectKind::User, _) => Subject::new("User", subject.name.clone(), None),
        (SubjectKind::Group, _) => Subject::new("Group", subject.name.clone(), None),
    }
}

/// A word of a rule as a fact; in a role that Kubernetes ships, the binding's reference to the role.
pub fn term_fact(
    estate: &Estate,
    grant: &Grant<'_, '_>,
    field: &str,
    term: Term<'_>,
    label: &str,
) -> Witness {
    match term.place {
        Some(place) => fact(estate, place, label).key(field).value(term.text),
        None => role_fact(estate, grant.binding, label),
    }
}

/// The role that a binding names, as a fact.
pub fn role_fact(estate: &Estate, binding: &Binding<'_>, label: &str) -> Witness {
    fact(estate, binding.role_place, label)
        .key("roleRef.name")
        .value(binding.role_name)
}

/// Where a binding names a subject, as a fact.
pub fn subject_fact(estate: &Estate, grant: &Grant<'_, '_>) -> Witness {
    fact(estate, grant.subject_place, "is granted it")
        .key("subjects[].name")
        .value(grant.subject.name.clone())
}
