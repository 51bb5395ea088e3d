//! Who loads which of Hadoop's files, and in which order.

use super::resource::ResourceKind;

/// Who reads: decides which files count, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// HDFS daemons and clients (`HdfsConfiguration`).
    Hdfs,
    /// YARN daemons (`YarnConfiguration`).
    Yarn,
    /// MapReduce daemons and jobs (`JobConf`).
    Mapred,
    /// The KMS (`KMSConfiguration`).
    Kms,
    /// The KMS's access control lists, which are a configuration of their own.
    KmsAcls,
    /// HttpFS's own settings, which never look into core-site.
    HttpFs,
    /// Service-level authorization (`hadoop-policy.xml` over the daemon's configuration).
    Policy,
    /// The servers' key stores.
    SslServer,
    /// The clients' trust stores.
    SslClient,
    /// The capacity scheduler's file.
    CapacityScheduler,
    /// HiveServer2 and the Thrift server.
    Hive,
}

/// A step of the load order.
pub(super) enum Step {
    Defaults(&'static str),
    Site(ResourceKind),
}

impl Reader {
    /// The files and defaults that it loads, the weakest first.
    pub(super) fn steps(self) -> &'static [Step] {
        use ResourceKind as K;
        use Step::{Defaults, Site};
        match self {
            Reader::Hdfs => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("hdfs"),
                Defaults("hdfs-rbf"),
                Site(K::Hdfs),
                Site(K::Router),
            ],
            Reader::Yarn => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("yarn"),
                Site(K::Yarn),
            ],
            Reader::Mapred => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("mapred"),
                Site(K::Mapred),
                Defaults("yarn"),
                Site(K::Yarn),
            ],
            Reader::Kms => &[
                Defaults("core"),
                Site(K::Core),
                Defaults("kms"),
                Site(K::Kms),
            ],
            Reader::KmsAcls => &[Site(K::KmsAcls)],
            Reader::HttpFs => &[Defaults("httpfs"), Site(K::HttpFs)],
            Reader::Policy => &[Defaults("core"), Site(K::Core), Site(K::Policy)],
            Reader::SslServer => &[Site(K::SslServer)],
            Reader::SslClient => &[Site(K::SslClient)],
            Reader::CapacityScheduler => &[Site(K::CapacityScheduler)],
            Reader::Hive => &[Defaults("core"), Site(K::Core), Site(K::Hive)],
        }
    }

    /// The file that is expected to carry a key of this reader when nothing names a better one.
    pub(super) fn own_file(self) -> ResourceKind {
        match self {
            Reader::Hdfs => ResourceKind::Hdfs,
            Reader::Yarn => ResourceKind::Yarn,
            Reader::Mapred => ResourceKind::Mapred,
            Reader::Kms => ResourceKind::Kms,
            Reader::KmsAcls => ResourceKind::KmsAcls,
            Reader::HttpFs => ResourceKind::HttpFs,
            Reader::Policy => ResourceKind::Policy,
            Reader::SslServer => ResourceKind::SslServer,
            Reader::SslClient => ResourceKind::SslClient,
            Reader::CapacityScheduler => ResourceKind::CapacityScheduler,
            Reader::Hive => ResourceKind::Hive,
        }
    }
}

/// The file that carries a key, by its prefix; the reader's own file for others.
pub(super) fn home_of(key: &str, reader: Reader) -> ResourceKind {
    match reader {
        Reader::Hdfs | Reader::Yarn | Reader::Mapred | Reader::Hive | Reader::Kms => {
            let is_own = match reader {
                Reader::Hdfs => {
                    key.starts_with("dfs.")
                        || key.starts_with("nfs.")
                        || key.starts_with("ignore.secure.ports")
                }
                Reader::Yarn => key.starts_with("yarn."),
                Reader::Mapred => key.starts_with("mapred"),
                Reader::Kms => {
                    key.starts_with("hadoop.kms.") || key.starts_with("hadoop.security.keystore.")
                }
                _ => key.starts_with("hive."),
            };
            if is_own {
                reader.own_file()
            } else {
                ResourceKind::Core
            }
        }
        _ => reader.own_file(),
    }
}
