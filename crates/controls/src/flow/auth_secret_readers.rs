//! Readers of Spark's RPC secret: is the set of people who can read it the set meant to?
//!
//! # What it proves
//! Who else than the application may read the secret by which Spark's processes know each other on Kubernetes: where the
//! secret stands, joined with who may read that place.
//!
//! # Why it matters: the attack
//! Whoever has the secret registers as an executor, gets the application's data and runs code in its driver. Without a secret
//! file Spark writes it into the executors' pods as a variable, and everybody with the role `view` reads pods.
//!
//! # How each depth is read
//! - declared: `spark.authenticate` and the secret's place, beside roles and bindings of the application's namespace. Spark's
//!   own account, operators, controllers, the control plane and cluster administrators count as meant to.
//! - loaded: complete lists of roles and bindings, and the pods themselves.
//! - observed: nothing.
//! - recorded: gets and lists of pods in the audit trail.
//!
//! # How to fix
//! Mount the secret as a file and name it in `spark.authenticate.secret.file` for driver and executors. Then narrow who reads
//! that Secret.
//!
//! # References
//! - BasicExecutorFeatureStep.scala (Spark 3.0 to 4.0), `_SPARK_AUTH_SECRET`; apache/spark pull request 23174
//! - Spark security, "Kubernetes"; bootstrappolicy/policy.go: view reads pods and configmaps, no secrets

use crate::judging_kubernetes::{clusters, fact, objects_of, same_cluster};
use crate::judging_rbac::{READING_VERBS, SET_NOT_COMPLETE, subject_fact, term_fact};
use crate::judging_spark::each_spark;
use crate::spark_accounts::{Account, is_one_of, spark_accounts};
use crate::spark_pods::{is_beneath, object, templates};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::kubernetes::rbac::{Grant, Graph, RbacSubject, Shipped, SubjectKind};
use settings::spark::{Kind, Master, Spark};
use std::cell::LazyCell;
use std::collections::BTreeSet;
use text::Node;

/// What this control is.
pub const META: Meta = Meta {
    title: "Readers of the RPC secret",
    question: "Is the set of people who can read the Spark secret the set meant to?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "pod-readers",
            severity: Severity::High,
            title: "the RPC secret stands in the executors' pods, and others may read pods",
            remedy: "mount the secret as a file and set spark.authenticate.secret.file for driver and executors",
        },
        Cause {
            slug: "configmap-readers",
            severity: Severity::High,
            title: "the RPC secret stands in a ConfigMap, and others may read ConfigMaps",
            remedy: "take the secret out of the properties and mount it as a file",
        },
        Cause {
            slug: "secret-readers",
            severity: Severity::Medium,
            title: "others than the application may read the Secret that holds the RPC secret",
            remedy: "grant get on single Secrets by resourceNames, to their owners",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Secrets,
    since: "0.1.0",
};

const SECRET: &str = "spark.authenticate.secret";

/// A cluster's grants, and the accounts that are meant to read.
struct Readers<'e> {
    cluster: u32,
    graph: Graph<'e>,
    owners: BTreeSet<Account>,
}

/// Judges each application on Kubernetes.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    // For the first application that asks: most trees run none.
    let clusters: LazyCell<Vec<Readers<'_>>, _> = LazyCell::new(|| readers(estate));
    let applies = |kind: Kind| kind.is_application() && kind != Kind::Defaults;
    each_spark(
        estate,
        claims,
        |deployment| applies(deployment.kind),
        |spark| application(estate, spark, &clusters),
    );
}

fn readers(estate: &Estate) -> Vec<Readers<'_>> {
    clusters(estate)
        .into_iter()
        .map(|cluster| {
            let graph = Graph::new(objects_of(estate, cluster));
            let owners = spark_accounts(estate, cluster, &graph);
            Readers {
                cluster,
                graph,
                owners,
            }
        })
        .collect()
}

