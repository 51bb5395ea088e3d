//! What the nodes of a site are, and which files each of them reads.

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    NameNode,
    DataNode,
    JournalNode,
    Kms,
    HttpFs,
    ResourceManager,
    Client,
}

impl Role {
    pub(super) const ALL: [Role; 7] = [
        Role::NameNode,
        Role::DataNode,
        Role::JournalNode,
        Role::Kms,
        Role::HttpFs,
        Role::ResourceManager,
        Role::Client,
    ];

    /// The word for it in an override.
    pub(super) fn word(self) -> &'static str {
        match self {
            Role::NameNode => "nn",
            Role::DataNode => "dn",
            Role::JournalNode => "jn",
            Role::Kms => "kms",
            Role::HttpFs => "httpfs",
            Role::ResourceManager => "rm",
            Role::Client => "client",
        }
    }

    /// Its directory.
    pub(super) fn directory(self) -> &'static str {
        match self {
            Role::NameNode => "namenode",
            Role::DataNode => "datanode",
            Role::JournalNode => "journalnode",
            Role::Kms => "kms",
            Role::HttpFs => "httpfs",
            Role::ResourceManager => "resourcemanager",
            Role::Client => "client",
        }
    }

    /// The host that it runs on, as the site's files name it. All of them are 127.0.0.1.
    pub(super) fn host(self) -> &'static str {
        match self {
            Role::NameNode => "nn1.lab.test",
            Role::DataNode => "dn1.lab.test",
            Role::JournalNode => "jn1.lab.test",
            Role::Kms => "kms1.lab.test",
            Role::HttpFs => "gw1.lab.test",
            Role::ResourceManager => "rm1.lab.test",
            Role::Client => "edge1.lab.test",
        }
    }

    /// The files that it reads.
    pub(super) fn files(self) -> &'static [File] {
        match self {
            Role::NameNode | Role::DataNode | Role::JournalNode => &[
                File::Core,
                File::Hdfs,
                File::Policy,
                File::SslServer,
                File::SslClient,
            ],
            Role::Kms => &[File::Core, File::Kms, File::KmsAcls, File::SslServer],
            Role::HttpFs => &[File::Core, File::Hdfs, File::HttpFs, File::SslServer],
            Role::ResourceManager => &[
                File::Core,
                File::Hdfs,
                File::Yarn,
                File::Policy,
                File::SslServer,
            ],
            Role::Client => &[File::Core, File::Hdfs, File::SslClient],
        }
    }
}

/// One of Hadoop's files of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum File {
    Core,
    Hdfs,
    Policy,
    Kms,
    KmsAcls,
    HttpFs,
    Yarn,
    SslServer,
    SslClient,
}

impl File {
    pub(super) const ALL: [File; 9] = [
        File::Core,
        File::Hdfs,
        File::Policy,
        File::Kms,
        File::KmsAcls,
        File::HttpFs,
        File::Yarn,
        File::SslServer,
        File::SslClient,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            File::Core => "core-site.xml",
            File::Hdfs => "hdfs-site.xml",
            File::Policy => "hadoop-policy.xml",
            File::Kms => "kms-site.xml",
            File::KmsAcls => "kms-acls.xml",
            File::HttpFs => "httpfs-site.xml",
            File::Yarn => "yarn-site.xml",
            File::SslServer => "ssl-server.xml",
            File::SslClient => "ssl-client.xml",
        }
    }
}
