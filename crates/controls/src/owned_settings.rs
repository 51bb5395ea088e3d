//! Settings that a control of their own judges.

/// Settings that another control judges: the keys of S3A, the secret of Spark's RPC and the login to ZooKeeper.
#[must_use]
pub fn belongs_to_another_control(name: &str) -> bool {
    let name = name.strip_prefix("spark.hadoop.").unwrap_or(name);
    name.starts_with("fs.s3a.")
        || name == "spark.authenticate.secret"
        || name == "ha.zookeeper.auth"
}
