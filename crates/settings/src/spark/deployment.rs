//! What runs Spark: applications, submissions, daemons, and files of defaults that wait for one.

use super::setting::Layer;
use crate::hadoop::configuration::Variable;
use model::{Fact, Place, Release, Subject};

/// Something that runs with a Spark configuration.
#[derive(Debug)]
pub struct Deployment {
    /// What it is.
    pub kind: Kind,
    /// The name that tells it from others: `etl/etl-7`, `jobs/submit.sh`.
    pub name: Box<str>,
    /// Where it is declared.
    pub anchor: Place,
    /// The operator that submits it, if one does.
    pub operator: Option<Operator>,
    /// The master, where the kind fixes it; else `spark.master` tells.
    pub master: Option<Master>,
    /// The Spark release, and the text that says so.
    pub release: Option<(Release, Option<Place>)>,
    /// Its own properties, in precedence order: later ones win.
    pub layers: Vec<Layer>,
    /// The file of defaults beneath them.
    pub defaults: Tie,
    /// Why properties may be set that files do not show (`"$EXTRA_OPTIONS"` on the command line), and where.
    pub opaque: Option<(&'static str, Place)>,
    /// Variables that its processes see, in order.
    pub environment: Vec<Variable>,
    /// Its Kubernetes namespace.
    pub namespace: Option<Box<str>>,
    /// The object that declares it, among the estate's objects.
    pub object: Option<usize>,
    /// The Hadoop configuration it loads, among the estate's configurations.
    pub hadoop: HadoopTie,
    /// `--hiveconf` settings of a Thrift server, in order.
    pub hive: Vec<super::Setting>,
    /// The configuration with the hive-site.xml of a Thrift server, where that is not the Hadoop configuration.
    pub hive_site: HadoopTie,
}

impl Fact for Deployment {}

/// The kinds of deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A properties file: what an application gets that brings nothing of its own.
    Defaults,
    /// An operator's SparkApplication.
    Application,
    /// SparkCluster of Apache's operator: a standalone Master with Workers.
    Cluster,
    /// A `spark-submit`, `spark-shell`, `pyspark` or `spark-sql` command.
    Submission,
    /// A Spark Connect server.
    ConnectServer,
    /// A Thrift server.
    ThriftServer,
    /// A History Server.
    HistoryServer,
    /// A standalone Master.
    Master,
    /// A standalone Worker.
    Worker,
    /// A shuffle service outside the Worker.
    ShuffleService,
}

/// Who submits a SparkApplication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// kubeflow/spark-operator.
    Kubeflow,
    /// apache/spark-kubernetes-operator.
    Apache,
}

impl Kind {
    /// The kind of its subject.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Defaults => "Spark defaults",
            Kind::Application => "SparkApplication",
            Kind::Cluster => "SparkCluster",
            Kind::Submission => "Spark submission",
            Kind::ConnectServer => "Spark Connect server",
            Kind::ThriftServer => "Spark Thrift server",
            Kind::HistoryServer => "Spark History Server",
            Kind::Master => "Spark Master",
            Kind::Worker => "Spark Worker",
            Kind::ShuffleService => "Spark shuffle service",
        }
    }

    /// Whether it is, or may become, a driver with executors.
    #[must_use]
    pub fn is_application(self) -> bool {
        matches!(
            self,
            Kind::Defaults
                | Kind::Application
                | Kind::Submission
                | Kind::ConnectServer
                | Kind::ThriftServer
        )
    }

    /// Whether it is a process of a standalone cluster.
    #[must_use]
    pub fn is_standalone_daemon(self) -> bool {
        matches!(
            self,
            Kind::Cluster | Kind::Master | Kind::Worker | Kind::ShuffleService
        )
    }
}

/// Who gives executors their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Master {
    /// `k8s://...`.
    Kubernetes,
    /// `yarn`.
    Yarn,
    /// `spark://...`.
    Standalone,
    /// `local`, `local[...]`: one process, nothing listens for executors.
    Local,
    /// Not set in what was read, or decided by a variable.
    Unknown,
}

impl Master {
    /// Tells it from a master URL. `local-cluster` starts real Workers, so it counts as standalone.
    #[must_use]
    pub fn of_url(url: &str) -> Master {
        let url = url.trim();
        if url.starts_with("k8s://") {
            Master::Kubernetes
        } else if url == "yarn" || url.starts_with("yarn-") {
            Master::Yarn
        } else if url.starts_with("spark://") || url.starts_with("local-cluster") {
            Master::Standalone
        } else if url == "local" || url.starts_with("local[") {
            Master::Local
        } else {
            Master::Unknown
        }
    }
}

/// The properties file beneath a deployment's own settings: index among the estate's [`super::PropertiesFile`] facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tie {
    /// None applies.
    None,
    /// This one, for sure.
    Certain(usize),
    /// One of these, or none of what was read.
    Guessed(Vec<usize>),
    /// One that is named, but was not read.
    NotCollected,
}

/// The Hadoop configuration of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HadoopTie {
    /// None is named; only `spark.hadoop.` properties and the image's own files count.
    None,
    /// Index among the estate's [`crate::hadoop::Configuration`] facts.
    Known(usize),
    /// One is named, but was not read.
    NotCollected,
}

impl Deployment {
    /// A deployment about which nothing more is known yet.
    pub fn new(kind: Kind, name: impl Into<Box<str>>, anchor: Place) -> Self {
        Deployment {
            kind,
            name: name.into(),
            anchor,
            operator: None,
            master: None,
            release: None,
            layers: Vec::new(),
            defaults: Tie::None,
            opaque: None,
            environment: Vec::new(),
            namespace: None,
            object: None,
            hadoop: HadoopTie::None,
            hive: Vec::new(),
            hive_site: HadoopTie::None,
        }
    }

    /// The subject under which it is judged.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::new(self.kind.as_str(), self.name.clone(), Some(self.anchor))
    }

    /// The last value of a variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.environment
            .iter()
            .rev()
            .find(|variable| &*variable.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Master;

    #[test]
    fn masters_are_told_by_their_url() {
        assert_eq!(Master::of_url("k8s://https://api:6443"), Master::Kubernetes);
        assert_eq!(Master::of_url("local[*]"), Master::Local);
        assert_eq!(
            Master::of_url("local-cluster[2,1,1024]"),
            Master::Standalone
        );
        assert_eq!(Master::of_url("yarn"), Master::Yarn);
        assert_eq!(Master::of_url("${MASTER}"), Master::Unknown);
    }
}
