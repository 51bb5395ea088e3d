//! Spark account: does Spark hold only the rights it needs?
//!
//! # What it proves
//! That the ServiceAccount of Spark's drivers can make its pods and no more: it reads no Secrets through the API, opens no
//! shells, and is not bound beyond its namespace.
//!
//! # Why it matters: the attack
//! A driver runs the code of whoever submits a job, and that code has the account's token. The documented
//! `kubectl create clusterrolebinding ... --clusterrole=edit` makes every job a reader of every Secret of the cluster; the
//! `--namespace` beside it has no effect.
//!
//! # How each depth is read
//! - declared: the accounts that SparkApplications, submissions and properties files name, or that are called spark, and every
//!   role that they are bound to; `kubectl create clusterrolebinding` in scripts.
//! - loaded: complete lists of roles and bindings.
//! - observed: nothing.
//! - recorded: the rights that the audit trail shows in use.
//!
//! # How to fix
//! Write a Role in Spark's namespace with create, get, list, watch, delete and deletecollection on pods, configmaps, services
//! and persistentvolumeclaims, bind it, then remove the old binding. Keep one namespace per trust domain.
//!
//! # References
//! - KubernetesClusterSchedulerBackend.scala (Spark 4); Running Spark on Kubernetes, "RBAC"
//! - bootstrappolicy/policy.go: edit reads and writes secrets; run on kube-apiserver 1.37.2

use crate::judging_kubernetes::{fact, objects_of};
use crate::judging_rbac::{
    Findings, READING_VERBS, each_cluster, role_fact, subject_fact, subject_of, term_fact,
};
use crate::spark_accounts::{Account, is_spark_group, spark_accounts};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Meta, Place, Safety, Severity, Stage, Subject,
};
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::pod_templates;
use settings::kubernetes::rbac::{
    Binding, Grant, Graph, RbacSubject, Reach, Scope, Shipped, SubjectKind,
};
use settings::script::Script;
use settings::spark::Deployment;
use std::collections::BTreeSet;

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark account",
    question: "Does Spark hold only the rights it needs?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "edit-cluster-wide",
            severity: Severity::High,
            title: "a Spark account holds edit or admin in the whole cluster, so every job reads every Secret",
            remedy: "bind a Role with the rights of a driver in Spark's namespace, then delete the ClusterRoleBinding",
        },
        Cause {
            slug: "edit-in-namespace",
            severity: Severity::Medium,
            title: "a Spark account holds edit or admin, so every job reads every Secret of the namespace",
            remedy: "bind a Role with the rights of a driver instead",
        },
        Cause {
            slug: "secrets-granted",
            severity: Severity::High,
            title: "a Spark account's own role grants secrets, shells or every verb",
            remedy: "name the verbs that a driver uses on pods, configmaps, services and persistentvolumeclaims",
        },
        Cause {
            slug: "shared-trust-domain",
            severity: Severity::Medium,
            title: "Spark makes pods in a namespace whose Secrets belong to others, and may mount them",
            remedy: "give Spark a namespace of its own",
        },
        Cause {
            slug: "missing-deletecollection",
            severity: Severity::Low,
            title: "a Spark account may make objects that it may not clean up",
            remedy: "add deletecollection for pods, configmaps, services and persistentvolumeclaims",
        },
    ],
    safety: Safety::Safe,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Judges each account of Spark.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_cluster(estate, claims, |cluster, graph, findings| {
        for account in spark_accounts(estate, cluster, graph) {
            judge_account(estate, cluster, graph, &account, findings);
        }
    });
    for script in estate.all::<Script>() {
        commands(estate, script, claims);
    }
}

fn judge_account(
    estate: &Estate,
    cluster: u32,
    graph: &Graph<'_>,
    account: &Account,
    findings: &mut Findings,
) {
    let subject = subject_of(&RbacSubject::account(&account.0, &account.1));
    findings.consider(subject.clone());
    let mut has_edit = false;
    for binding in direct(graph, account) {
        if let Some(exposure) = edit(estate, graph, binding, account) {
            has_edit = true;
            findings.add(subject.clone(), exposure);
        }
        for exposure in own_role(estate, graph, binding, account) {
            findings.add(subject.clone(), exposure);
        }
    }
    if has_edit {
        return;
    }
    for exposure in [
        shared_domain(estate, cluster, graph, account),
        no_clean_up(estate, graph, account),
    ]
    .into_iter()
    .flatten()
    {
        findings.add(subject.clone(), exposure);
    }
}

/// The bindings that name the account itself. What a group of accounts holds is the matter of k8s/broad-grants.
fn direct<'g, 'o>(
    graph: &'g Graph<'o>,
    account: &Account,
) -> impl Iterator<Item = &'g Binding<'o>> {
    graph.bindings().iter().filter(move |binding| {
        binding
            .subjects
            .iter()
            .any(|bound| is_account(&bound.subject, account))
    })
}

