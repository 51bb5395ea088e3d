//! Which of Hadoop's files a file is, by its name or by its keys.

/// Which of Hadoop's files a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// `core-site.xml`
    Core,
    /// `hdfs-site.xml`
    Hdfs,
    /// `hdfs-rbf-site.xml`
    Router,
    /// `yarn-site.xml`
    Yarn,
    /// `mapred-site.xml`
    Mapred,
    /// `capacity-scheduler.xml`
    CapacityScheduler,
    /// `kms-site.xml`
    Kms,
    /// `kms-acls.xml`
    KmsAcls,
    /// `httpfs-site.xml`
    HttpFs,
    /// `hadoop-policy.xml`
    Policy,
    /// `ssl-server.xml`
    SslServer,
    /// `ssl-client.xml`
    SslClient,
    /// `hive-site.xml`
    Hive,
}

impl ResourceKind {
    /// All kinds.
    pub const ALL: [ResourceKind; 13] = [
        ResourceKind::Core,
        ResourceKind::Hdfs,
        ResourceKind::Router,
        ResourceKind::Yarn,
        ResourceKind::Mapred,
        ResourceKind::CapacityScheduler,
        ResourceKind::Kms,
        ResourceKind::KmsAcls,
        ResourceKind::HttpFs,
        ResourceKind::Policy,
        ResourceKind::SslServer,
        ResourceKind::SslClient,
        ResourceKind::Hive,
    ];

    /// The file's usual name.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            ResourceKind::Core => "core-site.xml",
            ResourceKind::Hdfs => "hdfs-site.xml",
            ResourceKind::Router => "hdfs-rbf-site.xml",
            ResourceKind::Yarn => "yarn-site.xml",
            ResourceKind::Mapred => "mapred-site.xml",
            ResourceKind::CapacityScheduler => "capacity-scheduler.xml",
            ResourceKind::Kms => "kms-site.xml",
            ResourceKind::KmsAcls => "kms-acls.xml",
            ResourceKind::HttpFs => "httpfs-site.xml",
            ResourceKind::Policy => "hadoop-policy.xml",
            ResourceKind::SslServer => "ssl-server.xml",
            ResourceKind::SslClient => "ssl-client.xml",
            ResourceKind::Hive => "hive-site.xml",
        }
    }

    /// The kind of a file of this name (`core-site.xml`, also `core-site.xml.template` of an image, `core-site.xml.j2`).
    #[must_use]
    pub fn of_file_name(name: &str) -> Option<ResourceKind> {
        const OF_TEMPLATES: [&str; 9] = [
            ".template",
            ".j2",
            ".jinja",
            ".jinja2",
            ".erb",
            ".tpl",
            ".tmpl",
            ".mustache",
            ".in",
        ];
        let name = OF_TEMPLATES
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .unwrap_or(name);
        ResourceKind::ALL
            .into_iter()
            .find(|kind| kind.file_name().eq_ignore_ascii_case(name))
    }

    /// The kind that the keys of a file speak for, when its name says nothing: the majority of recognised prefixes.
    /// None if most keys are of another product.
    #[must_use]
    pub fn of_keys<'k>(keys: impl Iterator<Item = &'k str>) -> Option<ResourceKind> {
        let mut votes = [0_usize; ResourceKind::ALL.len()];
        let mut total = 0_usize;
        for key in keys {
            total += 1;
            if let Some(kind) = kind_of_key(key)
                && let Some(index) = ResourceKind::ALL.iter().position(|known| *known == kind)
                && let Some(vote) = votes.get_mut(index)
            {
                *vote += 1;
            }
        }
        if votes.iter().sum::<usize>() * 2 < total {
            return None;
        }
        let best = votes.iter().copied().max().filter(|most| *most > 0)?;
        ResourceKind::ALL
            .into_iter()
            .zip(votes)
            .find(|(_, votes)| *votes == best)
            .map(|(kind, _)| kind)
    }
}

fn kind_of_key(key: &str) -> Option<ResourceKind> {
    const PREFIXES: [(&str, ResourceKind); 28] = [
        ("hadoop.kms.acl.", ResourceKind::KmsAcls),
        ("hadoop.kms.blacklist.", ResourceKind::KmsAcls),
        ("default.key.acl.", ResourceKind::KmsAcls),
        ("whitelist.key.acl.", ResourceKind::KmsAcls),
        ("key.acl.", ResourceKind::KmsAcls),
        ("hadoop.kms.", ResourceKind::Kms),
        ("httpfs.", ResourceKind::HttpFs),
        ("dfs.federation.router.", ResourceKind::Router),
        ("dfs.", ResourceKind::Hdfs),
        ("nfs.", ResourceKind::Hdfs),
        ("yarn.scheduler.capacity.", ResourceKind::CapacityScheduler),
        ("yarn.", ResourceKind::Yarn),
        ("mapreduce.", ResourceKind::Mapred),
        ("mapred.", ResourceKind::Mapred),
        ("ssl.server.", ResourceKind::SslServer),
        ("ssl.client.", ResourceKind::SslClient),
        ("hive.", ResourceKind::Hive),
        ("javax.jdo.", ResourceKind::Hive),
        ("security.", ResourceKind::Policy),
        ("hadoop.", ResourceKind::Core),
        ("fs.", ResourceKind::Core),
        ("io.", ResourceKind::Core),
        ("ipc.", ResourceKind::Core),
        ("ha.", ResourceKind::Core),
        ("net.topology.", ResourceKind::Core),
        ("ignore.secure.ports", ResourceKind::Hdfs),
        ("file.", ResourceKind::Core),
        ("ingress.port.", ResourceKind::Core),
    ];
    PREFIXES
        .iter()
        .find(|(prefix, _)| key.starts_with(prefix))
        .map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_the_file_when_its_name_does_not() {
        assert_eq!(
            ResourceKind::of_keys(
                ["dfs.replication", "dfs.http.policy", "fs.defaultFS"].into_iter()
            ),
            Some(ResourceKind::Hdfs)
        );
        assert_eq!(
            ResourceKind::of_keys(["hadoop.kms.acl.GET", "default.key.acl.READ"].into_iter()),
            Some(ResourceKind::KmsAcls)
        );
        assert_eq!(ResourceKind::of_keys(["acme.thing"].into_iter()), None);
    }
}
