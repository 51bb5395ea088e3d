//! What the nodes of a cluster are.

/// What a node can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Role {
    /// HDFS NameNode.
    NameNode,
    /// HDFS DataNode.
    DataNode,
    /// HDFS JournalNode.
    JournalNode,
    /// SecondaryNameNode.
    SecondaryNameNode,
    /// HDFS Router (federation).
    Router,
    /// ZooKeeper failover controller.
    FailoverController,
    /// NFS gateway.
    NfsGateway,
    /// HttpFS gateway.
    HttpFs,
    /// Key management server.
    Kms,
    /// YARN ResourceManager.
    ResourceManager,
    /// YARN NodeManager.
    NodeManager,
    /// MapReduce JobHistory server.
    JobHistory,
    /// A client of HDFS: a gateway host, a Spark application, a query engine.
    Client,
    /// A daemon or client of Apache Ozone, which reads Hadoop's files and has nothing of HDFS.
    Ozone,
}

impl Role {
    /// The daemon's name in Hadoop's own words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::NameNode => "NameNode",
            Role::DataNode => "DataNode",
            Role::JournalNode => "JournalNode",
            Role::SecondaryNameNode => "SecondaryNameNode",
            Role::Router => "Router",
            Role::FailoverController => "ZKFC",
            Role::NfsGateway => "NFS gateway",
            Role::HttpFs => "HttpFS",
            Role::Kms => "KMS",
            Role::ResourceManager => "ResourceManager",
            Role::NodeManager => "NodeManager",
            Role::JobHistory => "JobHistory server",
            Role::Client => "HDFS client",
            Role::Ozone => "Ozone",
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u16);

impl Roles {
    /// The set of these roles.
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        Roles(roles.iter().fold(0, |bits, role| bits | 1 << (*role as u8)))
    }

    /// Adds a role.
    pub fn add(&mut self, role: Role) {
        self.0 |= 1 << (role as u8);
    }

    /// Removes a role.
    pub fn remove(&mut self, role: Role) {
        self.0 &= !(1 << (role as u8));
    }

    /// Whether the role is among them.
    #[must_use]
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << (role as u8)) != 0
    }

    /// Whether one of the roles is among them.
    #[must_use]
    pub fn has_any(self, roles: &[Role]) -> bool {
        self.0 & Roles::of(roles).0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