fn application(estate: &Estate, spark: &Spark<'_>, clusters: &[Readers<'_>]) -> Claim {
    match spark.master() {
        Master::Kubernetes => {}
        Master::Unknown => return Claim::unproven("the master is not known"),
        Master::Yarn | Master::Standalone | Master::Local => {
            return Claim::not_applicable("not on Kubernetes");
        }
    }
    let authenticate = spark.switch("spark.authenticate");
    if authenticate.is_off() {
        return Claim::not_applicable("spark.authenticate is off, so there is no RPC secret");
    }
    if let Some(reason) = authenticate.doubt() {
        let witness = spark.witness(&authenticate.effective, "decides");
        return Claim::Unproven(reason.into(), vec![witness]);
    }
    let own_cluster = object(spark).map_or(0, |object| object.cluster);
    let namespace = spark.get("spark.kubernetes.namespace");
    // An operator's resource runs in its own namespace; a submission names one, and the default is `default`.
    let namespace: Option<&str> = spark
        .deployment
        .namespace
        .as_deref()
        .or_else(|| namespace.text());
    let mut judgement = Judgement::new();
    for readers in clusters
        .iter()
        .filter(|readers| same_cluster(readers.cluster, own_cluster))
    {
        in_pods(estate, spark, readers, namespace, &mut judgement);
        in_config_map(estate, spark, readers, namespace, &mut judgement);
        in_secret(estate, spark, readers, namespace, &mut judgement);
    }
    judgement.otherwise(Claim::Unproven(
        SET_NOT_COMPLETE.into(),
        vec![spark.witness(&authenticate.effective, "on")],
    ))
}

/// The file in which executors find the secret, if they find it in one.
fn executor_file(spark: &Spark<'_>) -> Option<String> {
    [
        "spark.authenticate.secret.executor.file",
        "spark.authenticate.secret.file",
    ]
    .into_iter()
    .map(|key| spark.get(key))
    .find(|file| file.is_set() || file.is_unknown())
    .map(|file| file.str().to_owned())
}

/// Without a file the secret is a variable of every executor's pod.
fn in_pods(
    estate: &Estate,
    spark: &Spark<'_>,
    readers: &Readers<'_>,
    namespace: Option<&str>,
    judgement: &mut Judgement,
) {
    if executor_file(spark).is_some() {
        return;
    }
    let found = others(readers, namespace, &["get", "list", "watch"], "pods", None);
    if let Some((names, witnesses)) = told(estate, &found, "pods") {
        let authenticate = spark.switch("spark.authenticate");
        judgement.expose(
            exposure("pod-readers", witnesses)
                .with(spark.witness(&authenticate.effective, "no secret file: the secret is a variable of the pods"))
                .message(format!("the RPC secret stands in the executors' pod specification as _SPARK_AUTH_SECRET, which may be read by {names}")),
        );
    }
}

/// A literal among the properties ends in the ConfigMap that Spark makes for the driver, if it did not come from one.
fn in_config_map(
    estate: &Estate,
    spark: &Spark<'_>,
    readers: &Readers<'_>,
    namespace: Option<&str>,
    judgement: &mut Judgement,
) {
    let secret = spark.get(SECRET);
    let is_literal = secret.is_written()
        && secret.is_set()
        && !settings::spark::secret::is_placeholder(secret.str());
    if !is_literal {
        return;
    }
    let found = others(
        readers,
        namespace,
        &["get", "list", "watch"],
        "configmaps",
        None,
    );
    if let Some((names, witnesses)) = told(estate, &found, "configmaps") {
        judgement.expose(
            exposure("configmap-readers", witnesses)
                .with(spark.witness(&secret, "a literal"))
                .message(format!("the literal RPC secret ends in the driver's ConfigMap, which may be read by {names}")),
        );
    }
}

/// With a file mounted from a Secret, the readers of that Secret.
fn in_secret(
    estate: &Estate,
    spark: &Spark<'_>,
    readers: &Readers<'_>,
    namespace: Option<&str>,
    judgement: &mut Judgement,
) {
    let Some(file) = executor_file(spark) else {
        return;
    };
    let Some((name, place)) = mounted(estate, spark, &file) else {
        return;
    };
    let found = others(readers, namespace, &READING_VERBS, "secrets", Some(&name));
    if let Some((names, witnesses)) = told(estate, &found, "secrets") {
        judgement.expose(
            exposure("secret-readers", witnesses)
                .with(place)
                .message(format!(
                    "the Secret {name} holds the RPC secret and may be read by {names}"
                )),
        );
    }
}

