//! HDFS with its KMS, as a site runs it: NameNode, DataNode, JournalNode and KMS, with Kerberos where the profile has it;
//! HttpFS and a ResourceManager on request.
//!
//! What `--set` understands here:
//! - `[ROLE@]FILE:KEY=VALUE`: a setting in a file of one role or of all (`client@core:hadoop.rpc.protection=privacy`);
//! - `fill=thousands`, `fill=NUMBER`: so many small files, and an image of them on disk;
//! - `with=httpfs,rm`: more daemons.
//!
//! In the deployment's directory, `conf` holds a directory of settings for each role, `logs` the logs with
//! `hdfs-audit.log`, `kms-audit.log` and `krb5kdc.log`, `data/nn/current` the image of the name space.

mod addresses;
mod artefacts;
mod captures;
mod client;
mod cluster;
mod daemons;
mod everywhere;
mod hardened;
mod impostor;
mod key_stores;
mod logins;
mod masks;
mod node_files;
mod places;
mod profiles;
mod protobuf;
mod questions;
mod raw_truth;
mod request;
mod roles;
mod site;
mod tls_settings;
mod truth;
mod web;
mod web_truth;
mod wire;

use crate::cache::Cache;
use crate::certificates::OPENSSL;
use crate::kerberos;
use crate::packages::{CURL, JAVA_COMPILER};
use crate::recipe::Recipe;
use crate::versions::HADOOP;

/// HDFS and its KMS.
pub const RECIPE: Recipe = Recipe {
    service: "hdfs",
    releases: &HADOOP,
    profiles: profiles::PROFILES,
    needs: &[
        artefacts::JAVA,
        JAVA_COMPILER,
        artefacts::MAVEN,
        OPENSSL,
        CURL,
        kerberos::NEEDS[0],
        kerberos::NEEDS[1],
        kerberos::NEEDS[2],
        kerberos::NEEDS[3],
    ],
    prepare: |cache, release| artefacts::Artefacts::of(cache, release).map(drop),
    up: |cache: &Cache, request| Ok(Box::new(cluster::Cluster::start(cache, request)?)),
};

/// The file with the password of the KMS's key store. The KMS looks for it on its class path.
const KEYSTORE_PASSWORD: &str = "keystore.password";
/// The setting that names it.
const KEYSTORE_PASSWORD_KEY: &str = "hadoop.security.keystore.java-keystore-provider.password-file";
