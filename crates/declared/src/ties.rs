//! What the user states about the estate that files do not tell: releases, which configuration belongs to which node,
//! which files form one cluster. Comes from `.wardline.toml`.

use model::{Product, Release};

/// Corrections to what readers conclude, and what they may do.
#[derive(Clone, Debug)]
pub struct Ties {
    /// Releases of products, for components whose own release is not known.
    pub releases: Vec<(Product, Release)>,
    /// Hadoop configurations.
    pub hadoop: Vec<HadoopTie>,
    /// Kubernetes clusters.
    pub clusters: Vec<ClusterTie>,
    /// Spark applications and the defaults they are submitted with.
    pub spark: Vec<SparkTie>,
    /// Whether charts and kustomizations are rendered with the `helm` and `kubectl` on the PATH. On unless it is turned off.
    pub render: bool,
}

impl Default for Ties {
    fn default() -> Self {
        Ties {
            releases: Vec::new(),
            hadoop: Vec::new(),
            clusters: Vec::new(),
            spark: Vec::new(),
            render: true,
        }
    }
}

/// What a directory of Hadoop files is.
#[derive(Clone, Debug, Default)]
pub struct HadoopTie {
    /// Path prefix of the configuration (`hadoop/nn1`).
    pub path: String,
    /// Roles by their Hadoop name (`NameNode`, `DataNode`, `client`).
    pub roles: Vec<String>,
    /// The name of the HDFS cluster it belongs to.
    pub cluster: Option<String>,
    /// Directories whose files it loads as well, such as a shared core-site.xml.
    pub includes: Vec<String>,
    /// Its release.
    pub release: Option<Release>,
}

/// Whether a word names a role that [`HadoopTie::roles`] understands.
#[must_use]
pub fn is_role(word: &str) -> bool {
    !crate::hadoop::role_words::named(word).is_empty()
}

/// Which files form one Kubernetes cluster.
#[derive(Clone, Debug, Default)]
pub struct ClusterTie {
    /// The cluster's name.
    pub name: String,
    /// Path prefixes of its manifests.
    pub paths: Vec<String>,
    /// Its release.
    pub release: Option<Release>,
}

/// What a Spark application is submitted with.
#[derive(Clone, Debug, Default)]
pub struct SparkTie {
    /// Path prefix of the applications.
    pub path: String,
    /// The properties file that counts beneath them (`spark/spark-defaults.conf`); an empty text means none.
    pub defaults: String,
}