/// The Secret that executors mount over a path, and where that is said.
fn mounted(estate: &Estate, spark: &Spark<'_>, file: &str) -> Option<(String, Witness)> {
    let prefix = "spark.kubernetes.executor.secrets.";
    let by_property = spark.settings().find_map(|setting| {
        let name = setting.key.strip_prefix(prefix)?;
        is_beneath(file, &setting.value)
            .then(|| (name.to_owned(), spark.setting_witness(setting, "mounts it")))
    });
    by_property.or_else(|| {
        templates(spark, "executor").iter().find_map(|template| {
            let volumes = template.volumes();
            let containers = template.containers();
            let mounts = containers.iter().flat_map(|c| c.volume_mounts());
            mounts.into_iter().find_map(|mount| {
                let root = mount.get("mountPath").and_then(Node::str)?;
                let volume = mount.get("name").and_then(Node::str)?;
                let volume = volumes.iter().find(|v| v.name == volume)?;
                let name = volume.secrets().into_iter().next()?;
                let place = fact(estate, template.object.place(name), "mounts it");
                is_beneath(file, root)
                    .then(|| Some((name.str()?.to_owned(), place)))
                    .flatten()
            })
        })
    })
}

/// Grants by which somebody else than the application reads a resource of its namespace.
fn others<'g, 'e>(
    readers: &'g Readers<'e>,
    namespace: Option<&str>,
    verbs: &[&'static str],
    resource: &'static str,
    name: Option<&str>,
) -> Vec<(Grant<'g, 'e>, &'static str)> {
    let graph = &readers.graph;
    let mut seen: BTreeSet<&RbacSubject> = BTreeSet::new();
    graph
        .grants()
        .filter(|grant| grant.holds_in(namespace.unwrap_or_default()))
        .filter_map(|grant| {
            let verb = verbs.iter().find(|verb| {
                grant.rule.allows(verb, "", resource, name) && grant.reaches(verb, "", resource)
            })?;
            Some((grant, *verb))
        })
        .filter(|(grant, _)| {
            let is_admin = grant.role.name == "cluster-admin"
                && graph.shipped(grant.role) == Shipped::Unchanged;
            !is_admin
                && !graph.is_default(grant)
                && !grant.subject.is_control_plane()
                && !is_meant(grant.subject, &readers.owners)
        })
        .filter(|(grant, _)| seen.insert(grant.subject))
        .collect()
}

/// Spark's own accounts, and those that run it.
fn is_meant(subject: &RbacSubject, owners: &BTreeSet<Account>) -> bool {
    let runs_it = subject.kind == SubjectKind::ServiceAccount
        && ["operator", "controller"]
            .iter()
            .any(|word| subject.name.contains(word));
    runs_it || is_one_of(subject, owners)
}

/// The readers by name, and the words that let them; `None` without any.
fn told(
    estate: &Estate,
    found: &[(Grant<'_, '_>, &'static str)],
    resource: &str,
) -> Option<(String, Vec<Witness>)> {
    let mut names: Vec<String> = found
        .iter()
        .take(6)
        .map(|(grant, _)| format!("{} (role {})", grant.subject, grant.role.name))
        .collect();
    if found.len() > names.len() {
        names.push(format!("{} more", found.len() - names.len()));
    }
    // Who reads comes first: that is the line to take out, or to leave.
    let witnesses: Vec<Witness> = found
        .iter()
        .take(6)
        .filter_map(|(grant, verb)| {
            let [_, _, term] = grant.rule.matching_resource(verb, "", resource)?;
            let right = term_fact(estate, grant, "resources", term, "lets it read");
            Some([subject_fact(estate, grant), right])
        })
        .flatten()
        .collect();
    (!witnesses.is_empty()).then(|| (names.join(", "), witnesses))
}

fn exposure(cause: &'static str, witnesses: Vec<Witness>) -> Exposure {
    Exposure {
        cause,
        severity: None,
        message: Box::default(),
        witnesses,
        remedy: None,
        consequence_of: None,
    }
}
