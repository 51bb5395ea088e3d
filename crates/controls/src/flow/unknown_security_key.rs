//! Unknown security keys: is there a security-looking key that nothing reads?
//!
//! # What it proves
//! That every key that is meant to protect something is a key that the product, in this release and from this file, reads.
//! Products ignore unknown keys without a word, so a misspelt key looks like protection and is none.
//!
//! # Why it matters: the attack
//! Nobody needs an attack here: the file says that blocks are encrypted, every review says so too, and the bytes cross the
//! network in clear, because the key lacks a letter.
//!
//! # How each depth is read
//! - declared and loaded: every key of the Hadoop files and of the Spark properties against the tables of the releases, the
//!   keys that only code reads, and deprecated names. A key that is no slip of a security key, that another product reads, or
//!   whose meant value is in effect anyway is silent. A key that stands in core-site alone is void only where a later
//!   `*-default.xml` of the release holds another, non-empty value.
//! - observed and recorded: nothing shows a key that nobody reads.
//!
//! # How to fix
//! Write the real key, in the file that counts, beside the wrong one; check its effect as its own control says, then remove
//! the wrong one.
//!
//! # References
//! - `*-default.xml` of Hadoop 2.7.7 to 3.5.0; Spark's ConfigEntry registry 3.3.4 to 4.3.0
//! - Configuration.loadResources, static resources of HdfsConfiguration, YarnConfiguration and JobConf; run on 3.3.6 and 3.4.1
//! - SparkSubmitArguments.ignoreNonSparkProperties

use crate::judging_keys::{each_configuration, each_deployment, near_real_key, reader_of};
use crate::unread_spark_keys;
use model::{Cause, Claims, Estate, Exposure, Family, Meta, Safety, Severity, Stage, Witness};
use settings::hadoop::key_releases::too_old;
use settings::hadoop::key_severity::of_voided;
use settings::hadoop::{Hadoop, Property, Reader, ResourceKind, keys};
use settings::key_strength;
use settings::secret_names::hides_its_value;
use settings::spark::keys as spark_keys;
use std::cmp::Ordering;
use std::collections::HashSet;

/// What this control is.
pub const META: Meta = Meta {
    title: "Unknown security keys",
    question: "Is there a security-looking key that nothing reads?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "near-real-key",
            severity: Severity::Medium,
            title: "nothing reads this key; it is a slip of a real security key",
            remedy: "write the real key beside it, check its effect, then remove the wrong one",
        },
        Cause {
            slug: "not-in-this-release",
            severity: Severity::Medium,
            title: "the key is real, but this release does not read it",
            remedy: "use the key that this release reads, or a release that reads this one",
        },
        Cause {
            slug: "wrong-file-or-prefix",
            severity: Severity::Medium,
            title: "the key stands where it does not count",
            remedy: "write the key in the file, and with the prefix, that the product reads",
        },
        Cause {
            slug: "wrong-product",
            severity: Severity::Medium,
            title: "the key belongs to another product, which does not read this file",
            remedy: "move the key to the configuration of its product",
        },
    ],
    safety: Safety::Safe,
    family: Family::Configuration,
    since: "0.1.0",
};

const SILENT: &str = "every security key written here is one that is read";

/// Judges Hadoop configurations and Spark deployments.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_configuration(estate, claims, SILENT, configuration);
    each_deployment(estate, claims, SILENT, unread_spark_keys::find);
}

fn configuration(hadoop: &Hadoop<'_>) -> Vec<Exposure> {
    let used_in_values = variables(hadoop);
    let mut found = Vec::new();
    for resource in &hadoop.configuration.resources {
        for property in &resource.properties {
            if used_in_values.contains(&*property.name) {
                continue;
            }
            let exposure = misspelt(hadoop, property)
                .or_else(|| not_in_release(hadoop, property))
                .or_else(|| wrong_file(hadoop, resource.kind, property))
                .or_else(|| wrong_product(hadoop, resource.kind, property));
            found.extend(exposure);
        }
    }
    found
}

/// Names that other values use as `${name}`: somebody reads those.
fn variables<'e>(hadoop: &Hadoop<'e>) -> HashSet<&'e str> {
    let properties = hadoop
        .configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties);
    properties
        .filter_map(|property| property.value.as_deref())
        .flat_map(|value| value.split("${").skip(1))
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

