//! Spark's properties that look like security keys and that nothing reads.

use crate::judging_keys::{near_real_key, spark_releases};
use model::{Estate, Exposure, Release, Witness};
use settings::hadoop::keys;
use settings::key_strength;
use settings::secret_names::hides_its_value;
use settings::spark::{Deployment, Kind, Setting, Spark, Tie, keys as spark_keys};

/// What a deployment sets and nothing reads, be it in its own settings or in its file of defaults.
#[must_use]
pub fn find(spark: &Spark<'_>) -> Vec<Exposure> {
    let settings = spark.settings();
    let ignored = spark.base.into_iter().flat_map(|file| &file.ignored);
    let mut found: Vec<Exposure> = settings
        .filter_map(|setting| {
            misspelt_property(spark, setting)
                .or_else(|| missing_prefix(spark, setting))
                .or_else(|| not_in_release(spark, setting))
        })
        .collect();
    found.extend(ignored.filter_map(|setting| without_prefix(spark, setting)));
    found
}

fn misspelt_property(spark: &Spark<'_>, setting: &Setting) -> Option<Exposure> {
    let real = spark_keys::nearest(&setting.key)?;
    if replacement(&setting.key).is_some() {
        return None;
    }
    let in_effect = if setting.key.starts_with("spark.hadoop.") {
        spark.hadoop(real)
    } else if spark_keys::find(real)
        .is_some_and(|known| known.listed_in(spark_keys::table_release(spark.release)))
    {
        spark.get(real)
    } else {
        return None;
    };
    near_real_key(
        real,
        &setting.value,
        in_effect.text(),
        setting_witness(spark, setting),
    )
}

/// `spark.fs.s3a.access.key`, `spark.hadoop.rpc.protection`: Hadoop's key behind `spark.` alone.
fn missing_prefix(spark: &Spark<'_>, setting: &Setting) -> Option<Exposure> {
    let key = setting.key.strip_prefix("spark.")?;
    let is_hadoop = keys::is_security_key(key) && keys::is_known(key);
    let has_meaning = match setting.key.strip_prefix("spark.hadoop.") {
        Some(rest) => keys::is_known(rest),
        None => spark_keys::is_known(&setting.key),
    };
    (is_hadoop && !has_meaning)
        .then(|| prefix_exposure(spark, setting, format!("spark.hadoop.{key}")))
}

/// A key without `spark.` in a properties file: Spark ignores it with a warning.
fn without_prefix(spark: &Spark<'_>, setting: &Setting) -> Option<Exposure> {
    let key = &*setting.key;
    let of_spark = format!("spark.{key}");
    if keys::is_security_key(key) && keys::is_known(key) {
        return Some(prefix_exposure(
            spark,
            setting,
            format!("spark.hadoop.{key}"),
        ));
    }
    let is_spark = spark_keys::is_security_key(&of_spark) && spark_keys::find(&of_spark).is_some();
    is_spark.then(|| prefix_exposure(spark, setting, of_spark))
}

fn prefix_exposure(spark: &Spark<'_>, setting: &Setting, right: String) -> Exposure {
    Exposure::new("wrong-file-or-prefix", setting_witness(spark, setting))
        .message(format!(
            "{} has no effect in Spark's properties; the key is {right}",
            setting.key
        ))
        .remedy(format!("write it as {right}"))
}

fn not_in_release(spark: &Spark<'_>, setting: &Setting) -> Option<Exposure> {
    let key = &*setting.key;
    let asks_nothing = key_strength::safe_switch(key).is_some_and(|safe| {
        setting
            .value
            .eq_ignore_ascii_case(if safe { "false" } else { "true" })
    });
    if setting.value.is_empty() || asks_nothing || key.starts_with("spark.hadoop.") {
        return None;
    }
    let reason = match spark_keys::find(key) {
        Some(known) if spark_keys::is_security_key(key) && !may_count(spark, setting, known) => {
            format!(
                "{key} is read from {} to {}, not by {}",
                known.first(),
                known.last(),
                spark.release
            )
        }
        None => {
            let real = replacement(key)?;
            let now = spark.get(real);
            let same = now
                .text()
                .is_some_and(|now| now.eq_ignore_ascii_case(&setting.value));
            if spark.release < Release(3, 0, 0)
                || same
                || setting.value.eq_ignore_ascii_case("false")
            {
                return None;
            }
            format!("{key} is read by Spark 2 only; from 3.0 on the key is {real}")
        }
        Some(_) => return None,
    };
    Some(Exposure::new("not-in-this-release", setting_witness(spark, setting)).message(reason))
}

/// What replaced a key of Spark 2 that later releases do not read.
fn replacement(key: &str) -> Option<&str> {
    let real = spark_keys::canonical(key, Release(2, 4, 8));
    (real != key && spark_keys::nearest(key) == Some(real)).then_some(real)
}

/// Whether the release reads the key; for a setting of a file of defaults, whether that of one of its users does.
fn may_count(spark: &Spark<'_>, setting: &Setting, known: spark_keys::KnownKey) -> bool {
    let is_own = spark.own_settings().any(|own| std::ptr::eq(own, setting));
    let users: Vec<&Deployment> = match &spark.deployment.defaults {
        Tie::Certain(file) if !is_own => users(spark.estate, *file).collect(),
        _ => Vec::new(),
    };
    if users.is_empty() {
        return may_read(known, spark.release);
    }
    users
        .into_iter()
        .flat_map(|user| spark_releases(spark.estate, user))
        .any(|release| may_read(known, release))
}

/// The deployments that load, or may load, a file of defaults.
fn users(estate: &Estate, file: usize) -> impl Iterator<Item = &Deployment> {
    estate.all::<Deployment>().iter().filter(move |user| {
        user.kind != Kind::Defaults
            && match &user.defaults {
                Tie::Certain(index) => *index == file,
                Tie::Guessed(indexes) => indexes.contains(&file),
                Tie::None | Tie::NotCollected => false,
            }
    })
}

/// Whether a release reads a key, as far as the table can tell: between two of its releases nobody knows.
fn may_read(known: spark_keys::KnownKey, release: Release) -> bool {
    // Until 3.5 Spark Connect was a package of its own, which the tables do not cover.
    if known.name.starts_with("spark.connect.") && release < Release(4, 0, 0) {
        return true;
    }
    let at_or_before = spark_keys::RELEASES
        .iter()
        .rev()
        .find(|table| **table <= release);
    let at_or_after = spark_keys::RELEASES.iter().find(|table| **table >= release);
    let reads = |table: Option<&Release>| table.is_none_or(|table| known.listed_in(*table));
    reads(at_or_before) || reads(at_or_after)
}

fn setting_witness(spark: &Spark<'_>, setting: &Setting) -> Witness {
    let witness = spark.setting_witness(setting, "nothing reads it here");
    if hides_its_value(&setting.key) {
        witness.redacted()
    } else {
        witness
    }
}