fn is_account(subject: &RbacSubject, account: &Account) -> bool {
    subject.kind == SubjectKind::ServiceAccount && subject.includes_account(&account.0, &account.1)
}

/// A binding of `edit` or `admin`. One in another namespace than the account's own counts as beyond it.
fn edit(
    estate: &Estate,
    graph: &Graph<'_>,
    binding: &Binding<'_>,
    account: &Account,
) -> Option<Exposure> {
    let role = graph.role_of(binding)?;
    let is_edit = role.is_cluster_role()
        && matches!(role.name, "edit" | "admin")
        && graph.shipped(role) != Shipped::No;
    if !is_edit {
        return None;
    }
    let witness = role_fact(estate, binding, "reads and writes secrets, opens shells");
    let named = binding
        .subjects
        .iter()
        .find(|bound| is_account(&bound.subject, account));
    let exposure = match &binding.scope {
        Scope::Cluster => Exposure::new("edit-cluster-wide", witness).message(format!(
            "{} is bound to {} in every namespace",
            RbacSubject::account(&account.0, &account.1),
            role.name
        )),
        Scope::Namespace(namespace) => {
            Exposure::new("edit-in-namespace", witness).message(format!(
                "{} is bound to {} in {namespace}",
                RbacSubject::account(&account.0, &account.1),
                role.name
            ))
        }
    };
    Some(match named {
        Some(bound) => exposure.with(
            fact(estate, bound.place, "Spark's account")
                .key("subjects[].name")
                .value(bound.subject.name.clone()),
        ),
        None => exposure,
    })
}

/// Secrets, shells and stars for verbs in a role that somebody wrote.
fn own_role(
    estate: &Estate,
    graph: &Graph<'_>,
    binding: &Binding<'_>,
    account: &Account,
) -> Vec<Exposure> {
    let mut exposures: Vec<Exposure> = Vec::new();
    let mut told: BTreeSet<Place> = BTreeSet::new();
    let mut stars: Option<Exposure> = None;
    for grant in graph.grants_of(binding) {
        let Some(place) = grant.rule.place else {
            continue;
        };
        if !is_account(grant.subject, account) {
            continue;
        }
        let secrets = READING_VERBS
            .iter()
            .filter(|verb| grant.reaches(verb, "", "secrets"))
            .find_map(|verb| grant.rule.matching_resource(verb, "", "secrets"));
        let shells = grant
            .reaches("create", "", "pods/exec")
            .then(|| grant.rule.matching_resource("create", "", "pods/exec"))
            .flatten();
        let every_verb = grant.rule.verbs.iter().find(|verb| verb.text == "*");
        let (witness, what) = match (secrets, shells, every_verb) {
            (Some([_, _, term]), ..) => (
                term_fact(estate, &grant, "resources", term, "secrets are read"),
                "reads secrets",
            ),
            (None, Some([_, _, term]), _) => (
                term_fact(estate, &grant, "resources", term, "shells in pods"),
                "opens shells in pods",
            ),
            (None, None, Some(term)) => (
                term_fact(estate, &grant, "verbs", *term, "every verb"),
                "holds every verb on what it lists",
            ),
            (None, None, None) => continue,
        };
        if !told.insert(place) {
            continue;
        }
        let is_star = what.contains("every verb");
        if is_star && let Some(first) = stars.take() {
            stars = Some(first.with(witness));
            continue;
        }
        let exposure = Exposure::new("secrets-granted", witness)
            .with(role_fact(estate, binding, "binds the role"))
            .with(subject_fact(estate, &grant))
            .message(format!("the role {} {what}", grant.role.name));
        if is_star {
            // Neither Secrets nor shells: more than a driver needs of what it needs anyway.
            stars = Some(exposure.severity(Severity::Medium));
        } else {
            exposures.push(exposure);
        }
    }
    exposures.extend(stars);
    exposures
}

/// The grants that count for an account in its own namespace, groups included.
fn at_home<'g, 'o>(
    graph: &'g Graph<'o>,
    account: &'g Account,
) -> impl Iterator<Item = Grant<'g, 'o>> + 'g {
    graph.grants().filter(move |grant| {
        grant.subject.includes_account(&account.0, &account.1) && grant.holds_in(&account.0)
    })
}

