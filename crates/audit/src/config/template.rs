//! The file that `wardline init` writes.

/// A configuration that only comments.
pub const TEMPLATE: &str = r#"# Wardline's configuration. Every key is optional; unknown keys are errors.

# Releases that files do not tell. A default counts for the release that runs.
#[releases]
#hadoop = "3.3.6"
#spark = "3.5.7"
#kubernetes = "1.31"
#spark-operator = "0.8.0"        # apache/spark-kubernetes-operator
#mit-kerberos = "1.20"

#[check]
#fail-on = "high"                # critical, high, medium, low, never
#min-coverage = 80               # percent of the judged protections that must be proven, either way
#only = ["hdfs/*"]
#skip = ["flow/*"]

# What a directory of Hadoop files is, where its path does not tell.
#[[hadoop]]
#path = "conf/master"
#roles = ["NameNode", "JournalNode"]   # or DataNode, client, KMS, HttpFS, ResourceManager, ...
#cluster = "meridian"            # the HDFS cluster it belongs to
#includes = ["conf/common"]      # directories whose files it loads as well
#release = "3.3.6"

# Which manifests form one Kubernetes cluster.
#[[cluster]]
#name = "production"
#paths = ["clusters/prod", "base"]
#release = "1.31"

# Which properties file applications are submitted with. An empty text means none.
#[[spark]]
#path = "apps/"
#defaults = "spark/spark-defaults.conf"

# Which workload presented which evidence (`wardline check --evidence`), where the file's name does not tell.
#[[evidence]]
#file = "quotes/node7.quote"
#workload = "spark/etl (driver)" # namespace/name, with the role where it has several

# A reasoned, owned, expiring decision to accept findings. They stay visible in reports.
#[[waiver]]
#control = "hdfs/rpc-privacy#weaker-qop-accepted"   # or a pattern: "hdfs/*"
#path = "hadoop/nn*/core-site.xml"
#subject = "hadoop/nn1"
#reason = "clients move to privacy until March, ticket PLAT-1234"
#owner = "platform-team"
#expires = "2027-03-31"
"#;
