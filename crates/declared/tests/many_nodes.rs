//! Estates with a directory for each of many nodes, as configuration management writes them.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use model::Estate;
use settings::hadoop::Configuration;
use settings::hadoop::configuration::Cluster;
use settings::hadoop::resource::ResourceKind;
use std::time::{Duration, Instant};
use wardline_declared::{Input, Ties, read};

fn estate(files: Vec<(String, String)>) -> Estate {
    let inputs = files
        .into_iter()
        .map(|(name, text)| Input::Bytes(name, text.into_bytes()));
    read(inputs.collect(), &Ties::default())
}

fn file(properties: &[(&str, &str)]) -> String {
    let properties: String = properties
        .iter()
        .map(|(name, value)| {
            format!("<property><name>{name}</name><value>{value}</value></property>\n")
        })
        .collect();
    format!("<configuration>\n{properties}</configuration>\n")
}

const HERE: (&str, &str) = ("fs.defaultFS", "hdfs://prod");

#[test]
fn nodes_that_say_the_same_are_compared_as_two() {
    let node = file(&[HERE, ("hadoop.security.authentication", "kerberos")]);
    let other = file(&[HERE, ("hadoop.security.authentication", "simple")]);
    let mut files: Vec<_> = (0..200)
        .map(|n| (format!("node{n}/core-site.xml"), node.clone()))
        .collect();
    files.push(("node900/core-site.xml".to_owned(), other));
    // The same words, but it is a NameNode.
    files.push(("nn1/core-site.xml".to_owned(), node));
    let estate = estate(files);
    let [cluster] = estate.all::<Cluster>() else {
        panic!("one cluster");
    };
    assert_eq!(cluster.members.len(), 202);
    let names: Vec<&str> = cluster
        .compared
        .iter()
        .map(|index| &*estate.all::<Configuration>()[*index].name)
        .collect();
    assert_eq!(names, ["nn1", "node0", "node1", "node900"]);
}

#[test]
fn a_file_that_sets_nothing_still_tells_nodes_apart() {
    let core = file(&[HERE]);
    let estate = estate(vec![
        ("node1/core-site.xml".to_owned(), core.clone()),
        ("node2/core-site.xml".to_owned(), core.clone()),
        ("node3/core-site.xml".to_owned(), core.clone()),
        ("node4/core-site.xml".to_owned(), core),
        ("node4/hdfs-site.xml".to_owned(), file(&[])),
    ]);
    let cluster = &estate.all::<Cluster>()[0];
    assert_eq!(cluster.compared.len(), 3, "the first two and the fourth");
}

#[test]
fn what_names_no_cluster_belongs_to_the_nearest() {
    let named = |name: &str| file(&[("fs.defaultFS", &format!("hdfs://{name}"))]);
    let nameless = file(&[("dfs.permissions.enabled", "true")]);
    let estate = estate(vec![
        ("sites/a/core/core-site.xml".to_owned(), named("a")),
        ("sites/b/core/core-site.xml".to_owned(), named("b")),
        ("sites/a/extra/hdfs-site.xml".to_owned(), nameless.clone()),
        ("sites/hdfs-site.xml".to_owned(), nameless),
    ]);
    let of = |name: &str| {
        let mut all = estate.all::<Configuration>().iter();
        let own = all.find(|configuration| &*configuration.name == name);
        let cluster = own.unwrap().cluster?;
        Some(estate.all::<Cluster>()[cluster].name.to_string())
    };
    assert_eq!(of("sites/a/extra").as_deref(), Some("a"));
    assert_eq!(of("sites"), None, "both are as near");
}

#[test]
fn core_site_is_lent_by_what_stands_above_or_beside() {
    let core = |name: &str| file(&[HERE, ("hadoop.tmp.dir", name)]);
    let hdfs = file(&[("dfs.permissions.enabled", "true")]);
    let estate = estate(vec![
        ("core-site.xml".to_owned(), core("top")),
        ("conf/common/core-site.xml".to_owned(), core("common")),
        ("conf/nn1/hdfs-site.xml".to_owned(), hdfs.clone()),
        ("elsewhere/nn2/hdfs-site.xml".to_owned(), hdfs),
    ]);
    let lent = |name: &str| {
        let mut all = estate.all::<Configuration>().iter();
        let own = all
            .find(|configuration| &*configuration.name == name)
            .unwrap();
        let core = own.resource(ResourceKind::Core).unwrap();
        core.properties[1].value.clone().unwrap().into_string()
    };
    assert_eq!(lent("conf/nn1"), "common");
    assert_eq!(lent("elsewhere/nn2"), "top");
}

/// Quadratic work over nodes took minutes for a thousand of them; this bound is far above what linear work takes, also
/// without optimisation.
#[test]
fn thousands_of_nodes_are_put_together_in_seconds() {
    let files = (0..3000).flat_map(|n| {
        let own = format!("host{n}.example");
        let core = file(&[HERE, ("hadoop.tmp.dir", &own)]);
        let hdfs = file(&[("dfs.datanode.hostname", &own)]);
        [
            (format!("nodes/{n}/core-site.xml"), core),
            (format!("bare/{n}/hdfs-site.xml"), hdfs),
        ]
    });
    let started = Instant::now();
    let estate = estate(files.collect());
    assert_eq!(estate.all::<Configuration>().len(), 6000);
    assert!(started.elapsed() < Duration::from_secs(60));
}