/// Secrets of the namespace that a pod of somebody else uses, and none of Spark's.
fn shared_domain(
    estate: &Estate,
    cluster: u32,
    graph: &Graph<'_>,
    account: &Account,
) -> Option<Exposure> {
    let maker = at_home(graph, account)
        .find(|grant| matches!(grant.reach("create", "", "pods"), Reach::Everything))?;
    let [_, _, pods] = maker.rule.matching_resource("create", "", "pods")?;
    // A History Server or a Thrift server is Spark's own as well.
    let objects = estate.all::<Object>();
    let deployed: BTreeSet<Place> = estate
        .all::<Deployment>()
        .iter()
        .filter_map(|deployment| objects.get(deployment.object?))
        .map(Object::name_place)
        .collect();
    let mut of_spark: BTreeSet<&str> = BTreeSet::new();
    let mut of_others: Vec<(&str, Place, String)> = Vec::new();
    for object in objects_of(estate, cluster) {
        if object.namespace_or_default() != account.0 {
            continue;
        }
        for template in pod_templates(object) {
            let is_spark = is_spark_group(object.group())
                || object.name.contains("spark")
                || deployed.contains(&object.name_place())
                || template
                    .service_account_name()
                    .and_then(|name| name.str())
                    .is_some_and(|name| name == account.1);
            for secret in template.secrets() {
                let Some(name) = secret.name.str() else {
                    continue;
                };
                if is_spark {
                    of_spark.insert(name);
                } else {
                    of_others.push((name, object.place(secret.name), object.qualified_name()));
                }
            }
        }
    }
    let (name, place, owner) = of_others
        .into_iter()
        .find(|(name, ..)| !of_spark.contains(name))?;
    Some(
        Exposure::new(
            "shared-trust-domain",
            term_fact(estate, &maker, "resources", pods, "makes pods here"),
        )
        .with(fact(estate, place, "a Secret of somebody else").value(name))
        .message(format!(
            "whoever makes pods in {} may mount its Secrets; {name} belongs to {owner}",
            account.0
        )),
    )
}

/// Objects that the account may create and not delete together, which is how a driver cleans up.
fn no_clean_up(estate: &Estate, graph: &Graph<'_>, account: &Account) -> Option<Exposure> {
    let allowed = |verb: &str, resource: &str| {
        at_home(graph, account)
            .any(|grant| matches!(grant.reach(verb, "", resource), Reach::Everything))
    };
    if !allowed("create", "pods") {
        return None;
    }
    let missing: Vec<&str> = ["pods", "configmaps", "services"]
        .into_iter()
        .filter(|resource| allowed("create", resource) && !allowed("deletecollection", resource))
        .collect();
    let first = missing.first()?;
    let grant = at_home(graph, account).find(|grant| grant.reaches("create", "", first))?;
    let [verb, _, _] = grant.rule.matching_resource("create", "", first)?;
    Some(
        Exposure::new(
            "missing-deletecollection",
            term_fact(
                estate,
                &grant,
                "verbs",
                verb,
                "create without deletecollection",
            ),
        )
        .message(format!("no deletecollection on {}", missing.join(", "))),
    )
}

/// `kubectl create clusterrolebinding NAME --clusterrole=edit --serviceaccount=NS:spark` in a script.
fn commands(estate: &Estate, script: &Script, claims: &mut Claims) {
    for command in &script.commands {
        let words: Vec<&str> = command.words.iter().map(|w| w.text.as_str()).collect();
        let is_kubectl = words
            .first()
            .is_some_and(|word| word.rsplit('/').next() == Some("kubectl"));
        let kind = ["clusterrolebinding", "rolebinding"]
            .into_iter()
            .find(|kind| words.contains(kind) && words.contains(&"create"));
        let (true, Some(kind)) = (is_kubectl, kind) else {
            continue;
        };
        let value = |flag: &str| {
            words.iter().enumerate().find_map(|(index, word)| {
                let rest = word.strip_prefix(flag)?;
                match rest.strip_prefix('=') {
                    Some(value) => Some((index, value)),
                    None if rest.is_empty() => Some((index + 1, *words.get(index + 1)?)),
                    None => None,
                }
            })
        };
        let (Some((index, role)), Some((_, account))) =
            (value("--clusterrole"), value("--serviceaccount"))
        else {
            continue;
        };
        let named = account.rsplit(':').next().unwrap_or_default();
        let span = command.words.get(index).map_or(command.span, |w| w.span);
        if !matches!(role, "edit" | "admin") || !named.contains("spark") {
            continue;
        }
        let place = Place::new(script.source, span);
        let cause = if kind == "clusterrolebinding" {
            "edit-cluster-wide"
        } else {
            "edit-in-namespace"
        };
        let witness = fact(estate, place, "reads and writes secrets, opens shells")
            .key("--clusterrole")
            .value(role);
        let subject = Subject::new("ServiceAccount", account.replace(':', "/"), None);
        let exposure = Exposure::new(cause, witness).message(format!(
            "the script creates a {kind} of {role} to {account}"
        ));
        claims.state(subject, Claim::Exposed(vec![exposure]));
    }
}
