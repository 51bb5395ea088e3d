//! The ServiceAccounts under which Spark runs.

use crate::judging_kubernetes::same_cluster;
use model::Estate;
use settings::kubernetes::object::Object;
use settings::kubernetes::pod::pod_templates;
use settings::kubernetes::rbac::{Graph, RbacSubject, SubjectKind};
use settings::spark::{Deployment, PropertiesFile, Setting};
use std::collections::BTreeSet;

/// The keys that name an account of drivers, or of both.
const ACCOUNT_KEYS: [&str; 2] = [
    "spark.kubernetes.authenticate.driver.serviceAccountName",
    "spark.kubernetes.authenticate.serviceAccountName",
];

/// A ServiceAccount: namespace and name.
pub type Account = (String, String);

/// Whether a group holds Spark's custom resources.
#[must_use]
pub fn is_spark_group(group: &str) -> bool {
    matches!(group, "sparkoperator.k8s.io" | "spark.apache.org")
}

/// The accounts of Spark among those that the bindings of a cluster name: those that a resource, a submission or a properties
/// file names, and those that are called `spark`, as Spark's own documentation calls them.
#[must_use]
pub fn spark_accounts(estate: &Estate, cluster: u32, graph: &Graph<'_>) -> BTreeSet<Account> {
    let named = named(estate, cluster);
    let mut accounts: BTreeSet<Account> = BTreeSet::new();
    for bound in graph.bindings().iter().flat_map(|b| &b.subjects) {
        let subject = &bound.subject;
        let (SubjectKind::ServiceAccount, Some(namespace)) = (subject.kind, &subject.namespace)
        else {
            continue;
        };
        let by_name = is_called_spark(&subject.name);
        let name = subject.name.to_string();
        let by_reference = named.contains(&(Some(namespace.to_string()), name.clone()))
            || named.contains(&(None, name));
        if by_name || by_reference {
            accounts.insert((namespace.to_string(), subject.name.to_string()));
        }
    }
    accounts
}

/// Whether a subject is one of some accounts itself, not a group that holds it.
#[must_use]
pub fn is_one_of(subject: &RbacSubject, accounts: &BTreeSet<Account>) -> bool {
    match (subject.kind, &subject.namespace) {
        (SubjectKind::ServiceAccount, Some(namespace)) => {
            accounts.contains(&(namespace.to_string(), subject.name.to_string()))
        }
        _ => false,
    }
}

/// `spark`, `spark-driver`, `spark-sql`, ...; not an operator's or a History Server's account. The SQL servers are drivers too.
fn is_called_spark(name: &str) -> bool {
    const PARTS: [&str; 12] = [
        "spark",
        "driver",
        "executor",
        "sa",
        "job",
        "jobs",
        "app",
        "account",
        "serviceaccount",
        "sql",
        "thrift",
        "connect",
    ];
    let mut parts = name.split('-');
    let parts: Vec<&str> = parts.by_ref().collect();
    parts.contains(&"spark") && parts.iter().all(|part| PARTS.contains(part))
}

/// Accounts that something names, with the namespace where it is known. The account `default` is not Spark's alone.
fn named(estate: &Estate, cluster: u32) -> BTreeSet<(Option<String>, String)> {
    let mut named = BTreeSet::new();
    let objects = estate.all::<Object>();
    // Operators' resources, and the pods of Connect and Thrift servers, which are drivers as well.
    let servers = estate
        .all::<Deployment>()
        .iter()
        .filter(|deployment| deployment.kind.is_application())
        .filter_map(|deployment| objects.get(deployment.object?));
    let resources = objects
        .iter()
        .filter(|object| is_spark_group(object.group()));
    for object in resources.chain(servers) {
        if !same_cluster(object.cluster, cluster) {
            continue;
        }
        for template in pod_templates(object) {
            if let Some(name) = template.service_account_name().and_then(|node| node.str()) {
                named.insert((
                    Some(object.namespace_or_default().to_owned()),
                    name.to_owned(),
                ));
            }
        }
    }
    for deployment in estate.all::<Deployment>() {
        let settings: Vec<&Setting> = deployment
            .layers
            .iter()
            .flat_map(|layer| &layer.settings)
            .collect();
        let namespace = last(&settings, "spark.kubernetes.namespace")
            .or_else(|| deployment.namespace.as_deref().map(str::to_owned));
        add(&settings, namespace.as_deref(), &mut named);
    }
    for file in estate.all::<PropertiesFile>() {
        let settings: Vec<&Setting> = file.settings.iter().collect();
        let namespace = last(&settings, "spark.kubernetes.namespace");
        add(&settings, namespace.as_deref(), &mut named);
    }
    named.retain(|(_, name)| name != "default");
    named
}

fn add(
    settings: &[&Setting],
    namespace: Option<&str>,
    named: &mut BTreeSet<(Option<String>, String)>,
) {
    for key in ACCOUNT_KEYS {
        if let Some(name) = last(settings, key) {
            named.insert((namespace.map(str::to_owned), name));
        }
    }
}

/// The value of a key, where it is known.
fn last(settings: &[&Setting], key: &str) -> Option<String> {
    settings
        .iter()
        .rev()
        .find(|setting| &*setting.key == key)
        .filter(|setting| !setting.dynamic && !setting.value.is_empty())
        .map(|setting| setting.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::is_called_spark;

    #[test]
    fn an_operator_is_no_driver() {
        assert!(is_called_spark("spark") && is_called_spark("spark-driver"));
        assert!(!is_called_spark("spark-operator") && !is_called_spark("sparkle"));
        assert!(!is_called_spark("spark-history") && !is_called_spark("driver"));
    }
}
