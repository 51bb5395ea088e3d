//! Which of Hadoop's files a text is, when its name is none of theirs.

use settings::hadoop::resource::{Property, ResourceKind};

/// The kind of a file whose name is none of Hadoop's, by its keys; or why nobody loads it.
pub(super) fn unnamed(
    name: &str,
    properties: &[Property],
) -> Result<Option<ResourceKind>, &'static str> {
    if name.ends_with("-default.xml") {
        return Err("a copy of a product's defaults, which daemons read from their own archive");
    }
    if OF_OTHERS.contains(&name) {
        return Err("keys of another product, which wardline does not judge");
    }
    let keys = properties.iter().map(|property| &*property.name);
    match ResourceKind::of_keys(keys) {
        // A file that sets next to nothing Hadoop knows belongs to another product with the same format.
        None if !properties.is_empty() => {
            Err("keys of another product, which wardline does not judge")
        }
        kind => Ok(kind),
    }
}

/// Files of other products, and of other parts of Hadoop, that hold keys which also stand in Hadoop's own files.
const OF_OTHERS: [&str; 10] = [
    "mapred-queue-acls.xml",
    "mapred-queues.xml",
    "resource-types.xml",
    "node-resources.xml",
    "hbase-site.xml",
    "hbase-policy.xml",
    "ozone-site.xml",
    "tez-site.xml",
    "oozie-site.xml",
    "distcp-site.xml",
];
