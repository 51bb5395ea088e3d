//! Words of directories, services and commands that name a role.

use settings::hadoop::{Role, Roles};

/// Products that bring Hadoop's client with them. A directory of theirs holds client files, if it stands close: a whole
/// Hadoop in an image named `hive-kerberized` does not.
const PRODUCTS: [&str; 26] = [
    "airflow",
    "atlas",
    "drill",
    "druid",
    "flink",
    "flume",
    "hbase",
    "hive",
    "hms",
    "hue",
    "impala",
    "jupyter",
    "kafka",
    "knox",
    "kylin",
    "livy",
    "metastore",
    "nifi",
    "oozie",
    "phoenix",
    "presto",
    "ranger",
    "solr",
    "spark",
    "trino",
    "zeppelin",
];
/// How many components of a path may follow a product's name: `trino/conf`.
const CLOSE: usize = 2;

/// Directory words that name a role. Digits at the end (`nn1`) are dropped before comparing.
const WORDS: [(&[&str], &[Role]); 13] = [
    (&["nn", "namenode", "namenodes"], &[Role::NameNode]),
    (&["dn", "datanode", "datanodes"], &[Role::DataNode]),
    (&["jn", "journalnode", "journalnodes"], &[Role::JournalNode]),
    (&["snn", "secondarynamenode"], &[Role::SecondaryNameNode]),
    (&["router", "rbf"], &[Role::Router]),
    (&["kms"], &[Role::Kms]),
    (&["httpfs"], &[Role::HttpFs]),
    (&["rm", "resourcemanager"], &[Role::ResourceManager]),
    (&["nm", "nodemanager", "nodemanagers"], &[Role::NodeManager]),
    (&["jhs", "jobhistory", "historyserver"], &[Role::JobHistory]),
    (&["nfs", "nfsgateway"], &[Role::NfsGateway]),
    (&["zkfc"], &[Role::FailoverController]),
    (&["client", "clients", "gateway", "edge"], &[Role::Client]),
];

/// The roles of a word, in any case, with or without blanks, dashes and underscores; none for a word that names no role.
pub(crate) fn named(name: &str) -> &'static [Role] {
    let name = name.to_ascii_lowercase().replace([' ', '-', '_'], "");
    if PRODUCTS.contains(&name.as_str()) {
        return &[Role::Client];
    }
    WORDS
        .iter()
        .find(|(words, _)| words.contains(&name.as_str()))
        .map_or(&[], |(_, roles)| roles)
}

/// Reads the last path component that names a role: `hadoop/nn1`, `conf/datanode-group-b`, `ConfigMap hdfs/namenode-conf`.
pub(super) fn from_path(name: &str) -> Roles {
    let mut roles = Roles::default();
    for (above, component) in name.rsplit('/').enumerate() {
        for word in component.split(|c: char| !c.is_ascii_alphanumeric()) {
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
            if above >= CLOSE
                && PRODUCTS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(word))
            {
                continue;
            }
            for role in named(word) {
                roles.add(*role);
            }
        }
        if !roles.is_empty() {
            break;
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_counts_and_a_product_only_when_it_stands_close() {
        let roles = |path| from_path(path);
        assert_eq!(roles("hadoop/nn1"), Roles::of(&[Role::NameNode]));
        assert_eq!(roles("dn/conf"), Roles::of(&[Role::DataNode]));
        assert_eq!(roles("etc/trino/conf"), Roles::of(&[Role::Client]));
        assert_eq!(roles("hive-tests/files/etc/hadoop/conf"), Roles::default());
        assert_eq!(roles("gateway/etc/hadoop/conf"), Roles::of(&[Role::Client]));
    }
}
