//! How controls walk over clients of S3: every Spark deployment and Hadoop configuration with `fs.s3a.` keys, per bucket.
//!
//! `fs.s3a.bucket.<b>.X` beats `fs.s3a.X` (`S3AUtils.propagateBucketOptions`), so each bucket that is named is judged apart,
//! and the general settings count for all others.

use crate::judging::hadoop_claim;
use crate::judging_spark::each_spark_as;
use model::{Claim, Claims, Estate, Release, Subject, Witness};
use settings::Effective;
use settings::hadoop::configuration::Configuration;
use settings::hadoop::{Hadoop, ResourceKind};
use settings::spark::{Deployment, PropertiesFile, Setting, Spark, Tie};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A client of S3 in one possible world, and the bucket that is asked about; `None` for all that have no settings of their
/// own.
#[derive(Clone, Copy, Debug)]
pub struct S3Client<'c, 'e> {
    source: Source<'c, 'e>,
    bucket: Option<&'c str>,
}

#[derive(Clone, Copy, Debug)]
enum Source<'c, 'e> {
    Hadoop(&'c Hadoop<'e>),
    Spark(&'c Spark<'e>),
}

/// The kind of the subjects.
const KIND: &str = "S3A client";
const PREFIX: &str = "fs.s3a.";
const SPARK_PREFIX: &str = "spark.hadoop.fs.s3a.";

impl<'e> S3Client<'_, 'e> {
    /// The value of `fs.s3a.<name>` for the bucket.
    #[must_use]
    pub fn get(&self, name: &str) -> Effective<'e> {
        self.own(name).unwrap_or_else(|| self.general(name))
    }

    /// The value of `fs.s3a.<name>` for buckets without settings of their own.
    #[must_use]
    pub fn general(&self, name: &str) -> Effective<'e> {
        let names = self.names(name);
        let written = names
            .iter()
            .map(|name| self.value(&format!("{PREFIX}{name}")));
        written
            .into_iter()
            .find(Effective::is_written)
            .unwrap_or_else(|| self.value(&format!("{PREFIX}{}", names[0])))
    }

    /// The bucket's own word on `fs.s3a.<name>`.
    fn own(&self, name: &str) -> Option<Effective<'e>> {
        let bucket = self.bucket?;
        let keys = self.names(name).into_iter();
        keys.map(|name| self.value(&format!("{PREFIX}bucket.{bucket}.{name}")))
            .find(Effective::is_written)
    }

    /// The names under which a release of the connector reads a setting, the stronger first. The encryption of objects got its
    /// present names in 3.3.2 (`S3AFileSystem.addDeprecatedKeys`; 3.3.1 knows the old ones only), where the old ones still count
    /// for a bucket too (`S3AUtils.getS3EncryptionKey`).
    fn names<'n>(&self, name: &'n str) -> [&'n str; 2] {
        let old = match name {
            "encryption.key" => "server-side-encryption.key",
            "encryption.algorithm" => "server-side-encryption-algorithm",
            _ => return [name, name],
        };
        if self.release() >= Release(3, 3, 2) {
            [name, old]
        } else {
            [old, old]
        }
    }

    /// Whether it stands for all buckets without settings of their own.
    #[must_use]
    pub fn is_general(&self) -> bool {
        self.bucket.is_none()
    }

    /// Whether the bucket has its own word on `fs.s3a.<name>`.
    #[must_use]
    pub fn overrides(&self, name: &str) -> bool {
        self.own(name).is_some()
    }

    /// A Hadoop Boolean: any text but true and false means the default.
    #[must_use]
    pub fn flag(value: &Effective<'_>, default: bool) -> bool {
        if value.is("true") {
            true
        } else if value.is("false") {
            false
        } else {
            default
        }
    }

    /// The release of the Hadoop client, which decides the SDK line.
    #[must_use]
    pub fn release(&self) -> Release {
        match self.source {
            Source::Hadoop(hadoop) => hadoop.release,
            Source::Spark(spark) => spark.hadoop_release(),
        }
    }

    /// A value as evidence; secret values are not shown.
    #[must_use]
    pub fn witness(&self, effective: &Effective<'_>, label: impl Into<Box<str>>) -> Witness {
        match self.source {
            Source::Hadoop(hadoop) => hadoop.witness(effective, label),
            Source::Spark(spark) => spark.witness(effective, label),
        }
    }

    /// The Spark deployment, if it is one.
    #[must_use]
    pub fn spark(&self) -> Option<&Spark<'e>> {
        match self.source {
            Source::Spark(spark) => Some(spark),
            Source::Hadoop(_) => None,
        }
    }

    /// The Hadoop configuration, if it is one.
    #[must_use]
    pub fn hadoop(&self) -> Option<&Hadoop<'e>> {
        match self.source {
            Source::Hadoop(hadoop) => Some(hadoop),
            Source::Spark(_) => None,
        }
    }

    fn value(&self, key: &str) -> Effective<'e> {
        let effective = match self.source {
            Source::Hadoop(hadoop) => {
                hadoop
                    .configuration
                    .get(settings::hadoop::Reader::Hdfs, key, hadoop.release)
            }
            Source::Spark(spark) => return spark.hadoop(key),
        };
        Effective {
            key: Cow::Owned(key.to_owned()),
            value: effective.value.map(|value| Cow::Owned(value.into_owned())),
            origin: effective.origin,
            losers: effective.losers,
            unresolved: effective.unresolved,
        }
    }
}