fn misspelt(hadoop: &Hadoop<'_>, property: &Property) -> Option<Exposure> {
    let real = keys::nearest(&property.name)?;
    let value = property.value.as_deref()?;
    let effective = hadoop.read(reader_of(real), real);
    // Where the real key is written as well, and no order says which of the two is safer, they are two keys.
    let order = effective
        .text()
        .and_then(|now| key_strength::compare(real, value, now));
    if effective.is_written() && order.is_none() {
        return None;
    }
    let exposure = near_real_key(
        real,
        value,
        effective.text(),
        property_witness(hadoop, property),
    )?;
    Some(if effective.is_unknown() {
        exposure
    } else {
        exposure.with(hadoop.witness(&effective, "what counts instead"))
    })
}

fn not_in_release(hadoop: &Hadoop<'_>, property: &Property) -> Option<Exposure> {
    let old = too_old(&property.name, hadoop.release)?;
    property.value.as_deref()?;
    if old.before.is_some_and(|before| is_written(hadoop, before)) || is_weakest(property) {
        return None;
    }
    let instead = old
        .before
        .map(|before| format!(", which reads {before} instead"))
        .unwrap_or_default();
    Some(
        Exposure::new("not-in-this-release", property_witness(hadoop, property)).message(format!(
            "{} is read from {} on, not by {}{instead}",
            property.name, old.first, hadoop.release
        )),
    )
}

/// Whether the value asks for nothing, so that nothing is lost.
fn is_weakest(property: &Property) -> bool {
    let value = property.value.as_deref().unwrap_or_default().trim();
    value.is_empty() || value.eq_ignore_ascii_case("false")
}

fn is_written(hadoop: &Hadoop<'_>, key: &str) -> bool {
    let resources = &hadoop.configuration.resources;
    resources
        .iter()
        .flat_map(|resource| &resource.properties)
        .any(|property| &*property.name == key)
}

/// A key that only core-site sets, while the defaults that are loaded after it hold another value.
fn wrong_file(hadoop: &Hadoop<'_>, kind: ResourceKind, property: &Property) -> Option<Exposure> {
    if kind != ResourceKind::Core || !keys::is_security_key(&property.name) {
        return None;
    }
    let value = property.value.as_deref()?;
    let real = keys::canonical(&property.name, hadoop.release);
    let known = keys::find(real)?;
    let reader = match known.file {
        "hdfs" | "hdfs-rbf" => Reader::Hdfs,
        "yarn" => Reader::Yarn,
        "mapred" => Reader::Mapred,
        _ => return None,
    };
    let effective = hadoop.read(reader, &property.name);
    let is_lost = !effective.is_written()
        && !effective.is_unknown()
        && effective
            .losers
            .iter()
            .any(|loser| loser.place == property.value_place);
    let default = effective.text()?.to_owned();
    let no_loss = matches!(
        key_strength::compare(real, value, &default),
        Some(Ordering::Less | Ordering::Equal)
    );
    if !is_lost || no_loss {
        return None;
    }
    Some(
        Exposure::new("wrong-file-or-prefix", property_witness(hadoop, property))
            .severity(of_voided(real))
            .message(format!(
                "{real} in core-site.xml has no effect: {}-default.xml is loaded later and says {default}",
                known.file
            ))
            .remedy(format!("move {real} to {}-site.xml", known.file))
            .with(hadoop.witness(&effective, "the default that wins")),
    )
}

/// A key of Spark in a file that only Hadoop reads. YARN's shuffle service reads Spark's keys from yarn-site and core-site,
/// Hive from hive-site.
fn wrong_product(hadoop: &Hadoop<'_>, kind: ResourceKind, property: &Property) -> Option<Exposure> {
    let only_hadoop = matches!(
        kind,
        ResourceKind::Hdfs
            | ResourceKind::Kms
            | ResourceKind::HttpFs
            | ResourceKind::Policy
            | ResourceKind::SslServer
            | ResourceKind::SslClient
    );
    let of_spark = property.name.starts_with("spark.")
        && !property.name.starts_with("spark.hadoop.")
        && spark_keys::is_security_key(&property.name)
        && spark_keys::find(&property.name).is_some();
    (only_hadoop && of_spark && !is_weakest(property)).then(|| {
        Exposure::new("wrong-product", property_witness(hadoop, property)).message(format!(
            "{} is a key of Spark, which does not read {}",
            property.name,
            kind.file_name()
        ))
    })
}

fn property_witness(hadoop: &Hadoop<'_>, property: &Property) -> Witness {
    let witness = Witness {
        depth: hadoop.depth(),
        ..Witness::declared(property.value_place, "nothing reads it here")
    };
    shown(witness, &property.name, property.value.as_deref())
}

fn shown(witness: Witness, key: &str, value: Option<&str>) -> Witness {
    let witness = witness.key(key);
    match value {
        Some(_) if hides_its_value(key) => witness.redacted(),
        Some(value) => witness.value(value.trim()),
        None => witness,
    }
}
