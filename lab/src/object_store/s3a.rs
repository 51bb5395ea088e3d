//! The files of an S3A client of the store: `core-site.xml` of its Hadoop, `spark-defaults.conf` of its Spark.

use super::client::{Keys, Store, Transport};
use super::policies::Bucket;
use crate::{LabError, Result};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Which way the files send the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Https,
    Http,
    /// HTTPS, but for the bucket `private` plain HTTP.
    HttpForOneBucket,
}

/// Where the files hold the owner's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyPlace {
    CoreSite,
    SparkDefaults,
    /// Nowhere: the client takes it from its environment.
    Environment,
}

/// A client's configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct S3aClient {
    pub(crate) way: Way,
    pub(crate) key: KeyPlace,
}

type Properties = Vec<(String, String)>;

impl S3aClient {
    /// The transport by which it reads from the bucket `private`.
    pub(super) fn transport(self) -> Transport {
        match self.way {
            Way::Https => Transport::Https,
            Way::Http | Way::HttpForOneBucket => Transport::Http,
        }
    }

    /// Writes the files.
    ///
    /// # Errors
    ///
    /// When a file can't be written, or the store does not listen where the files would send the client.
    pub(crate) fn write(self, store: &Store, configuration: &Path) -> Result<()> {
        let address = |transport| {
            store.address(transport).ok_or_else(|| {
                LabError::failed("S3A client", "the store does not listen on its endpoint")
            })
        };
        let general = match self.way {
            Way::Http => Transport::Http,
            Way::Https | Way::HttpForOneBucket => Transport::Https,
        };
        let mut hadoop: Properties = vec![
            ("fs.s3a.endpoint".into(), address(general)?),
            ("fs.s3a.path.style.access".into(), "true".into()),
        ];
        let mut spark: Properties = vec![(
            "spark.sql.warehouse.dir".into(),
            format!("s3a://{}/warehouse", Bucket::Private.name()),
        )];
        if self.way == Way::HttpForOneBucket {
            let key = format!("fs.s3a.bucket.{}.endpoint", Bucket::Private.name());
            hadoop.push((key, address(Transport::Http)?));
        }
        match self.key {
            KeyPlace::CoreSite => hadoop.extend(keys("", store.owner)),
            KeyPlace::SparkDefaults => spark.extend(keys("spark.hadoop.", store.owner)),
            KeyPlace::Environment => hadoop.push((
                "fs.s3a.aws.credentials.provider".into(),
                "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider"
                    .into(),
            )),
        }
        put(&configuration.join("core-site.xml"), &core_site(&hadoop))?;
        let defaults: String = spark.iter().fold(String::new(), |mut text, (key, value)| {
            let _ = writeln!(text, "{key:<32} {value}");
            text
        });
        put(&configuration.join("spark-defaults.conf"), &defaults)
    }
}

fn keys(prefix: &str, keys: Keys) -> Properties {
    vec![
        (format!("{prefix}fs.s3a.access.key"), keys.access.to_owned()),
        (format!("{prefix}fs.s3a.secret.key"), keys.secret.to_owned()),
    ]
}

fn core_site(properties: &Properties) -> String {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<configuration>\n");
    for (key, value) in properties {
        let _ = writeln!(
            text,
            "  <property><name>{key}</name><value>{value}</value></property>"
        );
    }
    text + "</configuration>\n"
}

fn put(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).map_err(|error| LabError::at(file, error))
}