/// Judges every client, in general and for each bucket that it names.
pub fn each_s3(
    estate: &Estate,
    claims: &mut Claims,
    judge: impl for<'c, 'e> Fn(&S3Client<'c, 'e>) -> Claim,
) {
    let deployments = estate.all::<Deployment>();
    let buckets: BTreeSet<Option<String>> = deployments
        .iter()
        .flat_map(|deployment| buckets(spark_keys(estate, deployment)))
        .collect();
    for bucket in &buckets {
        each_spark_as(
            estate,
            claims,
            |deployment| buckets_of(estate, deployment).contains(bucket),
            |deployment| subject(&deployment.subject(), bucket.as_deref()),
            |spark| {
                judge(&S3Client {
                    source: Source::Spark(spark),
                    bucket: bucket.as_deref(),
                })
            },
        );
    }
    for configuration in estate.all::<Configuration>() {
        let core = configuration.resource(ResourceKind::Core);
        let keys = core
            .into_iter()
            .flat_map(|resource| &resource.properties)
            .filter_map(|property| property.name.strip_prefix(PREFIX));
        for bucket in self::buckets(keys) {
            let claim = hadoop_claim(estate, configuration, |hadoop| {
                judge(&S3Client {
                    source: Source::Hadoop(hadoop),
                    bucket: bucket.as_deref(),
                })
            });
            claims.state(
                subject(&configuration.subject(KIND), bucket.as_deref()),
                claim,
            );
        }
    }
}

fn subject(of: &Subject, bucket: Option<&str>) -> Subject {
    let name = match bucket {
        Some(bucket) => format!("{} bucket {bucket}", of.name),
        None => of.name.to_string(),
    };
    Subject::new(KIND, name, of.place)
}

fn buckets_of(estate: &Estate, deployment: &Deployment) -> BTreeSet<Option<String>> {
    buckets(spark_keys(estate, deployment))
}

/// The keys after `fs.s3a.` among the properties that a deployment has or may have.
fn spark_keys<'e>(
    estate: &'e Estate,
    deployment: &'e Deployment,
) -> impl Iterator<Item = &'e str> + use<'e> {
    let files = estate.all::<PropertiesFile>();
    let bases: Vec<usize> = match &deployment.defaults {
        Tie::Certain(index) => vec![*index],
        Tie::Guessed(indexes) => indexes.clone(),
        Tie::None | Tie::NotCollected => Vec::new(),
    };
    let base = bases
        .into_iter()
        .filter_map(move |index| files.get(index))
        .flat_map(|file| &file.settings);
    let own = deployment.layers.iter().flat_map(|layer| &layer.settings);
    base.chain(own)
        .filter_map(|setting: &Setting| setting.key.strip_prefix(SPARK_PREFIX))
}

/// The buckets that keys name, and `None` for the general ones. Empty if there is no key at all.
fn buckets<'k>(keys: impl Iterator<Item = &'k str>) -> BTreeSet<Option<String>> {
    keys.map(|key| {
        let rest = key.strip_prefix("bucket.")?;
        Some(bucket_of(rest).to_owned())
    })
    .collect()
}

/// The bucket of `<bucket>.<name>`; a bucket's name may hold dots.
fn bucket_of(rest: &str) -> &str {
    const NAMES: [&str; 14] = [
        ".connection.ssl.enabled",
        ".endpoint.region",
        ".endpoint",
        ".access.key",
        ".secret.key",
        ".session.token",
        ".aws.credentials.provider",
        ".encryption.algorithm",
        ".encryption.key",
        ".server-side-encryption-algorithm",
        ".server-side-encryption.key",
        ".signing-algorithm",
        ".path.style.access",
        ".security.credential.provider.path",
    ];
    let known = NAMES.iter().find_map(|name| rest.strip_suffix(name));
    known.unwrap_or_else(|| rest.split('.').next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_told_from_their_settings() {
        let keys = [
            "endpoint",
            "bucket.logs.endpoint",
            "bucket.eu.data.connection.ssl.enabled",
            "bucket.x.committer.name",
        ];
        let found: Vec<_> = buckets(keys.into_iter()).into_iter().collect();
        assert_eq!(
            found,
            [
                None,
                Some("eu.data".into()),
                Some("logs".into()),
                Some("x".into())
            ]
        );
    }
}
